//! The turn as a pure machine: no IO, no clock, and no knowledge of which model answers.

mod ids;

use chrono::{DateTime, TimeDelta, Utc};
use saydo_contract::{MessageMeta, MessageOutcome, Question, ToolName};
use serde_json::Value;

use self::ids::CallIds;
use crate::{
    AgentError, CallOutcome, HistoryItem, Limits, LocalNow, ModelError, ModelMessage, ModelRequest, RawCall, Step,
    ToolCall, TurnInput,
    confirm::{self, ConfirmationRequest, Seen},
    context::changes_in,
    limits::{MOST_CHANGES, QUESTION_LIFETIME},
    offline::{english, reply::Reply},
    repair,
};

/// Something happened.
#[allow(clippy::large_enum_variant, reason = "one event lives at a time")]
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
    RunTool(ToolCall),
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
    now: LocalNow,
    said_at: DateTime<Utc>,
    reply_delay: Option<TimeDelta>,
    items: Vec<HistoryItem>,
    tools: Vec<String>,
    ids: CallIds,
    /// Requests to the model, rounds of a change of many tasks not counted.
    model_calls: usize,
    /// What has to be confirmed, while its tasks are looked up.
    awaiting_confirmation: Option<ModelMessage>,
    phase: Phase,
}

impl Machine {
    /// A turn that waits for [`Event::Started`].
    #[must_use]
    pub fn new(input: TurnInput, limits: Limits) -> Self {
        let items = input.history;
        let this_turn = items.iter().rposition(|item| matches!(item, HistoryItem::User { .. })).unwrap_or(0);
        let recorded = &items[this_turn..];
        let is_asked = |item: &&HistoryItem| matches!(item, HistoryItem::Assistant { meta, .. } if !meta.batch);
        let model_calls = recorded.iter().filter(is_asked).count();
        let ids = items.iter().flat_map(HistoryItem::calls).map(|call| call.id.clone()).collect();
        Self {
            limits,
            now: input.now,
            said_at: input.said_at,
            reply_delay: input.reply_delay,
            items,
            tools: Vec::new(),
            ids: CallIds::new(input.turn, ids),
            model_calls,
            awaiting_confirmation: None,
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
                self.resume()
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
            return self.end_without_words(message.meta);
        }
        // First of all, so that what has to be confirmed is seen in the repaired calls.
        for call in &mut message.calls {
            call.tool = repair::valid_name(&call.tool, &self.tools);
            if let Some(arguments) = repair::arguments(&call.arguments) {
                call.arguments = Value::Object(arguments).to_string();
            }
        }
        message.meta.batch &= self.ran(ToolName::AddTask.as_str()) < MOST_CHANGES;
        self.model_calls = self.model_calls.saturating_sub(usize::from(message.meta.batch));
        // The one beyond the limit is refused, which tells the model; a flood of them tells nobody more.
        message.calls.truncate(self.most_calls(&message.meta).saturating_add(1));
        let (said, turn) = self.this_turn();
        if confirm::is_needed(&message, said, turn, self.limits.confirm_from, self.now) {
            self.awaiting_confirmation = Some(message);
            return self.look_up();
        }
        self.add_message(message)
    }

    /// Ends the turn where the model says nothing: with our words if a call worked, else as failed.
    fn end_without_words(&mut self, meta: MessageMeta) -> Vec<Effect> {
        let calls: Vec<&ToolCall> = self.this_turn().1.iter().flat_map(HistoryItem::calls).collect();
        let Some(reply) = Reply::of_calls(&calls) else { return self.fail(ModelError::Empty.into()) };
        let text = english::say(&reply, &self.now);
        let meta = MessageMeta { reasoning: meta.reasoning, ..reply.meta() };
        let mut effects = vec![Effect::Emit(Step::Delta(text.clone())), self.record(text, Vec::new(), meta)];
        effects.extend(self.end());
        effects
    }

