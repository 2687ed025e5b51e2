//! One turn as the page shows it: what the person said, and what came of it. Pure.

use saydo_contract::{CutReason, EventId, MessageId, Role, TaskChange, ToolName, TurnId, TurnStatus};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    events::{self, Event},
    meta::{Asked, Choice, ChoiceOption, Confirmation, Meta, Note},
};
use crate::{api::Fault, markdown, words::Words};

/// One turn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Turn {
    /// The turn's id, once the server has told it.
    pub(crate) id: Option<TurnId>,
    /// The person's words. Empty where they are on an older page.
    pub(crate) said: String,
    /// What the agent said and did, in order.
    pub(crate) steps: Vec<Step>,
    pub(crate) state: State,
    /// Steps that were read from the database while the turn ran: its events may tell them again.
    pub(crate) recorded: Vec<Step>,
    /// The event that was applied last.
    pub(crate) last: Option<EventId>,
    /// How often the steps began anew, so that views of the old ones go.
    pub(crate) run: u32,
    /// What its receipts don't show.
    pub(crate) notes: Vec<Note>,
    /// What the person may want to say next.
    pub(crate) suggestions: Vec<ChoiceOption>,
    /// Whether a message says more than the receipts and their notes.
    pub(crate) says_more: bool,
}

/// How a turn stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum State {
    /// It waits to be sent.
    Queued,
    /// The agent is at work.
    Running(Activity),
    Completed,
    /// The person stopped it; so many steps were left out.
    Stopped {
        left: usize,
    },
    /// It failed, or was interrupted.
    Failed(Failure),
}

/// What went wrong, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) retryable: bool,
}

/// What the agent is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activity {
    Sending,
    /// Another tab's turn comes first.
    Waiting,
    Working,
    Tool(Option<ToolName>),
    Found(u64),
    /// The answer itself shows the progress.
    Writing,
    Reconnecting,
    Stopping,
}

/// Something the agent said or did.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    Message {
        text: String,
        whole: bool,
    },
    Tool(ToolStep),
    /// So many seconds the model thought before the message.
    Thought(u32),
    /// The message ends before its end.
    Cut(CutReason),
    Choice(Choice),
    Confirmation(Confirmation),
}

/// A tool that was called.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ToolStep {
    pub(crate) call_id: String,
    /// `None` while it runs.
    pub(crate) outcome: Option<ToolOutcome>,
}

/// What came of a tool.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ToolOutcome {
    /// It did what it should; nothing to show where it only read.
    Changes(Vec<TaskChange>),
    Failed,
}

/// What an event means beyond its own turn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Effect {
    None,
    /// A message is finished: speak it, and why it was cut.
    Finished(String, Option<CutReason>),
    /// The list changed.
    TasksChanged(Vec<TaskChange>),
    /// Nothing follows.
    Ended,
}

/// A question that waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Question<'a> {
    Choice(&'a Choice),
    Confirmation,
}

impl Question<'_> {
    /// What to say for a digit that is pressed alone. No single key deletes anything.
    pub(crate) fn answer_to_digit(&self, number: usize) -> Option<String> {
        match self {
            Self::Choice(choice) if !choice.deletes() => choice.message(number),
            _ => None,
        }
    }

    /// What to say for a short answer: a digit, `y` or `n`.
    pub(crate) fn answer_to_text(&self, text: &str, words: &Words) -> Option<String> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("n") {
            return Some(words.cancel_message.to_owned());
        }
        match self {
            _ if text.eq_ignore_ascii_case("y") => Some(words.confirm_message.to_owned()),
            Self::Choice(choice) if text.len() == 1 => choice.message(text.parse().ok()?),
            _ => None,
        }
    }
}

impl Choice {
    /// What to say for an option, counted from 1.
    fn message(&self, number: usize) -> Option<String> {
        self.options.get(number.checked_sub(1)?).map(|option| option.message.clone())
    }
}

