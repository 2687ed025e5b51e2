//! A real HTTP server that speaks the streaming chat completions API from a script.
//!
//! It records every request and checks it as strictly as the strictest real server. What that would refuse gets 400 with
//! the faults, and fails the test when the server is dropped.

mod gate;
mod reply;
mod strict;

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use futures::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

pub use self::{
    gate::Gate,
    reply::{Ending, Flood, Form, Reply},
    strict::violations,
};

/// A fake model on a port of its own. Dropping it stops the server.
#[derive(Debug)]
pub struct FakeModel {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct RecordedRequest {
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Value,
}

enum Script {
    Replies(Mutex<VecDeque<Reply>>),
    Function(Box<dyn Fn(&Value) -> Reply + Send + Sync>),
}

struct Shared {
    script: Script,
    recording: Recording,
    requests: Mutex<Vec<RecordedRequest>>,
    /// What was sent, for the ids in it.
    sent: Mutex<Vec<String>>,
    violations: Mutex<Vec<String>>,
    /// Whether the test has looked at the violations.
    are_known: AtomicBool,
    requested: watch::Sender<usize>,
    cut_off: watch::Sender<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recording {
    All,
    Nothing,
}

impl FakeModel {
    /// Answers one request after the other with these; a request beyond them is refused and a violation.
    pub async fn scripted(replies: impl IntoIterator<Item = Reply>) -> Self {
        let replies = Mutex::new(replies.into_iter().collect());
        Self::on(free_port().await, Script::Replies(replies), Recording::All)
    }

    /// Answers every request by looking at its body.
    pub async fn answering(answer: impl Fn(&Value) -> Reply + Send + Sync + 'static) -> Self {
        Self::on(free_port().await, Script::Function(Box::new(answer)), Recording::All)
    }

    /// As [`Self::answering`], on a listener of the caller's.
    pub fn answering_on(listener: TcpListener, answer: impl Fn(&Value) -> Reply + Send + Sync + 'static) -> Self {
        Self::on(listener, Script::Function(Box::new(answer)), Recording::All)
    }

    /// Answers every request with `text` after `delay`, and records nothing: for load.
    pub fn under_load(listener: TcpListener, delay: Duration, text: &str) -> Self {
        let reply = Reply::text(text).after(delay).in_pieces_of(4096);
        Self::on(listener, Script::Function(Box::new(move |_| reply.clone())), Recording::Nothing)
    }

    fn on(listener: TcpListener, script: Script, recording: Recording) -> Self {
        let shared = Arc::new(Shared {
            script,
            recording,
            requests: Mutex::default(),
            sent: Mutex::default(),
            violations: Mutex::default(),
            are_known: AtomicBool::new(false),
            requested: watch::Sender::new(0),
            cut_off: watch::Sender::new(0),
        });
        let address = listener.local_addr().unwrap_or_else(|_| SocketAddr::from(([127, 0, 0, 1], 0)));
        let router = Router::new()
            .route("/v1/chat/completions", post(complete))
            .route("/v1/models", get(async || Json(json!({ "object": "list", "data": [{ "id": "fake" }] }))))
            .with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            // It ends with the task.
            let _ = axum::serve(listener, router).await;
        });
        Self { address, shared, server }
    }

    /// What to give as `OPENAI_BASE_URL`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        locked(&self.shared.requests).clone()
    }

    /// The bodies of the requests so far.
    #[must_use]
    pub fn bodies(&self) -> Vec<Value> {
        locked(&self.shared.requests).iter().map(|request| request.body.clone()).collect()
    }

    /// What was wrong with the requests so far: roles out of order, calls without a result, … A test that asks for it
    /// does not fail by it.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        self.shared.are_known.store(true, Ordering::Relaxed);
        locked(&self.shared.violations).clone()
    }

    /// Fails the test if any request so far was wrong.
    ///
    /// # Panics
    /// Where there are violations.
    pub fn assert_sound(&self) {
        let violations = self.violations();
        assert!(violations.is_empty(), "requests to the model were wrong: {violations:#?}");
    }

    /// Waits until `count` requests have arrived, answered or not. Bound it with a time-out.
    pub async fn requested(&self, count: usize) {
        let mut seen = self.shared.requested.subscribe();
        // The sender lives as long as `self`.
        let _ = seen.wait_for(|n| *n >= count).await;
    }

    /// Waits until `count` clients have gone away before their reply was whole. Bound it with a time-out.
    pub async fn cut_off(&self, count: usize) {
        let mut seen = self.shared.cut_off.subscribe();
        // The sender lives as long as `self`.
        let _ = seen.wait_for(|n| *n >= count).await;
    }

    /// Runs until the process ends.
    pub async fn run(mut self) {
        let _ = (&mut self.server).await;
    }
}

