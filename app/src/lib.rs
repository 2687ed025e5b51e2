//! The chat page: one Leptos tree, rendered on the server and hydrated in the browser.
//!
//! The server renders [`Shell`] for the paths in [`PAGES`], with a [`PageRequest`] in the context; the browser hydrates
//! [`app`] in the body. Both build the same first view: what differs between requests travels in the HTML, and the
//! browser's clock, zone and language count only afterwards. Data comes over the application's HTTP interface, never
//! from Leptos' server functions.

#![recursion_limit = "256"]
#![allow(unreachable_pub, reason = "the component macro makes builders public")]

mod api;
mod app;
mod browser;
mod chat;
mod conversations;
mod dates;
mod dialogs;
mod elsewhere;
mod html;
mod icons;
mod keys;
mod markdown;
mod network;
mod notice;
mod page_actions;
mod plain;
mod pointer;
mod preferences;
mod routes;
mod session;
mod settings;
mod shell;
mod sse;
mod stream;
mod task_number;
mod tasks;
mod text_field;
mod time_zone;
mod toast;
mod words;
mod workspace;

pub use app::{Page, app};
pub use chat::EarlyMessages;
pub use plain::{
    PLAIN, PlainChat, PlainEntrance, PlainFault, plain_chat, plain_conversation, plain_entrance, plain_next, plain_path,
};
pub use preferences::{COOKIE as LOOK_COOKIE, language};
pub use routes::PAGES;
pub use shell::{PageRequest, Shell, ShellProps, SiteAssets};
