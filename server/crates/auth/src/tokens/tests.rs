#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use jsonwebtoken::crypto::sign;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::keys::tests::{Answer, KeyServer, PUBLIC_X, jwk};

const URL: &str = "http://localhost:3000";

fn secret() -> AuthSecret {
    AuthSecret::new("0123456789abcdef0123456789abcdef".into()).unwrap()
}

fn ann() -> UserId {
    "ann".parse().unwrap()
}

/// Claims that are fine, but for what a test changes.
fn claims() -> Value {
    let now = Utc::now().timestamp();
    json!({ "sub": "ann", "iat": now, "exp": now + 900, "iss": URL, "aud": URL })
}

fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()))
}

fn signed(header: &Value, claims: &Value, key: &EncodingKey, algorithm: Algorithm) -> String {
    let message = unsigned(header, claims);
    let signature = sign(message.as_bytes(), key, algorithm).unwrap();
    format!("{message}.{signature}")
}

fn hs256(claims: &Value) -> String {
    signed(&json!({ "alg": "HS256" }), claims, &EncodingKey::from_secret(secret().as_bytes()), Algorithm::HS256)
}

/// RFC 8032's test keys: the first is the one whose public half the key document lists.
fn ed_key(seed: [u8; 32]) -> EncodingKey {
    let mut pkcs8 =
        vec![0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
    pkcs8.extend(seed);
    EncodingKey::from_ed_der(&pkcs8)
}

fn listed_key() -> EncodingKey {
    ed_key([
        0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49,
        0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
    ])
}

async fn refused(verifier: &TokenVerifier, token: &str) -> Refusal {
    match verifier.verify(token).await {
        Err(TokenError::Refused(refusal)) => refusal,
        other => panic!("{other:?} for {token}"),
    }
}

/// AUTH-12: exactly these claims, under the secret, and the verifier believes them.
#[tokio::test]
async fn an_issued_token_says_who() {
    let now = Utc::now();
    let token = TokenIssuer::new(&secret(), URL).issue(&ann(), now).unwrap();
    let parts: Vec<Value> =
        token.split('.').take(2).map(|part| serde_json::from_slice(&BASE64.decode(part).unwrap()).unwrap()).collect();
    let iat = now.timestamp();
    assert_eq!(parts[0], json!({ "typ": "JWT", "alg": "HS256" }));
    assert_eq!(parts[1], json!({ "sub": "ann", "iat": iat, "exp": iat + 900, "iss": URL, "aud": URL }));
    assert_eq!(TokenVerifier::new(&secret(), URL).verify(&token).await.unwrap(), ann());
}

/// AUTH-13: unsigned, signed otherwise, changed or cut tokens are refused.
#[tokio::test]
async fn forged_tokens_are_refused() {
    let verifier = TokenVerifier::new(&secret(), URL);
    let key = EncodingKey::from_secret(secret().as_bytes());
    let good = hs256(&claims());
    assert_eq!(verifier.verify(&good).await.unwrap(), ann(), "the forgeries below differ in one thing only");

    for alg in ["none", "None", "NONE", "", "hs256", "Ed25519"] {
        let message = unsigned(&json!({ "alg": alg }), &claims());
        let (_, signature) = good.rsplit_once('.').unwrap();
        for token in [format!("{message}."), format!("{message}.{signature}")] {
            assert_eq!(refused(&verifier, &token).await, Refusal::Malformed, "{alg}");
        }
    }
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        let token = signed(&json!({ "alg": algorithm }), &claims(), &key, algorithm);
        assert_eq!(refused(&verifier, &token).await, Refusal::Algorithm);
    }
    for algorithm in ["RS256", "ES256", "PS512"] {
        let token = signed(&json!({ "alg": algorithm }), &claims(), &key, Algorithm::HS256);
        assert_eq!(refused(&verifier, &token).await, Refusal::Algorithm);
    }
    let other_key = EncodingKey::from_secret(b"another secret of 32 bytes length");
    let token = signed(&json!({ "alg": "HS256" }), &claims(), &other_key, Algorithm::HS256);
    assert_eq!(refused(&verifier, &token).await, Refusal::Signature);
    // A key in the header is no key.
    let header =
        json!({ "alg": "HS256", "jwk": { "kty": "oct", "k": BASE64.encode(b"another secret of 32 bytes length") } });
    let token = signed(&header, &claims(), &other_key, Algorithm::HS256);
    assert_eq!(refused(&verifier, &token).await, Refusal::Signature);
    let token = signed(&json!({ "alg": "HS256", "crit": ["exp"] }), &claims(), &key, Algorithm::HS256);
    assert_eq!(refused(&verifier, &token).await, Refusal::Algorithm);

    let mut bobs = claims();
    bobs["sub"] = json!("bob");
    let (header, _) = good.split_once('.').unwrap();
    let (_, signature) = good.rsplit_once('.').unwrap();
    let token = format!("{header}.{}.{signature}", BASE64.encode(bobs.to_string()));
    assert_eq!(refused(&verifier, &token).await, Refusal::Signature);
}