impl Drop for FakeModel {
    fn drop(&mut self) {
        self.server.abort();
        if !self.shared.are_known.load(Ordering::Relaxed) && !std::thread::panicking() {
            self.assert_sound();
        }
    }
}

/// The person's words in the last message of a request, without the line before them; those of a tool as they are.
#[must_use]
pub fn said(request: &Value) -> &str {
    let last = request["messages"].as_array().and_then(|messages| messages.last());
    let content = last.and_then(|last| last["content"].as_str()).unwrap_or_default();
    match content.split_once("]\n") {
        Some((line, words)) if line.starts_with('[') => words,
        _ => content,
    }
}

impl Shared {
    /// The reply to a sound request; a refusal where it is not. Records both.
    fn checked(&self, reply: Option<Reply>, headers: HeaderMap, body: Value) -> Reply {
        let is_given = |id: &str| locked(&self.sent).iter().any(|sent| sent.contains(&Value::from(id).to_string()));
        let mut faults = violations(&body, &is_given);
        if reply.is_none() {
            faults.push("a request beyond the script".to_owned());
        }
        locked(&self.requests).push(RecordedRequest { headers, body });
        let refusal = json!({ "error": { "message": faults.join("; "), "type": "invalid_request_error" } });
        let reply = reply.filter(|_| faults.is_empty()).unwrap_or_else(|| Reply::status(400).with_error(refusal));
        locked(&self.sent).push(String::from_utf8_lossy(&reply.frames().concat()).into_owned());
        locked(&self.violations).extend(faults);
        reply
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

async fn free_port() -> TcpListener {
    loop {
        // Nothing but a machine out of ports fails here, and then there is nothing better than to wait.
        if let Ok(listener) = TcpListener::bind("127.0.0.1:0").await {
            return listener;
        }
        tokio::task::yield_now().await;
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn complete(State(shared): State<Arc<Shared>>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let reply = match &shared.script {
        Script::Function(answer) => Some(answer(&body)),
        Script::Replies(replies) => locked(replies).pop_front(),
    };
    let reply = match shared.recording {
        Recording::All => shared.checked(reply, headers, body),
        Recording::Nothing => reply.unwrap_or_else(|| Reply::status(400)),
    };
    shared.requested.send_modify(|n| *n += 1);
    // Before the head too, a client that goes away drops this future and with it the guard.
    let guard = CutOff { shared: Arc::clone(&shared), whole: false };
    if let Some(gate) = &reply.gate {
        gate.passed().await;
    }
    tokio::time::sleep(reply.delay).await;
    respond(reply, guard)
}

fn respond(reply: Reply, guard: CutOff) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = if status == StatusCode::OK {
        let sse = [(header::CONTENT_TYPE, "text/event-stream")];
        let frames = stream::iter(reply.frames()).map(Ok::<_, std::io::Error>);
        let ending = reply.ending;
        let again = match ending {
            Ending::Flood(flood) => reply.endless_frame(flood),
            _ => Vec::new(),
        };
        let tail = stream::once(async move {
            match ending {
                Ending::Done => {
                    guard.answered();
                    Ok(Vec::new())
                }
                Ending::Cut => {
                    guard.answered();
                    // Let what was written before go out first.
                    tokio::task::yield_now().await;
                    Err(std::io::Error::other("cut"))
                }
                Ending::Silence | Ending::Flood(_) => {
                    let _gone_with_the_client = guard;
                    futures::future::pending().await
                }
            }
        });
        let flood = stream::repeat_with(move || Ok(again.clone()))
            .take_while(move |_| std::future::ready(matches!(ending, Ending::Flood(_))));
        (sse, Body::from_stream(frames.chain(flood).chain(tail))).into_response()
    } else {
        guard.answered();
        (status, Json(reply.error_body.unwrap_or(Value::Null))).into_response()
    };
    for (name, value) in reply.headers {
        response.headers_mut().insert(name, value);
    }
    response
}

/// Tells, when it is dropped too early, that the client has gone.
struct CutOff {
    shared: Arc<Shared>,
    whole: bool,
}

impl CutOff {
    fn answered(mut self) {
        self.whole = true;
    }
}

impl Drop for CutOff {
    fn drop(&mut self) {
        if !self.whole {
            self.shared.cut_off.send_modify(|n| *n += 1);
        }
    }
}

#[cfg(test)]
#[path = "fake_model/tests.rs"]
mod tests;
