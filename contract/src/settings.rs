//! What a client may know about how its server is set up.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Answer of `GET /api/{user_id}/settings`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Settings {
    /// What answers in the chat.
    pub model: ModelMode,
}

/// What answers in the chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ModelMode {
    /// The built-in interpreter of plain commands.
    Offline,
    /// A language model behind an OpenAI-compatible API.
    Openai,
}