impl Turn {
    /// A turn that is being sent.
    pub(crate) fn sent(said: String) -> Self {
        let state = State::Running(Activity::Sending);
        Self {
            id: None,
            said,
            steps: Vec::new(),
            state,
            recorded: Vec::new(),
            last: None,
            run: 0,
            notes: Vec::new(),
            suggestions: Vec::new(),
            says_more: false,
        }
    }

    pub(crate) fn is_running(&self) -> bool {
        matches!(self.state, State::Running(_))
    }

    /// Shows what the agent is at, while it is at work.
    pub(crate) fn set_activity(&mut self, activity: Activity) {
        if self.is_running() {
            self.state = State::Running(activity);
        }
    }

    /// Goes on after a failure.
    pub(crate) fn retry(&mut self) {
        self.recorded.clear();
        self.state = State::Running(Activity::Sending);
    }

    pub(crate) fn fail(&mut self, failure: Failure) {
        self.finish_message(None);
        self.state = State::Failed(failure);
    }

    /// Takes the next event. One that was taken before changes nothing.
    pub(crate) fn apply(&mut self, id: Option<EventId>, event: Event) -> Effect {
        let from_start = id.is_some_and(|id| id.seq == 1) && matches!(event, Event::Started(_));
        if let (Some(id), Some(last), false) = (id, self.last, from_start)
            && id.turn == last.turn
            && id.seq <= last.seq
        {
            return Effect::None;
        }
        if from_start {
            self.steps.clear();
            self.recorded.clear();
            self.notes.clear();
            self.suggestions.clear();
            self.says_more = false;
            self.run += 1;
        }
        self.last = id.or(self.last);
        match event {
            Event::Started(started) => {
                self.id = Some(started.turn_id);
                // A second run goes on from what is recorded, not from half a message.
                self.drop_partial();
                self.state = State::Running(Activity::Working);
            }
            Event::ToolStarted(tool) => {
                self.set_activity(Activity::Tool(tool.tool.parse().ok()));
                self.steps.push(Step::Tool(ToolStep { call_id: tool.call_id, outcome: None }));
            }
            Event::ToolFinished(tool) => {
                self.set_activity(tool.found.map_or(Activity::Working, Activity::Found));
                let changes = tool.changes.clone();
                let outcome = if tool.is_error { ToolOutcome::Failed } else { ToolOutcome::Changes(tool.changes) };
                if self.is_recorded(|step| matches!(step, Step::Tool(tool) if tool.outcome.as_ref() == Some(&outcome)))
                {
                    self.set_outcome(tool.call_id, ToolOutcome::Changes(Vec::new()));
                    return Effect::None;
                }
                self.set_outcome(tool.call_id, outcome);
                if !changes.is_empty() {
                    return Effect::TasksChanged(changes);
                }
            }
            Event::Delta(delta) => {
                self.set_activity(Activity::Writing);
                match self.steps.last_mut() {
                    Some(Step::Message { text, whole: false }) => text.push_str(&delta.text),
                    _ => self.steps.push(Step::Message { text: delta.text, whole: false }),
                }
            }
            Event::MessageCompleted(message) => {
                self.set_activity(Activity::Working);
                if self.is_recorded(|step| matches!(step, Step::Message { text, .. } if *text == message.text)) {
                    self.drop_partial();
                    return Effect::None;
                }
                let words = self.finish_message(Some(message.text));
                let cut = message.meta.cut();
                self.take_meta(message.meta);
                return Effect::Finished(words, cut);
            }
            Event::Completed(completed) => {
                let shown = self
                    .steps
                    .iter()
                    .any(|step| matches!(step, Step::Message { text, whole: true } if *text == completed.response));
                if !shown && !completed.response.is_empty() {
                    self.finish_message(Some(completed.response));
                    self.says_more = true;
                }
                self.state = State::Completed;
                return Effect::Ended;
            }
            Event::Stopped(stopped) => {
                self.finish_message(None);
                self.state = State::Stopped { left: stopped.not_done };
                return Effect::Ended;
            }
            Event::Failed(failed) => {
                let message = failed.problem.detail;
                self.fail(Failure { message, retryable: failed.retryable });
                return Effect::Ended;
            }
        }
        Effect::None
    }

