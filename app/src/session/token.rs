//! The JWT, kept in memory only.

use js_sys::Promise;
use leptos::prelude::*;
use saydo_contract::TokenReply;
use send_wrapper::SendWrapper;
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use crate::{
    api::{self, Call, Fault},
    browser,
};

/// A token is renewed when so much of its life is left.
const MARGIN_MS: f64 = 60_000.0;

#[derive(Debug, Clone, PartialEq)]
struct Token {
    jwt: String,
    /// When to fetch the next one, by the browser's clock.
    renew_at: f64,
}

#[derive(Deserialize)]
struct Claims {
    iat: f64,
    exp: f64,
}

impl Token {
    /// Only the token's length of life counts: the browser's clock may be wrong.
    fn received(jwt: String, claims: Option<&Claims>, now: f64) -> Self {
        let life = claims.map_or(0.0, |claims| (claims.exp - claims.iat) * 1000.0);
        Self { jwt, renew_at: now + (life - MARGIN_MS).max(MARGIN_MS / 2.0) }
    }

    fn is_good(&self, refused: Option<&str>, now: f64) -> bool {
        now < self.renew_at && refused != Some(self.jwt.as_str())
    }
}

/// The present token, and the request for the next one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tokens {
    last: StoredValue<Option<Result<Token, Fault>>>,
    /// One request serves all who wait.
    fetching: StoredValue<Option<SendWrapper<Promise>>>,
    /// Counts the sessions: a token that arrives after its session ended is dropped.
    session: StoredValue<u32>,
}

impl Tokens {
    pub(super) fn new() -> Self {
        Self { last: StoredValue::new(None), fetching: StoredValue::new(None), session: StoredValue::new(0) }
    }

    pub(super) fn clear(self) {
        self.last.set_value(None);
        self.fetching.set_value(None);
        self.session.update_value(|session| *session += 1);
    }

    /// Which session it is, counted.
    pub(super) fn session(self) -> u32 {
        self.session.get_value()
    }

    /// Begins to fetch a token that will be asked for.
    pub(super) fn prepare(self) {
        drop(self.fetch());
    }

    pub(super) async fn get(self, refused: Option<&str>) -> Result<String, Fault> {
        if let Some(Ok(token)) = self.last.get_value()
            && token.is_good(refused, browser::now())
        {
            return Ok(token.jwt);
        }
        _ = JsFuture::from(self.fetch()).await;
        self.last.get_value().unwrap_or(Err(Fault::SignedOut)).map(|token| token.jwt)
    }

    fn fetch(self) -> Promise {
        if let Some(promise) = self.fetching.get_value() {
            return (*promise).clone();
        }
        let session = self.session.get_value();
        let promise = future_to_promise(async move {
            let token = request().await;
            if self.session.get_value() == session {
                self.last.set_value(Some(token));
                self.fetching.set_value(None);
            }
            Ok(JsValue::UNDEFINED)
        });
        self.fetching.set_value(Some(SendWrapper::new(promise.clone())));
        promise
    }
}

async fn request() -> Result<Token, Fault> {
    let response = Call::get("/api/auth/token".to_owned()).send(None).await?;
    match response.status() {
        200 => {}
        401 => return Err(Fault::SignedOut),
        status => return Err(Fault::Unreadable(status)),
    }
    let jwt = api::read::<TokenReply>(response).await?.token;
    let claims = jwt.split('.').nth(1).and_then(|part| {
        let base64 = part.replace('-', "+").replace('_', "/");
        serde_json::from_str::<Claims>(&browser::decode_base64(&base64)?).ok()
    });
    Ok(Token::received(jwt, claims.as_ref(), browser::now()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// UI-21: only the length of the token's life counts, not what time the browser thinks it is.
    #[test]
    fn a_token_is_renewed_before_it_ends() {
        const MINUTE: f64 = 60_000.0;
        let claims = Claims { iat: 1_000_000.0, exp: 1_000_900.0 };
        for clock in [1_000_000_000.0, 1_000_000_000.0 - 60.0 * MINUTE, 1_000_000_000.0 + 60.0 * MINUTE] {
            let token = Token::received("a".into(), Some(&claims), clock);
            assert!(token.is_good(None, clock));
            assert!(token.is_good(None, clock + 13.9 * MINUTE));
            assert!(!token.is_good(None, clock + 14.0 * MINUTE));
            assert!(!token.is_good(Some("a"), clock), "a refused token is not used again");
            assert!(token.is_good(Some("b"), clock));
        }
    }
}
