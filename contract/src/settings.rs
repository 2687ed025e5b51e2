//! What a client may know about how its server and its account are set up.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Locale;

/// Answer of `GET /api/{user_id}/settings`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Settings {
    /// What answers in the chat.
    pub model: ModelMode,
    /// How dates and times are read and written for this request: as its `Accept-Language` says, else as the account's
    /// last message did, else as the account's time zone has it. Older servers leave it out.
    #[schema(required = false)]
    pub locale: Locale,
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