/// AUTH-13: over 8 KiB nothing is read, even where it is signed well.
#[tokio::test]
async fn a_huge_token_is_refused() {
    let verifier = TokenVerifier::new(&secret(), URL);
    let mut huge = claims();
    huge["padding"] = json!("x".repeat(MAX_LENGTH));
    assert_eq!(refused(&verifier, &hs256(&huge)).await, Refusal::TooLong);
    huge["padding"] = json!("x".repeat(4000));
    assert_eq!(verifier.verify(&hs256(&huge)).await.unwrap(), ann());
}

/// AUTH-14: each wrong claim is refused for what it is.
#[tokio::test]
async fn wrong_claims_are_refused() {
    let verifier = TokenVerifier::new(&secret(), URL);
    let now = Utc::now().timestamp();
    let cases = [
        ("exp", json!(now - 60), Refusal::Expired),
        ("exp", json!(0), Refusal::Expired),
        ("exp", json!(-5), Refusal::Claims),
        ("exp", Value::Null, Refusal::Claims),
        ("exp", json!("tomorrow"), Refusal::Claims),
        ("exp", json!({ "at": now + 900 }), Refusal::Claims),
        ("nbf", json!(now + 60), Refusal::NotYetValid),
        ("nbf", json!("tomorrow"), Refusal::Claims),
        ("sub", Value::Null, Refusal::Claims),
        ("sub", json!(7), Refusal::Claims),
        ("sub", json!(""), Refusal::Claims),
        ("sub", json!("ann bob"), Refusal::Claims),
        ("sub", json!("../bob"), Refusal::Claims),
        ("sub", json!("a".repeat(129)), Refusal::Claims),
        ("sub", json!(["ann"]), Refusal::Claims),
        ("iss", json!("http://localhost:3001"), Refusal::Issuer),
        ("iss", json!(["http://localhost:3001"]), Refusal::Issuer),
        ("iss", Value::Null, Refusal::Claims),
        ("iss", json!(7), Refusal::Claims),
        ("aud", json!("http://localhost:3001"), Refusal::Audience),
        ("aud", json!(["http://localhost:3001"]), Refusal::Audience),
        ("aud", json!([]), Refusal::Audience),
        ("aud", Value::Null, Refusal::Claims),
        ("aud", json!(7), Refusal::Claims),
    ];
    for (name, value, expected) in cases {
        let mut wrong = claims();
        wrong[name] = value.clone();
        assert_eq!(refused(&verifier, &hs256(&wrong)).await, expected, "{name}: {value}");
        if value.is_null() {
            wrong.as_object_mut().unwrap().remove(name);
            assert_eq!(refused(&verifier, &hs256(&wrong)).await, expected, "without {name}");
        }
    }
    assert_eq!(refused(&verifier, &hs256(&json!("no claims"))).await, Refusal::Claims);
    let mut several = claims();
    several["aud"] = json!(["https://elsewhere.example", URL]);
    assert_eq!(verifier.verify(&hs256(&several)).await.unwrap(), ann(), "one of several audiences is enough");
}

/// AUTH-14: a token of 15 minutes ago has expired, one of now has not.
#[tokio::test]
async fn a_token_expires() {
    let (issuer, verifier) = (TokenIssuer::new(&secret(), URL), TokenVerifier::new(&secret(), URL));
    let issued = |ago: TimeDelta| issuer.issue(&ann(), Utc::now() - ago).unwrap();
    assert!(verifier.verify(&issued(TimeDelta::zero())).await.is_ok());
    assert!(verifier.verify(&issued(TimeDelta::minutes(14))).await.is_ok());
    let past = TOKEN_LIFETIME + TimeDelta::seconds(10);
    assert_eq!(refused(&verifier, &issued(past)).await, Refusal::Expired);
}

const OUTSIDE: &str = "https://auth.example.com";

/// A verifier beside an outside server that lists the key `one`.
async fn with_outside() -> (KeyServer, TokenVerifier) {
    let mut symmetric = jwk("symmetric");
    symmetric["alg"] = json!("HS256");
    let server = KeyServer::start(Answer::Document(json!({ "keys": [jwk("one"), symmetric] }))).await;
    let outside = OutsideServer {
        keys_url: server.url.clone(),
        issuer: OUTSIDE.to_owned(),
        audience: vec![OUTSIDE.to_owned(), URL.to_owned()],
    };
    let verifier = TokenVerifier::new(&secret(), URL).with_outside(&outside).unwrap();
    (server, verifier)
}

fn outside_claims() -> Value {
    let mut claims = claims();
    claims["iss"] = json!(OUTSIDE);
    claims["aud"] = json!(OUTSIDE);
    claims
}

fn eddsa(kid: &str, claims: &Value, key: &EncodingKey) -> String {
    signed(&json!({ "alg": "EdDSA", "kid": kid }), claims, key, Algorithm::EdDSA)
}

