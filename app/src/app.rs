//! Which page is shown, and what holds for all of them.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::StorageEvent;

use crate::{
    api::{Api, Fault},
    browser,
    chat::{Chat, MESSAGE},
    conversations::Conversations,
    elsewhere::{Connection, Missed},
    html::{Node, dynamic, effect, el, later, part},
    network::Network,
    pointer::guard_clicks,
    preferences::{Look, Preferences, reopen_menu},
    routes::{Route, Router},
    session::{Session, kept, sign_in_page, sign_up_page},
    settings::Settings,
    shell::PageRequest,
    tasks::Tasks,
    toast::Toasts,
    words::{Words, words},
    workspace::workspace,
};

/// The id of each page's `h1`, which takes the focus when the page changes.
pub(crate) const HEADING: &str = "heading";

/// All that the parts of the page share.
#[derive(Clone, Copy)]
pub struct Page {
    pub(crate) words: &'static Words,
    pub(crate) router: Router,
    pub(crate) session: Session,
    pub(crate) api: Api,
    pub(crate) conversations: Conversations,
    pub(crate) tasks: Tasks,
    pub(crate) settings: Settings,
    pub(crate) chat: Chat,
    pub(crate) toasts: Toasts,
    pub(crate) preferences: Preferences,
    pub(crate) elsewhere: Connection,
    /// Changes each minute: what is shown may depend on the clock.
    pub(crate) minute: RwSignal<usize>,
    /// Whether the first view was hydrated. Before, nothing may depend on the browser's clock, zone or language.
    pub(crate) hydrated: RwSignal<bool>,
}

/// A page by what it shows, whatever its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    SignIn,
    SignUp,
    Workspace,
    NotFound,
}

impl Page {
    /// The page that the server rendered, to be put into the body by [`app`].
    #[must_use]
    pub fn of_browser() -> Self {
        let owner = Owner::new();
        let page = owner.with(|| Self::new(&PageRequest::of_browser()));
        // It lasts as long as the tab.
        std::mem::forget(owner);
        page
    }

    /// Makes signals only: in the browser nothing can run yet.
    pub(crate) fn new(request: &PageRequest) -> Self {
        let words = words(&request.language);
        let router = Router::new(&request.path, &request.query);
        let session = Session::new(request.signed_in, Network::new());
        let api = Api::new(session);
        let toasts = Toasts::new();
        let tasks = Tasks::new(api, toasts, words);
        let (conversations, settings) =
            (Conversations::new(api, toasts, words), Settings::new(api, request.hour_cycle));
        let chat = Chat::new(api, router, conversations, tasks, words);
        let preferences = Preferences::new(Look::parse(&request.look));
        let hydrated = RwSignal::new(false);
        let (elsewhere, minute) = (StoredValue::new(None), RwSignal::new(0));
        Self {
            words,
            router,
            session,
            api,
            conversations,
            tasks,
            settings,
            chat,
            toasts,
            preferences,
            elsewhere,
            minute,
            hydrated,
        }
    }

