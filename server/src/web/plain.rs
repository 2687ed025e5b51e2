//! The pages without a script: forms that ask the API in the visitor's name, and pages made of its answers.
//!
//! What the API sets comes back with the answer. A form that another site made a browser send does nothing.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Form, Router,
    extract::{FromRequestParts, Path, Query},
    http::{HeaderName, Method, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use leptos::prelude::Owner;
use saydo_app::{
    PLAIN, PageRequest, PlainChat, PlainEntrance, PlainFault, SiteAssets, plain_chat, plain_conversation,
    plain_entrance, plain_next, plain_path,
};
use saydo_contract::{AuthError, ChatReply, ConversationId, ConversationItem, Page, Problem, SessionView, TokenReply};
use serde::Deserialize;
use serde_json::json;

use super::{
    hour_cycle, look, tongue,
    visitor::{Answer, Visitor, bearer},
};
use crate::{
    config::Origin,
    http::{edge::leave_logged, origin::is_trusted},
};

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

/// A visitor, and the page that is asked for.
struct Reader {
    plain: Plain,
    visitor: Visitor,
    path: String,
    query: String,
}

/// One whose form is of our own pages.
struct Sender(Reader);

impl FromRequestParts<Plain> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, plain: &Plain) -> Result<Self, Infallible> {
        Ok(Self {
            plain: plain.clone(),
            visitor: Visitor::new(&plain.api, parts),
            path: parts.uri.path().strip_prefix(PLAIN).filter(|path| !path.is_empty()).unwrap_or("/").to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
        })
    }
}

impl FromRequestParts<Plain> for Sender {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, plain: &Plain) -> Result<Self, Response> {
        if !is_trusted(&parts.headers, &plain.public) {
            return Err((StatusCode::FORBIDDEN, "This form was not sent from our own page.").into_response());
        }
        Reader::from_request_parts(parts, plain).await.map(Self).map_err(|never| match never {})
    }
}

/// A person whose session the API knows.
struct Person {
    id: String,
    token: String,
    /// What the API said of the session; the cookie of one that was prolonged is in it.
    session: Answer,
}

impl Reader {
    async fn get(&self, person: &Person, rest: &str) -> Answer {
        self.visitor.get(&format!("/api/{}{rest}", person.id), &[bearer(&person.token)]).await
    }

    /// Whose session the cookie names; without one, the answer is the way to sign in.
    async fn person(&self) -> Result<Person, Response> {
        let session = self.visitor.get("/api/auth/get-session", &[]).await;
        if session.status.is_server_error() {
            return Err(self.chat_page(StatusCode::SERVICE_UNAVAILABLE, failed(PlainFault::Unavailable)));
        }
        let token = self.visitor.get("/api/auth/token", &[]).await;
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
            look: look(&self.visitor.headers),
            language: tongue(&self.visitor.headers),
            hour_cycle: hour_cycle(&self.visitor.headers),
        }
    }

    fn chat_page(&self, status: StatusCode, chat: PlainChat) -> Response {
        let key = if chat.key.is_empty() { format!("{:032x}", rand::random::<u128>()) } else { chat.key };
        page(status, plain_chat(&self.request(), &self.plain.assets, PlainChat { key, ..chat }))
    }

    /// The open conversation and the list of all, with what could not be sent.
    async fn show(&self, person: &Person, status: StatusCode, chat: PlainChat, from: From) -> Response {
        let list = self.get(person, &format!("/conversations{}", cursor(from.more))).await;
        let Some(list) = list.read::<Page<ConversationItem>>() else {
            return self.chat_page(list.status, PlainChat { fault: Some(fault(&list)), ..chat });
        };
        let more = list.next_cursor.map(|cursor| cursor.as_str().to_owned());
        let mut chat = PlainChat { conversations: list.items, more, is_earlier: from.older.is_some(), ..chat };
        if let Some(id) = chat.conversation {
            let path = format!("/conversations/{id}/messages{}", cursor(from.older));
            let answer = self.get(person, &path).await;
            if !answer.status.is_success() {
                return self.chat_page(answer.status, PlainChat { fault: Some(fault(&answer)), ..chat });
            }
            chat.messages = String::from_utf8_lossy(&answer.body).into_owned();
        }
        self.chat_page(status, chat)
    }
}

