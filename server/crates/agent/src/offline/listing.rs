//! Showing and counting tasks.

use saydo_contract::ToolName;
use saydo_interpreter::{ListRequest, Status};
use serde_json::{Map, Value};

use super::{
    Scene,
    replay::{Replay, Stop, Wanted, arguments},
    tasks::{due_text, fits, parse},
    words,
};

/// Lists what is asked for and says it.
pub(super) fn show(asked: &ListRequest, scene: &Scene<'_>, replay: &mut Replay<'_>) -> Result<String, Stop> {
    let filter = &asked.filter;
    // These the tool cannot filter by.
    let narrowed = filter.priority.is_some() || filter.finished.is_some() || !asked.numbers.is_empty();
    let wanted = Wanted { tool: ToolName::ListTasks, arguments: request(asked, narrowed) };
    let mut page = parse(replay.call(wanted)?)?;
    let mut total = page.total;
    if narrowed {
        let local = saydo_interpreter::Filter { query: None, due: None, ..filter.clone() };
        page.tasks.retain(|task| {
            fits(task, &local, scene.now) && (asked.numbers.is_empty() || asked.numbers.contains(&task.id.get()))
        });
        total = u64::try_from(page.tasks.len()).unwrap_or(u64::MAX);
    }
    if page.tasks.is_empty() && !asked.numbers.is_empty() {
        return Ok(words::no_such_numbers(&asked.numbers));
    }
    let shown = if asked.count_only { &[][..] } else { &page.tasks };
    Ok(words::list(shown, total, filter, scene.now))
}

fn request(asked: &ListRequest, narrowed: bool) -> Map<String, Value> {
    let filter = &asked.filter;
    let status = match filter.status {
        Status::All => "all",
        Status::Pending => "pending",
        Status::Completed => "completed",
    };
    let mut request = arguments([("status", status.into())]);
    if let Some(window) = filter.due {
        let bound = |name: &str, limit| (name.to_owned(), Value::String(due_text(limit)));
        request.extend(window.after.map(|limit| bound("due_after", limit)));
        request.extend(window.before.map(|limit| bound("due_before", limit)));
    }
    request.extend(filter.query.as_ref().map(|query| ("query".to_owned(), query.as_str().into())));
    if narrowed {
        request.insert("limit".to_owned(), 200.into());
    }
    request
}
