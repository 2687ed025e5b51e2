//! The sign-in and sign-up pages.

use leptos::{ev::SubmitEvent, html::Input, prelude::*, task::spawn_local};
use saydo_contract::{AuthErrorCode, EmailAddress, InvalidText, Password, PersonName, SignInEmail, SignUpEmail};

use super::{Refusal, Session};
use crate::{
    browser,
    icons::{Icon, icon},
    routes::{Route, Router, with_next},
    words::{Words, use_words},
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

    /// Shows why the server refused.
    fn refuse(self, refusal: &Refusal, words: &'static Words) {
        match refusal {
            Refusal::Code(AuthErrorCode::UserAlreadyExists) => self.email.set(Some(words.email_taken)),
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
#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    let words = use_words();
    let session = expect_context::<Session>();
    let router = expect_context::<Router>();
    let faults = Faults::new();
    let busy = RwSignal::new(false);
    let (email, password) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    // Read from the fields themselves: a person may type, and a password manager fill, before the page reacts.
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        faults.clear();
        let address = parse::<EmailAddress>(&text(email), faults.email, |_| words.email_wrong);
        let password = text(password);
        if password.is_empty() {
            faults.password.set(Some(words.password_missing));
        }
        let (Some(email), false) = (address, password.is_empty()) else { return faults.focus_first() };
        let form = SignInEmail { email, password, remember_me: None };
        busy.set(true);
        spawn_local(async move {
            if let Err(refusal) = session.sign_in(&form).await {
                faults.refuse(&refusal, words);
            }
            busy.set(false);
        });
    };
    let lead = move || if session.lapsed.get() { words.session_ended } else { words.sign_in_lead };
    view! {
        <Entrance title=words.sign_in lead=Signal::derive(move || lead().to_owned())>
            <form class="form" method="post" action="/sign-in" novalidate on:submit=submit>
                <FormFault fault=faults.form />
                <NextField />
                <Field
                    id=EMAIL
                    label=words.email
                    kind="email"
                    autocomplete="username"
                    hint=None
                    fault=faults.email
                    node=email
                />
                <PasswordField autocomplete="current-password" hint=None fault=faults.password node=password />
                <SubmitButton busy label=words.sign_in busy_label=words.signing_in />
            </form>
            <p class="entrance-other">
                {words.no_account} " "
                <a href=move || with_next(Route::SignUp, &router.next())>{words.sign_up}</a>
            </p>
        </Entrance>
    }
}

/// Makes an account and signs in.
#[component]
pub(crate) fn SignUpPage() -> impl IntoView {
    let words = use_words();
    let session = expect_context::<Session>();
    let router = expect_context::<Router>();
    let faults = Faults::new();
    let busy = RwSignal::new(false);
    let (name, email, password) = (NodeRef::<Input>::new(), NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        faults.clear();
        let name = parse::<PersonName>(&text(name), faults.name, |_| words.name_wrong);
        let email = parse::<EmailAddress>(&text(email), faults.email, |_| words.email_wrong);
        let password = parse::<Password>(&text(password), faults.password, |fault| match fault {
            InvalidText::TooLong { .. } => words.password_long,
            _ => words.password_short,
        });
        let (Some(name), Some(email), Some(password)) = (name, email, password) else { return faults.focus_first() };
        let form = SignUpEmail { name, email, password };
        busy.set(true);
        spawn_local(async move {
            if let Err(refusal) = session.sign_up(&form).await {
                faults.refuse(&refusal, words);
            }
            busy.set(false);
        });
    };
    view! {
        <Entrance title=words.sign_up lead=Signal::stored(words.sign_up_lead.to_owned())>
            <form class="form" method="post" action="/sign-up" novalidate on:submit=submit>
                <FormFault fault=faults.form />
                <NextField />
                <Field
                    id=NAME
                    label=words.name
                    kind="text"
                    autocomplete="name"
                    hint=Some(words.name_hint)
                    fault=faults.name
                    node=name
                />
                <Field
                    id=EMAIL
                    label=words.email
                    kind="email"
                    autocomplete="username"
                    hint=None
                    fault=faults.email
                    node=email
                />
                <PasswordField
                    autocomplete="new-password"
                    hint=Some(words.password_hint)
                    fault=faults.password
                    node=password
                />
                <SubmitButton busy label=words.sign_up busy_label=words.signing_up />
            </form>
            <p class="entrance-other">
                {words.have_account} " "
                <a href=move || with_next(Route::SignIn, &router.next())>{words.sign_in}</a>
            </p>
        </Entrance>
    }
}

fn text(node: NodeRef<Input>) -> String {
    node.get_untracked().map(|input| input.value()).unwrap_or_default()
}

fn parse<T>(text: &str, fault: RwSignal<Option<&'static str>>, say: impl Fn(&InvalidText) -> &'static str) -> Option<T>
where
    T: std::str::FromStr<Err = InvalidText>,
{
    text.parse().map_err(|wrong| fault.set(Some(say(&wrong)))).ok()
}

/// The frame of both pages.
#[component]
fn Entrance(title: &'static str, lead: Signal<String>, children: Children) -> impl IntoView {
    let words = use_words();
    view! {
        <a class="skip" href="#main">{words.skip_to_form}</a>
        <main id="main" class="entrance" tabindex="-1">
            <div class="entrance-card">
                <p class="brand brand-large">
                    {icon(Icon::Logo)} <span>{words.product}</span>
                </p>
                <h1 id="heading" tabindex="-1">{title}</h1>
                <p class="entrance-lead">{move || lead.get()}</p>
                {children()}
            </div>
            <p class="entrance-slogan">{words.slogan}</p>
        </main>
    }
}

/// Where to go afterwards, for a browser that sends the form itself.
#[component]
fn NextField() -> impl IntoView {
    let router = expect_context::<Router>();
    view! { <input type="hidden" name="next" value=move || router.next() /> }
}

#[component]
fn FormFault(fault: RwSignal<Option<String>>) -> impl IntoView {
    view! {
        <div role="alert" class="form-fault">
            {move || fault.get().map(|fault| view! { <p class="notice notice-error">{fault}</p> })}
        </div>
    }
}

#[component]
fn Field(
    id: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    hint: Option<&'static str>,
    fault: RwSignal<Option<&'static str>>,
    node: NodeRef<Input>,
) -> impl IntoView {
    let fault_id = id.to_owned() + "-fault";
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                node_ref=node
                id=id
                name=id
                type=kind
                autocomplete=autocomplete
                autocapitalize=if kind == "email" { "none" } else { "words" }
                spellcheck="false"
                required=kind == "email"
                aria-invalid=move || fault.get().map(|_| "true")
                aria-describedby=fault_id.clone()
                on:input=move |_| fault.set(None)
            />
            <p id=fault_id class="field-fault" class:is-hint=move || fault.get().is_none()>
                {move || fault.get().or(hint)}
            </p>
        </div>
    }
}

