//! Why a server refuses a request, read from its status and from the codes and words of its error.
//!
//! Servers agree on neither. The words are read here and kept nowhere: some servers repeat the request in them.

use std::time::Duration;

use serde_json::Value;

/// Characters of an error that are read.
const LONGEST_TEXT: usize = 4_000;
/// Where servers repeat what they were sent.
const ECHOES: [&str; 5] = ["input", "ctx", "request", "messages", "body"];

/// How servers say that a conversation is longer than the model takes.
const TOO_LONG: [&str; 11] = [
    "context_length",
    "context_window",
    "context length",
    "context window",
    "context size",
    "exceed_context",
    "prompt is too long",
    "input is too long",
    "too many tokens",
    "input token count",
    "reduce the length of the messages",
];

/// Why a model's server takes no request, or none now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It does not accept the key, or wants one.
    Key,
    /// The account has no credit left.
    Credit,
    /// Too many requests; after so long it takes some again, where it says so.
    RateLimit(Option<Duration>),
    /// It does not have the model.
    UnknownModel,
    /// The conversation is longer than the model's context.
    ContextTooLong,
    /// The model, or the server as it is set up, calls no tools.
    NoTools,
    /// It does not take an optional part of the request.
    Feature(Feature),
    /// The API is not at this address.
    Address,
    /// It withholds answers to such words.
    Filtered,
    /// It still loads the model.
    Loading,
    /// It failed or is overloaded.
    Overloaded,
    /// Anything else.
    Other,
}

impl Refusal {
    /// Whether the same request may succeed later.
    pub(crate) const fn is_transient(self) -> bool {
        matches!(self, Self::RateLimit(_) | Self::Loading | Self::Overloaded)
    }
}

/// An optional part of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// `stream_options`, which asks for the usage.
    StreamOptions,
    /// `stream`
    Stream,
    /// `max_tokens`, which only a probe sends.
    MaxTokens,
    /// `null` as the content of a message with calls.
    NullContent,
    /// Ids of calls in the form in which a server gave them.
    CallIds,
    /// Fields of a message or call that another server sent.
    ServerFields,
    /// Calls without reasoning.
    CallsWithoutReasoning,
}

/// An error's status and text, in lower case, without quotes, negations spelt one way.
pub(crate) struct ErrorText {
    status: u16,
    text: String,
    is_html: bool,
    retry_after: Option<Duration>,
}

impl ErrorText {
    pub(crate) fn new(status: u16, body: &[u8], retry_after: Option<Duration>) -> Self {
        let mut text = String::new();
        let whole = String::from_utf8_lossy(body);
        let is_html = whole.trim_start().starts_with('<');
        match serde_json::from_slice::<Value>(body) {
            Ok(value) => collect(&value, &mut text),
            Err(_) if is_html => {}
            Err(_) => text.push_str(&whole),
        }
        let text: String = text.chars().take(LONGEST_TEXT).filter(|c| !matches!(c, '"' | '\'' | '`' | '’')).collect();
        let mut text = text.to_lowercase();
        for (said, read) in [
            ("does not", "not"),
            ("doesnt", "not"),
            ("do not", "not"),
            ("dont", "not"),
            ("is not", "not"),
            ("isnt", "not"),
            ("are not", "not"),
            ("arent", "not"),
            ("currently ", ""),
            ("unsupported", "not supported"),
        ] {
            text = text.replace(said, read);
        }
        Self { status, text, is_html, retry_after }
    }

    pub(crate) fn refusal(&self) -> Refusal {
        self.feature().map(Refusal::Feature).or_else(|| self.cause()).unwrap_or_else(|| self.by_status())
    }

    /// The same for an error within an answer: the request has been taken by then, with all its parts.
    pub(crate) fn within_answer(&self) -> Refusal {
        match self.cause().unwrap_or_else(|| self.by_status()) {
            // An answer had begun, so the API is at its address.
            Refusal::Address => Refusal::Overloaded,
            refusal => refusal,
        }
    }

    /// A part of the request that the server does not take, and that it may be asked without.
    fn feature(&self) -> Option<Feature> {
        // A conversation that is too long is also counted in `max_tokens`.
        if !matches!(self.status, 400 | 404 | 415 | 422 | 500 | 501) || self.says(&TOO_LONG) {
            return None;
        }
        if let Some(feature) = self.feature_of_messages() {
            return Some(feature);
        }
        let named = [("stream_options", Feature::StreamOptions), ("max_tokens", Feature::MaxTokens)];
        if let Some((_, feature)) = named.into_iter().find(|(name, _)| self.has_word(name)) {
            return Some(feature);
        }
        let stream = ["stream", "streaming"].iter().any(|word| self.has_word(word));
        // A server that fails also speaks of streams.
        let refused = self.says(&["not support", "with stream", "streaming mode"])
            || (self.status < 500 && self.says(&["not permitted", "unknown", "to stream"]));
        (stream && refused).then_some(Feature::Stream)
    }

    /// The same for the form of the messages.
    fn feature_of_messages(&self) -> Option<Feature> {
        const FIELDS: [&str; 5] =
            ["reasoning_content", "reasoning", "reasoning_details", "thinking_blocks", "extra_content"];
        let unknown =
            ["not supported", "not permitted", "not allowed", "unknown", "unexpected", "unrecognized", "extra"];
        if self.says(&["tool call id"]) && self.says(&["length of 9", "length 9", "alphanumeric"]) {
            Some(Feature::CallIds)
        } else if self.says(&["reasoning_content"]) && self.says(&["must be passed back", "missing"]) {
            Some(Feature::CallsWithoutReasoning)
        } else if FIELDS.iter().any(|field| self.has_word(field)) && self.says(&unknown) {
            Some(Feature::ServerFields)
        } else if self.says(&["nonetype", "nullvalue"]) || (self.has_word("null") && self.has_word("content")) {
            Some(Feature::NullContent)
        } else {
            None
        }
    }

