//! The turn as a pure machine: no IO, no clock.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use saydo_contract::{ToolName, TurnId};
use serde_json::Value;

use crate::{
    AgentError, Call, HistoryItem, Limits, ModelError, ModelMessage, ModelRequest, PastCall, RawCall, Step, TurnInput,
    confirmation::{self, LAPSE, Question, Seen},
    context::{NOT_RUN, changes_of},
    offline,
};

/// The longest call id of a model that is kept; a longer one is replaced by ours.
const LONGEST_ID: usize = 256;

/// Something happened.
#[derive(Debug)]
pub enum Event {
    /// The turn begins; these are the names of the tools.
    Started {
        /// What may be called.
        tools: Vec<String>,
    },
    /// The model wrote more text.
    Delta(String),
    /// The model's message is whole.
    Answered(ModelMessage),
    /// The call that runs has its result.
    ToolAnswered {
        /// The structured result, or the error's text.
        result: Value,
        /// Whether the tool refused.
        is_error: bool,
    },
    /// The model or the connection to the tools failed.
    Failed(AgentError),
}

/// Something to be done, in order. After [`Effect::AskModel`] and [`Effect::RunTool`] the machine waits for an event.
#[derive(Debug)]
pub enum Effect {
    /// Tell the consumer, and go on when it has taken it.
    Emit(Step),
    /// Ask the model; its deltas, then its message or its failure, are events.
    AskModel(ModelRequest),
    /// Run a tool; its result, or the failure of the connection, is an event.
    RunTool(Call),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    New,
    /// The model is asked.
    Thinking,
    /// The first call of the last item that has no result runs.
    Working,
    Over,
}

/// One turn. Events that do not fit its phase are ignored; nothing happens after its end.
#[derive(Debug)]
pub struct Machine {
    limits: Limits,
    turn: TurnId,
    now: DateTime<Tz>,
    waited: Option<TimeDelta>,
    items: Vec<HistoryItem>,
    tools: Vec<String>,
    ids: HashSet<String>,
    model_calls: usize,
    /// What has to be confirmed, while its tasks are looked up.
    frozen: Option<ModelMessage>,
    phase: Phase,
}

impl Machine {
    /// A turn that waits for [`Event::Started`].
    #[must_use]
    pub fn new(input: TurnInput, limits: Limits) -> Self {
        let mut items = input.history;
        let this_turn = items.iter().rposition(|item| matches!(item, HistoryItem::User { .. })).unwrap_or(0);
        let (before, recorded) = items.split_at_mut(this_turn);
        for call in before.iter_mut().flat_map(calls_mut).filter(|call| call.result.is_none()) {
            call.result = Some(NOT_RUN.into());
            call.is_error = true;
        }
        let model_calls = recorded.iter().filter(|item| matches!(item, HistoryItem::Assistant { .. })).count();
        let ids = items.iter().flat_map(calls_of).map(|call| call.id.clone()).collect();
        Self {
            limits,
            turn: input.turn,
            now: input.now,
            waited: input.waited,
            items,
            tools: Vec::new(),
            ids,
            model_calls,
            frozen: None,
            phase: Phase::New,
        }
    }

