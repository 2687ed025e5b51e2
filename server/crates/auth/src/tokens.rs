//! JWTs for the API: issued under the secret, and verified against it or an outside server's keys.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode, errors::ErrorKind,
};
use saydo_contract::UserId;
use serde::{Deserialize, Serialize};

use crate::{
    AuthSecret,
    keys::{KeySet, KeysError, OutsideServer},
};

/// How long an issued token is valid.
pub const TOKEN_LIFETIME: TimeDelta = TimeDelta::minutes(15);

/// Longer ones are refused unread.
const MAX_LENGTH: usize = 8 * 1024;

/// How far clocks may differ, in seconds.
const LEEWAY: u64 = 5;

/// Signs tokens under `BETTER_AUTH_SECRET`.
#[derive(Clone)]
pub struct TokenIssuer {
    key: EncodingKey,
    public_url: String,
}

/// A token could not be signed; with an HMAC key that does not happen.
#[derive(Debug, thiserror::Error)]
#[error("the token could not be signed")]
pub struct SigningFailed(#[source] jsonwebtoken::errors::Error);

#[derive(Serialize)]
struct IssuedClaims<'a> {
    sub: &'a str,
    iat: i64,
    exp: i64,
    iss: &'a str,
    aud: &'a str,
}

impl TokenIssuer {
    /// An issuer for the server at `public_url`, which is the tokens' issuer and audience.
    #[must_use]
    pub fn new(secret: &AuthSecret, public_url: &str) -> Self {
        Self { key: EncodingKey::from_secret(secret.as_bytes()), public_url: public_url.to_owned() }
    }

    /// A token for `user`, valid for [`TOKEN_LIFETIME`] from `now`.
    ///
    /// # Errors
    /// [`SigningFailed`].
    pub fn issue(&self, user: &UserId, now: DateTime<Utc>) -> Result<String, SigningFailed> {
        let claims = IssuedClaims {
            sub: user.as_str(),
            iat: now.timestamp(),
            exp: (now + TOKEN_LIFETIME).timestamp(),
            iss: &self.public_url,
            aud: &self.public_url,
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.key).map_err(SigningFailed)
    }
}

/// Why a token is not believed.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The token is not good. Its bearer needs another one (401).
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The token may be good, but the outside server's keys cannot be fetched (503).
    #[error("the signing keys are unavailable")]
    KeysUnavailable(#[source] KeysError),
}

/// What is wrong with a token. For logs: the bearer is told no more than that it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Over 8 KiB.
    #[error("the token is too long")]
    TooLong,
    /// Not three parts of base64url, or a header that cannot be read; `alg: none` is one.
    #[error("the token is malformed")]
    Malformed,
    /// An algorithm that is not accepted, or an extension that must be understood and is not.
    #[error("the token's algorithm is not accepted")]
    Algorithm,
    /// No key id, or one that the outside server does not list.
    #[error("the token's key is unknown")]
    UnknownKey,
    /// Not signed by this key.
    #[error("the token's signature is wrong")]
    Signature,
    /// `exp` is past.
    #[error("the token has expired")]
    Expired,
    /// `nbf` is to come.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// Another issuer.
    #[error("the token has another issuer")]
    Issuer,
    /// Another audience.
    #[error("the token is for another audience")]
    Audience,
    /// `exp`, `sub`, `iss` or `aud` is missing or of the wrong form.
    #[error("the token's claims are incomplete or malformed")]
    Claims,
}

/// Says whom a token was issued to, or that it is not to be believed.
pub struct TokenVerifier {
    key: DecodingKey,
    rules: Validation,
    outside: Option<Outside>,
}

struct Outside {
    keys: Arc<KeySet>,
    rules: Validation,
}

#[derive(Deserialize)]
struct Subject {
    sub: String,
}

impl TokenVerifier {
    /// Believes the tokens that a [`TokenIssuer`] with the same secret and URL issues.
    #[must_use]
    pub fn new(secret: &AuthSecret, public_url: &str) -> Self {
        Self {
            key: DecodingKey::from_secret(secret.as_bytes()),
            rules: rules(Algorithm::HS256, public_url, &[public_url.to_owned()]),
            outside: None,
        }
    }

    /// Believes also Ed25519 tokens of an outside Better Auth server. Its keys are fetched when first needed, and the
    /// process must have installed its TLS provider by now.
    ///
    /// # Errors
    /// Where no HTTP client can be made.
    pub fn with_outside(mut self, server: &OutsideServer) -> Result<Self, reqwest::Error> {
        let rules = rules(Algorithm::EdDSA, &server.issuer, &server.audience);
        self.outside = Some(Outside { keys: Arc::new(KeySet::at(server.keys_url.clone())?), rules });
        Ok(self)
    }

    /// The user that `token` was issued to.
    ///
    /// # Errors
    /// [`TokenError::Refused`] for any flaw of the token, [`TokenError::KeysUnavailable`] where it cannot be judged.
    pub async fn verify(&self, token: &str) -> Result<UserId, TokenError> {
        if token.len() > MAX_LENGTH {
            return Err(Refusal::TooLong.into());
        }
        let header = decode_header(token).map_err(|_| Refusal::Malformed)?;
        if header.crit.is_some() {
            return Err(Refusal::Algorithm.into());
        }
        match (header.alg, &self.outside) {
            (Algorithm::HS256, _) => subject(token, &self.key, &self.rules),
            (Algorithm::EdDSA, Some(outside)) => {
                let id = header.kid.ok_or(Refusal::UnknownKey)?;
                let key = outside.keys.get(&id).await.map_err(TokenError::KeysUnavailable)?;
                subject(token, &key.ok_or(Refusal::UnknownKey)?, &outside.rules)
            }
            _ => Err(Refusal::Algorithm.into()),
        }
    }
}

fn rules(algorithm: Algorithm, issuer: &str, audience: &[String]) -> Validation {
    let mut rules = Validation::new(algorithm);
    rules.leeway = LEEWAY;
    rules.validate_nbf = true;
    rules.set_required_spec_claims(&["exp", "sub", "iss", "aud"]);
    rules.set_issuer(&[issuer]);
    rules.set_audience(audience);
    rules
}

fn subject(token: &str, key: &DecodingKey, rules: &Validation) -> Result<UserId, TokenError> {
    let claims = decode::<Subject>(token, key, rules).map_err(|error| refusal(error.kind()))?.claims;
    Ok(claims.sub.try_into().map_err(|_| Refusal::Claims)?)
}

fn refusal(fault: &ErrorKind) -> Refusal {
    match fault {
        ErrorKind::InvalidSignature => Refusal::Signature,
        ErrorKind::ExpiredSignature => Refusal::Expired,
        ErrorKind::ImmatureSignature => Refusal::NotYetValid,
        ErrorKind::InvalidIssuer => Refusal::Issuer,
        ErrorKind::InvalidAudience => Refusal::Audience,
        ErrorKind::InvalidAlgorithm => Refusal::Algorithm,
        // The header was read before, so what is no JSON now are the claims.
        ErrorKind::Json(_) | ErrorKind::MissingRequiredClaim(_) | ErrorKind::InvalidClaimFormat(_) => Refusal::Claims,
        _ => Refusal::Malformed,
    }
}

#[cfg(test)]
mod tests;