    /// What the codes and words say, from the most to the least certain.
    fn cause(&self) -> Option<Refusal> {
        let credit = [
            "insufficient_quota",
            "insufficient balance",
            "insufficient_balance",
            "insufficient credit",
            "insufficient funds",
            "billing_hard_limit",
            "billing_not_active",
            "exceeded_current_quota",
            "credit balance",
            "credit limit",
            "out of credit",
            "not have enough credit",
            "any credits",
            "available credits",
            "included credits",
            "spending limit",
            "budget_exceeded",
            "free allocation",
            "freetieronly",
            "arrearage",
            "余额不足",
        ];
        let tools = [
            "not support tool",
            "not support function",
            "not support the tool",
            "not support parameters: [tools",
            "tool use not support",
            "tool calling not support",
            "tool calls not support",
            "tools not support",
            "function calling not support",
            "function calling not enabled",
            "not supported param: tools",
            "not supported parameter: tools",
            "support tool use",
            "--enable-auto-tool-choice",
            "--jinja",
            "extra_forbidden\nbody\ntools\n",
        ];
        let filtered = [
            "content_filter",
            "content filter",
            "content_policy",
            "content management policy",
            "responsibleaipolicy",
            "data_inspection_failed",
            "requires moderation",
            "flagged",
            "safety system",
            "敏感",
        ];
        if self.says(&credit) || (self.status == 429 && self.has_word("1113")) {
            Some(Refusal::Credit)
        } else if self.says(&[
            "api key not valid",
            "api_key_invalid",
            "invalid_api_key",
            "incorrect api key",
            "invalid api key",
        ]) {
            Some(Refusal::Key)
        } else if self.says(&tools) {
            Some(Refusal::NoTools)
        } else if self.is_of_model() {
            Some(Refusal::UnknownModel)
        } else if self.says(&TOO_LONG) && self.status != 429 {
            Some(Refusal::ContextTooLong)
        } else if self.says(&filtered) {
            Some(Refusal::Filtered)
        } else if self.says(&["loading model", "model is loading", "currently loading", "model loading"]) {
            Some(Refusal::Loading)
        } else if self.says(&["tool_use_failed"]) {
            // The server could not read the call that its model wrote. The next one may be better.
            Some(Refusal::Overloaded)
        } else {
            None
        }
    }

    /// Whether the server does not have the model.
    fn is_of_model(&self) -> bool {
        let codes = [
            "model_not_found",
            "model_not_available",
            "model_decommissioned",
            "deploymentnotfound",
            "unknown_model",
            "invalid_model",
            "model_not_supported",
            "endpoint_not_found",
            "no endpoints found",
            "not found for account",
            "not a valid model",
            "no models loaded",
            "模型不存在",
        ];
        let words = [
            "not found",
            "not_found",
            "not exist",
            "unknown model",
            "invalid model",
            "no such model",
            "identifier is invalid",
            "model not supported",
            "not available",
            "not deployed",
            "not loaded",
            "not have access",
        ];
        let about = self.has_word("model") || self.says(&["models/"]);
        self.says(&codes) || (about && matches!(self.status, 400 | 403 | 404 | 422) && self.says(&words))
    }

    fn by_status(&self) -> Refusal {
        match self.status {
            401 | 403 => Refusal::Key,
            402 => Refusal::Credit,
            413 => Refusal::ContextTooLong,
            429 => Refusal::RateLimit(self.retry_after.or_else(|| self.wait())),
            200..=399 | 404 | 405 | 410 => Refusal::Address,
            // 498 is Groq's for want of capacity.
            408 | 409 | 425 | 498 | 500.. => Refusal::Overloaded,
            _ if self.is_html => Refusal::Address,
            _ => Refusal::Other,
        }
    }

    /// How long the words ask to wait, in seconds, as servers without `Retry-After` say it.
    fn wait(&self) -> Option<Duration> {
        let (_, rest) = self.text.split_once("retry in ").or_else(|| self.text.split_once("try again in "))?;
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        let is_seconds = rest[end..].trim_start().starts_with('s');
        is_seconds.then(|| Duration::try_from_secs_f64(number.ceil()).ok()).flatten()
    }

    fn says(&self, any: &[&str]) -> bool {
        any.iter().any(|words| self.text.contains(words))
    }

    fn has_word(&self, word: &str) -> bool {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        self.text
            .match_indices(word)
            .any(|(at, _)| !self.text[..at].ends_with(is_part) && !self.text[at + word.len()..].starts_with(is_part))
    }
}

/// Every text and number of an error but what repeats the request, one a line. Some servers keep JSON in a text.
fn collect(value: &Value, text: &mut String) {
    match value {
        Value::String(part) => match serde_json::from_str::<Value>(part) {
            Ok(inner @ (Value::Object(_) | Value::Array(_))) => collect(&inner, text),
            _ => {
                text.push_str(part);
                text.push('\n');
            }
        },
        Value::Number(number) => {
            text.push_str(&number.to_string());
            text.push('\n');
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, text)),
        Value::Object(fields) => {
            let own = fields.iter().filter(|(name, _)| !ECHOES.contains(&name.as_str()));
            own.for_each(|(_, value)| collect(value, text));
        }
        Value::Null | Value::Bool(_) => {}
    }
}

#[cfg(test)]
#[path = "refusal/tests.rs"]
mod tests;