    /// Whether the turn has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.phase == Phase::Over
    }

    /// Takes an event and says what to do about it.
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        match (self.phase, event) {
            (Phase::Over, _) => Vec::new(),
            (_, Event::Failed(error)) => self.fail(error),
            (Phase::New, Event::Started { tools }) => {
                self.tools = tools;
                // The turn had asked when it was interrupted.
                match confirmation::asked(&self.items) {
                    Some((question, text)) => self.wait_for_yes(question, text).into(),
                    None => self.go_on(),
                }
            }
            (Phase::Thinking, Event::Delta(text)) => vec![Effect::Emit(Step::Delta(text))],
            (Phase::Thinking, Event::Answered(message)) => self.take_message(message),
            (Phase::Working, Event::ToolAnswered { result, is_error }) => {
                let mut effects = self.finish_call(result, is_error);
                effects.extend(self.go_on());
                effects
            }
            _ => Vec::new(),
        }
    }

    fn take_message(&mut self, mut message: ModelMessage) -> Vec<Effect> {
        if message.calls.is_empty() && message.text.trim().is_empty() {
            return self.fail(ModelError::Empty.into());
        }
        // The one beyond the limit is refused, which tells the model; a flood of them tells nobody more.
        message.calls.truncate(self.limits.tool_calls.saturating_add(1));
        let (said, turn) = self.this_turn();
        if confirmation::is_needed(&message, said, turn, self.limits.confirm_from, self.now) {
            self.frozen = Some(message);
            return self.look_up();
        }
        self.add_message(message)
    }

    /// Finds the titles of the tasks that the frozen calls would change, then asks. What changes none of them runs now.
    fn look_up(&mut self) -> Vec<Effect> {
        let Some(mut message) = self.frozen.take() else { return Vec::new() };
        let frozen = confirmation::split(&mut message);
        let seen = Seen::of(&self.items);
        message.calls.extend(seen.look_for(&frozen).filter(|page| self.ran(&page.tool) < self.limits.tool_calls));
        if !message.calls.is_empty() {
            let lead = std::mem::take(&mut message.lead);
            self.frozen = Some(ModelMessage { calls: frozen, lead, ..ModelMessage::default() });
            return self.add_message(message);
        }
        match confirmation::ask(&frozen, &seen, self.limits.tool_calls) {
            Some(asked) => self.ask_person(&message, asked),
            // Of no task on the list: the tools say so.
            None => self.add_message(ModelMessage { calls: frozen, ..message }),
        }
    }

    /// Ends the turn with a question. The calls stay open; the next turn may run them.
    fn ask_person(&mut self, message: &ModelMessage, asked: confirmation::Asked) -> Vec<Effect> {
        let confirmation::Asked { question, calls, left_out } = asked;
        let mut text = message.text.clone();
        for words in [&message.lead, &left_out, &question.text].into_iter().filter(|words| !words.is_empty()) {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(words);
        }
        // What the model said was told already.
        let delta = text.get(message.text.len()..).unwrap_or_default().to_owned();
        let calls: Vec<Call> = calls.into_iter().map(|call| self.parse_call(call)).collect();
        self.items
            .push(HistoryItem::Assistant { text: text.clone(), calls: calls.iter().cloned().map(open_call).collect() });
        let mut effects =
            vec![Effect::Emit(Step::Delta(delta)), Effect::Emit(Step::Answer { text: text.clone(), calls })];
        effects.extend(self.wait_for_yes(question, text));
        effects
    }

    fn wait_for_yes(&mut self, question: Question, text: String) -> [Effect; 2] {
        self.phase = Phase::Over;
        let expires_at = self.now.with_timezone(&Utc) + LAPSE;
        let Question { text: prompt, items } = question;
        [Step::Confirm { prompt, items, expires_at }, Step::Finished { text }].map(Effect::Emit)
    }

    /// What the person said, and what the agent said and did since.
    fn this_turn(&self) -> (&str, &[HistoryItem]) {
        let at = self.items.iter().rposition(|item| matches!(item, HistoryItem::User { .. }));
        match at.map(|at| self.items.split_at(at)) {
            Some((_, [HistoryItem::User { text, .. }, turn @ ..])) => (text, turn),
            _ => ("", &self.items),
        }
    }

    fn add_message(&mut self, message: ModelMessage) -> Vec<Effect> {
        let calls: Vec<Call> = message.calls.into_iter().map(|call| self.parse_call(call)).collect();
        self.items.push(HistoryItem::Assistant {
            text: message.text.clone(),
            calls: calls.iter().cloned().map(open_call).collect(),
        });
        let mut effects = vec![Effect::Emit(Step::Answer { text: message.text, calls })];
        effects.extend(self.go_on());
        effects
    }

    /// Runs the next open call, or asks the model, or ends.
    fn go_on(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        while let Some(call) = self.open_call() {
            effects.push(Effect::Emit(Step::ToolStarted {
                call_id: call.id.clone(),
                tool: call.tool.clone(),
                arguments: call.arguments.clone(),
            }));
            match self.refusal(&call) {
                Some(words) => effects.extend(self.finish_call(words.into(), true)),
                None => {
                    self.phase = Phase::Working;
                    effects.push(Effect::RunTool(call));
                    return effects;
                }
            }
        }
        match self.items.last() {
            _ if self.frozen.is_some() => effects.extend(self.look_up()),
            Some(HistoryItem::Assistant { text, calls }) if calls.is_empty() => {
                let text = text.clone();
                self.phase = Phase::Over;
                let choice = offline::choice(&self.items, &self.now);
                effects.extend(choice.map(|(prompt, options)| Effect::Emit(Step::Choice { prompt, options })));
                effects.push(Effect::Emit(Step::Finished { text }));
            }
            _ if self.model_calls >= self.limits.model_calls => {
                effects.extend(self.fail(AgentError::TooManySteps(self.model_calls)));
            }
            _ => {
                self.model_calls += 1;
                self.phase = Phase::Thinking;
                let (items, now, waited) = (self.items.clone(), self.now, self.waited);
                effects.push(Effect::AskModel(ModelRequest { items, now, waited }));
            }
        }
        effects
    }

    fn fail(&mut self, error: AgentError) -> Vec<Effect> {
        self.phase = Phase::Over;
        vec![Effect::Emit(Step::Failed(error))]
    }

    /// The first call of the newest message that has no result.
    fn open_call(&self) -> Option<Call> {
        let call = self.items.last().into_iter().flat_map(calls_of).find(|call| call.result.is_none())?;
        Some(Call {
            id: call.id.clone(),
            tool: call.tool.clone(),
            arguments: call.arguments.clone(),
            extra: call.extra.clone(),
        })
    }

    fn finish_call(&mut self, result: Value, is_error: bool) -> Vec<Effect> {
        let Some(call) = self.items.last_mut().into_iter().flat_map(calls_mut).find(|call| call.result.is_none())
        else {
            return Vec::new();
        };
        call.result = Some(result.clone());
        call.is_error = is_error;
        let changes = if is_error { Vec::new() } else { changes_of(&result) };
        let (call_id, tool) = (call.id.clone(), call.tool.clone());
        vec![Effect::Emit(Step::ToolFinished { call_id, tool, result, is_error, changes })]
    }

    /// Why a call does not run, in words for the model.
    fn refusal(&self, call: &Call) -> Option<String> {
        if self.ran(&call.tool) >= self.limits.tool_calls {
            Some("this turn has used all its tool calls; answer with what you know".to_owned())
        } else if !self.tools.contains(&call.tool) {
            Some(format!("there is no such tool; the tools are {}", self.tools.join(", ")))
        } else if !call.arguments.is_object() {
            Some("the arguments are no JSON object; call again with one".to_owned())
        } else {
            None
        }
    }

    /// The calls that ran in this turn and, as this tool does or does not, read the list.
    fn ran(&self, tool: &str) -> usize {
        let reads = |tool: &str| tool == ToolName::ListTasks.as_str();
        let calls = self.this_turn().1.iter().flat_map(calls_of).filter(|call| call.result.is_some());
        let ran = calls.filter(|call| call.arguments.is_object() && self.tools.contains(&call.tool));
        ran.filter(|call| reads(&call.tool) == reads(tool)).count()
    }

    fn parse_call(&mut self, call: RawCall) -> Call {
        let id = if call.id.is_empty() || call.id.len() > LONGEST_ID || self.ids.contains(&call.id) {
            self.own_id()
        } else {
            call.id
        };
        self.ids.insert(id.clone());
        Call { id, tool: call.tool, arguments: parse_arguments(call.arguments), extra: call.extra }
    }

    fn own_id(&self) -> String {
        let mut number = self.ids.len() + 1;
        loop {
            let id = format!("call_{}_{number}", self.turn);
            if !self.ids.contains(&id) {
                return id;
            }
            number += 1;
        }
    }
}

/// An object; no arguments at all count as an empty one. Anything else stays as it was written.
fn parse_arguments(text: String) -> Value {
    if matches!(text.trim(), "" | "null") {
        return Value::Object(serde_json::Map::new());
    }
    match serde_json::from_str(&text) {
        Ok(Value::Object(arguments)) => Value::Object(arguments),
        _ => Value::String(text),
    }
}

fn calls_of(item: &HistoryItem) -> &[PastCall] {
    match item {
        HistoryItem::User { .. } => &[],
        HistoryItem::Assistant { calls, .. } => calls,
    }
}

fn calls_mut(item: &mut HistoryItem) -> &mut [PastCall] {
    match item {
        HistoryItem::User { .. } => &mut [],
        HistoryItem::Assistant { calls, .. } => calls,
    }
}

fn open_call(call: Call) -> PastCall {
    PastCall {
        id: call.id,
        tool: call.tool,
        arguments: call.arguments,
        result: None,
        is_error: false,
        extra: call.extra,
    }
}

#[cfg(test)]
#[path = "machine/tests.rs"]
mod tests;
