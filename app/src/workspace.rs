//! The page of a signed-in person: conversations, chat and tasks side by side, as far as the width allows.

use leptos::{ev, prelude::*, task::spawn_local};

use crate::{
    app::HEADING,
    browser,
    chat::{Chat, Composer, MESSAGE, Messages},
    conversations::ConversationList,
    icons::{Icon, icon},
    routes::{Route, Router},
    session::Session,
    tasks::{TaskPane, Tasks, open},
    words::use_words,
};

/// What a narrow window shows of the two panes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pane {
    Chat,
    Tasks,
}

/// From here on the conversations have their own column.
const WIDE: &str = "(min-width: 80rem)";
const OPENER: &str = "open-conversations";
const CLOSER: &str = "close-conversations";

/// The frame of the three panes.
#[component]
pub(crate) fn Workspace() -> impl IntoView {
    let words = use_words();
    let chat = expect_context::<Chat>();
    let router = expect_context::<Router>();
    let pane = RwSignal::new(Pane::Chat);
    let drawer = RwSignal::new(false);

    // Going somewhere closes the drawer and shows the chat.
    Effect::new(move |_| {
        router.route.track();
        drawer.set(false);
        pane.set(Pane::Chat);
    });
    Effect::new(move |_| {
        let escape = window_event_listener(ev::keydown, move |event| {
            if event.key() == "Escape" && drawer.get_untracked() {
                drawer.set(false);
                browser::focus(OPENER);
            }
        });
        let resize = window_event_listener(ev::resize, move |_| {
            if drawer.get_untracked() && browser::matches(WIDE) {
                drawer.set(false);
            }
        });
        on_cleanup(move || {
            escape.remove();
            resize.remove();
        });
    });
    let open_drawer = move |_| {
        drawer.set(true);
        request_animation_frame(|| browser::focus(CLOSER));
    };
    let close_drawer = move |_| {
        drawer.set(false);
        browser::focus(OPENER);
    };

    view! {
        <div
            class="workspace"
            data-pane=move || if pane.get() == Pane::Chat { "chat" } else { "tasks" }
            data-drawer=move || if drawer.get() { "open" } else { "closed" }
        >
            <a class="skip" href=format!("#{MESSAGE}") on:click=move |_| pane.set(Pane::Chat)>
                {words.skip_to_message}
            </a>
            <header class="top" inert=move || drawer.get()>
                <button
                    type="button"
                    id=OPENER
                    class="icon-button top-menu"
                    aria-label=words.open_conversations
                    aria-expanded=move || if drawer.get() { "true" } else { "false" }
                    aria-controls="conversations"
                    on:click=open_drawer
                >
                    {icon(Icon::Menu)}
                </button>
                <a class="brand" href="/">
                    {icon(Icon::Logo)}
                    <span>{words.product}</span>
                </a>
                <h1 id=HEADING tabindex="-1" class="top-title">
                    {move || {
                        chat.title()
                            .unwrap_or_else(|| {
                                let old = matches!(router.route.get(), Route::Conversation(_));
                                if old { words.conversation } else { words.new_chat }.to_owned()
                            })
                    }}
                </h1>
                <PaneSwitch pane />
                <AccountMenu />
            </header>
            <nav id="conversations" class="conversations" aria-label=words.conversations>
                <button
                    type="button"
                    id=CLOSER
                    class="icon-button conversations-close"
                    aria-label=words.close_conversations
                    on:click=close_drawer
                >
                    {icon(Icon::Close)}
                </button>
                <ConversationList />
            </nav>
            <div class="backdrop" on:click=close_drawer></div>
            <main id="main" class="chat" inert=move || drawer.get()>
                <Messages />
                <Composer />
            </main>
            <aside class="tasks" aria-label=words.tasks inert=move || drawer.get()>
                <TaskPane />
            </aside>
        </div>
    }
}

/// Chat or tasks, where there is room for one of them.
#[component]
fn PaneSwitch(pane: RwSignal<Pane>) -> impl IntoView {
    let words = use_words();
    let tasks = expect_context::<Tasks>();
    let pressed = move |which| if pane.get() == which { "true" } else { "false" };
    let count = move || tasks.items.with(|items| items.as_deref().map(open).filter(|count| *count > 0));
    view! {
        <div class="switch" role="group" aria-label=words.views>
            <button type="button" aria-pressed=move || pressed(Pane::Chat) on:click=move |_| pane.set(Pane::Chat)>
                {words.chat}
            </button>
            <button type="button" aria-pressed=move || pressed(Pane::Tasks) on:click=move |_| pane.set(Pane::Tasks)>
                {words.tasks}
                {move || count().map(|count| view! { <span class="count">{count}</span> })}
            </button>
        </div>
    }
}

/// Who is signed in, and the way out.
#[component]
fn AccountMenu() -> impl IntoView {
    let words = use_words();
    let session = expect_context::<Session>();
    let fault = RwSignal::new(None::<String>);
    let name = move || session.account.with(|account| account.as_ref().map(|account| account.name.clone()));
    let email = move || session.account.with(|account| account.as_ref().map(|account| account.email.clone()));
    let initial = move || {
        let named = name().filter(|name| !name.is_empty()).or_else(email);
        named.and_then(|name| name.chars().next()).map(|first| first.to_uppercase().to_string())
    };
    let sign_out = move |event: ev::SubmitEvent| {
        event.prevent_default();
        fault.set(None);
        spawn_local(async move {
            if let Err(reason) = session.sign_out().await {
                fault.set(Some(reason.message(words)));
            }
        });
    };
    view! {
        <button type="button" class="avatar" aria-label=words.account popovertarget="account">
            {move || initial().unwrap_or_default()}
        </button>
        <div id="account" class="account" popover="auto">
            <p class="account-name">{name}</p>
            <p class="account-email">{email}</p>
            <form method="post" action="/sign-out" on:submit=sign_out>
                <button type="submit" class="button button-wide">
                    {words.sign_out}
                </button>
            </form>
            <p role="alert" class="field-fault">
                {move || fault.get()}
            </p>
        </div>
    }
}
