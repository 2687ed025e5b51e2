//! The page of a signed-in person: conversations, chat and tasks side by side, as far as the width allows.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use crate::{
    app::{HEADING, Page},
    browser,
    chat::{MESSAGE, composer, messages},
    conversations::conversation_list,
    dialogs::{Dialog, palette, sheet},
    html::{Element, effect, el, part},
    icons::{Icon, icon},
    keys::{Region, keys},
    page_actions::follow_link,
    preferences::{MENU, preference_fields},
    routes::Route,
    tasks::{Loaded, task_pane},
    toast::toasts,
};

/// From here on the conversations have their own column.
const WIDE: &str = "(min-width: 80rem)";
const OPENER: &str = "open-conversations";
const CLOSER: &str = "close-conversations";

/// The frame of the three panes.
pub(crate) fn workspace(page: Page) -> Element {
    let words = page.words;
    // What a narrow window shows of the two panes.
    let shows_tasks = RwSignal::new(false);
    let drawer = RwSignal::new(false);
    keep_drawer(page, shows_tasks, drawer);
    let (palette_dialog, sheet_dialog) = (Dialog::new("palette"), Dialog::new("sheet"));
    keys(page, palette_dialog, sheet_dialog, move |region| {
        shows_tasks.set(region == Region::Tasks);
    });
    let close = move |_| {
        drawer.set(false);
        focus_opener();
    };
    let inert = move || drawer.get().then_some("");
    let skip = el("a")
        .class("skip")
        .attr("href", "#".to_owned() + MESSAGE)
        .on("click", move |_| shows_tasks.set(false))
        .add(words.skip_to_message);
    let list = move || el("section").class("tasks").attr("aria-label", words.tasks).add(task_pane(page));
    let chat = el("div")
        .class("chat")
        .on("click", move |event| follow_link(page, palette_dialog, sheet_dialog, &event))
        .add(part("div", "messages-frame", move || messages(page)))
        .add(toasts(page.toasts, words))
        .add(part("form", "composer", move || composer(page)));
    let history = move || {
        let closer = el("button")
            .attr("type", "button")
            .id(CLOSER)
            .class("icon-button conversations-close")
            .attr("aria-label", words.close_conversations)
            .on("click", close)
            .add(icon(Icon::Close));
        el("nav")
            .id("conversations")
            .class("conversations")
            .attr("aria-label", words.conversations)
            .add(closer)
            .add(conversation_list(page))
    };
    el("div")
        .class("workspace")
        .attr_fn("data-pane", move || Some(if shows_tasks.get() { "tasks" } else { "chat" }))
        .attr_fn("data-drawer", move || Some(if drawer.get() { "open" } else { "closed" }))
        .add(skip)
        .add(part("header", "top", move || top(page, shows_tasks, drawer).attr_fn("inert", inert)))
        .add(banner(page))
        .add(part("nav", "conversations", history))
        .add(el("div").class("backdrop").on("click", close))
        .add(el("main").id("main").class("panes").attr_fn("inert", inert).add(chat).add(part("section", "tasks", list)))
        .add(palette(page, palette_dialog, sheet_dialog))
        .add(sheet(sheet_dialog, words))
}

/// The header takes the focus when it is no longer inert.
fn focus_opener() {
    browser::next_frame(|| browser::focus(OPENER));
}

/// Going somewhere closes the drawer and shows the chat; so does Escape, and a window that becomes wide.
fn keep_drawer(page: Page, shows_tasks: RwSignal<bool>, drawer: RwSignal<bool>) {
    effect(move || {
        page.router.route.track();
        drawer.set(false);
        shows_tasks.set(false);
    });
    effect(move || {
        browser::listen("keydown", move |event| {
            let event: KeyboardEvent = event.unchecked_into();
            if event.key() == "Escape" && !event.repeat() && !event.default_prevented() && drawer.get_untracked() {
                // It does nothing else.
                event.prevent_default();
                drawer.set(false);
                focus_opener();
            }
        });
        browser::listen("resize", move |_| {
            if drawer.get_untracked() && browser::matches(WIDE) {
                drawer.set(false);
            }
        });
    });
}

