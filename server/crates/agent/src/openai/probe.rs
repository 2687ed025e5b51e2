//! What a server is and has, asked once: whether the address, the key and the model are right.
//!
//! The list of models costs nothing; where there is none, or it lacks the model, one short question decides.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    OpenAi,
    request::{self, Dialect},
};
use crate::{ModelError, Refusal, ServerAddress, Waiting, refusal::ErrorText};

/// How long the list of models may take.
const LIST_TIMEOUT: Duration = Duration::from_secs(15);
/// Bytes of a list of models that are read.
const LONGEST_LIST: usize = 8 * 1024 * 1024;
/// Names that are offered in place of one that is not there.
const NEAREST: usize = 3;

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// The list of models; a short question only where that does not decide.
    List,
    /// The list of models and a short question with a tool.
    Answer,
}

/// What is known of a server after it was asked.
#[derive(Debug)]
pub struct Probe {
    /// The address that requests ask. Without passwords and secrets in the query.
    pub address: String,
    /// The model's name.
    pub model: String,
    /// Whether the server's list has that name.
    pub listing: Listing,
    /// Whether it answers as a stream; `None`: not known.
    pub streams: Option<bool>,
    /// Whether the model takes tools; `None`: not known.
    pub tools: Option<bool>,
    /// Why it would not answer a message.
    pub fault: Option<ModelError>,
}

/// Whether a list of models has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listing {
    /// It has.
    Listed,
    /// It has not, but these.
    Missing {
        /// The names most like it.
        nearest: Vec<String>,
    },
    /// There is no list.
    Unknown,
}

impl OpenAi {
    /// Asks the server. What it refuses of the requests, and where its API is, is remembered for later ones.
    pub(crate) async fn probe(&self, depth: Depth) -> Probe {
        let mut found = Probe {
            address: String::new(),
            model: self.model.clone(),
            listing: Listing::Unknown,
            streams: None,
            tools: None,
            fault: None,
        };
        match self.list().await {
            // Azure lists what could be deployed, not what is.
            Ok(models) if !models.is_empty() && !self.address.is_azure() => {
                let entry = models.iter().find(|entry| entry.is(&self.model));
                found.tools = entry.and_then(|entry| entry.tools);
                found.listing = entry.map_or_else(|| nearest(&self.model, &models), |_| Listing::Listed);
            }
            Err(fault @ (ModelError::Connection(_) | ModelError::Timeout(_))) => found.fault = Some(fault),
            Ok(_) | Err(_) => {}
        }
        if found.fault.is_none() && (depth == Depth::Answer || found.listing != Listing::Listed) {
            match self.question().await {
                Ok(()) => (found.streams, found.tools) = (Some(self.quirks.get().streams()), Some(true)),
                Err(fault) => {
                    found.tools = found.tools.filter(|_| fault.refusal() != Some(Refusal::NoTools));
                    found.fault = Some(fault);
                }
            }
        }
        found.address = self.address().to_string();
        found
    }

    /// The server's models; under `/v1` too, where the address names no version.
    async fn list(&self) -> Result<Vec<Entry>, ModelError> {
        let quirks = self.quirks.get();
        let address = quirks.address(&self.address);
        let listed = self.list_at(&address).await;
        match (address.under_v1(), &listed) {
            (Some(longer), Err(ModelError::Status { refusal: Refusal::Address, .. })) => {
                let models = self.list_at(&longer).await?;
                self.quirks.add(quirks.under_v1());
                Ok(models)
            }
            _ => listed,
        }
    }

