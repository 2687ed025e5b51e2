//! Which page is shown, and what holds for all of them.

use leptos::{ev, prelude::*, task::spawn_local};

use crate::{
    api::Api,
    browser,
    chat::{Chat, MESSAGE},
    conversations::Conversations,
    dates::Hydrated,
    routes::{Route, Router},
    session::{Session, SignInPage, SignUpPage},
    settings::Settings,
    shell::PageRequest,
    tasks::Tasks,
    words::{ENGLISH, Words, use_words},
    workspace::Workspace,
};

/// The id of each page's `h1`, which takes the focus when the page changes.
pub(crate) const HEADING: &str = "heading";

/// A page by what it shows, whatever its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    SignIn,
    SignUp,
    Workspace,
    NotFound,
}

/// The whole page, to be put directly into the body.
#[component]
pub fn App() -> impl IntoView {
    let words: &'static Words = &ENGLISH;
    let request = use_context::<PageRequest>().unwrap_or_else(PageRequest::of_browser);
    let router = Router::new(&request.path, &request.query);
    let session = Session::new(request.signed_in);
    let api = Api::new(session);
    let (conversations, tasks, settings) = (Conversations::new(api), Tasks::new(api), Settings::new(api));
    let chat = Chat::new(api, router, conversations, tasks, words);
    let hydrated = Hydrated(RwSignal::new(false));
    provide_context(words);
    provide_context(router);
    provide_context(session);
    provide_context(conversations);
    provide_context(tasks);
    provide_context(settings);
    provide_context(chat);
    provide_context(hydrated);

    let view = Memo::new(move |_| match router.route.get() {
        Route::SignIn => View::SignIn,
        Route::SignUp => View::SignUp,
        Route::NotFound => View::NotFound,
        Route::Home | Route::Conversation(_) if session.present.get() => View::Workspace,
        Route::Home | Route::Conversation(_) => View::SignIn,
    });

    Effect::new(move |_| {
        hydrated.0.set(true);
        router.listen();
        // What was changed in another tab or device is seen when the person comes back.
        drop(window_event_listener(ev::focus, move |_| {
            if session.user_id().is_some() {
                tasks.refresh();
            }
        }));
        if session.present.get_untracked() {
            session.restore();
        }
        browser::mark_ready();
    });
    let account =
        Memo::new(move |_| session.account.with(|account| account.as_ref().map(|account| account.id.clone())));
    Effect::new(move |before: Option<bool>| {
        let signed_in = account.with(Option::is_some);
        if signed_in {
            conversations.load();
            tasks.refresh();
            spawn_local(settings.load());
        } else if before == Some(true) {
            chat.begin();
            conversations.clear();
            tasks.clear();
        }
        signed_in
    });
    Effect::new(move |before: Option<bool>| {
        let signed_in = account.with(Option::is_some);
        let route = router.route.get();
        match route {
            _ if !signed_in => {}
            Route::SignIn | Route::SignUp => router.replace(&untrack(move || router.next())),
            // Something may have been said already while the session was restored.
            Route::Home if before == Some(true) => chat.begin(),
            Route::Conversation(id) if chat.conversation.get_untracked() != Some(id) => chat.open(id),
            Route::Home | Route::Conversation(_) | Route::NotFound => {}
        }
        signed_in
    });
    // The focus goes to what is new. A conversation that was just begun is not.
    Effect::new(move |before: Option<(View, Route)>| {
        let now = (view.get(), router.route.get());
        let begun = matches!(now.1, Route::Conversation(id) if chat.conversation.get_untracked() == Some(id))
            && matches!(before, Some((View::Workspace, Route::Home)));
        if before.is_some() && !begun {
            let writes = now == (View::Workspace, Route::Home) && !browser::matches("(pointer: coarse)");
            let target = if writes { MESSAGE } else { HEADING };
            request_animation_frame(move || browser::focus(target));
        }
        now
    });
    Effect::new(move |_| {
        let page = match view.get() {
            View::SignIn => Some(words.sign_in.to_owned()),
            View::SignUp => Some(words.sign_up.to_owned()),
            View::NotFound => Some(words.page_missing.to_owned()),
            View::Workspace => chat.title(),
        };
        document().set_title(&page_title(page.as_deref(), words));
    });

    move || match view.get() {
        View::SignIn => view! { <SignInPage /> }.into_any(),
        View::SignUp => view! { <SignUpPage /> }.into_any(),
        View::Workspace => view! { <Workspace /> }.into_any(),
        View::NotFound => view! { <NotFound /> }.into_any(),
    }
}

/// The title of the browser's tab.
pub(crate) fn page_title(page: Option<&str>, words: &Words) -> String {
    match page {
        Some(page) => page.to_owned() + " · " + words.product,
        None => words.product.to_owned(),
    }
}

#[component]
fn NotFound() -> impl IntoView {
    let words = use_words();
    view! {
        <a class="skip" href="#main">
            {words.skip_to_content}
        </a>
        <main id="main" class="entrance" tabindex="-1">
            <div class="entrance-card">
                <h1 id=HEADING tabindex="-1">
                    {words.page_missing}
                </h1>
                <p class="entrance-lead">{words.page_missing_lead}</p>
                <a class="button button-primary" href="/">
                    {words.go_home}
                </a>
            </div>
        </main>
    }
}