    /// Finds the titles of the tasks that the frozen calls would change, then asks. What changes none of them runs now.
    fn look_up(&mut self) -> Vec<Effect> {
        let Some(mut message) = self.awaiting_confirmation.take() else { return Vec::new() };
        let frozen = confirm::split(&mut message);
        let seen = Seen::of(&self.items);
        message.calls.extend(seen.look_for(&frozen).filter(|page| self.ran(&page.tool) < self.limits.tool_calls));
        if !message.calls.is_empty() {
            let preamble = std::mem::take(&mut message.preamble);
            // What the model thought goes with its own words.
            let meta = MessageMeta { reasoning: None, ..message.meta.clone() };
            self.awaiting_confirmation =
                Some(ModelMessage { calls: frozen, preamble, meta, ..ModelMessage::default() });
            return self.add_message(message);
        }
        match confirm::ask(&frozen, &seen, self.most_calls(&message.meta)) {
            Some(request) => self.ask_person(&message, request),
            // Of no task on the list: the tools say so.
            None => self.add_message(ModelMessage { calls: frozen, ..message }),
        }
    }

    /// Ends the turn with a question, which keeps the calls. The next turn may make them.
    fn ask_person(&mut self, message: &ModelMessage, request: ConfirmationRequest) -> Vec<Effect> {
        let (items, shared) = (confirm::items(&request.calls), confirm::shared_update(&request.calls));
        let question = Reply::Confirm { items, shared };
        let said = [request.left_out, vec![question]].concat();
        let mut text = message.text.clone();
        for words in [&message.preamble, &english::paragraphs(&said, &self.now)] {
            if !text.is_empty() && !words.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(words);
        }
        // What the model said was told already.
        let delta = text.get(message.text.len()..).unwrap_or_default().to_owned();
        let expires_at = self.now.moment.with_timezone(&Utc) + QUESTION_LIFETIME;
        let meta = MessageMeta {
            outcome: Some(MessageOutcome::Confirm),
            question: Some(Question::Confirm { calls: request.calls, expires_at }),
            batch: false,
            ..message.meta.clone()
        };
        let mut effects = vec![Effect::Emit(Step::Delta(delta)), self.record(text, Vec::new(), meta)];
        effects.extend(self.end());
        effects
    }

    /// Goes on with a turn from what it recorded. A question that it had asked is asked again.
    fn resume(&mut self) -> Vec<Effect> {
        let is_question = matches!(confirm::open_question(&self.items), Some(Question::Confirm { .. }));
        if is_question || self.ends_in_question_without_meta() { self.end() } else { self.go_on() }
    }

    /// Whether the turn ends with calls that a version without [`MessageMeta`] froze.
    fn ends_in_question_without_meta(&self) -> bool {
        if !confirm::ends_in_old_question(&self.items) {
            return false;
        }
        let (said, turn) = self.this_turn();
        let open = turn.last().into_iter().flat_map(HistoryItem::calls);
        let calls = open.map(|call| RawCall {
            tool: call.tool.clone(),
            arguments: call.arguments.to_string(),
            ..RawCall::default()
        });
        let message = ModelMessage { calls: calls.collect(), ..ModelMessage::default() };
        confirm::is_needed(&message, said, turn, self.limits.confirm_from, self.now)
    }

    /// Ends the turn with its last message: tells the question that this asks, if it asks one.
    fn end(&mut self) -> Vec<Effect> {
        self.phase = Phase::Over;
        let Some(HistoryItem::Assistant { text, meta, .. }) = self.items.last() else { return Vec::new() };
        let text = text.clone();
        let question = meta.question.as_ref().map(|question| match question {
            Question::Add { .. } => Step::Choice { prompt: text.clone(), options: english::ask_options() },
            Question::Choose { options, .. } => Step::Choice { prompt: text.clone(), options: options.clone() },
            Question::Confirm { calls, expires_at } => {
                let items = confirm::items(calls);
                let prompt = english::confirm_title(&items, confirm::shared_update(calls), &self.now);
                Step::Confirm { prompt, items, expires_at: *expires_at }
            }
        });
        question.into_iter().chain([Step::Finished { text }]).map(Effect::Emit).collect()
    }

