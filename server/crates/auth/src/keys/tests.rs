#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    pin::pin,
    sync::atomic::{AtomicUsize, Ordering},
};

use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;

/// The public half of RFC 8032's first test key, as a JWK's `x`.
pub(crate) const PUBLIC_X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

pub(crate) fn jwk(kid: &str) -> Value {
    json!({ "kid": kid, "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "x": PUBLIC_X })
}

/// Installs the TLS provider that every HTTP client wants.
pub(crate) fn install_tls() {
    let _already = rustls::crypto::ring::default_provider().install_default();
}

/// What the key server answers.
#[derive(Clone)]
pub(crate) enum Answer {
    Document(Value),
    Status(&'static str),
    Silence,
}

/// An HTTP server with a key document, which counts how often it is asked.
pub(crate) struct KeyServer {
    pub(crate) url: Url,
    asked: Arc<AtomicUsize>,
    answer: Arc<Mutex<Answer>>,
}

impl KeyServer {
    pub(crate) async fn start(answer: Answer) -> Self {
        install_tls();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/api/auth/jwks", listener.local_addr().unwrap())).unwrap();
        let server = Self { url, asked: Arc::default(), answer: Arc::new(Mutex::new(answer)) };
        let (asked, answer) = (Arc::clone(&server.asked), Arc::clone(&server.answer));
        tokio::spawn(async move {
            loop {
                let (mut connection, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    request.push(connection.read_u8().await.unwrap());
                }
                asked.fetch_add(1, Ordering::SeqCst);
                let (status, body) = match answer.lock().await.clone() {
                    Answer::Document(document) => ("200 OK", document.to_string()),
                    Answer::Status(status) => (status, String::new()),
                    Answer::Silence => {
                        tokio::spawn(async move {
                            let _held_open = connection;
                            std::future::pending::<()>().await;
                        });
                        continue;
                    }
                };
                let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
                // A client that has read enough may leave before the end.
                let _sent = connection.write_all(format!("{head}{body}").as_bytes()).await;
            }
        });
        server
    }

    async fn now_answers(&self, answer: Answer) {
        *self.answer.lock().await = answer;
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn keys(&self, schedule: Schedule) -> Arc<KeySet> {
        Arc::new(KeySet::scheduled(self.url.clone(), schedule).unwrap())
    }
}

/// AUTH-17: unknown ids cause one fetch, however many ask, and known ones none.
#[tokio::test]
async fn unknown_ids_are_fetched_once() {
    let server = KeyServer::start(Answer::Document(json!({ "keys": [jwk("one")] }))).await;
    let keys = server.keys(Schedule::default());
    let ids: Vec<String> = (0..50).map(|n| format!("unknown-{n}")).collect();
    let asked = ids.iter().map(|id| keys.get(id));
    for found in futures::future::join_all(asked).await {
        assert!(found.unwrap().is_none());
    }
    assert!(keys.get("one").await.unwrap().is_some());
    assert_eq!(server.asked(), 1);
}

/// AUTH-17: after the pause an unknown id is looked up again, so that a new key is found.
#[tokio::test]
async fn a_new_key_is_found() {
    let server = KeyServer::start(Answer::Document(json!({ "keys": [jwk("one")] }))).await;
    let keys = server.keys(Schedule { pause: Duration::ZERO, ..Schedule::default() });
    assert!(keys.get("two").await.unwrap().is_none());
    server.now_answers(Answer::Document(json!({ "keys": [jwk("one"), jwk("two")] }))).await;
    assert!(keys.get("two").await.unwrap().is_some());
}

/// AUTH-17: a caller that leaves does not waste the attempt for the others.
#[tokio::test]
async fn a_caller_may_leave() {
    let server = KeyServer::start(Answer::Document(json!({ "keys": [jwk("one")] }))).await;
    let keys = server.keys(Schedule::default());
    assert!(futures::poll!(pin!(keys.get("one"))).is_pending(), "asked once, then dropped");
    assert!(keys.get("one").await.unwrap().is_some());
    assert_eq!(server.asked(), 1);
}

/// AUTH-17: too much, no answer in time, a wrong status and a wrong document are all "unavailable".
#[tokio::test]
async fn a_bad_server_is_unavailable() {
    let padding = "x".repeat(MAX_BYTES);
    for (answer, expected) in [
        (Answer::Document(json!({ "keys": [jwk("one")], "padding": padding })), "too large"),
        (Answer::Silence, "could not be fetched"),
        (Answer::Status("500 Internal Server Error"), "could not be fetched"),
        (Answer::Status("302 Found\r\nLocation: /elsewhere"), "malformed"),
        (Answer::Document(json!(["no", "keys"])), "malformed"),
    ] {
        let patience = match answer {
            Answer::Silence => Duration::from_millis(200),
            _ => Duration::from_secs(30),
        };
        let server = KeyServer::start(answer).await;
        let keys = server.keys(Schedule { patience, ..Schedule::default() });
        let error = keys.get("one").await.map(|_| ()).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        let again = keys.get("one").await.map(|_| ()).unwrap_err();
        assert!(matches!(again, KeysError::FailedBefore), "{again}");
        assert_eq!(server.asked(), 1, "the next attempt waits for its time");
    }
}

/// AUTH-18: known keys stay in use while the server is away; unknown ones are "unavailable", not "unknown".
#[tokio::test]
async fn known_keys_outlive_the_server() {
    let server = KeyServer::start(Answer::Document(json!({ "keys": [jwk("one")] }))).await;
    let keys = server.keys(Schedule { fresh_for: Duration::ZERO, pause: Duration::ZERO, ..Schedule::default() });
    assert!(keys.get("one").await.unwrap().is_some());
    server.now_answers(Answer::Status("503 Service Unavailable")).await;
    for _ in 0..5 {
        assert!(keys.get("one").await.unwrap().is_some());
    }
    assert!(matches!(keys.get("two").await.map(|_| ()), Err(KeysError::Fetch(_))));
}

/// AUTH-18: a key that is no longer fresh is fetched again behind its use, and gone once the server dropped it.
#[tokio::test]
async fn a_withdrawn_key_goes() {
    let server = KeyServer::start(Answer::Document(json!({ "keys": [jwk("one")] }))).await;
    let keys = server.keys(Schedule { fresh_for: Duration::ZERO, pause: Duration::ZERO, ..Schedule::default() });
    assert!(keys.get("one").await.unwrap().is_some());
    server.now_answers(Answer::Document(json!({ "keys": [] }))).await;
    assert!(keys.get("one").await.unwrap().is_some(), "the old answer serves once more");
    let idle = keys.last_attempt.lock().await;
    drop(idle);
    assert!(keys.get("one").await.unwrap().is_none());
}

/// AUTH-16: a key for another algorithm, curve, type or use, or of the wrong length, is not taken.
#[test]
fn only_ed25519_signature_keys_are_taken() {
    let with = |name: &str, value: Value| {
        let mut key = jwk("one");
        key[name] = value;
        key
    };
    for (key, taken) in [
        (jwk("one"), true),
        (with("use", json!("sig")), true),
        (with("alg", Value::Null), true),
        (with("alg", json!("HS256")), false),
        (with("alg", json!("ES256")), false),
        (with("crv", json!("X25519")), false),
        (with("kty", json!("oct")), false),
        (with("use", json!("enc")), false),
        (with("x", json!("c2hvcnQ")), false),
        (with("x", json!("***")), false),
        (with("kid", json!(7)), false),
        (json!({ "kid": "one", "kty": "oct", "k": "c2VjcmV0", "alg": "HS256" }), false),
        (json!("no key"), false),
    ] {
        let document = json!({ "keys": [key, jwk("other")] });
        let keys = parse(document.to_string().as_bytes()).unwrap();
        assert_eq!(keys.contains_key("one"), taken, "{document}");
        assert!(keys.contains_key("other"), "one odd key spoils no other");
    }
}

/// AUTH-15: issuer and audience are the outside server's origin, as Better Auth writes them, or this server's URL.
#[test]
fn an_outside_server_is_known_by_its_origin() {
    let server = OutsideServer::at("https://auth.example.com/api/auth/jwks", "https://saydo.example").unwrap();
    assert_eq!(server.issuer, "https://auth.example.com");
    assert_eq!(server.audience, ["https://auth.example.com", "https://saydo.example"]);
    for wrong in ["", "auth.example.com/jwks", "file:///etc/jwks", "ftp://auth.example.com"] {
        assert_eq!(OutsideServer::at(wrong, "https://saydo.example"), Err(InvalidKeysUrl), "{wrong}");
    }
}

proptest! {
    /// AUTH-17: no document at all makes the reader fail.
    #[test]
    fn any_document_is_read(document in "\\PC*", x in "\\PC*") {
        let _ = parse(document.as_bytes());
        let _ = parse(json!({ "keys": [{ "kid": "a", "kty": "OKP", "crv": "Ed25519", "x": x }] }).to_string().as_bytes());
    }
}
