//! A model on a server of the OpenAI chat completions API.
//!
//! async-openai makes the requests. Its retries are replaced by ours ([`exchange`]), and its types and its reader of
//! streams by [`answer`]: they refuse what many compatible servers send. Decision 0003 has the reasons.

mod answer;
mod body;
mod exchange;
mod messages;
mod probe;
mod quirks;
mod request;
mod stopwatch;

use std::{
    sync::{Arc, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use async_openai::{Client, config::Config, error::OpenAIError};
use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use reqwest::header::HeaderMap;
use rmcp::model::Tool;
use secrecy::SecretString;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use self::{
    answer::AnswerParser,
    body::Body,
    exchange::{Exchange, Opened},
    quirks::{Draft, KnownQuirks, Quirks},
    stopwatch::Stopwatch,
};
pub use self::{
    answer::read_answer,
    probe::{Depth, Listing, Probe},
};
use crate::{
    BuildError, ModelError, ModelRequest, ServerAddress, Waiting, limits::AgentConfig, model::ModelEvent, telemetry,
};

/// How long the usage may take to follow the end of a message. The message is whole without it.
const USAGE: Duration = Duration::from_secs(1);

/// A model on one server; connections are kept and shared.
#[derive(Clone)]
pub(crate) struct OpenAi {
    http: reqwest::Client,
    address: ServerAddress,
    headers: HeaderMap,
    key: SecretString,
    model: String,
    config: AgentConfig,
    quirks: Arc<KnownQuirks>,
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
        let address = ServerAddress::parse(base_url)?;
        Ok(Self {
            http,
            headers: address.headers(api_key)?,
            address,
            key: api_key.cloned().unwrap_or_default(),
            model: model.to_owned(),
            config: config.clone(),
            quirks: Arc::default(),
        })
    }

    /// The address that requests ask, as far as is known now.
    pub(crate) fn address(&self) -> ServerAddress {
        self.quirks.get().address(&self.address)
    }

    /// The model's name on its server.
    pub(crate) fn model(&self) -> &str {
        &self.model
    }

    pub(crate) fn ask(&self, request: &ModelRequest, tools: &[Tool]) -> BoxStream<'static, ModelEvent> {
        let names = tools.iter().map(|tool| tool.name.to_string()).collect();
        let (model, limits) = (self.model.clone(), self.config.limits);
        let (request, tools) = (request.clone(), tools.to_vec());
        let answer = Answer {
            draft: Box::new(move |dialect| request::body(&model, &request, &limits, &tools, dialect)),
            body: None,
            parser: AnswerParser::new(self.config.limits, self.key.clone(), names),
            thinking: Stopwatch::default(),
            server: self.clone(),
            deadline: None,
        };
        stream::unfold(Some(answer), async |answer| {
            let mut answer = answer?;
            let events = match answer.next().await {
                Ok(Some(words)) => return Some((vec![ModelEvent::Delta(words)], Some(answer))),
                Ok(None) => answer.finish(),
                Err(error) => Err(error),
            };
            Some((events.unwrap_or_else(|error| vec![ModelEvent::Done(Err(error.into()))]), None))
        })
        .flat_map(stream::iter)
        .boxed()
    }

    /// A client that asks the server as these quirks have it. Its answers go to `opened`.
    fn client(&self, quirks: Quirks, opened: &Opened) -> Client<Endpoint> {
        let exchange = Exchange {
            http: self.http.clone(),
            timeouts: self.config.timeouts,
            retries: self.config.retries,
            key: self.key.clone(),
            opened: Opened::clone(opened),
        };
        let service = tower::service_fn(move |request| exchange.clone().send(request));
        let endpoint =
            Endpoint { address: quirks.address(&self.address), headers: self.headers.clone(), key: self.key.clone() };
        Client::build(self.http.clone(), endpoint).with_http_service(service)
    }

    /// Sends a request and waits for the first byte of its answer.
    async fn send(&self, request: Value, quirks: Quirks) -> Result<Body, ModelError> {
        let opened = Opened::default();
        let sent = self.client(quirks, &opened).chat().create_stream_byot::<_, Value>(request).await;
        let body = opened.lock().unwrap_or_else(PoisonError::into_inner).take();
        body.unwrap_or_else(|| {
            let fault = sent.err().unwrap_or_else(|| OpenAIError::Boxed("no answer".into()));
            Err(ModelError::Unreadable(fault.into()))
        })
    }

    /// Sends a request until the server takes it: once more for each part of it that the server refuses, without that
    /// part or in another form. What helped is remembered.
    async fn open(&self, draft: &Draft) -> Result<Body, ModelError> {
        let mut quirks = self.quirks.get();
        loop {
            let fault = match self.send(quirks.request(draft), quirks).await {
                Ok(body) => {
                    self.quirks.add(quirks);
                    return Ok(body);
                }
                Err(fault) => fault,
            };
            match fault.refusal().and_then(|refusal| quirks.after(refusal, &self.address, draft)) {
                Some(next) => quirks = next,
                None => return Err(fault),
            }
        }
    }
}

