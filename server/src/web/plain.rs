//! The pages without a script: forms that ask the API in the visitor's name, and pages made of its answers. Those with
//! one begin with what it says of their conversation.
//!
//! Nothing is kept here: the visitor's cookie is passed on, and what the API sets comes back with the answer. A form that
//! another site made a browser send does nothing.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Form, Router,
    body::{Body, Bytes, to_bytes},
    extract::{ConnectInfo, FromRequestParts, Path, Query},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use leptos::prelude::Owner;
use saydo_app::{
    PLAIN, PageRequest, PlainChat, PlainEntrance, PlainFault, SiteAssets, plain_chat, plain_conversation,
    plain_entrance, plain_next, plain_path,
};
use saydo_contract::{AuthError, ChatReply, ConversationId, ConversationItem, Page, Problem, SessionView, TokenReply};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use tower::ServiceExt;

use super::{FORWARDED_FOR, look, tongue};
use crate::{
    config::Origin,
    http::{
        edge::{REQUEST_ID, leave_logged},
        origin::is_trusted,
    },
};

/// No answer of the API that is shown here is larger.
const LARGEST_ANSWER: usize = 16 * 1024 * 1024;

/// So long a page waits for its messages.
const AT_ONCE: Duration = Duration::from_millis(500);

/// What the pages are made with.
#[derive(Clone)]
pub(super) struct Plain {
    api: Router,
    public: Arc<Origin>,
    assets: SiteAssets,
}

impl Plain {
    /// Over the API as its callers reach it.
    pub(super) fn new(api: Router, public: Origin, assets: SiteAssets) -> Self {
        Self { api, public: Arc::new(public), assets }
    }
}

/// The pages.
pub(super) fn routes(plain: Plain) -> Router {
    Router::new()
        .route(PLAIN, get(chat).post(say))
        .route("/plain/c/{id}", get(chat).post(say))
        .route("/plain/sign-in", get(entrance).post(enter))
        .route("/plain/sign-up", get(entrance).post(enter))
        .route("/plain/sign-out", post(sign_out))
        .with_state(plain)
}

/// Who asks, as far as the API must know.
struct Visitor {
    plain: Plain,
    headers: HeaderMap,
    peer: Option<ConnectInfo<SocketAddr>>,
    path: String,
    query: String,
}

/// A visitor whose form is of our own pages.
struct Sender(Visitor);

/// What travels from a visitor to the API.
const PASSED_ON: [HeaderName; 5] = [header::COOKIE, header::HOST, header::ORIGIN, FORWARDED_FOR, REQUEST_ID];

impl FromRequestParts<Plain> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, plain: &Plain) -> Result<Self, Self::Rejection> {
        Ok(Self::new(plain, parts))
    }
}

impl FromRequestParts<Plain> for Sender {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, plain: &Plain) -> Result<Self, Response> {
        if !is_trusted(&parts.headers, &plain.public) {
            return Err((StatusCode::FORBIDDEN, "This form was not sent from our own page.").into_response());
        }
        Visitor::from_request_parts(parts, plain).await.map(Self).map_err(|never| match never {})
    }
}

/// An answer of the API.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn read<T: DeserializeOwned>(&self) -> Option<T> {
        self.status.is_success().then(|| serde_json::from_slice(&self.body).ok()).flatten()
    }

    fn fault(&self) -> PlainFault {
        if let Ok(error) = serde_json::from_slice::<AuthError>(&self.body) {
            return PlainFault::Auth(error.code);
        }
        match serde_json::from_slice::<Problem>(&self.body) {
            Ok(problem) if !problem.detail.is_empty() => PlainFault::Said(problem.detail),
            _ => PlainFault::Unavailable,
        }
    }
}

/// A person whose session the API knows.
struct Person {
    id: String,
    token: String,
    /// What the API said of the session; the cookie of one that was prolonged is in it.
    session: Answer,
}

impl Visitor {
    fn new(plain: &Plain, parts: &Parts) -> Self {
        Self {
            plain: plain.clone(),
            headers: parts.headers.clone(),
            peer: parts.extensions.get().copied(),
            path: parts.uri.path().strip_prefix(PLAIN).filter(|path| !path.is_empty()).unwrap_or("/").to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
        }
    }

