//! What the page of a conversation begins with: its latest messages, where the API says them at once.

use std::time::Duration;

use axum::{Router, http::request::Parts};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use saydo_app::EarlyMessages;
use saydo_contract::{ConversationId, TokenReply};
use serde::Deserialize;

use super::visitor::{Answer, Visitor, bearer};

/// So long a page waits for its messages.
const AT_ONCE: Duration = Duration::from_millis(500);

/// The latest messages of a conversation. None where the API does not say them, or not at once: the page asks again.
pub(super) async fn early_messages(api: &Router, parts: &Parts, id: ConversationId) -> Option<EarlyMessages> {
    let visitor = Visitor::new(api, parts);
    let Ok(answer) = tokio::time::timeout(AT_ONCE, latest(&visitor, id)).await else {
        tracing::info!(wait = ?AT_ONCE, "page without its messages: no answer in time");
        return None;
    };
    match answer {
        Ok(messages) => Some(EarlyMessages::of_reply(messages)),
        Err(answer) => {
            // A visitor without a session, or without this conversation, is no news.
            if !answer.status.is_client_error() {
                tracing::info!(status = answer.status.as_u16(), "page without its messages");
            }
            None
        }
    }
}

/// The session is not asked for: that may prolong it, and what came of it could be lost with the time.
async fn latest(visitor: &Visitor, id: ConversationId) -> Result<String, Answer> {
    let token = visitor.get("/api/auth/token", &[]).await;
    let Some(TokenReply { token: jwt }) = token.read() else { return Err(token) };
    let Some(person) = subject(&jwt) else { return Err(token) };
    let answer = visitor.get(&format!("/api/{person}/conversations/{id}/messages"), &[bearer(&jwt)]).await;
    if answer.status.is_success() { Ok(String::from_utf8_lossy(&answer.body).into_owned()) } else { Err(answer) }
}

/// Whose token it is. The API has just made it, and will read it.
fn subject(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Claims {
        sub: String,
    }
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<Claims>(&claims).ok().map(|claims| claims.sub)
}
