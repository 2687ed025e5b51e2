//! One task of the pane: checked, renamed, dated, weighed and deleted in place.

use std::hash::{DefaultHasher, Hash, Hasher};

use leptos::prelude::*;
use saydo_contract::{Priority, Task, TaskId, TaskTitle};
use wasm_bindgen::JsCast;
use web_sys::{HtmlSelectElement, MouseEvent};

use super::{Edit, checked, due_editor, rows};
use crate::{
    app::Page,
    chat::priority_words,
    dates::{DateStyle, when},
    html::{Element, Node, dynamic, el},
    icons::{Icon, icon},
    task_number::task_number,
    text_field::text_field,
};

/// What of a row is being edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Rest,
    Title,
    Due,
}

/// A row and what of it is being edited.
#[derive(Debug, Clone, Copy)]
struct Edited {
    task: TaskId,
    key: u64,
    mode: RwSignal<Mode>,
    kept: RwSignal<Option<(TaskId, u64)>>,
}

impl Edited {
    fn begin(self, mode: Mode) {
        self.kept.set(Some((self.task, self.key)));
        self.mode.set(mode);
    }

    fn end(self) {
        self.mode.set(Mode::Rest);
        self.forget();
    }

    fn forget(self) {
        if self.kept.try_get_untracked().flatten() == Some((self.task, self.key)) {
            self.kept.try_set(None);
        }
    }
}

/// Rows with the same key look the same. One that is being edited keeps its own, so that a change from elsewhere does
/// not take away what is typed.
pub(super) fn key(page: Page, task: &Task) -> u64 {
    match page.tasks.edited.get() {
        Some((id, key)) if id == task.id => key,
        _ => key_of(task),
    }
}

fn key_of(task: &Task) -> u64 {
    let mut hasher = DefaultHasher::new();
    let due = task.due.map(|due| due.to_string());
    // Not whether it is completed: a row that is checked stays the same one, under the same pointer.
    (task.id, task.title.as_str(), &task.description, due, task.priority).hash(&mut hasher);
    hasher.finish()
}

/// A row.
pub(super) fn row(page: Page, task: Task) -> Element {
    let id = task.id;
    let edited = Edited { task: id, key: key_of(&task), mode: RwSignal::new(Mode::Rest), kept: page.tasks.edited };
    on_cleanup(move || edited.forget());
    let title_id = rows::row_id(id) + "-title";
    let was_completed = task.completed;
    let look = RwSignal::new(checked::look_of(id));
    let is_completed = move || match look.get() {
        checked::AT_REST => was_completed,
        look => look == checked::COMPLETED,
    };
    let toggle = move |event: web_sys::Event| {
        let completes = page.tasks.check(id, was_completed, look);
        page.chat.change(id, if completes { Edit::Complete } else { Edit::Reopen });
        // A key moves on to the next row; a pointer stays where it is.
        if event.unchecked_ref::<MouseEvent>().detail() == 0 {
            rows::leave(id);
        }
    };
    let check = control("input")
        .attr("type", "checkbox")
        .attr("id", rows::row_id(id))
        .class("task-check")
        .attr("aria-labelledby", title_id.clone())
        .attr_fn("checked", move || is_completed().then_some(""))
        .on("click", toggle);
    let notes = task.description.clone().filter(|notes| !notes.is_empty());
    let body = el("div")
        .class("task-body")
        .add(title(page, &task, title_id, edited))
        .add(notes.map(|notes| el("p").class("task-notes").attr("dir", "auto").add(notes)))
        .add((!task.completed).then(|| meta(page, &task, edited)));
    let class = move || {
        Some(match (look.get() != checked::AT_REST, is_completed()) {
            (false, false) => "task",
            (false, true) => "task is-checked",
            (true, false) => "task is-staying",
            (true, true) => "task is-staying is-checked",
        })
    };
    el("li").attr_fn("class", class).add(check).add(body).add(actions(page, &task, edited))
}

/// A control is reached by Tab only in the row that has the focus.
fn control(tag: &'static str) -> Element {
    el(tag).attr("tabindex", "-1")
}

