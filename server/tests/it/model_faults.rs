//! What a person and an operator read where the model's server fails.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use saydo_test_support::{
    databases::TestDatabase,
    fake_model::{Ending, FakeModel, Reply},
    raw_server::{RawRequest, RawServer, json_answer, words},
};
use serde_json::{Value, json};

use crate::{
    app::{SECRET, Setup, TestApp, turn_events},
    process::free_port,
    turns::stream,
};

/// The last event's data of a chat with a model that answers so.
async fn failure(app: &TestApp, name: &str) -> Value {
    let person = app.sign_up(name).await;
    let events = turn_events(stream(&person, &json!({ "message": "hello?" })).send().await.unwrap()).await;
    let last = events.last().unwrap();
    assert_eq!(last.name, "turn.failed", "{name}: {last:?}");
    last.data.clone()
}

/// TURN-61, TURN-62: each failure has its own words, the kind that it always had, and says truly whether a retry may
/// help.
#[tokio::test]
async fn each_failure_has_its_own_words() {
    let refused = |status: u16, code: &str| {
        Reply::status(status).with_error(json!({ "error": { "message": "planted", "code": code } }))
    };
    let text = || Reply::text("I was about to say");
    let cases: Vec<(&str, Reply, &str, bool)> = vec![
        ("key", refused(401, "invalid_api_key"), "OPENAI_API_KEY", false),
        ("credit", refused(402, "payment_required"), "out of credit", false),
        ("quota", refused(429, "insufficient_quota"), "out of credit", false),
        ("rate", refused(429, "rate_limit_exceeded").header("retry-after", "20"), "try again in 20 seconds", true),
        ("model", refused(404, "model_not_found"), "“fake” isn't available", false),
        ("long", refused(400, "context_length_exceeded"), "too long for the model. Start a new one", false),
        ("tools", Reply::status(400).with_error(json!({ "error": "x does not support tools" })), "call tools", false),
        ("address", Reply::status(404).with_error(json!({ "detail": "Not Found" })), "OPENAI_BASE_URL", false),
        ("filter", refused(400, "content_filter"), "content filter", false),
        ("failed", refused(500, "server_error"), "server failed", true),
        ("other", refused(400, "invalid_value"), "refused the request", false),
        ("cut", text().ending_after(4, Ending::Cut), "broke off", true),
        ("closed", Reply::raw(&[]).ending_after(0, Ending::Done), "without an answer", true),
        ("silence", Reply::silence(), "didn't begin to answer in time", true),
        ("spent", Reply::text("").finishing(Some("length")), "reached its limit", false),
        ("withheld", Reply::text("").finishing(Some("content_filter")), "content filter", false),
        ("spoken", Reply::text(r#"{"name": "add_task", "arguments": }"#), "call tools", false),
        ("empty", Reply::text(""), "empty answer", true),
        ("quiet", text().ending_after(4, Ending::Silence), "fell silent", true),
    ];
    let database = TestDatabase::sqlite();
    for (name, reply, words, retryable) in cases {
        let model = FakeModel::answering(move |_| reply.clone()).await;
        let setup = Setup {
            agent: |agent| {
                (agent.timeouts.first_byte, agent.timeouts.idle) = (Duration::from_secs(2), Duration::from_secs(2));
                agent.retries.base = Duration::from_millis(1);
                agent.retries.longest = Duration::from_millis(2);
            },
            ..Setup::model(model.base_url())
        };
        let app = TestApp::start(&database, setup).await;
        let failed = failure(&app, name).await;
        let problem = &failed["problem"];
        let kind = if matches!(name, "silence" | "quiet") { ("model-timeout", 504) } else { ("model-failed", 502) };
        assert_eq!((&problem["type"], &problem["status"]), (&json!(format!("/problems/{}", kind.0)), &json!(kind.1)));
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(words) && !detail.contains("planted"), "{name}: {detail}");
        assert_eq!(failed["retryable"], retryable, "{name}: {detail}");
        app.stop().await;
    }
}

/// TURN-63: the kind of each failure is counted.
#[tokio::test]
async fn the_kind_of_a_failure_is_counted() {
    let model = FakeModel::answering(|_| Reply::status(402)).await;
    let database = TestDatabase::sqlite();
    let app = TestApp::start(&database, Setup::model(model.base_url())).await;
    failure(&app, "ann").await;
    let metrics = app.get("/metrics").await.text;
    assert!(metrics.contains(r#"saydo_model_calls_total{model="openai",outcome="credit"}"#), "{metrics}");
}

/// A server in a process of its own, whose log is read.
struct Logged {
    child: Child,
    lines: BufReader<std::process::ChildStderr>,
}

impl Logged {
    fn start(database: &TestDatabase, settings: &[(&str, &str)]) -> Self {
        let binary = env!("CARGO_BIN_EXE_saydo");
        let migrated = Command::new(binary).arg("migrate").env_clear().env("DATABASE_URL", &database.url).status();
        assert!(migrated.unwrap().success());
        let mut child = Command::new(binary)
            .arg("api")
            .env_clear()
            .envs([("SAYDO_LISTEN", "127.0.0.1:0"), ("BETTER_AUTH_SECRET", SECRET), ("OPENAI_MODEL", "fake")])
            .envs([("SAYDO_PUBLIC_URL", "http://127.0.0.1:3000"), ("DATABASE_URL", &database.url)])
            .envs(settings.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap());
        Self { child, lines }
    }

    /// The next line that holds these words.
    fn line(&mut self, words: &str) -> String {
        let mut log = String::new();
        loop {
            let mut line = String::new();
            assert_ne!(self.lines.read_line(&mut line).unwrap(), 0, "the server ended: {log}");
            if line.contains(words) {
                return line;
            }
            log.push_str(&line);
        }
    }
}

impl Drop for Logged {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listed(name: &str) -> Vec<u8> {
    json_answer(200, &json!({ "object": "list", "data": [{ "id": name, "supported_parameters": ["tools"] }] }))
}

/// DEPLOY-40: the start says in one line what the model's server is, or what to do about its fault.
#[tokio::test(flavor = "multi_thread")]
async fn the_start_says_whether_the_model_is_there() {
    let database = TestDatabase::sqlite();
    let there = |_: &RawRequest| listed("fake");
    let missing = |request: &RawRequest| match request.target.starts_with("POST") {
        true => json_answer(404, &json!({ "error": { "message": "planted", "code": "model_not_found" } })),
        false => listed("faker"),
    };
    let key = |_: &RawRequest| json_answer(401, &json!({ "error": { "message": "planted", "code": "no_key" } }));
    let (there, missing, key) =
        tokio::join!(RawServer::answering(there), RawServer::answering(missing), RawServer::answering(key));
    let wrong = there.url("/v1").replace("http:", "https:");
    for (url, words) in [
        (there.url("/v1?key=planted"), &["INFO", "fake is at", "/v1/chat/completions?key=…", "takes tools"][..]),
        (missing.url("/v1"), &["WARN", "404 (model_not_found)", "Set OPENAI_MODEL", "such as faker"]),
        (key.url("/v1"), &["WARN", "401 (no_key)", "Check OPENAI_API_KEY"]),
        (wrong, &["WARN", "https://127.0.0.1", "http:// or https://"]),
    ] {
        let settings = [("OPENAI_BASE_URL", url.as_str()), ("OPENAI_API_KEY", "sk-planted")];
        let line = Logged::start(&database, &settings).line("model: ");
        assert!(words.iter().all(|word| line.contains(word)) && !line.contains("planted"), "{line}");
    }
}

/// DEPLOY-41: a model's server that does not answer delays no start.
#[tokio::test(flavor = "multi_thread")]
async fn a_silent_model_delays_no_start() {
    let database = TestDatabase::sqlite();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", silent.local_addr().unwrap());
    let mut server = Logged::start(&database, &[("OPENAI_BASE_URL", &url)]);
    let line = server.line("listening on");
    let address = line.split("http://").nth(1).unwrap().split(',').next().unwrap();
    let ready = reqwest::Client::builder().no_proxy().build().unwrap().get(format!("http://{address}/readyz"));
    assert_eq!(ready.send().await.unwrap().status(), 200);
}

/// TURN-64: where a turn fails for its model, the log has the turn, the address, the model and the server's own code.
#[tokio::test(flavor = "multi_thread")]
async fn the_log_names_what_was_asked() {
    let database = TestDatabase::sqlite();
    let model = RawServer::answering(|request| match request.body["tools"].as_array().map(Vec::len) {
        Some(2..) => json_answer(400, &json!({ "error": { "message": "planted", "code": "strange_fault" } })),
        _ => words("H"),
    })
    .await;
    let url = model.url("/v1?key=planted&api-version=7");
    let mut server = Logged::start(&database, &[("OPENAI_BASE_URL", &url), ("SAYDO_LOG", "json")]);
    let line = server.line("listening on");
    let address = line.split("http://").nth(1).unwrap().split(',').next().unwrap();
    let app = TestApp::at(format!("http://{address}"));
    failure(&app, "ann").await;
    let line = server.line("the agent failed");
    let asked = model.url("/v1/chat/completions?key=…&api-version=7");
    let fields: Value = serde_json::from_str(&line).unwrap();
    assert_eq!((&fields["address"], &fields["model"]), (&json!(asked), &json!("fake")), "{line}");
    assert!(fields["turn"].is_string() && line.contains("400 (strange_fault)") && !line.contains("planted"), "{line}");
}

/// DEPLOY-45: a server for other machines that does not know how these reach it says which setting is missing.
#[tokio::test(flavor = "multi_thread")]
async fn a_missing_public_address_is_reported() {
    let settings = [("SAYDO_LISTEN", "0.0.0.0:0"), ("SAYDO_PUBLIC_URL", ""), ("SAYDO_MODEL", "offline")];
    let database = TestDatabase::sqlite();
    let line = Logged::start(&database, &settings).line("SAYDO_PUBLIC_URL");
    assert!(line.contains("is not set") && line.contains("for example http://"), "{line}");
}

/// DEPLOY-46: at an address of the network a person signs up and chats, and a client calls the tools.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_used_at_an_address_of_the_network() {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    // Where this machine is in no network, its loopback address is used.
    let own = match socket.connect("192.0.2.1:9") {
        Ok(()) => socket.local_addr().unwrap().ip().to_string(),
        Err(_) => "127.0.0.1".to_owned(),
    };
    let port = free_port();
    let (listen, public) = (format!("0.0.0.0:{port}"), format!("http://{own}:{port}"));
    let settings = [("SAYDO_LISTEN", &*listen), ("SAYDO_PUBLIC_URL", &*public), ("SAYDO_MODEL", "offline")];
    let database = TestDatabase::sqlite();
    let mut server = Logged::start(&database, &settings);
    server.line("listening on");
    let app = TestApp::at(public.clone());
    let ann = app.sign_up("ann").await;
    let chat = ann.chat_request(&json!({ "message": "add milk" })).header("origin", &public).send().await.unwrap();
    assert_eq!(chat.status(), 200);
    assert_eq!(ann.tasks().await[0]["title"], "Milk");
}
