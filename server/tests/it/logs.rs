//! What a process logs, and how it reports a wrong setting.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
    time::Duration,
};

use saydo_test_support::databases::TestDatabase;
use serde_json::json;

/// CONTRACT-20: at level info the log of a real process holds nothing of a person.
#[tokio::test]
async fn logs_hold_nothing_of_a_person() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let database = TestDatabase::sqlite();
    let migrated = Command::new(env!("CARGO_BIN_EXE_saydo"))
        .arg("migrate")
        .env_clear()
        .env("DATABASE_URL", &database.url)
        .status();
    assert!(migrated.unwrap().success());
    let mut server = Command::new(env!("CARGO_BIN_EXE_saydo"))
        .arg("api")
        .env_clear()
        .env("SAYDO_LISTEN", "127.0.0.1:0")
        .env("SAYDO_PUBLIC_URL", "http://127.0.0.1:3000")
        .env("DATABASE_URL", &database.url)
        .env("BETTER_AUTH_SECRET", "planted-secret-planted-secret-planted")
        .env("SAYDO_LOG", "json")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stderr.take().unwrap());
    let mut first = String::new();
    let mut log = String::new();
    while !first.contains("listening on") {
        first.clear();
        assert_ne!(lines.read_line(&mut first).unwrap(), 0, "the server ended: {log}");
        log.push_str(&first);
    }
    let address = first.split("http://").nth(1).unwrap().split(',').next().unwrap();
    let origin = format!("http://{address}");

    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
    let sign_up = json!({ "name": "Planted Name", "email": "planted@example.com", "password": "planted password" });
    let signed_up = client.post(format!("{origin}/api/auth/sign-up/email")).json(&sign_up).send().await.unwrap();
    let body: serde_json::Value = signed_up.json().await.unwrap();
    let (session, id) = (body["token"].as_str().unwrap(), body["user"]["id"].as_str().unwrap());
    let token: serde_json::Value =
        client.get(format!("{origin}/api/auth/token")).bearer_auth(session).send().await.unwrap().json().await.unwrap();
    let token = token["token"].as_str().unwrap();
    for message in ["add planted title", "complete task 77", "planted nonsense"] {
        let chat =
            client.post(format!("{origin}/api/{id}/chat")).bearer_auth(token).json(&json!({ "message": message }));
        assert_eq!(chat.send().await.unwrap().status(), 200);
    }
    let wrong = client.post(format!("{origin}/api/{id}/chat")).bearer_auth("planted.forged.token").json(&json!({}));
    assert_eq!(wrong.send().await.unwrap().status(), 401);

    server.kill().unwrap();
    server.wait().unwrap();
    lines.read_to_string(&mut log).unwrap();
    assert!(!log.to_lowercase().contains("planted"), "{log}");
    assert!(!log.contains(token) && !log.contains(session), "{log}");
}

/// CONTRACT-17: a process with a wrong setting ends with one line about it.
#[test]
fn a_wrong_setting_stops_the_start() {
    for (variable, value) in [
        ("SAYDO_LISTEN", "everywhere"),
        ("BETTER_AUTH_SECRET", "planted-short"),
        ("DATABASE_URL", "mysql://planted:planted@db/x"),
        ("DATABASE_URL", "postgres://planted:planted@db:port/x"),
        ("DATABASE_URL", "sqlite::memory:"),
        ("DATABASE_DIRECT_URL", "planted"),
        ("OPENAI_API_KEY", "planted\nkey"),
        ("SAYDO_MODEL", "best"),
        ("OPENAI_BASE_URL", "planted"),
        ("BETTER_AUTH_JWKS_URL", "planted"),
        ("SAYDO_LOG", "xml"),
        ("RUST_LOG", "a=b=c"),
        ("SAYDO_RATE_LIMIT", "maybe"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_saydo"))
            .arg("api")
            .env_clear()
            .env("DATABASE_URL", "sqlite:///nowhere/at/all/saydo.db")
            .env("BETTER_AUTH_SECRET", "a secret of the tests, long enough for anyone")
            .env(variable, value)
            .output()
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{variable}");
        assert_eq!(told.lines().count(), 1, "{told}");
        assert!(told.contains(variable) && told.contains("for example"), "{told}");
        assert!(!told.contains("planted"), "{told}");
    }
}