fn title(page: Page, task: &Task, title_id: String, edited: Edited) -> Node {
    let task = task.clone();
    let editing = Memo::new(move |_| edited.mode.get() == Mode::Title);
    dynamic(move || {
        let number = task_number(task.id);
        let shown = task.title.as_str().to_owned();
        if editing.get() {
            // The box has its name from it.
            let name = el("span").attr("id", title_id.clone()).class("visually-hidden").add(shown);
            return el("p").class("task-title").add(name).add(title_field(page, &task, edited));
        }
        let name = control("button")
            .attr("type", "button")
            .class("task-name")
            .on("click", move |_| edited.begin(Mode::Title))
            .add(el("span").class("visually-hidden").add(page.words.edit).add(" "))
            .add(el("bdi").attr("id", title_id.clone()).add(shown))
            .add(" ")
            .add(number);
        el("p").class("task-title").add(name)
    })
}

fn title_field(page: Page, task: &Task, edited: Edited) -> Element {
    let id = task.id;
    let before = task.title.clone();
    let field = rows::row_id(id) + "-field";
    text_field(field, page.words.title, before.as_str().to_owned(), TaskTitle::MAX, move |text| {
        edited.end();
        if let Some(title) = text.and_then(|text| text.parse::<TaskTitle>().ok())
            && title != before
        {
            page.chat.change(id, Edit::Title(title));
        }
        rows::back_to(id);
    })
}

/// When it is due and how urgent it is, where that is said.
fn meta(page: Page, task: &Task, edited: Edited) -> Node {
    let (id, due, weight) = (task.id, task.due, task.priority);
    let is_dating = Memo::new(move |_| edited.mode.get() == Mode::Due);
    dynamic(move || {
        if is_dating.get() {
            let close = move || {
                edited.end();
                rows::back_to(id);
            };
            return Some(due_editor(page, id, due, rows::row_id(id) + "-due", close));
        }
        let date = due.map(|due| {
            let label = el("span").class("visually-hidden").add(page.words.due).add(" ");
            date_button(edited).class("chip is-due").add(label).add(when(page, due, DateStyle::Short))
        });
        let weight = (weight != Priority::None).then(|| priority(page, id, weight));
        (date.is_some() || weight.is_some()).then(|| el("div").class("task-meta").add(date).add(weight))
    })
}

fn date_button(edited: Edited) -> Element {
    control("button").attr("type", "button").on("click", move |_| edited.begin(Mode::Due))
}

/// What can be set of a task, and deleting it.
fn actions(page: Page, task: &Task, edited: Edited) -> Element {
    let (words, id) = (page.words, task.id);
    let date = (!task.completed && task.due.is_none())
        .then(|| date_button(edited).class("icon-button").attr("aria-label", words.set_date).add(icon(Icon::Calendar)));
    let weight = (!task.completed && task.priority == Priority::None).then(|| priority(page, id, Priority::None));
    let delete = control("button")
        .attr("type", "button")
        .class("icon-button task-delete")
        .attr("aria-label", (words.delete_task)(task.title.as_str()))
        .on("click", move |_| {
            rows::leave(id);
            page.chat.change(id, Edit::Delete);
        })
        .add(icon(Icon::Trash));
    el("div").class("task-actions").add(date).add(weight).add(delete)
}

const LEVELS: [(Priority, &str); 4] =
    [(Priority::None, "none"), (Priority::Low, "low"), (Priority::Medium, "medium"), (Priority::High, "high")];

fn priority(page: Page, id: TaskId, weight: Priority) -> Element {
    let words = page.words;
    let class = match weight {
        Priority::None => "icon-button priority",
        Priority::Low => "chip",
        Priority::Medium => "chip is-medium",
        Priority::High => "chip is-high",
    };
    let options = LEVELS.map(|(level, value)| {
        let option = el("option").attr("value", value);
        let option = if level == weight { option.flag("selected") } else { option };
        option.add(priority_words(level, words))
    });
    let changed = move |event: web_sys::Event| {
        let value =
            event.target().and_then(|select| select.dyn_into().ok()).map(|select: HtmlSelectElement| select.value());
        let level = LEVELS.iter().find(|(_, name)| value.as_deref() == Some(*name));
        if let Some((level, _)) = level {
            page.chat.change(id, Edit::Priority(*level));
            rows::back_to(id);
        }
    };
    let select = control("select").attr("aria-label", words.priority).on("change", changed).add(Node::all(options));
    el("span").class(class).add(icon(Icon::Flag)).add(select)
}