    async fn list_at(&self, address: &ServerAddress) -> Result<Vec<Entry>, ModelError> {
        let asked = async {
            let request = self.http.get(format!("{}/models", address.base())).query(address.query());
            let sent = request.headers(self.headers.clone()).send().await;
            let mut response = sent.map_err(|error| ModelError::Connection(error.without_url()))?;
            let status = response.status().as_u16();
            let mut body = Vec::new();
            while let Some(bytes) = response.chunk().await.map_err(|error| ModelError::Broken(error.without_url()))? {
                body.extend_from_slice(&bytes);
                if body.len() > LONGEST_LIST {
                    return Err(ModelError::TooLarge(LONGEST_LIST));
                }
            }
            let value: Value = serde_json::from_slice(&body).unwrap_or_default();
            match entries(&value) {
                Some(models) if status == 200 => Ok(models),
                // Success that is no list: a page, or another service.
                _ => Err(ModelError::Status {
                    status,
                    code: request::error_code(&value, &self.key),
                    refusal: ErrorText::new(status, &body, None).refusal(),
                    attempts: 1,
                }),
            }
        };
        timeout(LIST_TIMEOUT, asked).await.unwrap_or(Err(ModelError::Timeout(Waiting::End)))
    }

    /// A question that is answered with one token, as far as the server lets that be asked.
    async fn question(&self) -> Result<(), ModelError> {
        let parameters =
            json!({ "type": "object", "properties": { "title": { "type": "string" } }, "required": ["title"] });
        let body = json!({
            "model": self.model,
            "messages": [
                { "role": "system", "content": "You keep a to-do list." },
                { "role": "user", "content": "Hi" },
            ],
            "tools": [{
                "type": "function",
                "function": { "name": "add_task", "description": "Adds a task.", "parameters": parameters },
            }],
            "max_tokens": 1,
            "stream": true,
        });
        let draft = move |dialect: Dialect| {
            let mut body = body.clone();
            if dialect.stream_options {
                body["stream_options"] = json!({ "include_usage": true });
            }
            body
        };
        timeout(self.config.timeouts.total, self.open(&draft))
            .await
            .unwrap_or(Err(ModelError::Timeout(Waiting::End)))
            .map(drop)
    }
}

/// A model in a server's list.
struct Entry {
    name: String,
    /// Whether it takes tools, where the list says so.
    tools: Option<bool>,
}

impl Entry {
    fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let name = text("id").or_else(|| text("model")).or_else(|| text("name")).or_else(|| value.as_str())?;
        Some(Self { name: name.strip_prefix("models/").unwrap_or(name).to_owned(), tools: tools(value) })
    }

    /// Whether a request for `model` means this one.
    fn is(&self, model: &str) -> bool {
        self.name == model.strip_prefix("models/").unwrap_or(model) || self.name.strip_suffix(":latest") == Some(model)
    }
}

/// The models of a list, in each form that servers give it.
fn entries(list: &Value) -> Option<Vec<Entry>> {
    let items = list.as_array().or_else(|| ["data", "models"].iter().find_map(|name| list.get(name)?.as_array()))?;
    Some(items.iter().filter_map(Entry::read).collect())
}

/// Whether a model of a list takes tools, where its entry says so.
fn tools(entry: &Value) -> Option<bool> {
    let flag = |name: &str| entry.pointer(name).and_then(Value::as_bool);
    let flags = ["/capabilities/function_calling", "/capabilities/tools", "/supports_tools", "/tool_call"];
    let list = |name: &str| entry.pointer(name).and_then(Value::as_array);
    let has = |items: &Vec<Value>| items.iter().any(|item| matches!(item.as_str(), Some("tools" | "tool_use")));
    // Of these only the first is whole: what it lacks, the model does not take.
    list("/supported_parameters")
        .map(has)
        .or_else(|| flags.into_iter().find_map(flag))
        .or_else(|| list("/capabilities").map(has).filter(|has| *has))
}

fn nearest(model: &str, models: &[Entry]) -> Listing {
    let wanted = model.to_lowercase();
    let likeness = |name: &str| strsim::normalized_damerau_levenshtein(&wanted, &name.to_lowercase());
    let mut names: Vec<&str> = models.iter().map(|entry| entry.name.as_str()).collect();
    names.sort_by(|a, b| likeness(b).total_cmp(&likeness(a)));
    Listing::Missing { nearest: names.into_iter().take(NEAREST).map(str::to_owned).collect() }
}
