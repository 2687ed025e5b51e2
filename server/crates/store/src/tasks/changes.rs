//! The record of every change: receipts, undo, and at most one effect per tool call.

use saydo_contract::{ChangeVerb, Task, TaskChange};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter,
};

use super::{Changed, Origin, rows};
use crate::{
    StoreError, UserStore,
    entities::{task_changes, tasks},
    limited::Transaction,
    search::storable,
};

impl UserStore {
    /// Records a change in the transaction that makes it. What changes nothing is recorded too where it comes from a
    /// tool call, so that the same call cannot find more to do later.
    pub(super) async fn record(
        &self,
        transaction: &Transaction,
        before: Option<&tasks::Model>,
        after: &tasks::Model,
        verb: Option<ChangeVerb>,
        origin: &Origin,
    ) -> Result<Changed, StoreError> {
        let visible = |row: &tasks::Model| row.deleted_at.is_none().then(|| rows::task(row)).transpose();
        let before_task = before.map(rows::task).transpose()?;
        let after_task = visible(after)?;
        if verb.is_some() || origin.is_call() {
            let json = |task: &Option<Task>| {
                task.as_ref().map(serde_json::to_string).transpose().map_err(StoreError::internal)
            };
            let row = task_changes::ActiveModel {
                id: NotSet,
                user_id: Set(self.owner()),
                number: Set(after.number),
                turn_id: Set(origin.turn.map(|turn| turn.turn_id.get())),
                call_id: Set(origin.call()),
                verb: Set(verb.map(|verb| verb_name(verb).to_owned())),
                before: Set(json(&before_task)?),
                after: Set(json(&after_task)?),
                created_at: Set(crate::database::now()),
            };
            task_changes::Entity::insert(row).exec_without_returning(transaction).await?;
        }
        changed(before_task, after_task, verb)
    }

    /// What a tool call did before, if it was here.
    pub(super) async fn recorded(
        &self,
        transaction: &Transaction,
        origin: &Origin,
    ) -> Result<Option<Changed>, StoreError> {
        let (Some(turn), Some(call)) = (origin.turn, origin.call()) else { return Ok(None) };
        let row = self
            .select::<task_changes::Entity>()
            .filter(task_changes::Column::TurnId.eq(turn.turn_id.get()))
            .filter(task_changes::Column::CallId.eq(call))
            .one(transaction)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let task = |json: Option<String>| {
            json.map(|json| serde_json::from_str::<Task>(&json)).transpose().map_err(StoreError::internal)
        };
        let verb = row.verb.as_deref().map(verb_from).transpose()?;
        changed(task(row.before)?, task(row.after)?, verb).map(Some)
    }
}

impl Origin {
    pub(super) const fn is_call(&self) -> bool {
        self.turn.is_some() && self.call_id.is_some()
    }

    fn call(&self) -> Option<String> {
        self.call_id.as_deref().map(|id| storable(id).into_owned())
    }
}

fn changed(before: Option<Task>, after: Option<Task>, verb: Option<ChangeVerb>) -> Result<Changed, StoreError> {
    let task =
        after.clone().or_else(|| before.clone()).ok_or_else(|| StoreError::internal("a change without a task"))?;
    let change = verb.map(|verb| TaskChange { task_id: task.id, title: task.title.clone(), verb, before, after });
    Ok(Changed { task, change, same_title: Vec::new() })
}

const fn verb_name(verb: ChangeVerb) -> &'static str {
    match verb {
        ChangeVerb::Created => "created",
        ChangeVerb::Completed => "completed",
        ChangeVerb::Reopened => "reopened",
        ChangeVerb::Updated => "updated",
        ChangeVerb::Deleted => "deleted",
        ChangeVerb::Restored => "restored",
    }
}

fn verb_from(name: &str) -> Result<ChangeVerb, StoreError> {
    Ok(match name {
        "created" => ChangeVerb::Created,
        "completed" => ChangeVerb::Completed,
        "reopened" => ChangeVerb::Reopened,
        "updated" => ChangeVerb::Updated,
        "deleted" => ChangeVerb::Deleted,
        "restored" => ChangeVerb::Restored,
        other => return Err(StoreError::internal(format!("a change that is '{other}'"))),
    })
}
