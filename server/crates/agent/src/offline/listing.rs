//! Showing and counting tasks.

use saydo_contract::ToolName;
use saydo_interpreter::{ListRequest, Status};
use serde_json::{Map, Value};

use super::{
    PlanContext,
    replay::{PendingStep, Replay, ToolRequest, arguments},
    reply::{Listing, Reply},
    tasks::{due_text, fits, parse},
};

/// Lists what is asked for.
pub(super) fn show(
    asked: &ListRequest,
    context: &PlanContext<'_>,
    replay: &mut Replay<'_>,
) -> Result<Reply, PendingStep> {
    let filter = &asked.filter;
    // These the tool cannot filter by.
    let narrowed = filter.priority.is_some() || filter.finished.is_some() || !asked.numbers.is_empty();
    let wanted = ToolRequest { tool: ToolName::ListTasks, arguments: request(asked, narrowed) };
    let mut page = parse(replay.call(wanted)?)?;
    let mut total = page.total;
    if narrowed {
        let local = saydo_interpreter::Filter { query: None, due: None, ..filter.clone() };
        page.tasks.retain(|task| {
            fits(task, &local, context.now) && (asked.numbers.is_empty() || asked.numbers.contains(&task.id.get()))
        });
        total = u64::try_from(page.tasks.len()).unwrap_or(u64::MAX);
    }
    if page.tasks.is_empty() && !asked.numbers.is_empty() {
        return Ok(Reply::NoSuchNumbers(asked.numbers.clone()));
    }
    let shown = if asked.count_only { Vec::new() } else { page.tasks };
    Ok(Reply::Listed(Box::new(Listing { filter: filter.clone(), total, shown })))
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