    /// The question that it ended in, while it can be answered. `now` is in milliseconds since 1970.
    pub(crate) fn question(&self, now: f64) -> Option<Question<'_>> {
        if self.is_running() {
            return None;
        }
        self.steps.iter().rev().find_map(|step| match step {
            Step::Choice(choice) => Some(Some(Question::Choice(choice))),
            Step::Confirmation(confirmation) => Some((confirmation.expires() > now).then_some(Question::Confirmation)),
            _ => None,
        })?
    }

    /// Takes what a message carries beside its words.
    fn take_meta(&mut self, mut meta: Meta) {
        self.says_more |= !meta.is_in_receipts();
        self.steps.extend(meta.thought().map(Step::Thought));
        self.steps.extend(meta.cut().map(Step::Cut));
        self.steps.extend(meta.question().map(|asked| match asked {
            Asked::Choice(choice) => Step::Choice(choice),
            Asked::Confirmation(confirmation) => Step::Confirmation(confirmation),
        }));
        self.notes.extend(meta.notes);
        self.suggestions = meta.suggestions;
    }

    /// Whether the receipts and their notes say all that the words say.
    pub(crate) fn is_in_receipts(&self) -> bool {
        let has_receipts = self.steps.iter().any(|step| match step {
            Step::Tool(ToolStep { outcome: Some(ToolOutcome::Changes(changes)), .. }) => !changes.is_empty(),
            _ => false,
        });
        self.state == State::Completed && has_receipts && !self.says_more
    }

    /// Whether such a step, which an event tells, is shown already; each is told once more at most.
    fn is_recorded(&mut self, is_told: impl Fn(&Step) -> bool) -> bool {
        let at = self.recorded.iter().position(is_told);
        at.map(|at| self.recorded.remove(at)).is_some()
    }

    /// Drops the message that is being written.
    fn drop_partial(&mut self) {
        let count = self.steps.len();
        self.steps.retain(|step| !matches!(step, Step::Message { whole: false, .. }));
        if self.steps.len() < count {
            // Another step may come to its place.
            self.run += 1;
        }
    }

    /// Ends the message that is being written, with its whole text where that is known, and returns its words.
    fn finish_message(&mut self, known: Option<String>) -> String {
        if !matches!(self.steps.last(), Some(Step::Message { whole: false, .. })) {
            let Some(text) = known else { return String::new() };
            let words = markdown::plain(&markdown::parse(&text));
            self.steps.push(Step::Message { text, whole: true });
            return words;
        }
        let Some(Step::Message { text, whole }) = self.steps.last_mut() else { return String::new() };
        *whole = true;
        if let Some(known) = known {
            *text = known;
        }
        markdown::plain(&markdown::parse(text))
    }

    fn set_outcome(&mut self, call_id: String, outcome: ToolOutcome) {
        let called = self.steps.iter_mut().rev().find_map(|step| match step {
            Step::Tool(tool) if tool.call_id == call_id => Some(tool),
            _ => None,
        });
        match called {
            Some(tool) => tool.outcome = Some(outcome),
            None => self.steps.push(Step::Tool(ToolStep { call_id, outcome: Some(outcome) })),
        }
    }

    /// Whether neither words nor a tool show that the agent is at work.
    pub(crate) fn is_thinking(&self) -> bool {
        matches!(self.state, State::Running(Activity::Working | Activity::Found(_)))
    }

    /// Why its last message ends before its end.
    pub(crate) fn cut(&self) -> Option<CutReason> {
        self.steps.iter().rev().find_map(|step| match step {
            Step::Cut(reason) => Some(Some(*reason)),
            Step::Message { .. } => Some(None),
            _ => None,
        })?
    }

    /// The line below the last message; `None` where there is nothing to say.
    pub(crate) fn progress(&self, words: &Words) -> Option<String> {
        let State::Running(activity) = self.state else { return None };
        let line = match activity {
            Activity::Sending => words.sending,
            Activity::Waiting => words.waiting,
            Activity::Working | Activity::Tool(None) => words.thinking,
            Activity::Tool(Some(ToolName::ListTasks)) => words.looking,
            Activity::Tool(Some(ToolName::AddTask)) => words.adding,
            Activity::Tool(Some(ToolName::CompleteTask)) => words.completing,
            Activity::Tool(Some(ToolName::DeleteTask)) => words.deleting,
            Activity::Tool(Some(ToolName::UpdateTask)) => words.updating,
            Activity::Found(count) => return Some((words.found)(count)),
            Activity::Writing => return None,
            Activity::Reconnecting => words.reconnecting,
            Activity::Stopping => words.stopping,
        };
        Some(line.to_owned())
    }
}

