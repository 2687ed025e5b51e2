//! Who is signed in, and the token for the API.

mod forms;
pub(crate) mod kept;
mod token;

use gloo_net::http::Method;
use js_sys::Promise;
use leptos::prelude::*;
use saydo_contract::{AuthError, AuthErrorCode, SignInEmail, SignUpEmail, UserId};
use send_wrapper::SendWrapper;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

pub(crate) use forms::{sign_in_page, sign_up_page};

use crate::{
    api::{self, Call, Fault},
    browser,
    html::all_hydrated,
    network::Network,
};
use token::Tokens;

/// What the page needs to know of an account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Account {
    pub(crate) id: UserId,
    pub(crate) name: String,
    pub(crate) email: String,
}

/// The part of the replies that is read.
#[derive(Deserialize)]
struct Signed {
    user: Account,
}

/// Why signing in or up came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    Code(AuthErrorCode),
    Fault(Fault),
}

/// The session of this browser.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Session {
    /// Whether there is one, as far as is known. The cookie itself is out of reach.
    pub(crate) present: RwSignal<bool>,
    /// Whose it is, once the server has said so.
    pub(crate) account: RwSignal<Option<Account>>,
    /// Why it could not be restored.
    pub(crate) fault: RwSignal<Option<Fault>>,
    /// It ended by itself, and the person should be told.
    pub(crate) lapsed: RwSignal<bool>,
    restoring: StoredValue<Option<SendWrapper<Promise>>>,
    tokens: Tokens,
    pub(crate) network: Network,
}

impl Session {
    pub(crate) fn new(present: bool, network: Network) -> Self {
        Self {
            present: RwSignal::new(present),
            account: RwSignal::new(None),
            fault: RwSignal::new(None),
            lapsed: RwSignal::new(false),
            restoring: StoredValue::new(None),
            tokens: Tokens::new(),
            network,
        }
    }

    pub(crate) fn user_id(self) -> Option<UserId> {
        self.account.with_untracked(|account| account.as_ref().map(|account| account.id.clone()))
    }

    /// Asks the server whose session this is.
    pub(crate) fn restore(self) {
        let restoring = future_to_promise(async move {
            // The page may have just begun, which is work enough for a task.
            browser::pause().await;
            self.ask().await;
            Ok(JsValue::UNDEFINED)
        });
        self.restoring.set_value(Some(SendWrapper::new(restoring)));
    }

    /// Whether there is one, and nobody has said yet whose.
    pub(crate) fn is_unknown(self) -> bool {
        self.present.get_untracked() && self.user_id().is_none()
    }

    /// Whose session it is, once that is known.
    pub(crate) async fn restored(self) -> Result<UserId, Fault> {
        if self.user_id().is_none()
            && let Some(restoring) = self.restoring.get_value()
        {
            _ = JsFuture::from((*restoring).clone()).await;
        }
        self.user_id().ok_or_else(|| self.fault.get_untracked().unwrap_or(Fault::SignedOut))
    }

    async fn ask(self) {
        let number = self.number();
        self.fault.set(None);
        // Together: the page needs both before it can ask for anything.
        self.tokens.prepare();
        let answer = loop {
            let before = kept::signed_in();
            let answer = match Call::get("/api/auth/get-session".to_owned()).send(None).await {
                Ok(response) if response.ok() => api::read::<Option<Signed>>(response).await,
                Ok(response) if response.status() == 401 => Ok(None),
                Ok(response) => Err(Fault::Unreadable(response.status())),
                Err(fault) => Err(fault),
            };
            // What it changes must not be changed under a part that is not there yet.
            all_hydrated().await;
            // Another tab may have signed out or in meanwhile: then this is not so any more.
            if kept::signed_in() == before {
                break answer;
            }
        };
        match answer {
            // Meanwhile the session ended, or another began.
            _ if self.number() != number => {}
            Ok(Some(signed)) => self.begin(signed.user),
            Ok(None) => self.lapse(),
            Err(fault) => {
                self.fault.set(Some(fault));
                self.network.suspect();
            }
        }
    }

    pub(crate) async fn sign_in(self, form: &SignInEmail) -> Result<(), Refusal> {
        self.enter("/api/auth/sign-in/email", form).await
    }

    pub(crate) async fn sign_up(self, form: &SignUpEmail) -> Result<(), Refusal> {
        self.enter("/api/auth/sign-up/email", form).await
    }

    async fn enter<T: Serialize>(self, path: &str, form: &T) -> Result<(), Refusal> {
        let body = serde_json::to_string(form).unwrap_or_default();
        let response = Call::post(path.to_owned(), body).send(None).await.map_err(Refusal::Fault)?;
        let status = response.status();
        if response.ok() {
            let user = api::read::<Signed>(response).await.map_err(Refusal::Fault)?.user;
            // First: what was asked before does not count any more.
            kept::tell_sign_in();
            self.begin(user);
            return Ok(());
        }
        Err(match api::read::<AuthError>(response).await {
            Ok(error) => Refusal::Code(error.code),
            Err(_) => Refusal::Fault(Fault::Unreadable(status)),
        })
    }

    fn begin(self, account: Account) {
        kept::belong_to(account.id.as_str());
        self.lapsed.set(false);
        self.account.set(Some(account));
        self.present.set(true);
    }

    /// Ends the session. Where the server cannot be told, it goes on and the fault is returned.
    pub(crate) async fn sign_out(self) -> Result<(), Fault> {
        let mut call = Call::new(Method::POST, "/api/auth/sign-out".to_owned());
        call.body = Some("{}".to_owned());
        let response = call.send(None).await?;
        if !response.ok() && response.status() != 401 {
            return Err(Fault::Unreadable(response.status()));
        }
        kept::sign_out();
        self.end();
        Ok(())
    }

    /// Counts the sessions: what was asked for in one is not for the next.
    pub(crate) fn number(self) -> u32 {
        self.tokens.session()
    }

    /// Somebody else signed in, in another tab. The page begins anew with them.
    pub(crate) fn replaced(self) {
        self.tokens.clear();
        self.account.set(None);
        self.restore();
    }

    /// Goes where another tab has gone, which changed what is kept under this name: it signed out, or in.
    pub(crate) fn follow_other_tab(self, name: Option<String>) {
        let Some(owner) = kept::signed_in_elsewhere(name.as_deref()) else { return };
        match owner {
            None if name.is_some() => {
                kept::leave();
                self.end();
            }
            Some(owner) if self.user_id().is_some_and(|user| user.as_str() == owner) => {}
            owner => {
                if let Some(owner) = owner {
                    kept::write_as(&owner);
                }
                self.replaced();
            }
        }
    }

    /// The session ended by itself.
    pub(crate) fn lapse(self) {
        self.lapsed.set(self.present.get_untracked());
        self.end();
    }

    fn end(self) {
        self.tokens.clear();
        self.account.set(None);
        self.present.set(false);
    }

    /// A token that is good for the next minute; another one than `refused`. Without a session it lapses.
    pub(crate) async fn token(self, refused: Option<&str>) -> Result<String, Fault> {
        let number = self.number();
        let token = self.tokens.get(refused).await;
        if self.number() != number {
            return Err(Fault::SignedOut);
        }
        if token == Err(Fault::SignedOut) {
            self.lapse();
        }
        token
    }
}
