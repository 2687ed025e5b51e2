//! What the agent changed: a card for each change, with each field before and after.

use leptos::prelude::*;
use saydo_contract::{ChangeVerb, Due, Priority, Task, TaskChange};

use crate::{
    browser::DateStyle,
    dates::When,
    icons::{Icon, icon},
    words::{Words, use_words},
};

/// A value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Nothing,
    Text(String),
    Due(Due),
    Priority(Priority),
}

/// A field that changed. Without `before`, it was set when the task was made.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Field {
    name: &'static str,
    before: Option<Value>,
    after: Value,
}

/// What a receipt lists below its title.
fn fields(change: &TaskChange, words: &Words) -> Vec<Field> {
    let values = |task: &Task| {
        [
            (words.title, Value::Text(task.title.as_str().to_owned())),
            (words.due, task.due.map_or(Value::Nothing, Value::Due)),
            (
                words.priority,
                if task.priority == Priority::None { Value::Nothing } else { Value::Priority(task.priority) },
            ),
            (words.notes, task.description.clone().filter(|text| !text.is_empty()).map_or(Value::Nothing, Value::Text)),
        ]
    };
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => {
            let pairs = values(before).into_iter().zip(values(after));
            let changed = pairs.filter(|((_, before), (_, after))| before != after);
            changed.map(|((name, before), (_, after))| Field { name, before: Some(before), after }).collect()
        }
        // The title stands in the headline.
        (None, Some(task)) => {
            let set = values(task).into_iter().skip(1).filter(|(_, value)| *value != Value::Nothing);
            set.map(|(name, after)| Field { name, before: None, after }).collect()
        }
        _ => Vec::new(),
    }
}

fn verb(verb: ChangeVerb, words: &Words) -> (&'static str, &'static str, Icon) {
    match verb {
        ChangeVerb::Created => (words.created, "receipt is-created", Icon::Plus),
        ChangeVerb::Completed => (words.completed, "receipt is-completed", Icon::Check),
        ChangeVerb::Reopened => (words.reopened, "receipt is-reopened", Icon::Undo),
        ChangeVerb::Updated => (words.updated, "receipt is-updated", Icon::Pencil),
        ChangeVerb::Deleted => (words.deleted, "receipt is-deleted", Icon::Trash),
        ChangeVerb::Restored => (words.restored, "receipt is-restored", Icon::Undo),
    }
}

/// The cards of one tool call.
#[component]
pub(crate) fn Receipts(changes: Vec<TaskChange>) -> impl IntoView {
    let words = use_words();
    view! { <ul class="receipts">{changes.iter().map(|change| receipt(change, words)).collect::<Vec<_>>()}</ul> }
}

fn receipt(change: &TaskChange, words: &'static Words) -> impl IntoView + use<> {
    let (verb, class, sign) = verb(change.verb, words);
    let fields = fields(change, words);
    let details = (!fields.is_empty()).then(|| {
        let rows: Vec<_> = fields.into_iter().map(|field| field_view(field, words)).collect();
        view! { <dl class="receipt-fields">{rows}</dl> }
    });
    view! {
        <li class=class>
            <span class="receipt-sign">{icon(sign)}</span>
            <div class="receipt-body">
                <p class="receipt-head">
                    <span class="receipt-verb">{verb}</span>
                    " "
                    <span class="receipt-title">{change.title.as_str().to_owned()}</span>
                    " "
                    <span class="number">{"#".to_owned() + &change.task_id.to_string()}</span>
                </p>
                {details}
            </div>
        </li>
    }
}

fn field_view(field: Field, words: &'static Words) -> impl IntoView {
    let before = field.before.map(|before| {
        view! {
            <s class="receipt-before">{value_view(before, words)}</s>
            <span class="receipt-arrow" aria-hidden="true">
                "→"
            </span>
            <span class="visually-hidden">{words.changed_to}</span>
        }
    });
    view! {
        <div>
            <dt>{field.name}</dt>
            <dd>{before} <span class="receipt-after">{value_view(field.after, words)}</span></dd>
        </div>
    }
}

fn value_view(value: Value, words: &'static Words) -> AnyView {
    match value {
        Value::Nothing => words.nothing.into_any(),
        Value::Text(text) => text.into_any(),
        Value::Due(due) => view! { <When due style=DateStyle::Full /> }.into_any(),
        Value::Priority(priority) => priority_words(priority, words).into_any(),
    }
}

/// A priority in words.
pub(crate) fn priority_words(priority: Priority, words: &Words) -> &'static str {
    let [none, low, medium, high] = words.priorities;
    match priority {
        Priority::None => none,
        Priority::Low => low,
        Priority::Medium => medium,
        Priority::High => high,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::words::ENGLISH;

    fn change(before: &str, after: &str) -> TaskChange {
        let task = |fields: &str| {
            if fields.is_empty() {
                return "null".to_owned();
            }
            format!(
                r#"{{"id":3,"completed":false,"created_at":"2026-11-20T08:00:00Z","updated_at":"2026-11-20T08:00:00Z","completed_at":null,{fields}}}"#
            )
        };
        let (before, after) = (task(before), task(after));
        let json = format!(r#"{{"task_id":3,"title":"Milk","verb":"updated","before":{before},"after":{after}}}"#);
        serde_json::from_str(&json).unwrap()
    }

    const MILK: &str = r#""title":"Milk","description":null,"due":"2026-11-27","priority":"none""#;
    const OAT: &str = r#""title":"Oat milk","description":"","due":"2026-11-30","priority":"high""#;

    /// UI-09: each field that changed, before and after; nothing that stayed.
    #[test]
    fn a_receipt_lists_what_changed() {
        let text = |text: &str| Value::Text(text.into());
        let due = |day: &str| Value::Due(day.parse().unwrap());
        let field = |name, before, after| Field { name, before: Some(before), after };
        assert_eq!(
            fields(&change(MILK, OAT), &ENGLISH),
            [
                field("Title", text("Milk"), text("Oat milk")),
                field("Due", due("2026-11-27"), due("2026-11-30")),
                field("Priority", Value::Nothing, Value::Priority(Priority::High)),
            ]
        );
        assert_eq!(fields(&change(MILK, MILK), &ENGLISH), []);
    }

    /// UI-09: a new task's receipt lists what was set, a deleted one's only names it.
    #[test]
    fn new_and_deleted_tasks_have_receipts() {
        let set = fields(&change("", MILK), &ENGLISH);
        assert_eq!(set, [Field { name: "Due", before: None, after: Value::Due("2026-11-27".parse().unwrap()) }]);
        assert_eq!(fields(&change(MILK, ""), &ENGLISH), []);
    }

    /// UI-09: the card names verb, number and title, and both values.
    #[test]
    fn a_card_shows_both_values() {
        let owner = Owner::new();
        let html = owner.with(|| {
            provide_context(crate::dates::Hydrated(RwSignal::new(false)));
            view! { <Receipts changes=vec![change(MILK, OAT)] /> }.to_html()
        });
        for part in ["Changed", "#3", "2026-11-27", "2026-11-30", "Oat milk", "changed to", "High"] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}
