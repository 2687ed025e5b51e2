//! The driver: does what the machine says and tells it what came of it.

use std::{collections::VecDeque, sync::Arc};

use futures::{
    Stream, StreamExt,
    stream::{self, BoxStream},
};
use rmcp::{Peer, RoleClient, model::Tool};
use tokio::{sync::OnceCell, time::Instant};

use crate::{
    AgentConfig, AgentError, BuildError, Depth, Effect, Event, Machine, Probe, Step, Timeouts, TurnInput,
    model::ModelEvent, models::Models, telemetry, toolbox,
};

/// Runs turns. Made once and cloned; what it holds is the connections to the model and the list of tools.
#[derive(Clone)]
pub struct Agent {
    shared: Arc<Shared>,
}

/// A model on a server, as logs name it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The model's name.
    pub model: String,
    /// Without passwords and secrets in the query.
    pub address: String,
}

struct Shared {
    config: AgentConfig,
    model: Models,
    /// The same for everybody and for as long as the process lives.
    tools: OnceCell<Arc<[Tool]>>,
}

impl Agent {
    /// An agent of this configuration. A process-wide rustls provider must be installed before, where the model is on
    /// a server.
    ///
    /// # Errors
    /// Where the model's address or key has not its form.
    pub fn new(config: AgentConfig) -> Result<Self, BuildError> {
        let model = Models::new(&config)?;
        Ok(Self { shared: Arc::new(Shared { config, model, tools: OnceCell::new() }) })
    }

    /// The model's name and the address that it is asked at, for logs; `None` where it is on no server.
    #[must_use]
    pub fn asked(&self) -> Option<Asked> {
        let remote = self.shared.model.remote()?;
        Some(Asked { model: remote.model().to_owned(), address: remote.address().to_string() })
    }

    /// Asks the model's server what it is and has; `None` where the model is on none.
    pub async fn probe(&self, depth: Depth) -> Option<Probe> {
        Some(self.shared.model.remote()?.probe(depth).await)
    }

    /// Runs a turn with these tools, which know whose they are.
    ///
    /// Nothing happens but while the stream is polled: it goes on when the step before was taken. Dropping it takes
    /// back the request to the model and runs nothing more.
    pub fn run(&self, input: TurnInput, tools: Peer<RoleClient>) -> impl Stream<Item = Step> + Send + use<> {
        let turn = Turn {
            shared: Arc::clone(&self.shared),
            machine: Machine::new(input, self.shared.config.limits),
            peer: tools,
            effects: VecDeque::new(),
            answer: None,
            begun: false,
        };
        stream::unfold(turn, async |mut turn| turn.next().await.map(|step| (step, turn)))
    }
}

impl std::fmt::Debug for Agent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Agent").field("config", &self.shared.config).finish_non_exhaustive()
    }
}

impl Shared {
    async fn tools(&self, peer: &Peer<RoleClient>) -> Result<Arc<[Tool]>, AgentError> {
        let list = || async { toolbox::list(peer, self.config.timeouts.tool).await.map(Arc::from) };
        self.tools.get_or_try_init(list).await.cloned()
    }
}

struct Turn {
    shared: Arc<Shared>,
    machine: Machine,
    peer: Peer<RoleClient>,
    effects: VecDeque<Effect>,
    answer: Option<(BoxStream<'static, ModelEvent>, Instant)>,
    begun: bool,
}

impl Turn {
    async fn next(&mut self) -> Option<Step> {
        loop {
            let event = match self.effects.pop_front() {
                Some(Effect::Emit(step)) => return Some(step),
                Some(Effect::RunTool(call)) => toolbox::run(&self.peer, call, self.timeouts().tool).await,
                Some(Effect::AskModel(request)) => match self.shared.tools(&self.peer).await {
                    Ok(tools) => {
                        self.answer = Some((self.shared.model.ask(request, tools), Instant::now()));
                        continue;
                    }
                    Err(error) => Event::Failed(error),
                },
                None if self.answer.is_some() => self.read_answer().await,
                None if !self.begun => {
                    self.begun = true;
                    match self.shared.tools(&self.peer).await {
                        Ok(tools) => Event::Started { tools: tools.iter().map(|tool| tool.name.to_string()).collect() },
                        Err(error) => Event::Failed(error),
                    }
                }
                None => return None,
            };
            self.effects.extend(self.machine.handle(event));
        }
    }

    async fn read_answer(&mut self) -> Event {
        let next = match &mut self.answer {
            Some((answer, _)) => answer.next().await,
            None => None,
        };
        match next {
            Some(ModelEvent::Delta(text)) => Event::Delta(text),
            Some(ModelEvent::Done(outcome)) => {
                if let Some((_, asked)) = self.answer.take() {
                    telemetry::model_call(self.shared.model.label(), outcome.as_ref().err(), asked.elapsed());
                }
                outcome.map_or_else(Event::Failed, Event::Answered)
            }
            None => {
                self.answer = None;
                Event::Failed(crate::ModelError::Unfinished.into())
            }
        }
    }

    fn timeouts(&self) -> &Timeouts {
        &self.shared.config.timeouts
    }
}