#[component]
fn PasswordField(
    autocomplete: &'static str,
    hint: Option<&'static str>,
    fault: RwSignal<Option<&'static str>>,
    node: NodeRef<Input>,
) -> impl IntoView {
    let words = use_words();
    let shown = RwSignal::new(false);
    view! {
        <div class="field">
            <label for=PASSWORD>{words.password}</label>
            <div class="field-row">
                <input
                    node_ref=node
                    id=PASSWORD
                    name=PASSWORD
                    type=move || if shown.get() { "text" } else { "password" }
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    required
                    aria-invalid=move || fault.get().map(|_| "true")
                    aria-describedby="password-fault"
                    on:input=move |_| fault.set(None)
                />
                <button
                    type="button"
                    class="icon-button"
                    aria-label=words.show_password
                    aria-pressed=move || if shown.get() { "true" } else { "false" }
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    {icon(Icon::Eye)}
                </button>
            </div>
            <p id="password-fault" class="field-fault" class:is-hint=move || fault.get().is_none()>
                {move || fault.get().or(hint)}
            </p>
        </div>
    }
}

#[component]
fn SubmitButton(busy: RwSignal<bool>, label: &'static str, busy_label: &'static str) -> impl IntoView {
    view! {
        <button
            type="submit"
            class="button button-primary button-wide"
            aria-disabled=move || busy.get().then_some("true")
        >
            {move || if busy.get() { busy_label } else { label }}
        </button>
    }
}
