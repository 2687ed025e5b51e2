//! Why a message ends, whatever its server calls that.

use saydo_contract::CutReason;

/// The end of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    Complete,
    /// The rest is missing.
    Cut(CutReason),
    /// The server failed; its word for that, where it says more than that.
    Failed(Option<String>),
}

impl Ending {
    pub(super) fn of(reason: &str) -> Self {
        // Gemini puts what it filtered before a colon.
        let word = reason.rsplit(':').next().unwrap_or(reason).trim().to_ascii_lowercase().replace(['-', ' '], "_");
        match word.as_str() {
            "length"
            | "max_tokens"
            | "max_output_tokens"
            | "max_length"
            | "model_length"
            | "token_limit"
            | "context_length"
            | "context_length_exceeded"
            | "context_window_exceeded"
            | "model_context_window_exceeded"
            | "incomplete" => Self::Cut(CutReason::Length),
            "content_filter"
            | "contentfilter"
            | "content_filtered"
            | "filtered"
            | "safety"
            | "recitation"
            | "blocklist"
            | "prohibited_content"
            | "spii"
            | "sensitive"
            | "refusal"
            | "moderation"
            | "blocked"
            | "guardrail_intervened"
            | "guardrails"
            | "language"
            | "image_safety" => Self::Cut(CutReason::ContentFilter),
            "error" => Self::Failed(None),
            "network_error"
            | "server_error"
            | "insufficient_system_resource"
            | "malformed_function_call"
            | "malformed_tool_call"
            | "unexpected_tool_call"
            | "abort"
            | "aborted"
            | "cancelled" => Self::Failed(Some(word)),
            _ => Self::Complete,
        }
    }
}
