//! The page without a script: the same words and looks, as forms and links, rendered by the server alone.

mod chat;

use leptos::prelude::*;

pub use chat::{PlainChat, plain_chat};

use crate::{
    app::page_title,
    html::{Element, Node, el},
    icons::{Icon, icon},
    notice::error_notice,
    preferences::Look,
    routes::{Route, conversation_path, parameter, safe_next, with_next},
    shell::{PageRequest, SiteAssets},
    words::{Words, words},
};
use saydo_contract::{AuthErrorCode, ConversationId};

/// Where these pages are.
pub const PLAIN: &str = "/plain";

/// The same page without a script. Where it is none, the first.
#[must_use]
pub fn plain_path(path: &str, query: &str) -> String {
    let page = match Route::parse(path) {
        page @ (Route::SignIn | Route::SignUp) => with_next(page, &safe_next(parameter(query, "next").as_deref())),
        page => page.path(),
    };
    below_plain(&page)
}

/// Where to go after signing in, of these pages.
#[must_use]
pub fn plain_next(next: &str) -> String {
    below_plain(&safe_next(Some(next)))
}

/// Where a conversation is, of these pages.
#[must_use]
pub fn plain_conversation(id: ConversationId) -> String {
    below_plain(&conversation_path(id))
}

fn below_plain(path: &str) -> String {
    PLAIN.to_owned() + if path == "/" { "" } else { path }
}

/// What went wrong with a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlainFault {
    /// Sign-in or sign-up was refused.
    Auth(AuthErrorCode),
    /// What the server says to the person.
    Said(String),
    /// There is no such conversation.
    Missing,
    /// The server cannot be reached.
    Unavailable,
}

impl PlainFault {
    fn text(&self, words: &Words) -> String {
        match self {
            Self::Said(text) => text.clone(),
            Self::Missing => words.conversation_missing.to_owned(),
            Self::Unavailable | Self::Auth(AuthErrorCode::ServiceUnavailable) => words.unavailable.to_owned(),
            Self::Auth(code) => match code {
                AuthErrorCode::UserAlreadyExistsUseAnotherEmail => words.email_taken,
                AuthErrorCode::InvalidEmail => words.email_wrong,
                AuthErrorCode::PasswordTooShort => words.password_short,
                AuthErrorCode::PasswordTooLong => words.password_long,
                AuthErrorCode::InvalidEmailOrPassword => words.credentials_wrong,
                AuthErrorCode::ValidationError => words.name_wrong,
                AuthErrorCode::TooManyRequests => words.too_many,
                _ => words.failed,
            }
            .to_owned(),
        }
    }

    fn notice(&self, words: &Words) -> Element {
        error_notice(el("p").add(self.text(words)), Node::Empty)
    }
}

/// What was written into the form of the entrance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlainEntrance {
    /// The name, where an account is to be made.
    pub name: String,
    /// The address.
    pub email: String,
    /// Where to go afterwards.
    pub next: String,
}

/// Signing in or up.
#[must_use]
pub fn plain_entrance(
    request: &PageRequest,
    assets: &SiteAssets,
    entered: &PlainEntrance,
    fault: Option<&PlainFault>,
) -> String {
    let words = words(&request.language);
    let is_new = Route::parse(&request.path) == Route::SignUp;
    let next = safe_next(Some(&entered.next));
    let (here, there, title, lead, other, other_link) = if is_new {
        (Route::SignUp, Route::SignIn, words.sign_up, words.sign_up_lead, words.have_account, words.sign_in)
    } else {
        (Route::SignIn, Route::SignUp, words.sign_in, words.sign_in_lead, words.no_account, words.sign_up)
    };
    let field = |id: &'static str, label, kind, autocomplete, value: String| {
        let input = el("input")
            .id(id)
            .attr("name", id)
            .attr("type", kind)
            .attr("autocomplete", autocomplete)
            .attr("value", value)
            .attr("spellcheck", "false");
        let input = if id == "name" { input } else { input.flag("required") };
        el("div").class("field").add(el("label").attr("for", id).add(label)).add(input)
    };
    let password = field(
        "password",
        words.password,
        "password",
        if is_new { "new-password" } else { "current-password" },
        String::new(),
    );
    let form = el("form")
        .class("form")
        .attr("method", "post")
        .attr("action", below_plain(&here.path()))
        .add(fault.map(|fault| fault.notice(words)))
        .add(el("input").attr("type", "hidden").attr("name", "next").attr("value", next.clone()))
        .add(is_new.then(|| field("name", words.name, "text", "name", entered.name.clone())))
        .add(field("email", words.email, "email", "username", entered.email.clone()))
        .add(if is_new { password.add(el("p").class("field-note").add(words.password_hint)) } else { password })
        .add(el("button").attr("type", "submit").class("button button-primary button-wide").add(title));
    let link = el("a").attr("href", below_plain(&with_next(there, &next))).add(other_link);
    let card = el("div")
        .class("entrance-card")
        .add(el("p").class("brand brand-large").add(icon(Icon::Logo)).add(el("span").add(words.product)))
        .add(el("h1").add(title))
        .add(el("p").class("entrance-lead").add(lead))
        .add(form)
        .add(el("p").class("entrance-other").add(other).add(" ").add(link));
    let body = Node::all([
        el("a").class("skip").attr("href", "#main").add(words.skip_to_form),
        el("main").id("main").class("entrance").add(card).add(el("p").class("entrance-slogan").add(words.slogan)),
    ]);
    document(request, assets, Some(title), body)
}

/// The document around a body, without a script.
fn document(request: &PageRequest, assets: &SiteAssets, title: Option<&str>, body: Node) -> String {
    let words = words(&request.language);
    let look = Look::parse(&request.look);
    let body = body.to_html();
    let page = view! {
        <!DOCTYPE html>
        <html
            lang=words.language
            dir=words.direction
            data-theme=look.theme()
            data-density=look.density()
        >
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{page_title(title, words)}</title>
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <link rel="stylesheet" href=assets.css.clone() />
                <link rel="icon" href="/icon.svg" r#type="image/svg+xml" />
            </head>
            <body inner_html=body></body>
        </html>
    };
    page.to_html()
}
