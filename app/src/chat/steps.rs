//! What the agent says and does in one turn.

use leptos::prelude::*;

use super::{
    Cell, Chat,
    events::{Choice, Confirmation},
    receipts::Receipts,
    turn::{State, Step, ToolOutcome, Turn},
};
use crate::{
    icons::{Icon, icon},
    markdown::MarkdownView,
    words::{Words, use_words},
};

/// One turn: what was said, and what came of it.
#[component]
pub(crate) fn TurnView(cell: Cell) -> impl IntoView {
    let words = use_words();
    let chat = expect_context::<Chat>();
    let turn = cell.turn.clone();
    let said = {
        let turn = turn.clone();
        Memo::new(move |_| turn.with(|turn| turn.said.clone()))
    };
    let steps = {
        let turn = turn.clone();
        move || turn.with(|turn| (0..turn.steps.len()).map(|at| (turn.run, at)).collect::<Vec<_>>())
    };
    let step = {
        let turn = turn.clone();
        move |(_, at): (u32, usize)| step_view(chat, &turn, at)
    };
    let outcome = {
        let state = Memo::new(move |_| turn.with(|turn| turn.state.clone()));
        move || outcome_view(chat, &cell, state.get(), words)
    };
    view! {
        <article class="turn">
            {move || {
                let said = said.get();
                (!said.is_empty())
                    .then(|| {
                        view! {
                            <div class="said">
                                <h3 class="visually-hidden">{words.you_said}</h3>
                                <p class="bubble">{said}</p>
                            </div>
                        }
                    })
            }}
            <div class="answer">
                <h3 class="visually-hidden">{words.saydo_said}</h3>
                <For each=steps key=|key| *key children=step />
                {outcome}
            </div>
        </article>
    }
}

/// What kind of step stands at a place never changes: only its content is followed.
fn step_view(chat: Chat, turn: &ArcRwSignal<Turn>, at: usize) -> AnyView {
    let words = use_words();
    match turn.with_untracked(|turn| turn.steps.get(at).cloned()) {
        Some(Step::Message { .. }) => {
            let followed = turn.clone();
            let text = Memo::new(move |_| {
                followed.with(|turn| match turn.steps.get(at) {
                    Some(Step::Message { text, .. }) => text.clone(),
                    _ => String::new(),
                })
            });
            view! { <MarkdownView text /> }.into_any()
        }
        Some(Step::Tool(_)) => {
            let turn = turn.clone();
            let outcome = Memo::new(move |_| {
                turn.with(|turn| match turn.steps.get(at) {
                    Some(Step::Tool(tool)) => tool.outcome.clone(),
                    _ => None,
                })
            });
            let cards = move || match outcome.get() {
                Some(ToolOutcome::Changes(changes)) if !changes.is_empty() => {
                    Some(view! { <Receipts changes /> }.into_any())
                }
                Some(ToolOutcome::Failed) => Some(view! { <p class="quiet">{words.step_failed}</p> }.into_any()),
                _ => None,
            };
            cards.into_any()
        }
        Some(Step::Choice(choice)) => choice_view(chat, choice, words).into_any(),
        Some(Step::Confirmation(confirmation)) => confirmation_view(chat, confirmation, words).into_any(),
        None => ().into_any(),
    }
}

fn answer_button(chat: Chat, class: &'static str, label: String, message: String) -> impl IntoView {
    view! {
        <button
            type="button"
            class=class
            aria-disabled=move || chat.is_busy().then_some("true")
            // Its words came from the server and fit.
            on:click=move |_| _ = chat.say(&message)
        >
            {label}
        </button>
    }
}

fn choice_view(chat: Chat, choice: Choice, words: &'static Words) -> impl IntoView {
    let options: Vec<_> = choice
        .options
        .into_iter()
        .map(|option| view! { <li>{answer_button(chat, "prompt", option.label, option.message)}</li> })
        .collect();
    view! {
        <div class="card">
            <p>{choice.prompt}</p>
            <ul class="choices" aria-label=words.choices>
                {options}
            </ul>
        </div>
    }
}

fn confirmation_view(chat: Chat, confirmation: Confirmation, words: &'static Words) -> impl IntoView {
    let items: Vec<_> = confirmation
        .items
        .into_iter()
        .map(|item| {
            let number = "#".to_owned() + &item.task_id.to_string();
            view! { <li>{item.title} " " <span class="number">{number}</span></li> }
        })
        .collect();
    view! {
        <div class="card">
            <p>{confirmation.prompt}</p>
            <ul class="card-items">{items}</ul>
            <div class="card-actions">
                {answer_button(
                    chat,
                    "button button-primary",
                    words.confirm.to_owned(),
                    words.confirm_message.to_owned(),
                )} {answer_button(chat, "button", words.cancel.to_owned(), words.cancel_message.to_owned())}
            </div>
        </div>
    }
}

fn outcome_view(chat: Chat, cell: &Cell, state: State, words: &'static Words) -> Option<AnyView> {
    match state {
        State::Running(_) | State::Completed => None,
        State::Stopped { left } => {
            let left = (left > 0).then(|| " ".to_owned() + &(words.stopped_left)(left));
            Some(view! { <p class="quiet">{words.stopped} {left}</p> }.into_any())
        }
        State::Failed(failure) => {
            let cell = cell.clone();
            let key = cell.key;
            let is_last = move || chat.cells.with(|cells| cells.last().is_some_and(|last| last.key == key));
            let retry = move || {
                let cell = cell.clone();
                (failure.retryable && is_last()).then(|| {
                    view! {
                        <button type="button" class="button" on:click=move |_| chat.retry(&cell)>
                            {icon(Icon::Retry)}
                            {words.retry}
                        </button>
                    }
                })
            };
            Some(
                view! {
                    <div class="notice notice-error" role="alert">
                        {icon(Icon::Warning)}
                        <div>
                            <p class="notice-title">{words.turn_failed}</p>
                            <p>{failure.message}</p>
                            {retry}
                        </div>
                    </div>
                }
                .into_any(),
            )
        }
    }
}

/// What the agent is at, told to those who listen too.
#[component]
pub(crate) fn Progress() -> impl IntoView {
    let words = use_words();
    let chat = expect_context::<Chat>();
    let line = Memo::new(move |_| {
        chat.cells.with(|cells| cells.last().and_then(|cell| cell.turn.with(|turn| turn.progress(words))))
    });
    view! {
        <p class="progress" role="status" class:is-idle=move || line.with(Option::is_none)>
            {move || line.get()}
        </p>
    }
}
