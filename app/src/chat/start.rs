//! The screen of a new chat.

use leptos::prelude::*;

use super::Chat;
use crate::words::use_words;

/// A greeting, and things to say at a click.
#[component]
pub(crate) fn Start() -> impl IntoView {
    let words = use_words();
    let chat = expect_context::<Chat>();
    let prompts = words.prompts.map(|prompt| {
        let choose = move |_| {
            // Words that are to be completed go to the composer first.
            if prompt.ends_with(' ') || chat.say(prompt).is_err() {
                chat.suggested.set(Some(prompt.to_owned()));
            }
        };
        let shown = if prompt.ends_with(' ') { prompt.trim_end().to_owned() + "…" } else { prompt.to_owned() };
        view! {
            <li>
                <button type="button" class="prompt" on:click=choose>
                    {shown}
                </button>
            </li>
        }
    });
    view! {
        <div class="start">
            <p class="start-greeting">{words.greeting}</p>
            <p class="start-lead">{words.greeting_lead}</p>
            <ul class="prompts" aria-label=words.prompts_label>
                {prompts.into_iter().collect::<Vec<_>>()}
            </ul>
        </div>
    }
}
