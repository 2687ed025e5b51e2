//! One file of the dialect table. `tests/dialects/README.md` explains its keys.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use saydo_contract::CutReason;
use serde::Deserialize;

/// A dialect: what a server sends and demands, and what a person must see.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    /// `folder/file`, without the extension.
    #[serde(skip)]
    pub(super) name: String,
    pub(super) server: String,
    pub(super) source: String,
    #[serde(default = "usual_address")]
    pub(super) base_url: String,
    /// Titles of the open tasks before.
    #[serde(default)]
    pub(super) given: Vec<String>,
    pub(super) says: Vec<String>,
    /// Whether the person stops each turn but the last, once its first tool has run.
    #[serde(default)]
    pub(super) stops: bool,
    /// Seconds of silence that the server is known for.
    #[serde(default)]
    pub(super) silence: Silence,
    #[serde(rename = "exchange", default)]
    pub(super) exchanges: Vec<Exchange>,
    pub(super) sees: Sees,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Silence {
    pub(super) first_byte: u64,
    pub(super) within: u64,
}

/// One request and its answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exchange {
    /// Path and query of the request.
    #[serde(default = "usual_target")]
    pub(super) target: String,
    #[serde(default)]
    pub(super) demands: Vec<String>,
    #[serde(default = "ok")]
    pub(super) status: u16,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
    /// A usual stream of these words, in place of a body.
    answer: Option<String>,
    /// What replaces each line feed of the body.
    #[serde(default = "line_feed")]
    newline: String,
    #[serde(default)]
    pub(super) end: End,
}

/// How an answer ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum End {
    /// As HTTP demands: with the last chunk.
    #[default]
    Whole,
    /// The body has no length and ends with the connection.
    Close,
    /// The connection breaks within the body.
    Cut,
    /// The connection breaks before the head.
    HangUp,
    /// Nothing more comes.
    Silence,
}

/// What a person sees of the last turn.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sees {
    /// The answer's words.
    pub(super) text: Option<String>,
    /// Some of the answer's words.
    pub(super) part: Option<String>,
    /// The list afterwards, oldest first; without it, nothing was changed.
    pub(super) tasks: Option<Vec<SeenTask>>,
    /// The kind of failure, in place of an answer.
    pub(super) failure: Option<String>,
    pub(super) retryable: Option<bool>,
    /// Why the answer is marked as cut.
    pub(super) cut: Option<CutReason>,
    /// Whether the answer says that the model thought.
    #[serde(default)]
    pub(super) thinking: bool,
    /// Words that were shown before they proved to be thoughts.
    #[serde(default)]
    pub(super) retracted: String,
    /// Calls that are refused, with words for the model.
    #[serde(default)]
    pub(super) refused_calls: usize,
}

/// A task on the list: its title, or what of it the row is about.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub(super) enum SeenTask {
    Title(String),
    Fields(BTreeMap<String, serde_json::Value>),
}

fn usual_address() -> String {
    "http://HOST/v1".to_owned()
}

fn usual_target() -> String {
    "/v1/chat/completions".to_owned()
}

fn line_feed() -> String {
    "\n".to_owned()
}

const fn ok() -> u16 {
    200
}

impl Row {
    /// Every row, by name.
    pub(super) fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialects");
        let folders = entries(&folder).into_iter().filter(|path| path.is_dir());
        folders.flat_map(|server| entries(&server)).map(|file| Self::read(&folder, &file)).collect()
    }

    fn read(folder: &Path, file: &Path) -> Self {
        let name = file.strip_prefix(folder).unwrap().with_extension("").display().to_string();
        let text = fs::read_to_string(file).unwrap();
        assert!(text.starts_with("# "), "{name}: the first line must be a comment that says what it is");
        let row: Self = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!row.says.is_empty() && !row.source.is_empty(), "{name}: says nothing, or has no source");
        Self { name, ..row }
    }

    /// What the server sends before it falls silent for good, if it does.
    pub(super) fn silent_body(&self) -> Option<Vec<u8>> {
        self.exchanges.iter().find(|exchange| exchange.end == End::Silence).map(Exchange::bytes)
    }
}

impl Exchange {
    /// Whether the answer has this text.
    pub(super) fn mentions(&self, text: &str) -> bool {
        self.body.contains(text)
    }

    /// The body's bytes.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let Some(words) = &self.answer else { return self.body.replace('\n', &self.newline).into_bytes() };
        let delta = serde_json::json!({ "choices": [{ "index": 0, "delta": { "content": words } }] });
        let end = serde_json::json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] });
        format!("data: {delta}\n\ndata: {end}\n\ndata: [DONE]\n\n").into_bytes()
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
