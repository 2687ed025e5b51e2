//! The sign-in and sign-up pages.

use leptos::{prelude::*, task::spawn_local};
use saydo_contract::{AuthErrorCode, EmailAddress, InvalidText, Password, PersonName, SignInEmail, SignUpEmail};
use web_sys::HtmlInputElement;

use super::Refusal;
use crate::{
    app::{HEADING, Page},
    browser,
    html::{Element, Node, dynamic, el},
    icons::{Icon, icon},
    routes::{Route, with_next},
    words::Words,
};

/// What is wrong with a form, below its fields and above them all.
#[derive(Debug, Clone, Copy)]
struct Faults {
    name: RwSignal<Option<&'static str>>,
    email: RwSignal<Option<&'static str>>,
    password: RwSignal<Option<&'static str>>,
    form: RwSignal<Option<String>>,
}

impl Faults {
    fn new() -> Self {
        Self {
            name: RwSignal::new(None),
            email: RwSignal::new(None),
            password: RwSignal::new(None),
            form: RwSignal::new(None),
        }
    }

    fn clear(self) {
        for field in [self.name, self.email, self.password] {
            field.set(None);
        }
        self.form.set(None);
    }

    /// Moves the focus to the first field with a fault.
    fn focus_first(self) {
        for (field, id) in [(self.name, NAME), (self.email, EMAIL), (self.password, PASSWORD)] {
            if field.with_untracked(Option::is_some) {
                return browser::focus(id);
            }
        }
    }

    /// Takes the server's answer, unless the form has gone meanwhile.
    fn answer(self, answer: Result<(), Refusal>, busy: RwSignal<bool>, words: &'static Words) {
        let is_gone = busy.try_set(false).is_some();
        if let (Err(refusal), false) = (answer, is_gone) {
            self.refuse(&refusal, words);
        }
    }

    /// Shows why the server refused.
    fn refuse(self, refusal: &Refusal, words: &'static Words) {
        match refusal {
            Refusal::Code(AuthErrorCode::UserAlreadyExistsUseAnotherEmail) => self.email.set(Some(words.email_taken)),
            Refusal::Code(AuthErrorCode::InvalidEmail) => self.email.set(Some(words.email_wrong)),
            Refusal::Code(AuthErrorCode::PasswordTooShort) => self.password.set(Some(words.password_short)),
            Refusal::Code(AuthErrorCode::PasswordTooLong) => self.password.set(Some(words.password_long)),
            Refusal::Code(AuthErrorCode::InvalidEmailOrPassword) => {
                self.form.set(Some(words.credentials_wrong.to_owned()));
                browser::focus(PASSWORD);
            }
            Refusal::Code(AuthErrorCode::TooManyRequests) => self.form.set(Some(words.too_many.to_owned())),
            Refusal::Code(AuthErrorCode::ServiceUnavailable) => self.form.set(Some(words.unavailable.to_owned())),
            Refusal::Code(_) => self.form.set(Some(words.failed.to_owned())),
            Refusal::Fault(fault) => self.form.set(Some(fault.message(words))),
        }
        self.focus_first();
    }
}

const NAME: &str = "name";
const EMAIL: &str = "email";
const PASSWORD: &str = "password";

/// Signs in.
pub(crate) fn sign_in_page(page: Page) -> Node {
    let Page { words, session, router, .. } = page;
    let faults = Faults::new();
    let busy = RwSignal::new(false);
    let submit = move || {
        let email = parse::<EmailAddress>(&text(EMAIL), faults.email, |_| words.email_wrong);
        let password = text(PASSWORD);
        if password.is_empty() {
            faults.password.set(Some(words.password_missing));
        }
        let (Some(email), false) = (email, password.is_empty()) else { return faults.focus_first() };
        let form = SignInEmail { email, password, remember_me: None };
        busy.set(true);
        spawn_local(async move {
            let answer = session.sign_in(&form).await;
            faults.answer(answer, busy, words);
        });
    };
    let lead = move || if session.lapsed.get() { words.session_ended } else { words.sign_in_lead };
    let form = form(page, "/sign-in", faults, busy, submit)
        .add(email_field(words, faults))
        .add(password_field(words, faults, "current-password", None))
        .add(submit_button(page, busy, words.sign_in, words.signing_in));
    let other = other(words.no_account, words.sign_up, move || with_next(Route::SignUp, &router.next()));
    entrance(page, words.sign_in, dynamic(lead), [form, other])
}

/// Makes an account and signs in.
pub(crate) fn sign_up_page(page: Page) -> Node {
    let Page { words, session, router, .. } = page;
    let faults = Faults::new();
    let busy = RwSignal::new(false);
    let submit = move || {
        let name = parse::<PersonName>(&text(NAME), faults.name, |_| words.name_wrong);
        let email = parse::<EmailAddress>(&text(EMAIL), faults.email, |_| words.email_wrong);
        let password = parse::<Password>(&text(PASSWORD), faults.password, |fault| match fault {
            InvalidText::TooLong { .. } => words.password_long,
            _ => words.password_short,
        });
        let (Some(name), Some(email), Some(password)) = (name, email, password) else { return faults.focus_first() };
        let form = SignUpEmail { name, email, password };
        busy.set(true);
        spawn_local(async move {
            let answer = session.sign_up(&form).await;
            faults.answer(answer, busy, words);
        });
    };
    let name = input(NAME, faults.name).attr("autocomplete", "name");
    let form = form(page, "/sign-up", faults, busy, submit)
        .add(field(NAME, words.name, Some(words.name_hint), faults.name, name))
        .add(email_field(words, faults))
        .add(password_field(words, faults, "new-password", Some(words.password_hint)))
        .add(submit_button(page, busy, words.sign_up, words.signing_up));
    let other = other(words.have_account, words.sign_in, move || with_next(Route::SignIn, &router.next()));
    entrance(page, words.sign_up, words.sign_up_lead.into(), [form, other])
}

