//! What goes into a turn and what comes out of it. One type holds a tool call from the model's message to the history.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use saydo_contract::{AskedAt, ChoiceOption, ConfirmationItem, Locale, MessageMeta, TaskChange, TurnId};
use saydo_interpreter::{Context, When, spoken_date};
use serde_json::{Map, Value};

use crate::AgentError;

/// A moment on the person's clock, and how that person writes dates and times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalNow {
    /// The moment, in the person's time zone.
    pub moment: DateTime<Tz>,
    /// The order of dates and the hour cycle.
    pub locale: Locale,
}

impl LocalNow {
    /// What the words of a new conversation mean at this moment.
    pub(crate) fn context(&self) -> Context {
        Context { locale: self.locale, ..Context::new(self.moment) }
    }

    /// The same, as a question keeps it.
    pub(crate) fn asked_at(&self) -> AskedAt {
        AskedAt {
            moment: self.moment.with_timezone(&Utc),
            time_zone: self.moment.timezone().name().to_owned(),
            locale: self.locale,
        }
    }

    /// What a question keeps. `None` where this version doesn't know its time zone.
    pub(crate) fn when_asked(asked: &AskedAt) -> Option<Self> {
        let zone: Tz = asked.time_zone.parse().ok()?;
        Some(Self { moment: asked.moment.with_timezone(&zone), locale: asked.locale })
    }

    /// A due date in words.
    pub(crate) fn spoken(&self, due: When) -> String {
        spoken_date(due, self.moment.timezone(), self.locale.hour_cycle)
    }
}

/// A turn to run.
#[derive(Debug, Clone)]
pub struct TurnInput {
    /// The conversation, oldest first. It ends with this turn's message and the agent's messages already recorded for
    /// this turn: a resumed turn goes on after them and repeats no call that has an outcome.
    pub history: Vec<HistoryItem>,
    /// Now, as the person writes it.
    pub now: LocalNow,
    /// When the server took the person's message. A turn that is retried has a later `now`.
    pub said_at: DateTime<Utc>,
    /// How long after the message before the person wrote this one; `None` where there is none.
    pub reply_delay: Option<TimeDelta>,
    /// The turn.
    pub turn: TurnId,
}

/// One message of the conversation.
#[derive(Debug, Clone, PartialEq)]
pub enum HistoryItem {
    /// The person's message.
    User {
        /// The turn that it began.
        turn: TurnId,
        /// The words.
        text: String,
        /// When the server took them.
        said_at: DateTime<Utc>,
    },
    /// A message of the agent.
    Assistant {
        /// Its words; may be empty where it has calls.
        text: String,
        /// Its tool calls, in order.
        calls: Vec<ToolCall>,
        /// The question that it asks and what later words refer to. Empty: as any model answers.
        meta: MessageMeta,
    },
}

impl HistoryItem {
    /// Its tool calls; a person's message has none.
    pub(crate) fn calls(&self) -> &[ToolCall] {
        match self {
            Self::User { .. } => &[],
            Self::Assistant { calls, .. } => calls,
        }
    }

    pub(crate) fn calls_mut(&mut self) -> &mut [ToolCall] {
        match self {
            Self::User { .. } => &mut [],
            Self::Assistant { calls, .. } => calls,
        }
    }
}

/// A tool call.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolCall {
    /// Unique within its turn.
    pub id: String,
    /// The tool's name, as the model wrote it.
    pub tool: String,
    /// An object, or the raw text where the model wrote no JSON object.
    pub arguments: Value,
    /// What came of it; `None` where it did not run yet.
    pub outcome: Option<CallOutcome>,
    /// Fields of the call that only the model's server understands; sent back as they came.
    pub extra: Map<String, Value>,
}

impl ToolCall {
    /// The structured result of a call that succeeded.
    pub(crate) fn result(&self) -> Option<&Value> {
        self.outcome.as_ref().filter(|outcome| !outcome.is_error).map(|outcome| &outcome.result)
    }

    /// Whether the call was refused or failed.
    pub(crate) fn has_failed(&self) -> bool {
        self.outcome.as_ref().is_some_and(|outcome| outcome.is_error)
    }
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct CallOutcome {
    /// The structured result, or the error's text.
    pub result: Value,
    /// Whether `result` is an error.
    pub is_error: bool,
}

/// What happens in a turn, in order. The last one is [`Step::Finished`] or [`Step::Failed`].
#[derive(Debug)]
pub enum Step {
    /// More text of the message that the model writes.
    Delta(String),
    /// A whole message of the model; without calls it is the answer and [`Step::Finished`] follows. Its text is the
    /// deltas since the last one, but for thoughts whose beginning the model did not mark: it replaces them. Store it
    /// before taking the next step, which may run its calls.
    Answer {
        /// Its words.
        text: String,
        /// Its tool calls, in the order in which they will run. None has an outcome.
        calls: Vec<ToolCall>,
        /// As in [`HistoryItem::Assistant`].
        meta: MessageMeta,
    },
    /// A call of the last message is about to run, or is refused without running.
    ToolStarted {
        /// The call.
        call_id: String,
        /// The tool's name, as the model wrote it.
        tool: String,
        /// As in [`ToolCall`].
        arguments: Value,
    },
    /// A call has its result. Store it before taking the next step.
    ToolFinished {
        /// The call.
        call_id: String,
        /// The tool's name, as the model wrote it.
        tool: String,
        /// The structured result, or the error's text.
        result: Value,
        /// Whether the call failed.
        is_error: bool,
        /// What changed.
        changes: Vec<TaskChange>,
    },
    /// The message before asks a question with options; nothing was changed. [`Step::Finished`] follows.
    Choice {
        /// The question.
        prompt: String,
        /// What can be chosen.
        options: Vec<ChoiceOption>,
    },
    /// The message before asks whether to make the calls that its question keeps; [`Step::Finished`] follows.
    Confirm {
        /// The question, without what it is about.
        prompt: String,
        /// What would be done.
        items: Vec<ConfirmationItem>,
        /// When the question lapses.
        expires_at: DateTime<Utc>,
    },
    /// The turn is over and answered.
    Finished {
        /// The answer, as in the [`Step::Answer`] before.
        text: String,
    },
    /// The turn is over without an answer. What was recorded stays; the turn can be resumed where the error says so.
    Failed(AgentError),
}