fn fault(answer: &Answer) -> PlainFault {
    if let Ok(error) = serde_json::from_slice::<AuthError>(&answer.body) {
        return PlainFault::Auth(error.code);
    }
    match serde_json::from_slice::<Problem>(&answer.body) {
        Ok(problem) if problem.status == 404 => PlainFault::Missing,
        Ok(problem) if !problem.detail.is_empty() => PlainFault::Said(problem.detail),
        _ => PlainFault::Unavailable,
    }
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
    from.filter(plain).map(|cursor| format!("?cursor={cursor}")).unwrap_or_default()
}

async fn chat(reader: Reader, id: Option<Path<ConversationId>>, Query(from): Query<From>) -> Response {
    let person = match reader.person().await {
        Ok(person) => person,
        Err(elsewhere) => return elsewhere,
    };
    let conversation = id.map(|Path(id)| id);
    let chat = PlainChat { conversation, ..PlainChat::default() };
    with_cookies(reader.show(&person, StatusCode::OK, chat, from).await, &person.session)
}

#[derive(Deserialize)]
struct Said {
    message: String,
    key: String,
}

async fn say(Sender(reader): Sender, id: Option<Path<ConversationId>>, Form(said): Form<Said>) -> Response {
    let person = match reader.person().await {
        Ok(person) => person,
        Err(elsewhere) => return elsewhere,
    };
    let conversation = id.map(|Path(id)| id);
    // Browsers send line breaks as CR LF.
    let message = said.message.replace("\r\n", "\n");
    let body = json!({ "conversation_id": conversation, "message": message }).to_string();
    let with = [bearer(&person.token), (HeaderName::from_static("idempotency-key"), said.key.clone())];
    let answer = reader.visitor.ask(Method::POST, &format!("/api/{}/chat", person.id), Some(body), &with).await;
    if let Some(reply) = answer.read::<ChatReply>() {
        let conversation = see_other(&(plain_conversation(reply.conversation_id) + "#message"));
        return with_cookies(conversation, &person.session);
    }
    let chat = PlainChat {
        conversation,
        draft: message,
        fault: Some(fault(&answer)),
        // A try that can come to another end keeps its key; one that cannot is another message next time.
        key: if answer.status.is_server_error() { said.key } else { String::new() },
        ..PlainChat::default()
    };
    with_cookies(reader.show(&person, answer.status, chat, From::default()).await, &person.session)
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

async fn entrance(reader: Reader, Query(Next { next }): Query<Next>) -> Response {
    let entered = PlainEntrance { next, ..PlainEntrance::default() };
    page(StatusCode::OK, entrance_html(&reader, &entered, None))
}

async fn enter(Sender(reader): Sender, Form(entered): Form<Entered>) -> Response {
    let Entered { name, email, password, next } = entered;
    let (path, body) = if reader.path == "/sign-up" {
        ("/api/auth/sign-up/email", json!({ "name": name, "email": email, "password": password }))
    } else {
        ("/api/auth/sign-in/email", json!({ "email": email, "password": password }))
    };
    let answer = reader.visitor.ask(Method::POST, path, Some(body.to_string()), &[]).await;
    if answer.status.is_success() {
        return with_cookies(see_other(&plain_next(&next)), &answer);
    }
    page(answer.status, entrance_html(&reader, &PlainEntrance { name, email, next }, Some(&fault(&answer))))
}

fn entrance_html(reader: &Reader, entered: &PlainEntrance, fault: Option<&PlainFault>) -> String {
    Owner::new().with(|| plain_entrance(&reader.request(), &reader.plain.assets, entered, fault))
}

async fn sign_out(Sender(reader): Sender) -> Response {
    let answer = reader.visitor.ask(Method::POST, "/api/auth/sign-out", Some("{}".to_owned()), &[]).await;
    if answer.status.is_success() || answer.status == StatusCode::UNAUTHORIZED {
        return with_cookies(see_other(&plain_path("/sign-in", "")), &answer);
    }
    reader.chat_page(answer.status, failed(fault(&answer)))
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
