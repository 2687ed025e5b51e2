//! Keys that work all over the page.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::{
    app::Page,
    browser,
    chat::{MESSAGE, MESSAGES},
    dialogs::Dialog,
    html::effect,
    tasks::enter_list,
};

/// A part of the page that F6 leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Region {
    Composer,
    Messages,
    Tasks,
}

impl Region {
    const ALL: [Self; 3] = [Self::Composer, Self::Messages, Self::Tasks];

    /// Where the focus is.
    fn of(element: Option<&Element>) -> Option<Self> {
        let is_in = |selector: &str| element.is_some_and(|element| element.closest(selector).ok().flatten().is_some());
        if is_in(".composer") {
            Some(Self::Composer)
        } else if is_in(".messages-frame") {
            Some(Self::Messages)
        } else {
            is_in(".tasks").then_some(Self::Tasks)
        }
    }

    /// So many further, round and round; from anywhere else, the composer.
    fn next(now: Option<Self>, step: usize) -> Self {
        let at = now.and_then(|now| Self::ALL.iter().position(|region| *region == now));
        let to = at.map(|at| (at + step) % Self::ALL.len());
        to.and_then(|to| Self::ALL.get(to)).copied().unwrap_or(Self::Composer)
    }
}

/// One back, of three.
const BACK: usize = 2;

/// What takes the keys that are typed: the page leaves them to it.
const FIELDS: &str = "textarea, select, input:not([type=checkbox], [type=radio]), [contenteditable]";

/// What Escape closes before it says no: an editor that is open although the focus is elsewhere.
const EDITOR_CANCEL: &str = ".due-editor .button-quiet";

/// Listens. `show` brings a region into view where only one fits.
pub(crate) fn keys(page: Page, palette: Dialog, sheet: Dialog, show: impl Fn(Region) + Copy + Send + Sync + 'static) {
    let listener = move |event: &KeyboardEvent| {
        let composing = event.is_composing() || event.key_code() == 229;
        let too_early = !page.hydrated.get_untracked();
        // Not by looking for one in the page: that takes milliseconds where thousands of tasks are shown.
        let in_dialog = palette.is_open() || sheet.is_open();
        if too_early || event.default_prevented() || composing || in_dialog {
            return;
        }
        let key = event.key();
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let field = target.as_ref().and_then(|target| target.closest(FIELDS).ok().flatten());
        let command = event.ctrl_key() || event.meta_key();
        // A key that is held down acts once. The browser's own undo would go on in the field that was used last.
        if event.repeat() {
            if command && field.is_none() && key.eq_ignore_ascii_case("z") {
                event.prevent_default();
            }
            return;
        }
        match key.as_str() {
            "F6" if !command && !event.alt_key() => {
                let step = if event.shift_key() { BACK } else { 1 };
                let region = Region::next(Region::of(browser::focused().as_ref()), step);
                show(region);
                browser::soon(move || focus(region));
            }
            "k" | "K" if command && !event.alt_key() && !event.shift_key() => palette.open(),
            // In a field it belongs to the text.
            "z" | "Z" if command && !event.alt_key() && !event.shift_key() && field.is_none() => page.chat.undo_last(),
            "Escape" if !command && escape(page, field.as_ref()) => {}
            _ if command || event.alt_key() || field.is_some() => return,
            _ if !page.preferences.look.get_untracked().single_keys() => return,
            "?" => sheet.open(),
            "/" => {
                show(Region::Composer);
                browser::soon(|| browser::focus(MESSAGE));
            }
            key => {
                let answer = key.parse().ok().and_then(|number| page.chat.answer_to_digit(number));
                if let Some(message) = answer.filter(|_| !browser::exists(":popover-open")) {
                    page.chat.pick(&message);
                } else {
                    // The key itself goes into the field.
                    if key.chars().count() == 1 && key != " " && !browser::exists(":popover-open") {
                        show(Region::Composer);
                        browser::focus(MESSAGE);
                    }
                    return;
                }
            }
        }
        event.prevent_default();
    };
    effect(move || browser::listen("keydown", move |event| listener(&event.unchecked_into())));
}

/// Closes an editor, else stops the answer, else says no to a question. Whether it did one of them.
fn escape(page: Page, field: Option<&Element>) -> bool {
    if browser::exists(":popover-open") {
        return false;
    }
    if let Some(cancel) = browser::first(EDITOR_CANCEL) {
        cancel.click();
        return true;
    }
    if untrack(|| page.chat.is_busy()) {
        spawn_local(page.chat.stop());
        return true;
    }
    // Another field than the composer keeps the key: a search is emptied by it.
    if field.is_some_and(|field| field.id() != MESSAGE) {
        return false;
    }
    let refusal = page.chat.refusal();
    if let Some(no) = &refusal {
        page.chat.pick(no);
    }
    refusal.is_some()
}

fn focus(region: Region) {
    match region {
        Region::Composer => browser::focus(MESSAGE),
        Region::Messages => browser::focus(MESSAGES),
        Region::Tasks => enter_list(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// UI-41: F6 goes round, and Shift+F6 the other way.
    #[test]
    fn regions_go_round() {
        let mut region = None;
        let mut seen = Vec::new();
        for _ in 0..4 {
            region = Some(Region::next(region, 1));
            seen.extend(region);
        }
        assert_eq!(seen, [Region::Composer, Region::Messages, Region::Tasks, Region::Composer]);
        assert_eq!(Region::next(region, BACK), Region::Tasks);
    }
}
