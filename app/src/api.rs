//! Requests to the application, with the token.

use gloo_net::http::{Method, RequestBuilder, Response};
use js_sys::Reflect;
use saydo_contract::{Problem, ProblemKind};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use web_sys::{AbortSignal, RequestInit};

use crate::{browser, network::Network, session::Session, words::Words};

/// How long an answer may take that is not a stream.
const PATIENCE_MS: u32 = 20_000;

/// Why a request came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No answer: the network is away, or it took too long.
    Unreachable,
    /// The session is over.
    SignedOut,
    /// The server said why not.
    Problem(Problem),
    /// An answer that is not of the contract, with its status.
    Unreadable(u16),
}

impl Fault {
    /// What to tell the person.
    pub(crate) fn message(&self, words: &Words) -> String {
        let said = match self {
            Self::Unreachable => words.offline,
            Self::SignedOut => words.session_ended,
            Self::Problem(problem) if !problem.detail.is_empty() => &problem.detail,
            Self::Problem(Problem { status, .. }) | Self::Unreadable(status) => match status {
                429 => words.too_many,
                502..=504 => words.unavailable,
                _ => words.failed,
            },
        };
        said.to_owned()
    }

    /// Whether the same request may succeed later.
    pub(crate) fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable => true,
            Self::SignedOut => false,
            Self::Problem(Problem { status, .. }) | Self::Unreadable(status) => {
                matches!(status, 408 | 409 | 429 | 500..)
            }
        }
    }

    /// The token is another person's than the path: somebody else signed in.
    fn is_of_another(&self) -> bool {
        matches!(self, Self::Problem(problem) if problem.kind() == Some(ProblemKind::WrongUser))
    }

    /// Another turn of the conversation is under way.
    pub(crate) fn is_in_progress(&self) -> bool {
        matches!(self, Self::Problem(problem) if problem.kind() == Some(ProblemKind::TurnInProgress))
    }

    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::Problem(problem) if problem.kind() == Some(ProblemKind::NotFound))
    }
}

/// A request about to be sent.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) body: Option<String>,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Ends a stream; other requests end by themselves.
    pub(crate) signal: Option<AbortSignal>,
    /// It changes nothing, and can be sent again.
    pub(crate) reads: bool,
    /// Nobody waits for what comes of it.
    pub(crate) is_idle: bool,
}

impl Call {
    pub(crate) fn new(method: Method, path: String) -> Self {
        Self { method, path, body: None, headers: Vec::new(), signal: None, reads: false, is_idle: false }
    }

    pub(crate) fn get(path: String) -> Self {
        Self { reads: true, ..Self::new(Method::GET, path) }
    }

    pub(crate) fn post(path: String, body: String) -> Self {
        Self { body: Some(body), ..Self::new(Method::POST, path) }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Sends it once, with this token. An answer of any status is an answer.
    pub(crate) async fn send(&self, token: Option<&str>) -> Result<Response, Fault> {
        // In a task of its own: several things are read as the page begins, and each takes the browser some milliseconds.
        if self.reads {
            browser::pause().await;
        }
        let signal = self.signal.clone().unwrap_or_else(|| AbortSignal::timeout_with_u32(PATIENCE_MS));
        let mut request = RequestBuilder::new(&self.path).method(self.method.clone()).abort_signal(Some(&signal));
        if let Some(token) = token {
            request = request.header("Authorization", &("Bearer ".to_owned() + token));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = match &self.body {
            Some(body) => request.header("Content-Type", "application/json").body(body.as_str()),
            None => request.build(),
        };
        let mut request = request.map_err(|_| Fault::Unreachable)?;
        if let Some((name, value)) = self.wish() {
            let init = RequestInit::new();
            _ = Reflect::set(&init, &name.into(), &value);
            let wished = web_sys::Request::new_with_request_and_init(&request.into(), &init);
            request = wished.map_err(|_| Fault::Unreachable)?.into();
        }
        request.send().await.map_err(|_| Fault::Unreachable)
    }

    /// What the browser should do about it beside sending it.
    fn wish(&self) -> Option<(&'static str, JsValue)> {
        match &self.method {
            // It goes out although the page is left.
            &Method::DELETE => Some(("keepalive", JsValue::TRUE)),
            _ if self.is_idle => Some(("priority", "low".into())),
            _ => None,
        }
    }
}

/// The application, as the signed-in person may use it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Api {
    session: Session,
}

impl Api {
    pub(crate) fn new(session: Session) -> Self {
        Self { session }
    }

