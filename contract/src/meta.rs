//! What a message of the agent carries beside its words: the question that it asks, and what later words refer to.
//!
//! Servers of two versions share one database during an update, so reading is lenient: an unknown key is ignored, and
//! a value that this version doesn't know counts as absent. Later versions only add keys.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{ChangeVerb, ChoiceOption, Due, Locale, Priority, TaskDescription, TaskId, TaskTitle};

/// The data of a message. Nothing in it: a message as any model writes it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct MessageMeta {
    /// What kind of answer this is, where it is no plain one.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub outcome: Option<MessageOutcome>,
    /// The question that the next message may answer.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub question: Option<Question>,
    /// The tasks that the message shows, in its order: what "the second one" counts in.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "lenient")]
    pub listed: Vec<TaskId>,
    /// Which way the turn moved through the history of changes, if it did.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub undo: Option<UndoKind>,
    /// Whether the receipts of the turn's calls say all that the words say.
    #[serde(skip_serializing_if = "is_false", deserialize_with = "lenient")]
    pub receipts_only: bool,
    /// What the receipts of the turn's calls don't show.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "known_items")]
    pub notes: Vec<ReceiptNote>,
    /// Whether the receipts together with `notes` say all that the words say.
    #[serde(skip_serializing_if = "is_false", deserialize_with = "lenient")]
    pub notes_complete: bool,
    /// Messages that the person may want to send next. Unlike a question's options they answer nothing.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "lenient")]
    pub suggestions: Vec<ChoiceOption>,
    /// Whether the message holds the list of examples, which a conversation shows once.
    #[serde(skip_serializing_if = "is_false", deserialize_with = "lenient")]
    pub examples: bool,
    /// Whether the message's calls are a round of a change of many tasks, which the limit of a model's calls doesn't
    /// hold for.
    #[serde(skip_serializing_if = "is_false", deserialize_with = "lenient")]
    pub batch: bool,
    /// Why the words end before their end; absent where the message is whole.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub finish: Option<CutReason>,
    /// What the model thought before it answered, where its server tells.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
    pub reasoning: Option<Reasoning>,
}

/// Why a model's server ended a message before its end: its `finish_reason`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CutReason {
    /// The model's limit of tokens was reached.
    Length,
    /// The server's content filter withheld the rest.
    ContentFilter,
}

/// The reasoning of a model before a message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Reasoning {
    /// How long it took, in seconds, rounded up.
    #[serde(deserialize_with = "lenient")]
    pub seconds: u32,
    /// The fields of the message that carried it, as the server sent them, such as `reasoning_content`. The agent sends
    /// them back with the message; clients get none of them.
    #[serde(skip_serializing_if = "Map::is_empty", deserialize_with = "lenient")]
    #[schema(ignore)]
    pub fields: Map<String, Value>,
}

impl MessageMeta {
    /// Whether there is nothing to keep.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What clients get of it: of the reasoning, only how long it took. `None` where there is nothing.
    #[must_use]
    pub fn for_clients(mut self) -> Option<Self> {
        let seconds = self.reasoning.map(|reasoning| reasoning.seconds).filter(|seconds| *seconds > 0);
        self.reasoning = seconds.map(|seconds| Reasoning { seconds, ..Reasoning::default() });
        Some(self).filter(|meta| !meta.is_empty())
    }
}

/// The kind of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MessageOutcome {
    /// It offers to add tasks.
    Ask,
    /// It asks which task is meant.
    Choice,
    /// It asks whether to make a change of many tasks.
    Confirm,
    /// It found nothing, or did not understand.
    Help,
    /// It answers: small talk, what Saydo can do, "no" to a question.
    Talk,
}

/// A question. Only the next message of the conversation can answer it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Question {
    /// "Yes" adds these tasks.
    Add {
        /// What would be added, in this order.
        items: Vec<ProposedTask>,
    },
    /// One or more of these tasks are meant.
    Choose {
        /// What can be chosen; each one's message chooses it.
        options: Vec<ChoiceOption>,
        /// When and how it was asked. Versions before did not keep it.
        #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient")]
        asked: Option<AskedAt>,
    },
    /// "Yes" runs these calls.
    Confirm {
        /// The calls that wait, in this order. The message itself has none of them.
        calls: Vec<FrozenCall>,
        /// When the question lapses (UTC).
        #[serde(deserialize_with = "crate::rfc3339")]
        expires_at: DateTime<Utc>,
    },
}

/// When a question was asked, and how the person read and wrote dates then. Its answer is read with the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AskedAt {
    /// The moment (UTC).
    #[serde(deserialize_with = "crate::rfc3339")]
    pub moment: DateTime<Utc>,
    /// The person's time zone, by its IANA name.
    pub time_zone: String,
    /// The order of dates and the hour cycle.
    pub locale: Locale,
}

/// A task that a message offers to add.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProposedTask {
    /// Its title.
    pub title: TaskTitle,
    /// Its notes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<TaskDescription>,
    /// When it would be due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// How urgent it would be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Words of the title that look like a date and were not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread_date: Option<String>,
    /// Whether the words ask for a repetition.
    #[serde(default, skip_serializing_if = "is_false")]
    pub recurring: bool,
    /// Whether the words ask to be reminded.
    #[serde(default, skip_serializing_if = "is_false")]
    pub reminder: bool,
}

