//! A model on a server of the OpenAI chat completions API.
//!
//! async-openai makes the requests and reads the streams, with JSON values in place of its own types, which refuse what
//! many compatible servers send. Its retries are replaced by ours ([`exchange`]), which end at the first byte.

mod assembler;
mod exchange;
mod messages;
mod request;

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use async_openai::{Client, config::Config, error::OpenAIError, types::stream::StreamResponse};
use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use rmcp::model::Tool;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::time::{Instant, timeout, timeout_at};

use self::{
    assembler::Assembler,
    exchange::{Exchange, Line},
};
use crate::{
    AgentError, BuildError, ModelError, ModelRequest, Timeouts, Waiting, limits::AgentConfig, model::ModelEvent,
    telemetry,
};

/// How long the usage may take to follow the end of a message. The message is whole without it.
const USAGE: Duration = Duration::from_secs(1);

/// A model on one server; connections are kept and shared.
pub(crate) struct OpenAi {
    http: reqwest::Client,
    endpoint: Endpoint,
    model: String,
    config: AgentConfig,
}

impl OpenAi {
    pub(crate) fn new(
        base_url: &str,
        api_key: Option<&SecretString>,
        model: &str,
        config: &AgentConfig,
    ) -> Result<Self, BuildError> {
        let http = reqwest::Client::builder()
            .connect_timeout(config.timeouts.connect)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("saydo/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(BuildError::Client)?;
        let endpoint = Endpoint::new(base_url, api_key)?;
        Ok(Self { http, endpoint, model: model.to_owned(), config: config.clone() })
    }

    pub(crate) fn ask(&self, request: &ModelRequest, tools: &[Tool]) -> BoxStream<'static, ModelEvent> {
        let line = Arc::new(Line::default());
        let exchange = Exchange {
            http: self.http.clone(),
            timeouts: self.config.timeouts,
            retries: self.config.retries,
            key: self.endpoint.key.clone(),
            line: Arc::clone(&line),
        };
        let service = tower::service_fn(move |request| exchange.clone().send(request));
        let answer = Answer {
            client: Client::build(self.http.clone(), self.endpoint.clone()).with_http_service(service),
            body: request::body(&self.model, request, &self.config.limits, tools, request::Dialect::default()),
            events: None,
            assembler: Assembler::new(self.config.limits, self.endpoint.key.clone()),
            line,
            timeouts: self.config.timeouts,
            deadline: None,
        };
        stream::unfold(Some(answer), async |answer| {
            let mut answer = answer?;
            match answer.next().await {
                Ok(Some(text)) => Some((ModelEvent::Delta(text), Some(answer))),
                Ok(None) => {
                    telemetry::tokens(answer.assembler.usage());
                    Some((ModelEvent::Done(answer.assembler.finish().map_err(AgentError::from)), None))
                }
                Err(error) => Some((ModelEvent::Done(Err(error.into())), None)),
            }
        })
        .boxed()
    }
}

/// One answer while it is read.
struct Answer {
    client: Client<Endpoint>,
    body: Value,
    events: Option<StreamResponse<Value>>,
    assembler: Assembler,
    line: Arc<Line>,
    timeouts: Timeouts,
    deadline: Option<Instant>,
}

impl Answer {
    /// The next text; `None` at the end of the message.
    async fn next(&mut self) -> Result<Option<String>, ModelError> {
        let deadline = *self.deadline.get_or_insert_with(|| Instant::now() + self.timeouts.total);
        timeout_at(deadline, self.advance()).await.unwrap_or(Err(ModelError::Timeout(Waiting::End)))
    }

    async fn advance(&mut self) -> Result<Option<String>, ModelError> {
        loop {
            let events = match &mut self.events {
                Some(events) => events,
                None => {
                    let opened = self.client.chat().create_stream_byot(&self.body).await;
                    self.events.insert(opened.map_err(|error| self.line.fault(error))?)
                }
            };
            let ended = self.assembler.is_ended();
            self.line.wants_more(true);
            let event = if ended { timeout(USAGE, events.next()).await.unwrap_or(None) } else { events.next().await };
            self.line.wants_more(false);
            match event {
                Some(Ok(chunk)) => {
                    if let Some(text) = self.assembler.take(&chunk)? {
                        return Ok(Some(text));
                    }
                }
                // What comes after the end of a message cannot harm it.
                _ if ended => return Ok(None),
                Some(Err(error)) => return Err(self.line.fault(error)),
                None => return Ok(None),
            }
        }
    }
}

/// Where the server is and what it wants to see.
///
/// Not async-openai's own configuration: that one reads the environment.
#[derive(Clone)]
struct Endpoint {
    base_url: String,
    headers: HeaderMap,
    key: SecretString,
}

impl Endpoint {
    fn new(base_url: &str, api_key: Option<&SecretString>) -> Result<Self, BuildError> {
        let mut headers = HeaderMap::new();
        if let Some(key) = api_key {
            let mut bearer =
                HeaderValue::from_str(&format!("Bearer {}", key.expose_secret())).map_err(|_| BuildError::ApiKey)?;
            bearer.set_sensitive(true);
            headers.insert(AUTHORIZATION, bearer);
        }
        let base_url = base_url.trim_end_matches('/');
        reqwest::Url::parse(base_url).map_err(|_| BuildError::BaseUrl)?;
        let key = api_key.cloned().unwrap_or_default();
        Ok(Self { base_url: base_url.to_owned(), headers, key })
    }
}

impl Config for Endpoint {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    fn api_base(&self) -> &str {
        &self.base_url
    }

    fn api_key(&self) -> &SecretString {
        &self.key
    }
}

/// Seconds since 1970.
fn unix_now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |past| i64::try_from(past.as_secs()).unwrap_or(i64::MAX))
}

impl Line {
    /// What went wrong, as far as our side of the connection knows it better than the library.
    fn fault(&self, error: OpenAIError) -> ModelError {
        match (self.take_fault(), error) {
            (Some(fault), _) => fault,
            (None, OpenAIError::Reqwest(error)) => ModelError::Broken(error.without_url()),
            (None, error) => ModelError::Unreadable(error.into()),
        }
    }
}