    /// Adds a message to the turn; the effect tells it.
    fn record(&mut self, text: String, calls: Vec<ToolCall>, meta: MessageMeta) -> Effect {
        self.items.push(HistoryItem::Assistant { text: text.clone(), calls: calls.clone(), meta: meta.clone() });
        Effect::Emit(Step::Answer { text, calls, meta })
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
        let calls = message.calls.into_iter().map(|call| self.parse_call(call)).collect();
        let mut effects = vec![self.record(message.text, calls, message.meta)];
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
            _ if self.awaiting_confirmation.is_some() => effects.extend(self.look_up()),
            Some(HistoryItem::Assistant { calls, .. }) if calls.is_empty() => effects.extend(self.end()),
            _ if self.model_calls >= self.limits.model_calls => {
                effects.extend(self.fail(AgentError::TooManySteps(self.model_calls)));
            }
            _ => {
                self.model_calls += 1;
                self.phase = Phase::Thinking;
                effects.push(Effect::AskModel(ModelRequest {
                    items: self.items.clone(),
                    now: self.now,
                    said_at: self.said_at,
                    reply_delay: self.reply_delay,
                }));
            }
        }
        effects
    }

    fn fail(&mut self, error: AgentError) -> Vec<Effect> {
        self.phase = Phase::Over;
        vec![Effect::Emit(Step::Failed(error))]
    }

    /// The first call of the newest message that has no outcome.
    fn open_call(&self) -> Option<ToolCall> {
        self.items.last()?.calls().iter().find(|call| call.outcome.is_none()).cloned()
    }

    fn finish_call(&mut self, result: Value, is_error: bool) -> Vec<Effect> {
        let newest = self.items.last_mut().into_iter().flat_map(HistoryItem::calls_mut);
        let Some(call) = newest.into_iter().find(|call| call.outcome.is_none()) else { return Vec::new() };
        call.outcome = Some(CallOutcome { result: result.clone(), is_error });
        let changes = if is_error { Vec::new() } else { changes_in(&result) };
        let (call_id, tool) = (call.id.clone(), call.tool.clone());
        vec![Effect::Emit(Step::ToolFinished { call_id, tool, result, is_error, changes })]
    }

    /// Why a call does not run, in words for the model.
    fn refusal(&self, call: &ToolCall) -> Option<String> {
        let most = match self.items.last() {
            Some(HistoryItem::Assistant { meta, .. }) => self.most_calls(meta),
            _ => self.limits.tool_calls,
        };
        if self.ran(&call.tool) >= most {
            Some("this turn has used all its tool calls; answer with what you know".to_owned())
        } else if !self.tools.contains(&call.tool) {
            Some(format!("there is no such tool; the tools are {}", self.tools.join(", ")))
        } else if !call.arguments.is_object() {
            Some("the arguments are no JSON object; call again with one".to_owned())
        } else {
            None
        }
    }

    /// The calls that a turn may make with a message like this.
    fn most_calls(&self, meta: &MessageMeta) -> usize {
        if meta.batch { self.limits.tool_calls.max(MOST_CHANGES) } else { self.limits.tool_calls }
    }

    /// The calls that ran in this turn and, as this tool does or does not, read the list.
    fn ran(&self, tool: &str) -> usize {
        let reads = |tool: &str| tool == ToolName::ListTasks.as_str();
        let calls = self.this_turn().1.iter().flat_map(HistoryItem::calls).filter(|call| call.outcome.is_some());
        let ran = calls.filter(|call| call.arguments.is_object() && self.tools.contains(&call.tool));
        ran.filter(|call| reads(&call.tool) == reads(tool)).count()
    }

    fn parse_call(&mut self, call: RawCall) -> ToolCall {
        let id = self.ids.assign(call.id);
        // Repaired before. What is no object stays as it was written, and the call is refused.
        let arguments = serde_json::from_str(&call.arguments).ok().filter(Value::is_object);
        let arguments = arguments.unwrap_or(Value::String(call.arguments));
        ToolCall { id, tool: call.tool, arguments, outcome: None, extra: call.extra }
    }
}

#[cfg(test)]
#[path = "machine/tests.rs"]
mod tests;
