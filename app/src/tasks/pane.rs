//! The pane of tasks.

use leptos::{prelude::*, task::spawn_local};
use saydo_contract::{Priority, Task};

use super::{
    Tasks,
    groups::{Group, members},
};
use crate::{
    browser::DateStyle,
    chat::priority_words,
    dates::{When, clock},
    icons::{Icon, icon},
    words::{Words, use_words},
};

/// The list, grouped by when things are due.
#[component]
pub(crate) fn TaskPane() -> impl IntoView {
    let words = use_words();
    let tasks = expect_context::<Tasks>();
    let count = move || tasks.items.with(|items| items.as_ref().map(|items| open(items)));
    let body = move || {
        let state = tasks.items.with(|items| items.as_ref().map(Vec::is_empty));
        match (state, tasks.fault.with(Option::is_some)) {
            (None, true) => failed(tasks, words).into_any(),
            (None, false) => skeleton(words).into_any(),
            (Some(true), _) => empty(words).into_any(),
            (Some(false), stale) => view! {
                {stale.then(|| failed(tasks, words))}
                {groups(tasks, words)}
            }
            .into_any(),
        }
    };
    view! {
        <header class="tasks-head">
            <h2 class="pane-title">{words.tasks}</h2>
            {move || count().map(|count| view! { <p class="quiet">{(words.open_tasks)(count)}</p> })}
        </header>
        <div class="tasks-body" role="region" aria-label=words.tasks tabindex="0">
            {body}
        </div>
    }
}

/// How many are not done.
pub(crate) fn open(tasks: &[Task]) -> usize {
    tasks.iter().filter(|task| !task.completed).count()
}

fn groups(tasks: Tasks, words: &'static Words) -> impl IntoView {
    let body = move || {
        let clock = clock();
        tasks.items.with(|items| {
            let items = items.as_deref().unwrap_or_default();
            let all_done = open(items) == 0;
            let groups: Vec<AnyView> = Group::ALL
                .into_iter()
                .filter_map(|group| {
                    let members = members(items, group, clock);
                    (!members.is_empty()).then(|| group_view(group, &members, words))
                })
                .collect();
            view! {
                {all_done.then(|| view! { <p class="all-done">{icon(Icon::Tick)} {words.all_done}</p> })}
                {groups}
            }
        })
    };
    let more = move || {
        tasks.next.with(Option::is_some).then(|| {
            view! {
                <button type="button" class="button button-quiet" on:click=move |_| spawn_local(tasks.load_more())>
                    {words.more_tasks}
                </button>
            }
        })
    };
    view! {
        {body}
        {more}
    }
}

fn group_view(group: Group, members: &[Task], words: &'static Words) -> AnyView {
    let (title, class) = match group {
        Group::Overdue => (words.overdue, "group is-overdue"),
        Group::Today => (words.today, "group is-today"),
        Group::Upcoming => (words.upcoming, "group is-upcoming"),
        Group::NoDate => (words.no_date, "group is-undated"),
        Group::Done => (words.done, "group is-done"),
    };
    let count = members.len();
    let rows: Vec<_> = members.iter().map(|task| row(task, words)).collect();
    if group == Group::Done {
        return view! {
            <details class=class>
                <summary>
                    <h3>{title}</h3>
                    <span class="count">{count}</span>
                </summary>
                <ul>{rows}</ul>
            </details>
        }
        .into_any();
    }
    view! {
        <section class=class>
            <div class="group-head">
                <h3>{title}</h3>
                <span class="count">{count}</span>
            </div>
            <ul>{rows}</ul>
        </section>
    }
    .into_any()
}

fn row(task: &Task, words: &'static Words) -> impl IntoView + use<> {
    let sign = if task.completed { Icon::Tick } else { Icon::Ring };
    let notes = task.description.clone().filter(|notes| !notes.is_empty());
    let due = task.due.filter(|_| !task.completed);
    let priority = (task.priority != Priority::None && !task.completed).then(|| {
        let class = match task.priority {
            Priority::High => "chip is-high",
            Priority::Medium => "chip is-medium",
            _ => "chip",
        };
        view! {
            <span class=class>
                {icon(Icon::Flag)} <span class="visually-hidden">{words.priority} " "</span>
                {priority_words(task.priority, words)}
            </span>
        }
    });
    let has_meta = due.is_some() || priority.is_some();
    let due = due.map(|due| view! { <span class="chip is-due"><When due style=DateStyle::Short /></span> });
    view! {
        <li class="task">
            <span class="task-sign">{icon(sign)}</span>
            <div class="task-body">
                <p class="task-title">
                    {task.title.as_str().to_owned()} " "
                    <span class="number">{"#".to_owned() + &task.id.to_string()}</span>
                </p>
                {notes.map(|notes| view! { <p class="task-notes">{notes}</p> })}
                {has_meta.then(|| view! { <p class="task-meta">{due} {priority}</p> })}
            </div>
        </li>
    }
}

fn skeleton(words: &'static Words) -> impl IntoView {
    view! {
        <p class="visually-hidden">{words.tasks_loading}</p>
        <div class="skeleton" aria-hidden="true">
            <span></span>
            <span></span>
            <span></span>
            <span></span>
            <span></span>
        </div>
    }
}

fn empty(words: &'static Words) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-sign">{icon(Icon::Tick)}</span>
            <p class="empty-title">{words.tasks_empty}</p>
            <p>{words.tasks_empty_lead}</p>
        </div>
    }
}

fn failed(tasks: Tasks, words: &'static Words) -> impl IntoView {
    view! {
        <div class="notice notice-error" role="alert">
            {icon(Icon::Warning)}
            <div>
                <p>{words.tasks_failed}</p>
                <button type="button" class="button" on:click=move |_| tasks.refresh()>
                    {icon(Icon::Retry)}
                    {words.try_again}
                </button>
            </div>
        </div>
    }
}
