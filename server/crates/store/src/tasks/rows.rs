//! Tasks as rows.

use chrono::{FixedOffset, Offset, Utc};
use saydo_contract::{Due, Priority, Task, TaskDescription};

use super::StoredTask;
use crate::{StoreError, entities::tasks, search};

pub(super) fn description(text: TaskDescription) -> Option<String> {
    Some(String::from(text)).filter(|text| !text.is_empty())
}

pub(super) const fn priority_rank(priority: Priority) -> i16 {
    match priority {
        Priority::None => 0,
        Priority::Low => 1,
        Priority::Medium => 2,
        Priority::High => 3,
    }
}

pub(super) fn set_due(row: &mut tasks::Model, due: Option<Due>) {
    row.due_date = due.map(|due| due.day());
    (row.due_at, row.due_offset_minutes) = match due {
        Some(Due::At(moment)) => {
            (Some(moment.with_timezone(&Utc)), Some(moment.offset().fix().local_minus_utc().div_euclid(60)))
        }
        Some(Due::Date(_)) | None => (None, None),
    };
}

pub(super) fn index_for_search(row: &mut tasks::Model) {
    row.search_text = search::folded(&[&row.title, row.description.as_deref().unwrap_or_default()]);
}

pub(crate) fn stored_task(row: &tasks::Model) -> Result<StoredTask, StoreError> {
    Ok(StoredTask { task: task(row)?, in_trash: row.deleted_at.is_some() })
}

pub(super) fn task(row: &tasks::Model) -> Result<Task, StoreError> {
    let due = match (row.due_date, row.due_at, row.due_offset_minutes) {
        (Some(_), Some(at), Some(minutes)) => {
            let offset = FixedOffset::east_opt(minutes.saturating_mul(60))
                .ok_or_else(|| StoreError::internal(format!("an offset of {minutes} minutes")))?;
            Some(Due::At(at.with_timezone(&offset)))
        }
        (Some(date), _, _) => Some(Due::Date(date)),
        (None, _, _) => None,
    };
    let priority = match row.priority {
        0 => Priority::None,
        1 => Priority::Low,
        2 => Priority::Medium,
        3 => Priority::High,
        other => return Err(StoreError::internal(format!("a priority of {other}"))),
    };
    Ok(Task {
        id: row.number.try_into().map_err(StoreError::internal)?,
        title: row.title.parse().map_err(StoreError::internal)?,
        description: row.description.clone(),
        completed: row.completed,
        due,
        priority,
        created_at: row.created_at,
        updated_at: row.updated_at,
        completed_at: row.completed_at,
    })
}
