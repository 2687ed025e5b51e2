//! A running server on a throw-away database, and people who use it.

use std::{path::PathBuf, time::Duration};

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, header};
use saydo::{
    config::{AuthConfig, ListenConfig, Origin, TrustedProxies, WebConfig},
    http::api::{Api, ApiConfig},
    roles::serve_api,
    web::pages,
};
use saydo_agent::{AgentConfig, ModelConfig};
use saydo_auth::AuthSecret;
use saydo_store::DatabaseConfig;
use saydo_test_support::databases::TestDatabase;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

pub const SECRET: &str = "a secret of the tests, long enough for anyone";
pub const PASSWORD: &str = "correct horse battery";

pub struct TestApp {
    pub origin: String,
    pub client: Client,
    shutdown: CancellationToken,
    server: JoinHandle<()>,
}

/// How an app differs from the usual one.
pub struct Setup {
    pub model: ModelConfig,
    pub rate_limit: bool,
    pub proxies: TrustedProxies,
    pub agent: fn(&mut AgentConfig),
    pub jwks_url: Option<String>,
    /// The database's address through a pooler.
    pub pooler: Option<String>,
    /// Whether the database is also reached past a pooler.
    pub direct: bool,
    /// The built site, where the pages are served too.
    pub site: Option<PathBuf>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            model: ModelConfig::Offline,
            rate_limit: false,
            proxies: TrustedProxies::default(),
            agent: |_| (),
            jwks_url: None,
            pooler: None,
            direct: false,
            site: None,
        }
    }
}

impl Setup {
    pub fn model(base_url: String) -> Self {
        let model = ModelConfig::OpenAi { base_url, api_key: Some("sk-test-planted-key".into()), model: "fake".into() };
        Self { model, ..Self::default() }
    }
}

impl TestApp {
    pub async fn offline(database: &TestDatabase) -> Self {
        Self::start(database, Setup::default()).await
    }

    pub async fn start(database: &TestDatabase, setup: Setup) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut agent = AgentConfig::new(setup.model);
        (setup.agent)(&mut agent);
        let api = Api::start(ApiConfig {
            listen: ListenConfig {
                address,
                public: Origin::of(address),
                rate_limit: setup.rate_limit,
                proxies: setup.proxies,
                linger: Duration::ZERO,
            },
            database: DatabaseConfig {
                direct_url: setup.direct.then(|| database.url.as_str().into()),
                ..DatabaseConfig::new(setup.pooler.unwrap_or_else(|| database.url.clone()))
            },
            auth: AuthConfig { secret: AuthSecret::new(SECRET.into()).unwrap(), jwks_url: setup.jwks_url },
            agent,
            mcp_hosts: vec!["127.0.0.1".to_owned()],
        })
        .await
        .unwrap();
        api.migrate().await.unwrap();
        let router = match setup.site {
            Some(site) => {
                let config = WebConfig { site, api_url: None };
                pages(&config, api.router(), Origin::of(address)).unwrap().merge(api.router())
            }
            None => api.router(),
        };
        let shutdown = CancellationToken::new();
        let stop = shutdown.clone();
        let server = tokio::spawn(async move {
            serve_api(listener, router, api, stop.cancelled_owned()).await.unwrap();
        });
        Self { shutdown, server, ..Self::at(format!("http://{address}")) }
    }

    /// A server that runs elsewhere already.
    pub fn at(origin: String) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().unwrap();
        Self { origin, client, shutdown: CancellationToken::new(), server: tokio::spawn(async {}) }
    }

    /// Stops as on SIGTERM and waits for the end.
    pub async fn stop(self) {
        self.shutdown.cancel();
        drop(self.client);
        self.server.await.unwrap();
    }

    /// Begins to stop as on SIGTERM.
    pub fn begin_stop(&self) {
        self.shutdown.cancel();
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.origin))
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    pub async fn sign_up(&self, name: &str) -> Person<'_> {
        let email = format!("{name}@example.com");
        let body = json!({ "name": name, "email": email, "password": PASSWORD });
        let answer = Answer::of(self.request(Method::POST, "/api/auth/sign-up/email").json(&body)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let session = answer.body["token"].as_str().unwrap().to_owned();
        let id = answer.body["user"]["id"].as_str().unwrap().to_owned();
        let answer = Answer::of(self.request(Method::GET, "/api/auth/token").bearer_auth(&session)).await;
        let token = answer.body["token"].as_str().unwrap().to_owned();
        Person { app: self, id, email, session, token }
    }
}

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Person<'a> {
    pub app: &'a TestApp,
    pub id: String,
    pub email: String,
    pub session: String,
    pub token: String,
}

impl<'a> Person<'a> {
    /// Somebody whose session is older than this server. It has another address, so its tokens have another audience.
    pub async fn returning(app: &'a TestApp, session: String) -> Self {
        let answer = Answer::of(app.request(Method::GET, "/api/auth/token").bearer_auth(&session)).await;
        assert_eq!(answer.status, 200, "the session is still good");
        let view = Answer::of(app.request(Method::GET, "/api/auth/get-session").bearer_auth(&session)).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (id, token) = (text(&view.body["user"]["id"]), text(&answer.body["token"]));
        Self { app, id, email: text(&view.body["user"]["email"]), session, token }
    }

