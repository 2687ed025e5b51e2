//! The chat endpoint, `POST /api/{user_id}/chat` (locked).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{ConversationId, MessageText};

/// What a person says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChatRequest {
    /// An existing conversation; a new one is made when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<ConversationId>,
    /// The person's words, 1 to 8,000 characters after trimming. The first word `/add`, `/list`, `/find`, `/done`,
    /// `/reopen`, `/delete`, `/restore`, `/edit`, `/due`, `/priority`, `/note`, `/split`, `/undo`, `/redo` or `/help`
    /// makes them a command, which no model is asked about.
    pub message: MessageText,
}

/// What the agent answered and did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChatReply {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The agent's answer, in Markdown.
    pub response: String,
    /// The tools invoked, in order.
    pub tool_calls: Vec<ToolCallRecord>,
}

/// One invocation of a tool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ToolCallRecord {
    /// The tool's name, as the model wrote it.
    pub tool: String,
    /// The arguments, as the model wrote them: an object, or the raw text where it was no JSON.
    pub arguments: Value,
    /// The tool's structured result, or the error's text.
    pub result: Value,
    /// Whether the call failed; left out where it did not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_error: bool,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use utoipa::PartialSchema;

    use super::*;
    use crate::SlashCommand;

    /// CONTRACT-55: the description of a message names every slash command.
    #[test]
    fn slash_commands_are_described() {
        let schema = serde_json::to_value(ChatRequest::schema()).unwrap();
        let described = schema["properties"]["message"]["description"].as_str().unwrap();
        for command in SlashCommand::ALL {
            assert!(described.contains(&format!("`{}`", command.name())), "{}: {described}", command.name());
        }
    }
}