/// What the receipt of a changed task doesn't show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ReceiptNote {
    /// Words of the title look like a date and were not read, so the task has none.
    UnreadDate {
        /// The added task.
        task_id: TaskId,
        /// The words, which stay in the title.
        text: String,
    },
    /// The person asked to be reminded, which there is no way to do yet.
    NoReminder {
        /// The added task.
        task_id: TaskId,
    },
    /// The person asked for a repetition, which there is none of yet.
    NoRepeat {
        /// The added task.
        task_id: TaskId,
    },
    /// Open tasks had the title already.
    SameTitle {
        /// The added task.
        task_id: TaskId,
        /// Those that were there before.
        others: Vec<TaskId>,
    },
    /// The title lists several things that can be tasks of their own.
    Split {
        /// The added task.
        task_id: TaskId,
        /// How many.
        count: usize,
        /// What to send through the chat endpoint to split it.
        message: String,
    },
    /// A task was changed that was done before.
    DoneAlready {
        /// The changed task.
        task_id: TaskId,
    },
}

/// A call that waits for a yes. It is kept here alone: a server of a version before runs the open calls of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FrozenCall {
    /// The tool.
    pub tool: String,
    /// Its arguments, an object.
    pub arguments: Value,
    /// The task that it changes.
    pub task_id: TaskId,
    /// The task's title when the question was asked.
    pub title: String,
    /// What would happen to the task.
    pub verb: ChangeVerb,
}

/// The direction of a step through the history of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum UndoKind {
    /// Changes were taken back.
    Undo,
    /// Changes that had been taken back were made again.
    Redo,
}

/// A value of a known form, else the default.
fn lenient<'de, T: DeserializeOwned + Default, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).unwrap_or_default())
}

/// The items of a list that have a known form.
fn known_items<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let Value::Array(items) = Value::deserialize(deserializer)? else { return Ok(Vec::new()) };
    Ok(items.into_iter().filter_map(|item| serde_json::from_value(item).ok()).collect())
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    /// CONTRACT-51b, CONTRACT-51c, CONTRACT-51d, CONTRACT-52, CONTRACT-52a: an older server reads what a newer one wrote.
    #[test]
    fn unknown_keys_and_values_are_left_out() {
        let newer = json!({
            "outcome": "sing",
            "question": { "kind": "guess", "number": 7 },
            "listed": [3, 1],
            "undo": "undo",
            "receipts_only": "yes",
            "notes": [{ "kind": "no_weather", "task_id": 3 }, { "kind": "no_repeat", "task_id": 3 }],
            "finish": { "reason": "length" },
            "reasoning": "…",
        });
        let read: MessageMeta = serde_json::from_value(newer).unwrap();
        let listed = [3, 1].map(|id: i64| id.try_into().unwrap()).to_vec();
        let notes = vec![ReceiptNote::NoRepeat { task_id: listed[0] }];
        assert_eq!(read, MessageMeta { listed, undo: Some(UndoKind::Undo), notes, ..MessageMeta::default() });
        assert!(serde_json::from_value::<MessageMeta>(json!({ "reasoning": "…" })).unwrap().is_empty());
        // CONTRACT-51b: a choice without its moment, or with one of another form.
        for asked in [Value::Null, json!({ "moment": 7 })] {
            let choice = json!({ "kind": "choose", "options": [], "asked": asked });
            let question: Question = serde_json::from_value(choice).unwrap();
            assert_eq!(question, Question::Choose { options: Vec::new(), asked: None });
        }
    }

    /// CONTRACT-51, CONTRACT-51a, CONTRACT-51b: the form of every key.
    #[test]
    fn every_key_has_its_form() {
        let task_id: TaskId = 3.try_into().unwrap();
        let forms = [
            json!({ "kind": "add", "items": [{ "title": "Dentist", "due": "2026-12-03", "priority": "high" }] }),
            json!({ "kind": "add", "items": [{
                "title": "Gym every day from Feb 30", "unread_date": "Feb 30", "recurring": true, "reminder": true,
            }] }),
            json!({
                "kind": "choose",
                "options": [{ "label": "Pay rent", "message": "1", "task_id": 3, "verb": "deleted" }],
                "asked": {
                    "moment": "2026-12-01T09:00:00Z", "time_zone": "Europe/Berlin",
                    "locale": { "date_order": "dmy", "hour_cycle": "h23" },
                },
            }),
            json!({
                "kind": "confirm",
                "calls": [{
                    "tool": "delete_task", "arguments": { "task_id": task_id },
                    "task_id": task_id, "title": "Pay rent", "verb": "deleted",
                }],
                "expires_at": "2026-12-01T09:10:00Z",
            }),
        ];
        for question in forms {
            let json = json!({
                "outcome": "ask", "question": question, "listed": [3], "undo": "redo", "receipts_only": true,
                "examples": true, "notes_complete": true, "batch": true, "finish": "length",
                "reasoning": { "seconds": 12, "fields": { "reasoning_content": "They ask for milk." } },
                "notes": [
                    { "kind": "unread_date", "task_id": 3, "text": "Feb 30" },
                    { "kind": "no_reminder", "task_id": 3 },
                    { "kind": "no_repeat", "task_id": 3 },
                    { "kind": "same_title", "task_id": 3, "others": [1, 2] },
                    { "kind": "split", "task_id": 3, "count": 2, "message": "/split 3" },
                    { "kind": "done_already", "task_id": 3 },
                ],
                "suggestions": [{ "label": "Add “Dentist” as a task", "message": "/add Dentist" }],
            });
            let read: MessageMeta = serde_json::from_value(json.clone()).unwrap();
            assert!(read.question.is_some(), "{question}");
            assert_eq!(serde_json::to_value(&read).unwrap(), json);
        }
        assert_eq!(serde_json::to_value(MessageMeta::default()).unwrap(), json!({}));
    }
}
