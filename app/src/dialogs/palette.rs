//! The palette: everything of the page by its name.

use leptos::prelude::*;
use saydo_contract::{ConversationId, SlashArgument, SlashCommand};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, KeyboardEvent};

use super::Dialog;
use crate::{
    app::Page,
    browser,
    chat::MESSAGE,
    html::{Element, Node, el},
    preferences::{Change, choices},
    routes::conversation_path,
};

/// What an entry does.
#[derive(Clone, Copy)]
enum Action {
    NewChat,
    Keys,
    Go(ConversationId),
    Command(SlashCommand),
    Look(Change),
}

#[derive(Clone)]
struct Entry {
    label: String,
    hint: &'static str,
    action: Action,
}

/// So many entries are shown.
const MOST: usize = 12;
const LIST: &str = "palette-list";
const FIELD: &str = "palette-field";

/// The palette; `keys` is the sheet that it can open.
pub(crate) fn palette(page: Page, dialog: Dialog, keys: Dialog) -> Element {
    dialog.view(page.words.palette, move || content(page, dialog, keys))
}

fn entries(page: Page) -> Vec<Entry> {
    let words = page.words;
    let entry = |label: &str, hint, action| Entry { label: label.to_owned(), hint, action };
    let mut entries = vec![entry(words.new_chat, "", Action::NewChat), entry(words.keys_sheet, "?", Action::Keys)];
    let commands = SlashCommand::ALL.into_iter().zip(words.commands);
    entries.extend(commands.map(|(command, what)| entry(what, command.name(), Action::Command(command))));
    let looks = choices(words).into_iter();
    entries.extend(looks.map(|(label, look)| Entry { label, hint: "", action: Action::Look(look) }));
    let conversations = page.conversations.items.get_untracked().unwrap_or_default();
    entries.extend(
        conversations.into_iter().map(|item| entry(item.title.as_str(), words.conversation, Action::Go(item.id))),
    );
    entries
}

fn content(page: Page, dialog: Dialog, keys: Dialog) -> Node {
    let words = page.words;
    let all = StoredValue::new(untrack(|| entries(page)));
    let typed = RwSignal::new(String::new());
    let active = RwSignal::new(0_usize);
    let fitting = move || {
        let typed = browser::lower(&typed.read());
        let fits = |entry: &&Entry| {
            let name = browser::lower(&entry.label) + " " + entry.hint;
            typed.split_whitespace().all(|word| name.contains(word))
        };
        all.with_value(|all| all.iter().filter(fits).take(MOST).cloned().collect::<Vec<_>>())
    };
    let run = move |at: usize| {
        let Some(entry) = untrack(fitting).into_iter().nth(at) else { return };
        dialog.close();
        // After the dialog has given the focus back.
        browser::next_frame(move || act(page, keys, entry.action));
    };
    let key_down = move |event: web_sys::Event| {
        let event: &KeyboardEvent = event.unchecked_ref();
        let last = untrack(fitting).len().saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => active.update(|at| *at = if *at < last { *at + 1 } else { 0 }),
            "ArrowUp" => active.update(|at| *at = at.checked_sub(1).unwrap_or(last)),
            "Enter" if !event.is_composing() => run(active.get_untracked()),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
        browser::next_frame(move || {
            // The palette may be closed by now.
            if let Some(at) = active.try_get_untracked() {
                browser::show(&option_id(at));
            }
        });
    };
    let field = el("input")
        .id(FIELD)
        .attr("type", "text")
        .attr("role", "combobox")
        .attr("aria-label", words.palette)
        .attr("aria-expanded", "true")
        .attr("aria-autocomplete", "list")
        .attr("aria-controls", LIST)
        .attr_fn("aria-activedescendant", move || Some(option_id(active.get())))
        .attr("placeholder", words.palette_placeholder)
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .flag("autofocus")
        .on("input", move |event| {
            if let Some(field) = event.target().and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
                active.set(0);
                typed.set(field.value());
            }
        })
        .on("keydown", key_down);
    let options = move || {
        let options = fitting().into_iter().enumerate().map(|(at, entry)| {
            el("li")
                .attr("id", option_id(at))
                .attr("role", "option")
                .attr_fn("aria-selected", move || Some(if active.get() == at { "true" } else { "false" }))
                .on("click", move |_| run(at))
                .add(el("bdi").add(entry.label))
                .add(" ")
                .add(el("bdi").class("quiet").add(entry.hint))
        });
        Node::all(options)
    };
    let list = el("ul").id(LIST).attr("role", "listbox").attr("aria-label", words.palette).add_fn(options);
    let none = move || fitting().is_empty().then(|| el("p").class("quiet").add(words.nothing_found));
    let told = el("div").attr("role", "status").add_fn(none);
    el("div").class("palette").add(field).add(list).add(told).into()
}

fn option_id(at: usize) -> String {
    "palette-".to_owned() + &at.to_string()
}

fn act(page: Page, keys: Dialog, action: Action) {
    match action {
        Action::NewChat => page.router.go("/"),
        Action::Keys => keys.open(),
        Action::Go(id) => page.router.go(&conversation_path(id)),
        Action::Command(command) if command.argument() == SlashArgument::Optional => {
            page.chat.command(command.name());
            browser::focus(MESSAGE);
        }
        Action::Command(command) => page.chat.suggested.set(Some(command.name().to_owned() + " ")),
        Action::Look(change) => page.preferences.look.update(change),
    }
}
