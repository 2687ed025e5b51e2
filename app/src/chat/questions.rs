//! Questions of the agent: answered at a click, by a digit or in words, as long as they are open.

use std::time::Duration;

use leptos::prelude::*;

use super::{
    events::{Choice, Confirmation},
    turn::{Step, Turn},
};
use crate::{
    app::Page,
    browser,
    html::{Element, Node, effect, el},
};

/// Whether what was asked in this turn can be answered: nothing was said since, and the agent listens.
fn is_open(page: Page, turn: &ArcRwSignal<Turn>) -> Memo<bool> {
    let id = turn.with_untracked(|turn| turn.id);
    Memo::new(move |_| {
        page.chat.cells.with(|cells| cells.last().is_some_and(|last| last.turn.with(|turn| turn.id == id)))
    })
}

/// A button with the digit that does the same.
fn answer_button(page: Page, digit: usize, message: String, label: String) -> Element {
    el("button")
        .attr("type", "button")
        .attr("aria-keyshortcuts", digit.to_string())
        .attr_fn("aria-disabled", move || page.chat.is_busy().then_some("true"))
        // Its words came from the server and fit.
        .on("click", move |_| page.chat.pick(&message))
        .add(el("kbd").attr("aria-hidden", "true").add(digit.to_string()))
        .add(el("bdi").add(label))
}

pub(super) fn choice_view(page: Page, turn: &ArcRwSignal<Turn>, choice: Choice) -> Element {
    let is_open = is_open(page, turn);
    let options = move || {
        if !is_open.get() {
            return settled(page.words.answered);
        }
        let options = choice.options.iter().enumerate().map(|(at, option)| {
            let button = answer_button(page, at + 1, option.message.clone(), option.label.clone());
            el("li").add(button.class("prompt"))
        });
        el("ul").class("choices").attr("aria-label", page.words.choices).add(Node::all(options))
    };
    el("div").class("card").add_fn(options)
}

pub(super) fn confirmation_view(page: Page, turn: &ArcRwSignal<Turn>, confirmation: Confirmation) -> Element {
    let words = page.words;
    let is_open = is_open(page, turn);
    let lapsed = RwSignal::new(false);
    let expires = confirmation.expires();
    effect(move || {
        let left = expires - browser::now();
        if left <= 0.0 {
            return lapsed.set(true);
        }
        let timer = set_timeout_with_handle(move || _ = lapsed.try_set(true), Duration::from_secs_f64(left / 1000.0));
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    let is_told = turn.with_untracked(|turn| is_told(turn, &confirmation));
    let items = (!is_told).then(|| {
        let items = confirmation.items.into_iter().map(|item| {
            let number = el("span").class("number").add("#".to_owned() + &item.task_id.to_string());
            el("li").add(el("bdi").add(item.title)).add(" ").add(number)
        });
        el("ul").class("card-items").add(Node::all(items))
    });
    let actions = move || {
        if !is_open.get() {
            return settled(words.answered);
        }
        if lapsed.get() {
            return settled(words.lapsed);
        }
        let button =
            |digit, message: &str, label: &str| answer_button(page, digit, message.to_owned(), label.to_owned());
        el("div")
            .class("card-actions")
            .add(button(1, words.confirm_message, words.confirm).class("button button-primary"))
            .add(button(2, words.cancel_message, words.cancel).class("button"))
    };
    el("div").class("card").add(items).add_fn(actions)
}

/// Whether the agent's words name every task already.
fn is_told(turn: &Turn, confirmation: &Confirmation) -> bool {
    turn.steps.iter().any(|step| match step {
        Step::Message { text, .. } => {
            confirmation.items.iter().all(|item| text.contains(&("#".to_owned() + &item.task_id.to_string())))
        }
        _ => false,
    })
}

fn settled(why: &'static str) -> Element {
    el("p").class("quiet").add(why)
}