/// A message as the server replays it; see `MessageItem` of the contract.
#[derive(Debug, Deserialize)]
pub(crate) struct PastMessage {
    pub(crate) id: MessageId,
    role: Role,
    content: String,
    tool_calls: Vec<PastCall>,
    #[serde(default)]
    meta: Option<Box<RawValue>>,
    turn: PastTurn,
}

#[derive(Debug, Deserialize)]
struct PastCall {
    result: Box<RawValue>,
    #[serde(default)]
    is_error: bool,
}

#[derive(Debug, Deserialize)]
struct PastTurn {
    id: TurnId,
    status: TurnStatus,
}

/// Groups the messages of one page, oldest first, into turns.
pub(crate) fn past_turns(messages: Vec<PastMessage>, words: &Words) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for message in messages {
        let id = message.turn.id;
        if turns.last().is_none_or(|turn| turn.id != Some(id)) {
            let state = past_state(message.turn.status, words);
            turns.push(Turn { id: Some(id), state, ..Turn::sent(String::new()) });
        }
        let Some(turn) = turns.last_mut() else { continue };
        if message.role == Role::User {
            turn.said = message.content;
            continue;
        }
        // The agent speaks, then acts.
        if !message.content.is_empty() {
            turn.steps.push(Step::Message { text: message.content, whole: true });
            turn.take_meta(Meta::read(message.meta.as_deref()));
        }
        for (at, call) in message.tool_calls.into_iter().enumerate() {
            let failed = call.is_error;
            let outcome =
                if failed { ToolOutcome::Failed } else { ToolOutcome::Changes(events::changes(&call.result)) };
            let mut call_id = message.id.to_string();
            call_id.push('.');
            call_id.push_str(&at.to_string());
            turn.steps.push(Step::Tool(ToolStep { call_id, outcome: Some(outcome) }));
        }
    }
    for turn in turns.iter_mut().filter(|turn| turn.is_running()) {
        turn.recorded.clone_from(&turn.steps);
    }
    turns
}

fn past_state(status: TurnStatus, words: &Words) -> State {
    let failed = |message: &str| State::Failed(Failure { message: message.to_owned(), retryable: true });
    match status {
        TurnStatus::Running => State::Running(Activity::Working),
        TurnStatus::Completed => State::Completed,
        TurnStatus::Stopped => State::Stopped { left: 0 },
        TurnStatus::Failed => failed(words.turn_failed_before),
        TurnStatus::Interrupted => failed(words.interrupted),
    }
}

/// Makes one turn of two halves that stood on two pages.
pub(crate) fn join(older: Turn, newer: &mut Turn) {
    newer.said = older.said;
    newer.notes.splice(0..0, older.notes);
    newer.says_more |= older.says_more;
    newer.recorded.splice(0..0, older.recorded);
    newer.steps.splice(0..0, older.steps);
}

/// What to say of a fault that kept a turn from being followed.
pub(crate) fn failure(fault: &Fault, words: &Words) -> Failure {
    let message = match fault {
        Fault::Unreachable => words.connection_lost.to_owned(),
        fault => fault.message(words),
    };
    Failure { message, retryable: fault.is_retryable() }
}

#[cfg(test)]
mod tests;