    /// A request to `/api/{user_id}{path}` with the person's token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.app.request(method, &format!("/api/{}{path}", self.id)).bearer_auth(&self.token)
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    pub fn chat_request(&self, body: &Value) -> RequestBuilder {
        self.request(Method::POST, "/chat").json(body)
    }

    pub async fn chat(&self, message: &str) -> Answer {
        Answer::of(self.chat_request(&json!({ "message": message }))).await
    }

    pub async fn chat_in(&self, conversation: i64, message: &str) -> Answer {
        Answer::of(self.chat_request(&json!({ "conversation_id": conversation, "message": message }))).await
    }

    /// Calls a tool at `/mcp` and gives its result.
    pub async fn tool(&self, tool: &str, arguments: Value) -> Value {
        let answer = Answer::of(mcp_call(self.app, tool, arguments).bearer_auth(&self.token)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body["result"].clone()
    }

    pub async fn tasks(&self) -> Value {
        self.tool("list_tasks", json!({})).await["structuredContent"]["tasks"].clone()
    }

    pub async fn messages(&self, conversation: i64) -> Vec<Value> {
        let answer = self.get(&format!("/conversations/{conversation}/messages")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body["items"].as_array().unwrap().clone()
    }

    /// The person's conversations, as soon as there is one.
    pub async fn first_conversation(&self) -> i64 {
        eventually(async || self.get("/conversations").await.body["items"][0]["id"].as_i64()).await
    }
}

pub fn mcp_call(app: &TestApp, tool: &str, arguments: Value) -> RequestBuilder {
    app.request(Method::POST, "/mcp")
        .header(header::ACCEPT, "application/json, text/event-stream")
        .header("MCP-Protocol-Version", "2025-11-25")
        .json(&json!({
            "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": tool, "arguments": arguments },
        }))
}

/// Asks until there is an answer, ten seconds at most.
pub async fn eventually<T>(mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("in ten seconds")
}

/// A response, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: header::HeaderMap,
    pub text: String,
    /// The body as JSON, `null` where it is none.
    pub body: Value,
}

impl Answer {
    pub async fn of(request: RequestBuilder) -> Self {
        Self::read(request.send().await.unwrap()).await
    }

    pub async fn read(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or_default();
        Self { status, headers, text, body }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Fails unless this is the problem, whole and well formed.
    #[track_caller]
    pub fn assert_problem(&self, status: u16, slug: &str) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.body["type"], format!("/problems/{slug}"), "{}", self.text);
        assert_eq!(self.body["status"], status);
        assert_eq!(self.body["request_id"], self.header("x-request-id"));
        for field in ["title", "detail"] {
            assert!(self.body[field].as_str().is_some_and(|text| !text.is_empty()), "{field}: {}", self.text);
        }
        let waits = matches!(status, 409 | 429 | 503);
        assert_eq!(self.headers.contains_key("retry-after"), waits, "{self:?}");
        assert_eq!(self.headers.contains_key("www-authenticate"), status == 401, "{self:?}");
    }
}

/// One event of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub id: String,
    pub name: String,
    pub data: Value,
}

/// The events of a response, as they come.
pub struct Events {
    response: Response,
    buffer: String,
}

impl Events {
    pub fn of(response: Response) -> Self {
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        Self { response, buffer: String::new() }
    }

    /// `None`: the stream ended.
    pub async fn next(&mut self) -> reqwest::Result<Option<Event>> {
        loop {
            while let Some((block, rest)) = self.buffer.split_once("\n\n") {
                let field = |name: &str| {
                    let line = block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
                    line.map(|value| value.trim_start().to_owned())
                };
                let event = match (field("event"), field("data")) {
                    (Some(name), Some(data)) => {
                        let id = field("id").unwrap_or_default();
                        Some(Event { id, name, data: serde_json::from_str(&data).unwrap() })
                    }
                    _ => None,
                };
                self.buffer = rest.to_owned();
                if event.is_some() {
                    return Ok(event);
                }
            }
            match self.response.chunk().await? {
                Some(chunk) => self.buffer.push_str(std::str::from_utf8(&chunk).unwrap()),
                None => return Ok(None),
            }
        }
    }
}

/// Reads events until `last` says so or the stream ends.
pub async fn events_until(response: Response, last: impl Fn(&Event) -> bool) -> Vec<Event> {
    let (mut stream, mut events) = (Events::of(response), Vec::new());
    while let Some(event) = stream.next().await.unwrap() {
        events.push(event);
        if events.last().is_some_and(&last) {
            break;
        }
    }
    events
}

/// Reads one turn's events to its end.
pub async fn turn_events(response: Response) -> Vec<Event> {
    events_until(response, |event| matches!(event.name.as_str(), "turn.completed" | "turn.stopped" | "turn.failed"))
        .await
}

/// The text that the deltas add up to.
pub fn streamed_text(events: &[Event]) -> String {
    events
        .iter()
        .filter(|event| event.name == "message.delta")
        .map(|event| event.data["text"].as_str().unwrap())
        .collect()
}