    /// A path below the person's own, once it is known whose.
    pub(crate) async fn path(self, rest: &str) -> Result<String, Fault> {
        let id = self.session.restored().await?;
        let mut path = "/api/".to_owned();
        path.push_str(&browser::escape(id.as_str()));
        path.push_str(rest);
        Ok(path)
    }

    /// The way to the server.
    pub(crate) fn network(self) -> Network {
        self.session.network
    }

    /// Whether it is not known yet whose session this is.
    pub(crate) fn is_unknown(self) -> bool {
        self.session.is_unknown()
    }

    /// Which session it is, counted. An answer to what was asked in another is not for this one.
    pub(crate) fn session(self) -> u32 {
        self.session.number()
    }

    /// Sends with the token; where it is refused, once more with a new one. Anything but success is a fault, and so is
    /// an answer that comes after the session ended.
    pub(crate) async fn send(self, call: Call) -> Result<Response, Fault> {
        let number = self.session();
        let mut answer = self.try_send(&call).await;
        // The way to the server may have changed under what was being read: then that is read again.
        let is_lost = matches!(answer, Err(Fault::Unreachable));
        if is_lost && call.reads && call.signal.is_none() && self.session.network.check().await {
            answer = self.try_send(&call).await;
        }
        match answer {
            _ if self.session() != number => Err(Fault::SignedOut),
            Err(fault) if fault.is_of_another() => {
                self.session.replaced();
                Err(Fault::SignedOut)
            }
            Err(Fault::Unreachable) => {
                self.session.network.suspect();
                Err(Fault::Unreachable)
            }
            answer => answer,
        }
    }

    async fn try_send(self, call: &Call) -> Result<Response, Fault> {
        let token = self.session.token(None).await?;
        let mut response = call.send(Some(&token)).await?;
        if response.status() == 401 {
            let token = self.session.token(Some(&token)).await?;
            response = call.send(Some(&token)).await?;
        }
        if response.ok() { Ok(response) } else { Err(fault(response).await) }
    }

    /// Sends and reads JSON.
    pub(crate) async fn json<T: DeserializeOwned>(self, call: Call) -> Result<T, Fault> {
        let number = self.session();
        let answer = read(self.send(call).await?).await;
        // What is shown of it is a task of its own: between reading and showing the page hears what a person does.
        browser::pause().await;
        if self.session() == number { answer } else { Err(Fault::SignedOut) }
    }
}

/// Reads an answer's JSON.
pub(crate) async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Fault> {
    let text = response.text().await.map_err(|_| Fault::Unreachable)?;
    serde_json::from_str(&text).map_err(|_| Fault::Unreadable(response.status()))
}

async fn fault(response: Response) -> Fault {
    let status = response.status();
    match read::<Problem>(response).await {
        Err(_) if status == 401 => Fault::SignedOut,
        Ok(problem) if problem.status == 401 => Fault::SignedOut,
        Ok(problem) => Fault::Problem(problem),
        Err(_) => Fault::Unreadable(status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::ENGLISH;

    fn problem(status: u16, detail: &str) -> Fault {
        Fault::Problem(Problem {
            r#type: String::new(),
            title: String::new(),
            status,
            detail: detail.into(),
            request_id: String::new(),
            errors: Vec::new(),
        })
    }

    /// UI-11: what is told, and whether trying again makes sense.
    #[test]
    fn faults_say_what_to_do() {
        for status in [409, 429, 500, 502, 503, 504] {
            assert!(problem(status, "").is_retryable(), "{status}");
        }
        for status in [400, 403, 404, 413, 422] {
            assert!(!problem(status, "").is_retryable(), "{status}");
        }
        assert!(Fault::Unreachable.is_retryable());
        assert!(!Fault::SignedOut.is_retryable());
        assert_eq!(problem(422, "Shorten it.").message(&ENGLISH), "Shorten it.");
        assert_eq!(problem(503, "").message(&ENGLISH), ENGLISH.unavailable);
        assert_eq!(Fault::Unreadable(502).message(&ENGLISH), ENGLISH.unavailable);
    }

    /// UI-24: somebody else's token is told apart from what a person may not do.
    #[test]
    fn another_person_is_told_by_the_kind() {
        let Fault::Problem(problem) = problem(403, "The user in the path must be the user of the token.") else {
            return;
        };
        assert!(!Fault::Problem(problem.clone()).is_of_another());
        assert!(Fault::Problem(Problem { r#type: "/problems/wrong-user".into(), ..problem }).is_of_another());
    }
}