/// One answer while it is read.
struct Answer {
    server: OpenAi,
    draft: Box<Draft>,
    body: Option<Body>,
    parser: AnswerParser,
    thinking: Stopwatch,
    /// When it must be over.
    deadline: Option<Instant>,
}

impl Answer {
    /// The next words; `None` at the end of the message.
    async fn next(&mut self) -> Result<Option<String>, ModelError> {
        let deadline = *self.deadline.get_or_insert_with(|| Instant::now() + self.server.config.timeouts.total);
        timeout_at(deadline, self.advance()).await.unwrap_or(Err(ModelError::Timeout(Waiting::End)))
    }

    async fn advance(&mut self) -> Result<Option<String>, ModelError> {
        let mut body = match self.body.take() {
            Some(body) => body,
            None => self.server.open(&*self.draft).await?,
        };
        // The message is whole without its usage.
        let mut usage_deadline = None;
        while !self.parser.is_done() {
            let bytes = if self.parser.is_ended() {
                let deadline = *usage_deadline.get_or_insert_with(|| Instant::now() + USAGE);
                timeout_at(deadline, body.next()).await.unwrap_or(Ok(None)).unwrap_or(None)
            } else {
                body.next().await?
            };
            let Some(bytes) = bytes else { break };
            let words = self.parser.push(&bytes)?;
            self.thinking.set_running(self.parser.is_thinking(), Instant::now());
            if !words.is_empty() {
                self.body = Some(body);
                return Ok(Some(words));
            }
        }
        Ok(None)
    }

    /// The words that were held back, and the message.
    fn finish(mut self) -> Result<Vec<ModelEvent>, ModelError> {
        telemetry::tokens(self.parser.usage());
        self.thinking.set_running(false, Instant::now());
        let (words, mut message) = self.parser.finish()?;
        if let Some(reasoning) = &mut message.meta.reasoning
            && reasoning.seconds > 0
        {
            reasoning.seconds = self.thinking.seconds().max(1);
        }
        let words = Some(words).filter(|words| !words.is_empty()).map(ModelEvent::Delta);
        Ok(words.into_iter().chain([ModelEvent::Done(Ok(message))]).collect())
    }
}

/// Where the server is and what it wants to see.
///
/// Not async-openai's own configuration: that one reads the environment.
#[derive(Clone)]
struct Endpoint {
    address: ServerAddress,
    headers: HeaderMap,
    key: SecretString,
}

impl Config for Endpoint {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address.base())
    }

    fn query(&self) -> Vec<(&str, &str)> {
        self.address.query().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    fn api_base(&self) -> &str {
        self.address.base()
    }

    fn api_key(&self) -> &SecretString {
        &self.key
    }
}

/// Seconds since 1970.
fn unix_now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |past| i64::try_from(past.as_secs()).unwrap_or(i64::MAX))
}
