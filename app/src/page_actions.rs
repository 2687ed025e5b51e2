//! What links in answers do on the page: `[Turn on dark mode](/#dark-mode)`. They act when they are clicked, never by
//! themselves, and an address that names an action does nothing when it is opened.

use gloo_net::http::Method;
use leptos::{prelude::*, task::spawn_local};
use saydo_contract::{PageAction, SlashCommand};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, MouseEvent};

use crate::{
    api::{Call, Fault},
    app::Page,
    browser,
    dialogs::Dialog,
    preferences::open_language,
};

/// The name of the file with all of an account.
const EXPORT: &str = "saydo-export.json";

/// Runs the action of the link that was clicked, if it has one. A click that opens another tab is left to the browser.
pub(crate) fn follow_link(page: Page, palette: Dialog, sheet: Dialog, event: &Event) {
    let click: &MouseEvent = event.unchecked_ref();
    if click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key() {
        return;
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest(".markdown a").ok().flatten());
    let Some(action) = link.and_then(|link| PageAction::at(&link.get_attribute("href")?)) else { return };
    event.prevent_default();
    run(page, palette, sheet, action);
}

fn run(page: Page, palette: Dialog, sheet: Dialog, action: PageAction) {
    match action {
        PageAction::SystemTheme => choose_theme(page, 0),
        PageAction::LightMode => choose_theme(page, 1),
        PageAction::DarkMode => choose_theme(page, 2),
        PageAction::Language => open_language(),
        PageAction::Shortcuts => sheet.open(),
        PageAction::Help => page.chat.command(SlashCommand::Help.name()),
        PageAction::Export => spawn_local(async move {
            if let Err(fault) = export(page).await {
                page.toasts.alert(fault.message(page.words));
            }
        }),
        PageAction::SignOut => spawn_local(async move {
            if let Err(fault) = page.sign_out().await {
                page.toasts.alert(fault.message(page.words));
            }
        }),
        PageAction::NewChat => page.router.go("/"),
        PageAction::CommandMenu => palette.open(),
    }
}

/// Chooses a theme by its place in the list, and says which: the one that is chosen already would change nothing.
fn choose_theme(page: Page, theme: usize) {
    page.preferences.look.update(|look| look.theme = theme);
    let name = page.words.themes.get(theme).copied().unwrap_or_default();
    page.toasts.note(page.words.theme.to_owned() + ": " + name);
}

/// Offers everything of the account as a file.
async fn export(page: Page) -> Result<(), Fault> {
    let path = page.api.path("/export").await?;
    let response = page.api.send(Call::new(Method::GET, path)).await?;
    let text = response.text().await.map_err(|_| Fault::Unreachable)?;
    browser::offer_file(EXPORT, &text);
    Ok(())
}
