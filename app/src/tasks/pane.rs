//! The pane of tasks.

use leptos::{prelude::*, task::spawn_local};
use saydo_contract::{Priority, Task};

use super::groups::{Group, members};
use crate::{
    app::Page,
    browser::DateStyle,
    chat::priority_words,
    dates::{clock, when},
    html::{Element, Node, dynamic, el},
    icons::{Icon, icon},
    notice::{again_button, empty, error_notice, skeleton},
};

/// The list, grouped by when things are due.
pub(crate) fn task_pane(page: Page) -> Node {
    let Page { words, tasks, .. } = page;
    let count = move || {
        let count = tasks.items.with(|items| items.as_deref().map(open))?;
        Some(el("p").class("quiet").add((words.open_tasks)(count)))
    };
    let body = move || {
        let failed = tasks.fault.with(Option::is_some);
        match tasks.items.with(|items| items.as_ref().map(Vec::is_empty)) {
            None if failed => fault(page).into(),
            None => Node::all([el("p").class("visually-hidden").add(words.tasks_loading), skeleton(5)]),
            Some(true) => empty(words.tasks_empty, words.tasks_empty_lead).into(),
            Some(false) => Node::all([failed.then(|| fault(page)).into(), groups(page)]),
        }
    };
    let head = el("header").class("tasks-head").add(el("h2").class("pane-title").add(words.tasks)).add_fn(count);
    let list = el("div")
        .class("tasks-body")
        .attr("role", "region")
        .attr("aria-label", words.tasks)
        .attr("tabindex", "0")
        .add_fn(body);
    Node::all([head, list])
}

/// How many are not done.
pub(crate) fn open(tasks: &[Task]) -> usize {
    tasks.iter().filter(|task| !task.completed).count()
}

fn fault(page: Page) -> Element {
    let again = again_button(page.words).on("click", move |_| page.tasks.refresh());
    error_notice(el("p").add(page.words.tasks_failed), again)
}

fn groups(page: Page) -> Node {
    let Page { words, tasks, .. } = page;
    let groups = tasks.items.with(|items| {
        let items = items.as_deref().unwrap_or_default();
        let clock = clock();
        let done = (open(items) == 0).then(|| el("p").class("all-done").add(icon(Icon::Tick)).add(words.all_done));
        let groups = Group::ALL.into_iter().filter_map(|group| {
            let members = members(items, group, clock);
            (!members.is_empty()).then(|| group_view(page, group, &members))
        });
        Node::all(done.into_iter().chain(groups))
    });
    let more = move || {
        tasks.next.with(Option::is_some).then(|| {
            el("button")
                .attr("type", "button")
                .class("button button-quiet")
                .on("click", move |_| spawn_local(tasks.load_more()))
                .add(words.more_tasks)
        })
    };
    Node::all([groups, dynamic(more)])
}

fn group_view(page: Page, group: Group, members: &[Task]) -> Element {
    let words = page.words;
    let (title, class) = match group {
        Group::Overdue => (words.overdue, "group is-overdue"),
        Group::Today => (words.today, "group is-today"),
        Group::Upcoming => (words.upcoming, "group is-upcoming"),
        Group::NoDate => (words.no_date, "group is-undated"),
        Group::Done => (words.done, "group is-done"),
    };
    // What is done is there, but not in the way.
    let (frame, head) = match group {
        Group::Done => (el("details"), el("summary")),
        _ => (el("section"), el("div").class("group-head")),
    };
    let head = head.add(el("h3").add(title)).add(el("span").class("count").add(members.len().to_string()));
    frame.class(class).add(head).add(el("ul").add(Node::all(members.iter().map(|task| row(page, task)))))
}

fn row(page: Page, task: &Task) -> Element {
    let number = el("span").class("number").add("#".to_owned() + &task.id.to_string());
    let title = el("p").class("task-title").add(task.title.as_str().to_owned()).add(" ").add(number);
    let notes = task.description.clone().filter(|notes| !notes.is_empty());
    let body = el("div")
        .class("task-body")
        .add(title)
        .add(notes.map(|notes| el("p").class("task-notes").add(notes)))
        .add(if task.completed { None } else { meta(page, task) });
    let sign = icon(if task.completed { Icon::Tick } else { Icon::Ring });
    el("li").class("task").add(el("span").class("task-sign").add(sign)).add(body)
}

/// When it is due and how urgent it is, where that is said.
fn meta(page: Page, task: &Task) -> Option<Element> {
    let words = page.words;
    let due = task.due.map(|due| el("span").class("chip is-due").add(when(page, due, DateStyle::Short)));
    let class = match task.priority {
        Priority::None => None,
        Priority::Low => Some("chip"),
        Priority::Medium => Some("chip is-medium"),
        Priority::High => Some("chip is-high"),
    };
    let priority = class.map(|class| {
        let label = el("span").class("visually-hidden").add(words.priority).add(" ");
        el("span").class(class).add(icon(Icon::Flag)).add(label).add(priority_words(task.priority, words))
    });
    (due.is_some() || priority.is_some()).then(|| el("p").class("task-meta").add(due).add(priority))
}