    async fn ask(&self, method: Method, path: &str, body: Option<String>, with: &[(HeaderName, String)]) -> Answer {
        let mut request = axum::http::Request::new(body.map_or_else(Body::empty, Body::from));
        *request.method_mut() = method;
        let headers = request.headers_mut();
        for name in PASSED_ON {
            for value in self.headers.get_all(&name) {
                headers.append(name.clone(), value.clone());
            }
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in with {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        }
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(peer);
        }
        let unreadable = Answer { status: StatusCode::BAD_GATEWAY, headers: HeaderMap::new(), body: Bytes::new() };
        let Ok(uri) = path.parse() else { return unreadable };
        *request.uri_mut() = uri;
        let Ok(response) = self.plain.api.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        match to_bytes(body, LARGEST_ANSWER).await {
            Ok(body) => Answer { status: parts.status, headers: parts.headers, body },
            Err(_) => unreadable,
        }
    }

    async fn get(&self, person: &Person, rest: &str) -> Answer {
        self.ask(Method::GET, &format!("/api/{}{rest}", person.id), None, &[bearer(&person.token)]).await
    }

    /// Whose session the cookie names; without one, the answer is the way to sign in.
    async fn person(&self) -> Result<Person, Response> {
        let session = self.ask(Method::GET, "/api/auth/get-session", None, &[]).await;
        if session.status.is_server_error() {
            return Err(self.chat_page(StatusCode::SERVICE_UNAVAILABLE, failed(PlainFault::Unavailable)));
        }
        let token = self.ask(Method::GET, "/api/auth/token", None, &[]).await;
        match (session.read::<Option<SessionView>>().flatten(), token.read::<TokenReply>()) {
            (Some(view), Some(TokenReply { token })) => {
                Ok(Person { id: view.user.id.as_str().to_owned(), token, session })
            }
            _ => Err(see_other(&plain_path("/sign-in", &format!("next={}", self.path)))),
        }
    }

    fn request(&self) -> PageRequest {
        PageRequest {
            path: self.path.clone(),
            query: self.query.clone(),
            signed_in: true,
            look: look(&self.headers),
            language: tongue(&self.headers),
        }
    }

    fn chat_page(&self, status: StatusCode, chat: PlainChat) -> Response {
        let key = if chat.key.is_empty() { format!("{:032x}", rand::random::<u128>()) } else { chat.key };
        page(status, plain_chat(&self.request(), &self.plain.assets, PlainChat { key, ..chat }))
    }

    /// The open conversation and the list of all, with what could not be sent.
    async fn show(&self, person: &Person, status: StatusCode, chat: PlainChat, from: From) -> Response {
        let list = self.get(person, &format!("/conversations?limit=50{}", cursor(from.more))).await;
        let Some(list) = list.read::<Page<ConversationItem>>() else {
            return self.chat_page(list.status, PlainChat { fault: Some(list.fault()), ..chat });
        };
        let more = list.next_cursor.map(|cursor| cursor.as_str().to_owned());
        let mut chat = PlainChat { conversations: list.items, more, ..chat };
        if let Some(id) = chat.conversation {
            let path = format!("/conversations/{id}/messages?limit=50{}", cursor(from.older));
            let answer = self.get(person, &path).await;
            if !answer.status.is_success() {
                return self.chat_page(answer.status, PlainChat { fault: Some(answer.fault()), ..chat });
            }
            chat.messages = String::from_utf8_lossy(&answer.body).into_owned();
        }
        self.chat_page(status, chat)
    }
}

/// The latest messages of a conversation, as the API says them to the page. Nothing where it does not say them at once:
/// the page asks again.
///
/// The session is not asked for: that may prolong it, and what came of it could be lost with the time.
pub(super) async fn early_messages(plain: &Plain, parts: &Parts, id: ConversationId) -> Option<String> {
    let visitor = Visitor::new(plain, parts);
    let asked = async {
        let token = visitor.ask(Method::GET, "/api/auth/token", None, &[]).await.read::<TokenReply>()?.token;
        let path = format!("/api/{}/conversations/{id}/messages?limit=50", subject(&token)?);
        let answer = visitor.ask(Method::GET, &path, None, &[bearer(&token)]).await;
        answer.status.is_success().then(|| String::from_utf8_lossy(&answer.body).into_owned())
    };
    tokio::time::timeout(AT_ONCE, asked).await.ok()?
}

/// Whose token it is. The API has just made it, and will read it.
fn subject(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Claims {
        sub: String,
    }
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<Claims>(&claims).ok().map(|claims| claims.sub)
}

fn bearer(token: &str) -> (HeaderName, String) {
    (header::AUTHORIZATION, format!("Bearer {token}"))
}

fn failed(fault: PlainFault) -> PlainChat {
    PlainChat { fault: Some(fault), ..PlainChat::default() }
}

