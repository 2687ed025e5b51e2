//! The screen of a new chat.

use leptos::prelude::*;

use crate::{
    app::Page,
    dates::clock,
    html::{Element, Node, dynamic, el},
    tasks::{Clock, Group, Loaded},
    words::Words,
};

/// Something to say at a click.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Prompt {
    label: String,
    message: String,
}

/// What the list suggests to say, then what can always be said.
fn prompts(list: Option<(&Loaded, Clock)>, words: &Words) -> Vec<Prompt> {
    let mut prompts = Vec::new();
    if let Some((list, clock)) = list {
        let count = |group| list.tasks.iter().filter(|task| Group::of(task, clock) == group).count();
        let mut prompt = |count: usize, label: fn(usize) -> String, message: &str| {
            if count > 0 {
                prompts.push(Prompt { label: label(count), message: message.to_owned() });
            }
        };
        prompt(count(Group::Overdue), words.overdue_prompt, words.overdue_message);
        prompt(count(Group::Today), words.today_prompt, words.today_message);
    }
    // Words that are to be completed go to the composer first.
    let usual = words.prompts.into_iter();
    let usual = usual.map(|(label, message)| Prompt { label: label.to_owned(), message: message.to_owned() });
    let left = words.prompts.len().saturating_sub(prompts.len());
    let skipped = words.prompts.len() - left;
    prompts.extend(usual.skip(skipped));
    prompts
}

/// A greeting, and things to say at a click.
pub(super) fn start(page: Page) -> Element {
    let Page { words, chat, tasks, hydrated, .. } = page;
    let shown = Memo::new(move |_| {
        page.minute.track();
        tasks.shown.with(|list| prompts(list.as_ref().map(|list| (list, clock())), words))
    });
    let buttons = move || {
        let buttons = shown.get().into_iter().map(|Prompt { label, message }| {
            let choose = move |_| {
                // The composer may not be there yet.
                if !hydrated.get_untracked() {
                    return;
                }
                if message.ends_with(' ') || chat.say(&message).is_err() {
                    chat.suggested.set(Some(message.clone()));
                }
            };
            el("li").add(el("button").attr("type", "button").class("prompt").on("click", choose).add(label))
        });
        Node::all(buttons)
    };
    el("div")
        .class("start")
        .add(el("p").class("start-greeting").add(words.greeting))
        .add(el("p").class("start-lead").add(words.greeting_lead))
        .add(el("ul").class("prompts").attr("aria-label", words.prompts_label).add(dynamic(buttons)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::words::ENGLISH;

    /// UI-48: the first prompts are of the list, and there are four in all.
    #[test]
    fn prompts_know_the_list() {
        let clock = Clock {
            today: "2026-11-27".parse().unwrap(),
            now: "2026-11-27T11:00:00Z".parse().unwrap(),
            tomorrow: "2026-11-27T23:00:00Z".parse().unwrap(),
        };
        let task = |id: i64, due: &str| {
            serde_json::from_value(serde_json::json!({
                "id": id, "title": "Task", "description": null, "completed": false, "due": due, "priority": "none",
                "created_at": "2026-11-20T08:00:00Z", "updated_at": "2026-11-20T08:00:00Z", "completed_at": null,
            }))
            .unwrap()
        };
        let labels = |tasks: Vec<_>| {
            let mut list = Loaded::default();
            list.tasks = tasks;
            prompts(Some((&list, clock)), &ENGLISH).into_iter().map(|prompt| prompt.label).collect::<Vec<_>>()
        };
        let two = labels(vec![task(1, "2026-11-20"), task(2, "2026-11-21"), task(3, "2026-11-27")]);
        assert_eq!(two.len(), 4);
        assert_eq!(two[..2], ["Move 2 overdue to tomorrow", "Show today (1)"]);
        assert_eq!(labels(vec![task(1, "2026-11-28")])[0], "What is on my list?");
        assert_eq!(prompts(None, &ENGLISH).len(), 4);
    }
}