/// AUTH-15: a listed key's token is believed if issuer and audience fit, and the secret's tokens still are.
#[tokio::test]
async fn an_outside_token_is_believed() {
    let (_server, verifier) = with_outside().await;
    assert_eq!(verifier.verify(&eddsa("one", &outside_claims(), &listed_key())).await.unwrap(), ann());
    assert_eq!(verifier.verify(&hs256(&claims())).await.unwrap(), ann());

    let mut for_us = outside_claims();
    for_us["aud"] = json!(URL);
    assert_eq!(verifier.verify(&eddsa("one", &for_us, &listed_key())).await.unwrap(), ann());

    for (name, value, expected) in [
        ("aud", json!("https://elsewhere.example"), Refusal::Audience),
        ("iss", json!(URL), Refusal::Issuer),
        ("exp", json!(Utc::now().timestamp() - 60), Refusal::Expired),
        ("sub", Value::Null, Refusal::Claims),
    ] {
        let mut wrong = outside_claims();
        wrong[name] = value;
        assert_eq!(refused(&verifier, &eddsa("one", &wrong, &listed_key())).await, expected, "{name}");
    }
}

/// AUTH-16: a public key is no secret, a secret is no private key, and only listed keys count.
#[tokio::test]
async fn algorithms_cannot_be_switched() {
    let (server, verifier) = with_outside().await;
    let public = BASE64.decode(PUBLIC_X).unwrap();
    for bytes in [public.as_slice(), PUBLIC_X.as_bytes(), jwk("one").to_string().as_bytes()] {
        let key = EncodingKey::from_secret(bytes);
        for claims in [claims(), outside_claims()] {
            let header = json!({ "alg": "HS256", "kid": "one" });
            let token = signed(&header, &claims, &key, Algorithm::HS256);
            assert_eq!(refused(&verifier, &token).await, Refusal::Signature);
        }
    }
    let key = EncodingKey::from_secret(secret().as_bytes());
    let token = signed(&json!({ "alg": "EdDSA", "kid": "one" }), &outside_claims(), &key, Algorithm::HS256);
    assert_eq!(refused(&verifier, &token).await, Refusal::Signature);

    let unlisted = ed_key([7; 32]);
    assert_eq!(refused(&verifier, &eddsa("one", &outside_claims(), &unlisted)).await, Refusal::Signature);
    assert_eq!(refused(&verifier, &eddsa("two", &outside_claims(), &unlisted)).await, Refusal::UnknownKey);
    assert_eq!(refused(&verifier, &eddsa("symmetric", &outside_claims(), &listed_key())).await, Refusal::UnknownKey);
    let nameless = signed(&json!({ "alg": "EdDSA" }), &outside_claims(), &listed_key(), Algorithm::EdDSA);
    assert_eq!(refused(&verifier, &nameless).await, Refusal::UnknownKey);
    assert_eq!(server.asked(), 1);

    let alone = TokenVerifier::new(&secret(), URL);
    let token = eddsa("one", &claims(), &listed_key());
    assert_eq!(refused(&alone, &token).await, Refusal::Algorithm);
}

/// AUTH-18: without any key a token cannot be judged; the secret's tokens still can.
#[tokio::test]
async fn without_keys_there_is_no_judgement() {
    let (server, _) = with_outside().await;
    let mut outside = OutsideServer::at(server.url.as_str(), URL).unwrap();
    outside.keys_url.set_port(Some(1)).unwrap();
    let verifier = TokenVerifier::new(&secret(), URL).with_outside(&outside).unwrap();
    let judged = verifier.verify(&eddsa("one", &outside_claims(), &listed_key())).await;
    assert!(matches!(judged, Err(TokenError::KeysUnavailable(_))), "{judged:?}");
    assert_eq!(verifier.verify(&hs256(&claims())).await.unwrap(), ann());
}

proptest! {
    /// AUTH-13: no text at all is believed, and none makes the verifier fail.
    #[test]
    fn any_text_is_refused(text in "\\PC*", parts in prop::collection::vec("[A-Za-z0-9_-]{0,40}", 0..6)) {
        let verifier = TokenVerifier::new(&secret(), URL);
        for token in [text, parts.join(".")] {
            prop_assert!(futures::executor::block_on(verifier.verify(&token)).is_err());
        }
    }

    /// AUTH-13: changing any byte of a good token, or cutting it anywhere, makes it worthless.
    #[test]
    fn any_change_is_refused(at in 0.0..1.0_f64, with in "[A-Za-z0-9_.-]", cut: bool) {
        let good = hs256(&claims());
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let at = (good.len() as f64 * at) as usize;
        let mut changed = good.clone();
        if cut { changed.truncate(at) } else { changed.replace_range(at..=at, &with) }
        prop_assume!(changed != good);
        let verifier = TokenVerifier::new(&secret(), URL);
        prop_assert!(futures::executor::block_on(verifier.verify(&changed)).is_err());
    }

    /// AUTH-13: claims of any content never make the verifier fail.
    #[test]
    fn any_claims_are_judged(claims in "\\PC*", exp in any::<f64>(), sub in "\\PC*") {
        let verifier = TokenVerifier::new(&secret(), URL);
        let token = hs256(&json!(claims));
        prop_assert!(futures::executor::block_on(verifier.verify(&token)).is_err());
        let token = hs256(&json!({ "sub": sub, "exp": exp, "iss": URL, "aud": URL }));
        let _ = futures::executor::block_on(verifier.verify(&token));
    }
}
