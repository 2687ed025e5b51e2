//! The pane of tasks.

use leptos::{prelude::*, task::spawn_local};
use saydo_contract::Task;
use wasm_bindgen::JsCast;

use super::{Group, Loaded, checked::in_place, groups::members, row, rows};
use crate::{
    app::Page,
    browser,
    dates::clock,
    html::{Element, Node, dynamic, each, effect, el},
    icons::{Icon, icon},
    notice::{again_button, empty, error_notice, out_of_reach, skeleton},
};

/// The list, grouped by when things are due.
pub(crate) fn task_pane(page: Page) -> Node {
    let Page { words, tasks, .. } = page;
    let count = move || {
        let headline = tasks.shown.with(|list| list.as_ref().map(|list| list.headline(words)))?;
        Some(el("p").class("quiet").add(headline))
    };
    let state = Memo::new(move |_| {
        let failed = tasks.fault.with(Option::is_some);
        (failed, tasks.shown.with(|list| list.as_ref().map(|list| list.tasks.is_empty())))
    });
    let body = move || match state.get() {
        (true, None) => fault(page).into(),
        (false, None) if page.is_out_of_reach() => out_of_reach(words).into(),
        (false, None) => Node::all([el("p").class("visually-hidden").add(words.tasks_loading), skeleton(5)]),
        (_, Some(true)) => empty(words.tasks_empty, words.tasks_empty_lead).into(),
        (failed, Some(false)) => Node::all([failed.then(|| fault(page)).into(), groups(page)]),
    };
    effect(move || {
        tasks.shown.track();
        browser::next_frame(rows::keep_tab_stop);
    });
    let head = el("header").class("tasks-head").add(el("h2").class("pane-title").add(words.tasks)).add_fn(count);
    let list = el("div")
        .id(rows::LIST)
        .class("tasks-body")
        .attr("tabindex", "-1")
        .on("focusin", |event| rows::focused(&event))
        .on("keydown", |event| rows::key_down(event.unchecked_ref()))
        .add_fn(body);
    Node::all([head, list])
}

fn fault(page: Page) -> Element {
    let again = again_button(page.words).on("click", move |_| page.tasks.refresh());
    error_notice(el("p").add(page.words.tasks_failed), again)
}

fn groups(page: Page) -> Node {
    let Page { words, tasks, .. } = page;
    let all_done = move || {
        let none = tasks.shown.with(|list| list.as_ref().is_some_and(|list| list.open() == 0));
        none.then(|| el("p").class("all-done").add(icon(Icon::Tick)).add(words.all_done))
    };
    let sorted = Memo::new(move |_| {
        page.minute.track();
        let clock = clock();
        let of = |list: &Loaded| Group::ALL.map(|group| members(&list.tasks, group, clock));
        tasks.regrouped.track();
        tasks
            .shown
            .with(|list| list.as_ref().map(|list| of(in_place(list).as_ref().unwrap_or(list))).unwrap_or_default())
    });
    let some = move || {
        let groups = Group::ALL.into_iter().enumerate().map(|(at, group)| (at as u64, group));
        sorted
            .with(|sorted| groups.zip(sorted).filter(|(_, tasks)| !tasks.is_empty()).map(|(group, _)| group).collect())
    };
    let more = move || {
        tasks.shown.with(|list| list.as_ref().is_some_and(|list| !list.is_whole())).then(|| {
            el("button")
                .attr("type", "button")
                .id("more-tasks")
                .class("button button-quiet")
                .on("click", move |_| spawn_local(tasks.load_more()))
                .add(words.more_tasks)
        })
    };
    Node::all([dynamic(all_done), each(some, move |group| group_view(page, group, sorted)), dynamic(more)])
}

fn group_view(page: Page, group: Group, sorted: Memo<[Vec<Task>; 5]>) -> Element {
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
    let members = move || sorted.with(|sorted| sorted.get(group as usize).cloned().unwrap_or_default());
    let count = move || {
        let members = sorted.with(|sorted| sorted.get(group as usize).map_or(0, Vec::len));
        page.tasks.shown.with(|list| list.as_ref().map(|list| list.group_count(members)))
    };
    let head = head.add(el("h3").add(title)).add(el("span").class("count").add_fn(count));
    let keyed = move || members().into_iter().map(|task| (row::key(page, &task), task)).collect();
    frame.class(class).add(head).add(el("ul").add(each(keyed, move |task| row::row(page, task))))
}