/// Which page of a list, as the API named it.
#[derive(Default, Deserialize)]
struct From {
    more: Option<String>,
    older: Option<String>,
}

fn cursor(from: Option<String>) -> String {
    let plain = |text: &String| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~=".contains(&byte));
    from.filter(plain).map(|cursor| format!("&cursor={cursor}")).unwrap_or_default()
}

async fn chat(visitor: Visitor, id: Option<Path<ConversationId>>, Query(from): Query<From>) -> Response {
    let person = match visitor.person().await {
        Ok(person) => person,
        Err(elsewhere) => return elsewhere,
    };
    let conversation = id.map(|Path(id)| id);
    let chat = PlainChat { conversation, ..PlainChat::default() };
    with_cookies(visitor.show(&person, StatusCode::OK, chat, from).await, &person.session)
}

#[derive(Deserialize)]
struct Said {
    message: String,
    key: String,
}

async fn say(Sender(visitor): Sender, id: Option<Path<ConversationId>>, Form(said): Form<Said>) -> Response {
    let person = match visitor.person().await {
        Ok(person) => person,
        Err(elsewhere) => return elsewhere,
    };
    let conversation = id.map(|Path(id)| id);
    // Browsers send line breaks as CR LF.
    let message = said.message.replace("\r\n", "\n");
    let body = json!({ "conversation_id": conversation, "message": message }).to_string();
    let with = [bearer(&person.token), (HeaderName::from_static("idempotency-key"), said.key.clone())];
    let answer = visitor.ask(Method::POST, &format!("/api/{}/chat", person.id), Some(body), &with).await;
    if let Some(reply) = answer.read::<ChatReply>() {
        let conversation = see_other(&(plain_conversation(reply.conversation_id) + "#message"));
        return with_cookies(conversation, &person.session);
    }
    let chat = PlainChat {
        conversation,
        draft: message,
        fault: Some(answer.fault()),
        // A try that can come to another end keeps its key; one that cannot is another message next time.
        key: if answer.status.is_server_error() { said.key } else { String::new() },
        ..PlainChat::default()
    };
    with_cookies(visitor.show(&person, answer.status, chat, From::default()).await, &person.session)
}

#[derive(Deserialize)]
struct Entered {
    #[serde(default)]
    name: String,
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn entrance(visitor: Visitor, Query(Next { next }): Query<Next>) -> Response {
    let entered = PlainEntrance { next, ..PlainEntrance::default() };
    page(StatusCode::OK, entrance_html(&visitor, &entered, None))
}

async fn enter(Sender(visitor): Sender, Form(entered): Form<Entered>) -> Response {
    let Entered { name, email, password, next } = entered;
    let (path, body) = if visitor.path == "/sign-up" {
        ("/api/auth/sign-up/email", json!({ "name": name, "email": email, "password": password }))
    } else {
        ("/api/auth/sign-in/email", json!({ "email": email, "password": password }))
    };
    let answer = visitor.ask(Method::POST, path, Some(body.to_string()), &[]).await;
    if answer.status.is_success() {
        return with_cookies(see_other(&plain_next(&next)), &answer);
    }
    page(answer.status, entrance_html(&visitor, &PlainEntrance { name, email, next }, Some(&answer.fault())))
}

fn entrance_html(visitor: &Visitor, entered: &PlainEntrance, fault: Option<&PlainFault>) -> String {
    Owner::new().with(|| plain_entrance(&visitor.request(), &visitor.plain.assets, entered, fault))
}

async fn sign_out(Sender(visitor): Sender) -> Response {
    let answer = visitor.ask(Method::POST, "/api/auth/sign-out", Some("{}".to_owned()), &[]).await;
    if answer.status.is_success() || answer.status == StatusCode::UNAUTHORIZED {
        return with_cookies(see_other(&plain_path("/sign-in", "")), &answer);
    }
    visitor.chat_page(answer.status, failed(answer.fault()))
}

fn see_other(address: &str) -> Response {
    Redirect::to(address).into_response()
}

fn with_cookies(mut response: Response, answer: &Answer) -> Response {
    for cookie in answer.headers.get_all(header::SET_COOKIE) {
        response.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    response
}

/// A page of a person's: for nobody else, and without any script. Where it tells a failure, the API has logged it.
fn page(status: StatusCode, html: String) -> Response {
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'",
        ),
    ];
    let mut response = (status, headers, Html(html)).into_response();
    leave_logged(&mut response);
    response
}