/// Says that nobody answers, and what becomes of what is written meanwhile.
fn banner(page: Page) -> Element {
    let line = move || page.session.network.away.get().then(|| el("p").add(icon(Icon::Warning)).add(page.words.away));
    el("div").class("away").attr("role", "status").add_fn(line)
}

fn top(page: Page, shows_tasks: RwSignal<bool>, drawer: RwSignal<bool>) -> Element {
    let Page { words, chat, router, .. } = page;
    let opener = el("button")
        .attr("type", "button")
        .id(OPENER)
        .class("icon-button top-menu")
        .attr("aria-label", words.open_conversations)
        .attr("aria-controls", "conversations")
        .attr_fn("aria-expanded", move || Some(if drawer.get() { "true" } else { "false" }))
        .on("click", move |_| {
            drawer.set(true);
            // It is seen from the second frame on, as the drawer slides in.
            browser::next_frame(|| browser::next_frame(|| browser::focus(CLOSER)));
        })
        .add(icon(Icon::Menu));
    let title = move || {
        let fallback = match router.route.get() {
            Route::Conversation(_) => words.conversation,
            _ => words.new_chat,
        };
        chat.title().unwrap_or_else(|| fallback.to_owned())
    };
    el("header")
        .class("top")
        .add(opener)
        .add(el("a").class("brand").attr("href", "/").add(icon(Icon::Logo)).add(el("span").add(words.product)))
        .add(el("h1").id(HEADING).attr("tabindex", "-1").class("top-title").add(el("bdi").add_fn(title)))
        .add(pane_switch(page, shows_tasks))
        .add(account_button(page))
        .add(account_menu(page))
}

/// Chat or tasks, where there is room for one of them.
fn pane_switch(page: Page, shows_tasks: RwSignal<bool>) -> Element {
    let Page { words, tasks, .. } = page;
    let button = move |which| {
        el("button")
            .attr("type", "button")
            .attr_fn("aria-pressed", move || Some(if shows_tasks.get() == which { "true" } else { "false" }))
            .on("click", move |_| shows_tasks.set(which))
    };
    let count = move || {
        let count = tasks.shown.with(|list| list.as_ref().and_then(Loaded::open_count));
        count.map(|count| el("span").class("count").add(count))
    };
    el("div")
        .class("switch")
        .attr("role", "group")
        .attr("aria-label", words.views)
        .add(button(false).add(words.chat))
        .add(button(true).add(words.tasks).add_fn(count))
}

fn account_button(page: Page) -> Element {
    let initial = move || {
        page.session.account.with(|account| {
            let account = account.as_ref()?;
            let name = if account.name.is_empty() { &account.email } else { &account.name };
            name.chars().next().map(String::from)
        })
    };
    el("button")
        .attr("type", "button")
        .class("avatar")
        .attr("aria-label", page.words.account)
        .attr("popovertarget", MENU)
        .add_fn(initial)
}

/// Who is signed in, and the way out.
fn account_menu(page: Page) -> Element {
    let Page { words, session, .. } = page;
    let fault = RwSignal::new(None::<String>);
    let name = move || session.account.with(|account| account.as_ref().map(|account| account.name.clone()));
    let email = move || session.account.with(|account| account.as_ref().map(|account| account.email.clone()));
    let sign_out = move |event: web_sys::Event| {
        event.prevent_default();
        fault.set(None);
        spawn_local(async move {
            if let Err(reason) = page.sign_out().await {
                fault.try_set(Some(reason.message(words)));
            }
        });
    };
    let form = el("form").attr("method", "post").attr("action", "/sign-out").on("submit", sign_out).add(
        el("button")
            .attr("type", "submit")
            .class("button button-wide")
            .attr_fn("disabled", move || page.too_early())
            .add(words.sign_out),
    );
    el("div")
        .id(MENU)
        .class("account")
        .attr("popover", "auto")
        .add(el("p").class("account-name").add_fn(name))
        .add(el("p").class("account-email").add_fn(email))
        // Nobody sees it yet, and hydration is long enough.
        .add_fn(move || page.hydrated.get().then(|| preference_fields(page)))
        .add(form)
        .add(el("p").class("account-fault").attr("role", "alert").add_fn(move || fault.get()))
}