    /// `disabled` of a button that submits, before the page can: the browser's own way leads nowhere.
    pub(crate) fn too_early(self) -> Option<&'static str> {
        (!self.hydrated.get()).then_some("")
    }

    /// Whether nothing can be loaded now: nobody answers, and who is signed in is not known yet.
    pub(crate) fn is_out_of_reach(self) -> bool {
        self.session.network.away.get() && self.session.account.with(Option::is_none)
    }

    fn view(self) -> View {
        match self.router.route.get() {
            Route::SignIn => View::SignIn,
            Route::SignUp => View::SignUp,
            Route::NotFound => View::NotFound,
            Route::Home | Route::Conversation(_) if self.session.present.get() => View::Workspace,
            Route::Home | Route::Conversation(_) => View::SignIn,
        }
    }

    /// What the browser does as things change, whatever is shown.
    fn follow(self, view: Memo<View>) {
        self.preferences.follow();
        guard_clicks();
        self.follow_sign_out();
        self.follow_person();
        self.follow_network();
        self.follow_route();
        self.follow_view(view);
    }

    fn follow_person(self) {
        let account = self.session.account;
        let person = Memo::new(move |_| account.with(|account| account.as_ref().map(|account| account.id.clone())));
        // What the server wrote may be of whoever was here before.
        let known = StoredValue::new(kept::owner());
        let last = StoredValue::new(None);
        effect(move || {
            let now = person.get();
            let before = last.try_update_value(|last| std::mem::replace(last, now.clone())).flatten();
            if before == now {
                return;
            }
            if before.is_some() {
                untrack(|| self.clear());
            }
            let Some(now) = now else { return };
            let known = known.try_update_value(|known| known.replace(now.as_str().to_owned())).flatten();
            untrack(|| {
                if known.is_some_and(|known| known != now.as_str()) {
                    self.router.replace("/");
                    self.chat.forget();
                }
                self.load();
            });
        });
    }

    /// Shows the sign-in page when the person signs out, in this tab or another. A session that ends by itself keeps the
    /// address, so that signing in again leads back to it.
    fn follow_sign_out(self) {
        let Self { session, router, .. } = self;
        let was_present = StoredValue::new(false);
        effect(move || {
            let present = session.present.get();
            let was = was_present.try_update_value(|was| std::mem::replace(was, present)) == Some(true);
            if was && !present && !session.lapsed.get_untracked() {
                router.replace(&Route::SignIn.path());
            }
        });
    }

    fn follow_network(self) {
        let away = self.session.network.away;
        effect(move || {
            if away.get() && untrack(|| self.session.is_unknown()) {
                untrack(|| self.chat.show_waiting());
            }
        });
        let was_away = StoredValue::new(false);
        effect(move || {
            let away = away.get();
            if was_away.try_update_value(|was| std::mem::replace(was, away)) == Some(true) && !away {
                untrack(|| self.come_back());
            }
        });
    }

    fn follow_route(self) {
        let Self { router, session, chat, .. } = self;
        let signed_in = Memo::new(move |_| session.account.with(Option::is_some));
        let was_settled = StoredValue::new(false);
        effect(move || {
            let route = router.route.get();
            let before = was_settled.get_value();
            was_settled.set_value(signed_in.get());
            match route {
                _ if !signed_in.get() => {
                    let of_address = if let Route::Conversation(id) = route { Some(id) } else { None };
                    if untrack(|| session.is_unknown()) && chat.conversation.get_untracked() != of_address {
                        untrack(|| chat.go_unknown());
                    }
                }
                Route::SignIn | Route::SignUp => router.replace(&untrack(|| router.next())),
                // Something may have been said already while the session was restored.
                Route::Home if before => chat.begin(),
                Route::Conversation(id) if !before || chat.conversation.get_untracked() != Some(id) => chat.open(id),
                Route::Home | Route::Conversation(_) | Route::NotFound => {}
            }
        });
    }

    fn follow_view(self, view: Memo<View>) {
        let Self { words, router, chat, .. } = self;
        // The focus goes to what is new. A conversation that was just begun is not.
        let shown = StoredValue::new(None);
        effect(move || {
            let now = (view.get(), router.route.get());
            let before = shown.try_update_value(|shown| shown.replace(now)).flatten();
            let begun = matches!(now.1, Route::Conversation(id) if chat.conversation.get_untracked() == Some(id))
                && before == Some((View::Workspace, Route::Home));
            if before.is_some() && !begun {
                let writes = now == (View::Workspace, Route::Home) && !browser::matches("(pointer: coarse)");
                let target = if writes { MESSAGE } else { HEADING };
                browser::next_frame(move || browser::focus(target));
            }
        });
        effect(move || {
            let title = match view.get() {
                View::SignIn => Some(words.sign_in.to_owned()),
                View::SignUp => Some(words.sign_up.to_owned()),
                View::NotFound => Some(words.page_missing.to_owned()),
                View::Workspace => chat.title(),
            };
            document().set_title(&page_title(title.as_deref(), words));
        });
    }

    /// What the browser begins with.
    fn start(self) {
        self.hydrated.set(true);
        self.router.listen();
        browser::listen("focus", move |_| self.look_elsewhere());
        self.listen_elsewhere();
        set_interval(move || self.minute.update(|minute| *minute += 1), Duration::from_secs(60));
        browser::listen("storage", move |event| {
            // Whoever is signed in there is signed in here.
            self.session.follow_other_tab(event.unchecked_into::<StorageEvent>().key());
            // What another tab sent is not sent here.
            self.chat.compare_unsent();
        });
        self.session.network.listen();
        browser::keep_shell();
        reopen_menu();
        // From now on a translator finds a page that expects it.
        browser::remove_root("translate");
        browser::mark_ready();
    }

    fn load(self) {
        self.chat.restore_unsent();
        self.load_beside_chat();
    }

    /// The connection is there again.
    fn come_back(self) {
        if !self.session.present.get_untracked() {
            return;
        }
        if self.session.user_id().is_none() {
            return self.session.restore();
        }
        self.load_beside_chat();
        self.chat.go_on();
    }

    fn load_beside_chat(self) {
        // First, so that little can change unheard after it is read.
        self.hear_elsewhere(Missed::Nothing);
        // Each in a task of its own, so that the chat need not wait for it.
        let number = self.session.number();
        let steps: [fn(Self); 2] = [
            |page| page.conversations.load(),
            |page| {
                page.tasks.refresh();
                spawn_local(page.settings.load());
            },
        ];
        for step in steps {
            later(move || {
                if self.session.number() == number {
                    step(self);
                }
            });
        }
    }

    /// Signs out. What was deleted can't be taken back any more.
    pub(crate) async fn sign_out(self) -> Result<(), Fault> {
        self.conversations.settle().await;
        self.session.sign_out().await
    }

    /// Nothing of one account is left for the next.
    fn clear(self) {
        self.stop_hearing();
        self.chat.forget();
        self.conversations.clear();
        self.tasks.clear();
        self.toasts.clear();
    }
}

/// The whole page, to be put directly into the body.
pub fn app(page: Page) -> impl IntoView {
    let Page { words, session, .. } = page;
    let view = Memo::new(move |_| page.view());
    let owner = Owner::current().unwrap_or_default();
    effect(move || {
        // First: what is sent from now on waits for it.
        if session.present.get_untracked() {
            session.restore();
        }
        let owner = owner.clone();
        later(move || {
            owner.with(|| page.follow(view));
            later(move || page.start());
        });
    });
    dynamic(move || match view.get() {
        View::SignIn => sign_in_page(page),
        View::SignUp => sign_up_page(page),
        View::Workspace => part("div", "workspace", move || workspace(page)),
        View::NotFound => not_found(words),
    })
}

/// The title of the browser's tab.
pub(crate) fn page_title(title: Option<&str>, words: &Words) -> String {
    match title {
        Some(title) => title.to_owned() + " · " + words.product,
        None => words.product.to_owned(),
    }
}

fn not_found(words: &'static Words) -> Node {
    let card = el("div")
        .class("entrance-card")
        .add(el("h1").id(HEADING).attr("tabindex", "-1").add(words.page_missing))
        .add(el("p").class("entrance-lead").add(words.page_missing_lead))
        .add(el("a").class("button button-primary").attr("href", "/").add(words.go_home));
    Node::all([
        el("a").class("skip").attr("href", "#main").add(words.skip_to_content),
        el("main").id("main").class("entrance").attr("tabindex", "-1").add(card),
    ])
}
