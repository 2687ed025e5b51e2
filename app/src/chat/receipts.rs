//! What the agent changed: a card for each change, with each field before and after.

use std::sync::Arc;

use leptos::prelude::*;
use saydo_contract::{ChangeVerb, Due, Priority, Task, TaskChange, TaskId};

use super::{MESSAGE, meta::Note, turn::Turn, undo::Standing};
use crate::{
    app::Page,
    browser,
    dates::{DateStyle, when},
    html::{Element, Node, dynamic, el},
    icons::{Icon, icon},
    task_number::task_number,
    tasks::due_editor,
    words::Words,
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

pub(super) fn verb(verb: ChangeVerb, words: &Words) -> (&'static str, &'static str, Icon) {
    match verb {
        ChangeVerb::Created => (words.created, "receipt is-created", Icon::Plus),
        ChangeVerb::Completed => (words.completed, "receipt is-completed", Icon::Check),
        ChangeVerb::Reopened => (words.reopened, "receipt is-reopened", Icon::Undo),
        ChangeVerb::Updated => (words.updated, "receipt is-updated", Icon::Pencil),
        ChangeVerb::Deleted => (words.deleted, "receipt is-deleted", Icon::Trash),
        ChangeVerb::Restored => (words.restored, "receipt is-restored", Icon::Undo),
    }
}

/// The cards of one tool call of a turn.
pub(super) fn receipts(page: Page, turn: &ArcRwSignal<Turn>, changes: &[TaskChange]) -> Element {
    el("ul").class("receipts").add(Node::all(changes.iter().map(|change| receipt(page, turn, change))))
}

fn receipt(page: Page, turn: &ArcRwSignal<Turn>, change: &TaskChange) -> Element {
    let (verb, class, sign) = verb(change.verb, page.words);
    let fields = fields(change, page.words);
    let details = (!fields.is_empty()).then(|| {
        let rows = fields.into_iter().map(|field| field_view(page, change.task_id, field));
        el("dl").class("receipt-fields").add(Node::all(rows))
    });
    let head = el("p")
        .add(el("span").class("receipt-verb").add(verb))
        .add(" ")
        .add(el("bdi").class("receipt-title").add(change.title.as_str().to_owned()))
        .add(" ")
        .add(task_number(change.task_id));
    el("li")
        .class(class)
        .add(el("span").class("receipt-sign").add(icon(sign)))
        .add(el("div").class("receipt-body").add(head).add(details).add(notes(page, turn, change)))
        .add(undo(page, change, verb))
}

/// What the receipt itself doesn't show, each in a quiet line. It comes with the words, after the change.
fn notes(page: Page, turn: &ArcRwSignal<Turn>, change: &TaskChange) -> Node {
    let (turn, change) = (turn.clone(), Arc::new(change.clone()));
    let id = change.task_id;
    let of_task = move |turn: &Turn| turn.notes.iter().filter(|note| note.task_id == id).cloned().collect::<Vec<_>>();
    let shown = Memo::new(move |_| turn.with(of_task));
    dynamic(move || Node::all(shown.get().into_iter().map(|note| note_view(page, &change, note))))
}

fn note_view(page: Page, change: &Arc<TaskChange>, note: Note) -> Node {
    let words = page.words;
    let line = match note.kind.as_str() {
        "unread_date" => (words.unread_date)(&note.text),
        "no_reminder" => words.no_reminder.to_owned(),
        "no_repeat" => words.no_repeat.to_owned(),
        "same_title" => words.same_title.to_owned(),
        "done_already" => words.done_already.to_owned(),
        "split" => return split_button(page, Arc::clone(change), note).into(),
        _ => return Node::Empty,
    };
    el("p").class("receipt-note").attr("dir", "auto").add(line).into()
}

/// Splits the task, as long as it is as the receipt says.
fn split_button(page: Page, change: Arc<TaskChange>, note: Note) -> Element {
    let is_open = move || page.chat.standing(&change) == Standing::Open;
    el("button")
        .attr("type", "button")
        .attr_fn("class", move || Some(if is_open() { "receipt-split" } else { "receipt-split is-gone" }))
        .on("click", move |_| page.chat.pick(&note.message))
        .add((page.words.split_into)(note.count))
}

/// Takes the change back, as long as that can be done.
fn undo(page: Page, change: &TaskChange, verb: &'static str) -> Node {
    let words = page.words;
    let change = Arc::new(change.clone());
    let followed = Arc::clone(&change);
    let class = move || {
        Some(match page.chat.standing(&followed) {
            Standing::Open => "receipt-undo",
            Standing::Closed => "receipt-undo is-gone",
            Standing::Undone => "receipt-undo is-undone",
        })
    };
    let named = words.undo.to_owned() + ": " + verb + " " + change.title.as_str();
    let button = el("button")
        .attr("type", "button")
        .attr_fn("class", class)
        .attr("aria-label", named)
        .on("click", move |_| page.chat.take_back(&change))
        .add(words.undo);
    // Shown in place of the button, which is the same one for good and so keeps the focus.
    Node::all([button, el("span").class("receipt-undone").add(words.undone)])
}

/// A date that was understood, in full, and changed at a click.
fn due_view(page: Page, task: TaskId, due: Due) -> Node {
    let editing = RwSignal::new(false);
    dynamic(move || {
        if editing.get() {
            return due_editor(page, task, Some(due), "receipt-due-".to_owned() + &task.to_string(), move || {
                editing.set(false);
                browser::focus(MESSAGE);
            });
        }
        el("button")
            .attr("type", "button")
            .class("receipt-date")
            .attr("title", page.words.change_date)
            .on("click", move |_| editing.set(true))
            .add(when(page, due, DateStyle::Full))
            .add(icon(Icon::Calendar))
    })
}

fn field_view(page: Page, task: TaskId, field: Field) -> Element {
    let before = field.before.map(|before| {
        Node::all([
            el("s").add(value_view(page, before)),
            el("span").class("receipt-arrow").attr("aria-hidden", "true").add("→"),
            el("span").class("visually-hidden").add(page.words.changed_to),
        ])
    });
    let after = match field.after {
        Value::Due(due) => due_view(page, task, due),
        value => value_view(page, value),
    };
    let after = el("span").class("receipt-after").add(after);
    el("div").add(el("dt").add(field.name)).add(el("dd").add(before).add(after))
}

fn value_view(page: Page, value: Value) -> Node {
    match value {
        Value::Nothing => page.words.nothing.into(),
        Value::Text(text) => el("bdi").add(text).into(),
        Value::Due(due) => when(page, due, DateStyle::Full).into(),
        Value::Priority(priority) => priority_words(priority, page.words).into(),
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
    use leptos::prelude::{Owner, RenderHtml};

    use super::*;
    use crate::{PageRequest, words::ENGLISH};

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

    fn turn() -> ArcRwSignal<Turn> {
        ArcRwSignal::new(Turn::sent(String::new()))
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

    /// UI-28: a title that turns the direction of writing does not move the number behind it.
    #[test]
    fn a_title_stands_apart() {
        let html = Owner::new().with(|| {
            let request = PageRequest { path: "/".into(), signed_in: true, ..PageRequest::default() };
            let mut change = change(MILK, MILK);
            change.title = "Milk \u{202e}klim".parse().unwrap_or(change.title);
            Node::from(receipts(Page::new(&request), &turn(), &[change])).to_html()
        });
        let (title, rest) = html.split_once("<bdi class=\"receipt-title\">").unwrap().1.split_once("</bdi>").unwrap();
        assert!(title.starts_with("Milk") && rest.contains("#3"), "{html}");
    }

    /// UI-09: the card names verb, number and title, and both values.
    #[test]
    fn a_card_shows_both_values() {
        let html = Owner::new().with(|| {
            let request = PageRequest { path: "/".into(), signed_in: true, ..PageRequest::default() };
            Node::from(receipts(Page::new(&request), &turn(), &[change(MILK, OAT)])).to_html()
        });
        for part in ["Changed", "#3", "2026-11-27", "2026-11-30", "Oat milk", "changed to", "High"] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}
