//! What a message of the agent carries beside its words: a question, suggestions, and notes to its receipts.

use chrono::{DateTime, Utc};
use saydo_contract::{ChangeVerb, ConfirmationItem, CutReason, TaskId};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::words::{ENGLISH, Words};

/// What the person can answer a question with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Choice {
    pub(crate) options: Vec<ChoiceOption>,
    /// It offers to add tasks: yes or no, in the words of the page.
    pub(crate) is_offer: bool,
}

/// Something to say at a click.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct ChoiceOption {
    pub(crate) label: String,
    /// What to say for it.
    pub(crate) message: String,
    /// What would happen to the task, where the server tells that.
    #[serde(default)]
    verb: Option<String>,
}

impl ChoiceOption {
    /// Has the model go on where its answer was cut.
    pub(crate) fn go_on(words: &Words) -> Self {
        let (label, message) = (words.go_on.to_owned(), words.go_on_message.to_owned());
        Self { label, message, verb: None }
    }
}

impl Choice {
    fn offer() -> Self {
        let option = |message: &str| ChoiceOption { label: String::new(), message: message.to_owned(), verb: None };
        Self { options: vec![option(ENGLISH.confirm_message), option(ENGLISH.cancel_message)], is_offer: true }
    }

    /// Whether the task that is chosen is deleted.
    pub(crate) fn deletes(&self) -> bool {
        self.options.iter().any(|option| option.verb.as_deref() == Some("deleted"))
    }

    /// What the buttons say.
    pub(crate) fn labels(&self, words: &Words) -> Vec<String> {
        if self.is_offer {
            return words.offer.map(str::to_owned).into();
        }
        self.options.iter().map(|option| option.label.clone()).collect()
    }
}

/// A sweeping change that waits for a yes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Confirmation {
    pub(crate) items: Vec<ConfirmationItem>,
    pub(crate) expires_at: DateTime<Utc>,
}

/// What a message carries beside its words, as far as the page shows it. It is read more loosely than the contract's
/// type: what a later server adds is passed over.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Meta {
    question: Option<RawQuestion>,
    pub(crate) notes: Vec<Note>,
    pub(crate) suggestions: Vec<ChoiceOption>,
    receipts_only: bool,
    notes_complete: bool,
    finish: Option<String>,
    reasoning: Option<Reasoning>,
}

/// What the model thought before the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
struct Reasoning {
    #[serde(default)]
    seconds: u32,
}

/// A question that the agent asks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    Choice(Choice),
    Confirmation(Confirmation),
}

/// A question of any kind.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct RawQuestion {
    kind: String,
    #[serde(default)]
    options: Vec<ChoiceOption>,
    #[serde(default)]
    calls: Vec<ConfirmationItem>,
    #[serde(default, deserialize_with = "moment")]
    expires_at: Option<DateTime<Utc>>,
}

fn moment<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    saydo_contract::rfc3339(deserializer).map(Some)
}

/// What a receipt doesn't show: `ReceiptNote` of the contract, of any kind.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Note {
    pub(crate) kind: String,
    pub(crate) task_id: TaskId,
    /// The words that look like a date.
    #[serde(default)]
    pub(crate) text: String,
    /// How many tasks the title can be split into.
    #[serde(default)]
    pub(crate) count: usize,
    /// What to say to split it.
    #[serde(default)]
    pub(crate) message: String,
}

impl Meta {
    /// Reads it; what has another form counts as absent.
    pub(crate) fn read(raw: Option<&RawValue>) -> Self {
        raw.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
    }

    /// Whether receipts and notes say all that the words say.
    pub(crate) fn is_in_receipts(&self) -> bool {
        self.receipts_only || self.notes_complete
    }

    /// Why the words end before their end.
    pub(crate) fn cut(&self) -> Option<CutReason> {
        match self.finish.as_deref()? {
            "length" => Some(CutReason::Length),
            "content_filter" => Some(CutReason::ContentFilter),
            _ => None,
        }
    }

    /// For how many seconds the model thought before the message; `None` where the server did not say.
    pub(crate) fn thought(&self) -> Option<u32> {
        self.reasoning.map(|reasoning| reasoning.seconds).filter(|seconds| *seconds > 0)
    }

    /// The question that the message asks.
    pub(crate) fn question(&mut self) -> Option<Asked> {
        let RawQuestion { kind, options, calls, expires_at } = self.question.take()?;
        match (kind.as_str(), expires_at) {
            ("add", _) => Some(Asked::Choice(Choice::offer())),
            ("choose", _) => Some(Asked::Choice(Choice { options, is_offer: false })),
            ("confirm", Some(expires_at)) => Some(Asked::Confirmation(Confirmation { items: calls, expires_at })),
            _ => None,
        }
    }
}

impl Confirmation {
    /// What would happen to all of its tasks, where that is one thing.
    pub(crate) fn verb(&self) -> Option<ChangeVerb> {
        let first = self.items.first()?.verb;
        self.items.iter().all(|item| item.verb == first).then_some(first)
    }

    /// When its time is over, in milliseconds since 1970.
    pub(crate) fn expires(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a date fit")]
        return self.expires_at.timestamp_millis() as f64;
    }
}
