//! Questions of the agent: answered by a click, a key or words while they are open; then they say how they were
//! answered.

use std::time::Duration;

use leptos::prelude::*;
use saydo_contract::{ChangeVerb, CutReason};
use wasm_bindgen::JsCast;
use web_sys::{Event, MouseEvent};

use super::{
    Cell, Chat, MESSAGE,
    meta::{Choice, ChoiceOption, Confirmation},
    turn::{Question, State, Step, Turn},
};
use crate::{
    app::Page,
    browser,
    html::{Element, Node, dynamic, effect, el},
    task_number::task_number,
    words::Words,
};

impl Chat {
    /// Reads the question that is open.
    fn of_question<T>(self, read: impl Fn(&Question<'_>) -> Option<T>) -> Option<T> {
        let now = browser::now();
        self.cells.with_untracked(|cells| {
            cells.last()?.turn.with_untracked(|turn| turn.question(now).as_ref().and_then(&read))
        })
    }

    /// What to say for a digit that is pressed alone.
    pub(crate) fn answer_to_digit(self, number: usize) -> Option<String> {
        self.of_question(|question| question.answer_to_digit(number))
    }

    /// What to say where a question is open and the answer is no.
    pub(crate) fn refusal(self) -> Option<String> {
        self.of_question(|_| Some(self.words.cancel_message.to_owned()))
    }

    /// What to say for a short answer that was typed.
    pub(super) fn typed_answer(self, text: &str) -> Option<String> {
        self.of_question(|question| question.answer_to_text(text, self.words))
    }
}

/// Whether what was asked in this turn can be answered: nothing was said since, and the agent listens.
fn is_open(page: Page, turn: &ArcRwSignal<Turn>) -> Memo<bool> {
    let id = turn.with_untracked(|turn| turn.id);
    Memo::new(move |_| {
        page.chat.cells.with(|cells| cells.last().is_some_and(|last| last.turn.with(|turn| turn.id == id)))
    })
}

/// What was said right after this turn. Empty where nothing was, or where the next turn is not a message.
fn said_next(page: Page, turn: &ArcRwSignal<Turn>) -> String {
    let id = turn.with_untracked(|turn| turn.id);
    page.chat.cells.with(|cells| {
        let next = cells.iter().skip_while(|cell| cell.turn.with_untracked(|turn| turn.id != id)).nth(1);
        next.map(|cell| cell.turn.with_untracked(|turn| turn.said.clone())).unwrap_or_default()
    })
}

/// What a question that is no longer open says: how it was answered. `said` is what the person said next.
fn outcome(words: &'static Words, said: &str, choice: Option<&Choice>) -> Element {
    let answer = said.trim();
    let option = choice.and_then(|choice| choice.options.iter().find(|option| option.message == answer));
    let line = if answer.eq_ignore_ascii_case(words.cancel_message) {
        words.said_no.to_owned()
    } else if let Some(option) = option.filter(|option| !option.label.is_empty()) {
        (words.chose)(option.label.trim())
    } else if answer.eq_ignore_ascii_case(words.confirm_message) {
        words.said_yes.to_owned()
    } else if answer.is_empty() || answer.starts_with('/') {
        // The pane, or a command: no answer.
        words.lapsed.to_owned()
    } else {
        (words.said)(answer)
    };
    el("p").class("quiet").add(line)
}

/// A question as it was answered, for what the server writes.
pub(super) fn settled_view(words: &'static Words, said: &str, choice: Option<&Choice>) -> Element {
    el("div").class("card").add(outcome(words, said, choice))
}

/// A button that says this.
fn answer_button(page: Page, message: String, label: String) -> Element {
    let answer = move |event: Event| {
        // Its words came from the server and fit.
        page.chat.pick(&message);
        // A hand on a pointer goes on writing; one on a phone would get a keyboard over the answer.
        if event.unchecked_ref::<MouseEvent>().detail() > 0 && !browser::matches("(pointer: coarse)") {
            browser::soon(|| browser::focus(MESSAGE));
        }
    };
    el("button")
        .attr("type", "button")
        .attr_fn("aria-disabled", move || page.chat.is_busy().then_some("true"))
        .on("click", answer)
        .add(el("bdi").add(label))
}

/// Shows a key where it does the same as the button.
fn with_key(button: Element, key: String) -> Element {
    let class = if key.bytes().all(|byte| byte.is_ascii_digit()) { "digit" } else { "" };
    button.attr("aria-keyshortcuts", key.clone()).add(el("kbd").class(class).attr("aria-hidden", "true").add(key))
}

/// Whether the options are so few and so short that they stand in one line on a phone.
fn is_short(labels: &[String]) -> bool {
    let letters: usize = labels.iter().map(|label| label.chars().count()).sum();
    labels.len() == 2 && letters <= 20
}

pub(super) fn choice_view(page: Page, turn: &ArcRwSignal<Turn>, choice: Choice) -> Element {
    let is_open = is_open(page, turn);
    let turn = turn.clone();
    let options = move || {
        if !is_open.get() {
            return outcome(page.words, &said_next(page, &turn), Some(&choice));
        }
        let has_keys = !choice.deletes() && page.preferences.look.get().single_keys();
        let labels = choice.labels(page.words);
        let is_short = is_short(&labels);
        let options = choice.options.iter().zip(labels).enumerate().map(|(at, (option, label))| {
            let class = match (is_short, at) {
                (false, _) => "prompt",
                (true, 0) => "button button-primary",
                (true, _) => "button",
            };
            let button = answer_button(page, option.message.clone(), label).class(class);
            let button = if has_keys && at < 9 { with_key(button, (at + 1).to_string()) } else { button };
            el("li").add(button)
        });
        let class = if is_short { "choices is-short" } else { "choices" };
        el("ul").class(class).attr("aria-label", page.words.choices).add(Node::all(options))
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
    let (verb, count) = (confirmation.verb(), confirmation.items.len());
    let asked = turn.clone();
    let items = (!is_told).then(|| {
        let items = confirmation
            .items
            .into_iter()
            .map(|item| el("li").add(el("bdi").add(item.title)).add(" ").add(task_number(item.task_id)));
        el("ul").class("card-items").add(Node::all(items))
    });
    let actions = move || {
        if !is_open.get() {
            return outcome(words, &said_next(page, &asked), None);
        }
        if lapsed.get() {
            return el("p").class("quiet").add(words.lapsed);
        }
        let yes = answer_button(page, words.confirm_message.to_owned(), (words.confirm)(verb, count));
        let no = answer_button(page, words.cancel_message.to_owned(), (words.cancel)(verb, count));
        let deletes = verb == Some(ChangeVerb::Deleted);
        let yes = yes.class(if deletes { "button button-danger" } else { "button button-primary" });
        el("div").class("card-actions").add(yes).add(with_key(no.class("button"), "Esc".to_owned()))
    };
    el("div").class("card").add(items).add_fn(actions)
}

/// What may be said next, below the newest answer.
pub(super) fn suggestions(page: Page, cell: &Cell) -> Node {
    let Cell { key, turn, .. } = cell.clone();
    let shown = Memo::new(move |_| {
        let is_last = page.chat.cells.with(|cells| cells.last().is_some_and(|last| last.key == key));
        turn.with(|turn| {
            if !is_last || turn.state != State::Completed {
                return Vec::new();
            }
            let mut suggestions = turn.suggestions.clone();
            if turn.cut() == Some(CutReason::Length) {
                suggestions.push(ChoiceOption::go_on(page.words));
            }
            suggestions
        })
    });
    dynamic(move || {
        let suggestions = shown.get();
        (!suggestions.is_empty()).then(|| {
            let buttons = suggestions.into_iter().map(|option| {
                let button = answer_button(page, option.message, option.label).class("button");
                el("li").add(button)
            });
            el("ul").class("next").attr("aria-label", page.words.suggestions).add(Node::all(buttons))
        })
    })
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