/// What a field holds. A person may type, and a password manager fill, before the page reacts.
fn text(id: &str) -> String {
    browser::by_id::<HtmlInputElement>(id).map(|input| input.value()).unwrap_or_default()
}

fn parse<T>(text: &str, fault: RwSignal<Option<&'static str>>, say: impl Fn(&InvalidText) -> &'static str) -> Option<T>
where
    T: std::str::FromStr<Err = InvalidText>,
{
    text.parse().map_err(|wrong| fault.set(Some(say(&wrong)))).ok()
}

/// The frame of both pages.
fn entrance(page: Page, title: &'static str, lead: Node, parts: [Element; 2]) -> Node {
    let words = page.words;
    let card = el("div")
        .class("entrance-card")
        .add(el("p").class("brand brand-large").add(icon(Icon::Logo)).add(el("span").add(words.product)))
        .add(el("h1").id(HEADING).attr("tabindex", "-1").add(title))
        .add(el("p").class("entrance-lead").add(lead))
        .add(Node::all(parts));
    let main = el("main")
        .id("main")
        .class("entrance")
        .attr("tabindex", "-1")
        .add(card)
        .add(el("p").class("entrance-slogan").add(words.slogan));
    Node::all([el("a").class("skip").attr("href", "#main").add(words.skip_to_form), main])
}

/// The way to the other page.
fn other(question: &'static str, link: &'static str, address: impl Fn() -> String + Send + Sync + 'static) -> Element {
    let link = el("a").attr_fn("href", move || Some(address())).add(link);
    el("p").class("entrance-other").add(question).add(" ").add(link)
}

/// A form that the page sends, or the browser itself where the page cannot.
fn form(
    page: Page,
    action: &'static str,
    faults: Faults,
    busy: RwSignal<bool>,
    submit: impl Fn() + Send + Sync + 'static,
) -> Element {
    let fault = move || faults.form.get().map(|fault| el("p").class("notice notice-error").add(fault));
    let next =
        el("input").attr("type", "hidden").attr("name", "next").attr_fn("value", move || Some(page.router.next()));
    el("form")
        .class("form")
        .attr("method", "post")
        .attr("action", action)
        .flag("novalidate")
        .on("submit", move |event| {
            event.prevent_default();
            if !busy.get_untracked() {
                faults.clear();
                submit();
            }
        })
        .add(el("div").attr("role", "alert").add_fn(fault))
        .add(next)
}

type Fault = RwSignal<Option<&'static str>>;

fn input(id: &'static str, fault: Fault) -> Element {
    el("input")
        .id(id)
        .attr("name", id)
        .attr("spellcheck", "false")
        .attr("aria-describedby", id.to_owned() + "-note")
        .attr_fn("aria-invalid", move || fault.get().map(|_| "true"))
        .on("input", move |_| fault.set(None))
}

fn field(id: &'static str, label: &'static str, hint: Option<&'static str>, fault: Fault, control: Element) -> Element {
    let class = move || Some(if fault.with(Option::is_some) { "field-note is-fault" } else { "field-note" });
    let note = el("p").attr("id", id.to_owned() + "-note").attr_fn("class", class).add_fn(move || fault.get().or(hint));
    el("div").class("field").add(el("label").attr("for", id).add(label)).add(control).add(note)
}

fn email_field(words: &'static Words, faults: Faults) -> Element {
    let input = input(EMAIL, faults.email)
        .attr("type", "email")
        .attr("autocomplete", "username")
        .attr("autocapitalize", "none")
        .flag("required");
    field(EMAIL, words.email, None, faults.email, input)
}

fn password_field(
    words: &'static Words,
    faults: Faults,
    autocomplete: &'static str,
    hint: Option<&'static str>,
) -> Element {
    let shown = RwSignal::new(false);
    let input = input(PASSWORD, faults.password)
        .attr_fn("type", move || Some(if shown.get() { "text" } else { "password" }))
        .attr("autocomplete", autocomplete)
        .attr("autocapitalize", "none")
        .flag("required");
    let show = el("button")
        .attr("type", "button")
        .class("icon-button")
        .attr("aria-label", words.show_password)
        .attr_fn("aria-pressed", move || Some(if shown.get() { "true" } else { "false" }))
        .on("click", move |_| shown.update(|shown| *shown = !*shown))
        .add(icon(Icon::Eye));
    let row = el("div").class("field-row").add(input).add(show);
    field(PASSWORD, words.password, hint, faults.password, row)
}

fn submit_button(page: Page, busy: RwSignal<bool>, label: &'static str, busy_label: &'static str) -> Element {
    el("button")
        .attr("type", "submit")
        .class("button button-primary button-wide")
        .attr_fn("disabled", move || page.too_early())
        .attr_fn("aria-disabled", move || busy.get().then_some("true"))
        .add_fn(move || if busy.get() { busy_label } else { label })
}
