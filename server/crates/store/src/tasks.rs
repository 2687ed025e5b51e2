//! A person's tasks: adding and changing them.

mod changes;
mod list;
mod rows;
mod titles;

pub(crate) use rows::stored_task;

use chrono::{DateTime, Utc};
use saydo_contract::{
    AccountEvent, ChangeVerb, Cursor, Due, Patch, Priority, SearchQuery, StatusFilter, Task, TaskChange,
    TaskDescription, TaskId, TaskTitle,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};

use crate::{BegunTurn, StoreError, TurnError, UserStore, database::now, entities::tasks, limited::Transaction};

/// How many tasks a person may have, those in the trash not counted.
pub const TASK_LIMIT: u64 = 10_000;

/// How many tasks of the same title an addition names.
pub const SAME_TITLES: u64 = 5;

/// A task to add.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// What is to be done.
    pub title: TaskTitle,
    /// Notes; an empty text is as good as none.
    pub description: Option<TaskDescription>,
    /// When it is due.
    pub due: Option<Due>,
    /// How urgent it is.
    pub priority: Priority,
}

/// What to change about a task; the default changes nothing.
#[derive(Debug, Clone, Default)]
pub struct TaskPatch {
    /// The new title.
    pub title: Option<TaskTitle>,
    /// The new description; an empty text removes it.
    pub description: Patch<TaskDescription>,
    /// Whether it is done.
    pub completed: Option<bool>,
    /// The new due date.
    pub due: Patch<Due>,
    /// The new priority.
    pub priority: Option<Priority>,
    /// What to do about the trash.
    pub trash: Trash,
}

/// What an update does with a task in the trash.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Trash {
    /// Refuse: [`TaskError::InTrash`].
    #[default]
    Keep,
    /// Take it back first.
    Restore,
}

/// A task, wherever it is.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredTask {
    /// The task.
    pub task: Task,
    /// Whether it is in the trash.
    pub in_trash: bool,
}

/// Which tasks to list. Those in the trash never are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TaskFilter {
    /// Open, completed or both.
    pub status: StatusFilter,
    /// Due before: a date compares with the task's day; a moment with the task's moment, or, where that is a whole
    /// day, with the moment's own calendar day.
    pub due_before: Option<Due>,
    /// Due after, compared in the same way.
    pub due_after: Option<Due>,
    /// Words that the title or description must all contain, in any case.
    pub query: Option<SearchQuery>,
}

/// A page of tasks: open ones first, then by due day (none last), whole days before times, then by number.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskPage {
    /// The tasks of this page.
    pub tasks: Vec<Task>,
    /// How many tasks fit the filter in all.
    pub total: u64,
    /// Where the next page starts; `None` on the last.
    pub next_cursor: Option<Cursor>,
}

/// Who asked for a change. With both parts set the change happens at most once: the same call again answers with what
/// was recorded and changes nothing. So a change that the database did not confirm is then asked for once more before
/// it is [`TaskError::Unconfirmed`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The turn that asked. Only its holder changes anything.
    pub turn: Option<BegunTurn>,
    /// The tool call within the turn.
    pub call_id: Option<String>,
}

/// What a change came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// The task now; as it was, where it is in the trash now.
    pub task: Task,
    /// The receipt; `None` where the task already was as asked.
    pub change: Option<TaskChange>,
    /// Of an addition: older open tasks with the same title in any case, oldest first, at most [`SAME_TITLES`]. SQLite
    /// folds the case of ASCII letters alone.
    pub same_title: Vec<TaskId>,
}

/// Why a task was not changed.
#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    /// This person never had a task with this number.
    #[error("there is no such task")]
    NotFound,
    /// The task is in the trash: restore it first.
    #[error("the task is in the trash")]
    InTrash,
    /// The list is full ([`TASK_LIMIT`]).
    #[error("the list is full")]
    TooMany,
    /// The turn that asked is not the caller's any more: [`TurnError::Lost`].
    #[error("the turn is not held any more")]
    Lost,
    /// The database did not confirm the change: it may have happened, or happen yet. Look before asking again.
    #[error("it is not known whether the task was changed")]
    Unconfirmed(#[source] StoreError),
    /// The store could not answer; nothing was changed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbErr> for TaskError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<TurnError> for TaskError {
    fn from(error: TurnError) -> Self {
        match error {
            TurnError::Lost => Self::Lost,
            TurnError::Store(error) => Self::Store(error),
        }
    }
}

impl UserStore {
    /// Adds a task under the next number.
    ///
    /// # Errors
    /// [`TaskError::TooMany`] on a full list.
    pub async fn add_task(&self, new: NewTask, origin: &Origin) -> Result<Changed, TaskError> {
        confirmed(origin, self.add_once(new.clone(), origin), self.add_once(new, origin)).await
    }

    async fn add_once(&self, new: NewTask, origin: &Origin) -> Result<Changed, TaskError> {
        let transaction = self.database.begin().await?;
        let number = self.lock_list(&transaction, origin, Numbers::Take).await?;
        if let Some(mut recorded) = self.recorded(&transaction, origin).await? {
            let title = recorded.task.title.as_str();
            recorded.same_title = self.title_check(&transaction, title, recorded.task.id.get()).await?.same_title;
            return Ok(recorded);
        }
        let found = self.title_check(&transaction, new.title.as_str(), number).await?;
        if found.live_tasks >= TASK_LIMIT {
            return Err(TaskError::TooMany);
        }
        let now = now();
        let mut row = tasks::Model {
            user_id: self.owner(),
            number,
            title: new.title.into(),
            description: new.description.and_then(rows::description),
            search_text: String::new(),
            completed: false,
            due_date: None,
            due_at: None,
            due_offset_minutes: None,
            priority: rows::priority_rank(new.priority),
            created_at: now,
            updated_at: now,
            completed_at: None,
            deleted_at: None,
        };
        rows::set_due(&mut row, new.due);
        rows::index_for_search(&mut row);
        tasks::Entity::insert(row.clone().into_active_model().reset_all()).exec_without_returning(&transaction).await?;
        let mut changed = self.record(&transaction, None, &row, Some(ChangeVerb::Created), origin).await?;
        changed.same_title = found.same_title;
        self.commit(transaction, origin, &changed).await?;
        Ok(changed)
    }

    /// Marks a task as done; no change where it is.
    ///
    /// # Errors
    /// [`TaskError::NotFound`], [`TaskError::InTrash`].
    pub async fn complete_task(&self, id: TaskId, origin: &Origin) -> Result<Changed, TaskError> {
        let patch = TaskPatch { completed: Some(true), ..TaskPatch::default() };
        self.update_task(id, patch, origin).await
    }

    /// Moves a task to the trash, where it is kept for [`TRASH_KEPT`](crate::TRASH_KEPT); no change where it is.
    ///
    /// # Errors
    /// [`TaskError::NotFound`].
    pub async fn delete_task(&self, id: TaskId, origin: &Origin) -> Result<Changed, TaskError> {
        self.alter(id, origin, |row, now| {
            Ok(row.deleted_at.is_none().then(|| {
                row.deleted_at = Some(now);
                ChangeVerb::Deleted
            }))
        })
        .await
    }

    /// Takes a task back from the trash; no change where it is not there.
    ///
    /// # Errors
    /// [`TaskError::NotFound`], [`TaskError::TooMany`] on a full list.
    pub async fn restore_task(&self, id: TaskId, origin: &Origin) -> Result<Changed, TaskError> {
        let patch = TaskPatch { trash: Trash::Restore, ..TaskPatch::default() };
        self.update_task(id, patch, origin).await
    }

    /// Changes what the patch names. The receipt's verb is the most telling one: restored, else completed or
    /// reopened, else updated; `before` and `after` tell all.
    ///
    /// # Errors
    /// [`TaskError::NotFound`], [`TaskError::InTrash`], and [`TaskError::TooMany`] where restoring finds a full list.
    pub async fn update_task(&self, id: TaskId, patch: TaskPatch, origin: &Origin) -> Result<Changed, TaskError> {
        self.alter(id, origin, |row, now| {
            if row.deleted_at.is_some() && patch.trash == Trash::Keep {
                return Err(TaskError::InTrash);
            }
            Ok(apply(row, patch.clone(), now))
        })
        .await
    }

    /// A task, with whether it is in the trash.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn task(&self, id: TaskId) -> Result<Option<StoredTask>, StoreError> {
        let row =
            self.select::<tasks::Entity>().filter(tasks::Column::Number.eq(id.get())).one(&self.database.read).await?;
        row.as_ref().map(rows::stored_task).transpose()
    }

    async fn alter(
        &self,
        id: TaskId,
        origin: &Origin,
        change: impl Fn(&mut tasks::Model, DateTime<Utc>) -> Result<Option<ChangeVerb>, TaskError>,
    ) -> Result<Changed, TaskError> {
        confirmed(origin, self.alter_once(id, origin, &change), self.alter_once(id, origin, &change)).await
    }

    async fn alter_once(
        &self,
        id: TaskId,
        origin: &Origin,
        change: impl Fn(&mut tasks::Model, DateTime<Utc>) -> Result<Option<ChangeVerb>, TaskError>,
    ) -> Result<Changed, TaskError> {
        let transaction = self.database.begin().await?;
        self.lock_list(&transaction, origin, Numbers::Keep).await?;
        if let Some(recorded) = self.recorded(&transaction, origin).await? {
            return Ok(recorded);
        }
        let before = self
            .select::<tasks::Entity>()
            .filter(tasks::Column::Number.eq(id.get()))
            .one(&transaction)
            .await?
            .ok_or(TaskError::NotFound)?;
        let mut after = before.clone();
        let now = now();
        let verb = change(&mut after, now)?;
        if verb.is_some() {
            if before.deleted_at.is_some() {
                self.check_room(&transaction).await?;
            }
            after.updated_at = now;
            rows::index_for_search(&mut after);
            // The key is in the row, and with it the owner.
            after.clone().into_active_model().reset_all().update(&transaction).await?;
        }
        let changed = self.record(&transaction, Some(&before), &after, verb, origin).await?;
        self.commit(transaction, origin, &changed).await?;
        Ok(changed)
    }

    /// A fault of any kind here leaves open whether the change was made.
    async fn commit(&self, transaction: Transaction, origin: &Origin, changed: &Changed) -> Result<(), TaskError> {
        let committed = if changed.change.is_some() {
            let turn_id = origin.turn.map(|turn| turn.turn_id);
            self.commit_and_tell(transaction, AccountEvent::TasksChanged { turn_id }).await
        } else {
            transaction.commit().await
        };
        committed.map_err(|fault| TaskError::Unconfirmed(fault.into()))
    }

    async fn check_room(&self, transaction: &Transaction) -> Result<(), TaskError> {
        let live = self.select::<tasks::Entity>().filter(tasks::Column::DeletedAt.is_null()).count(transaction).await?;
        if live < TASK_LIMIT { Ok(()) } else { Err(TaskError::TooMany) }
    }
}

/// Asks once more for a change that was not confirmed, where its record keeps it from happening twice.
async fn confirmed(
    origin: &Origin,
    change: impl Future<Output = Result<Changed, TaskError>>,
    again: impl Future<Output = Result<Changed, TaskError>>,
) -> Result<Changed, TaskError> {
    match change.await {
        Err(TaskError::Unconfirmed(_)) if origin.is_call() => match again.await {
            Err(TaskError::Store(fault)) => Err(TaskError::Unconfirmed(fault)),
            done => done,
        },
        done => done,
    }
}

fn apply(row: &mut tasks::Model, patch: TaskPatch, now: DateTime<Utc>) -> Option<ChangeVerb> {
    let before = row.clone();
    row.deleted_at = None;
    if let Some(title) = patch.title {
        row.title = title.into();
    }
    match patch.description {
        Patch::Keep => {}
        Patch::Clear => row.description = None,
        Patch::Set(text) => row.description = rows::description(text),
    }
    match patch.due {
        Patch::Keep => {}
        Patch::Clear => rows::set_due(row, None),
        Patch::Set(due) => rows::set_due(row, Some(due)),
    }
    if let Some(priority) = patch.priority {
        row.priority = rows::priority_rank(priority);
    }
    if let Some(completed) = patch.completed.filter(|completed| *completed != row.completed) {
        row.completed = completed;
        row.completed_at = completed.then_some(now);
    }
    if before.deleted_at.is_some() {
        Some(ChangeVerb::Restored)
    } else if before.completed != row.completed {
        Some(if row.completed { ChangeVerb::Completed } else { ChangeVerb::Reopened })
    } else {
        (before != *row).then_some(ChangeVerb::Updated)
    }
}

/// What locking a list does with its numbers.
#[derive(Clone, Copy)]
enum Numbers {
    Keep,
    Take,
}

impl UserStore {
    /// Locks the list until the end of the transaction, so that its changes happen one after the other, and tells the
    /// last number given out: with [`Numbers::Take`] a new one. The turn that asks is locked before, so that nobody
    /// takes it over meanwhile.
    async fn lock_list(&self, transaction: &Transaction, origin: &Origin, numbers: Numbers) -> Result<i64, TaskError> {
        use crate::entities::task_numbers::{ActiveModel, Column, Entity};
        use sea_orm::{
            ActiveValue::Set,
            sea_query::{Expr, ExprTrait, OnConflict},
        };

        if let Some(turn) = &origin.turn {
            self.check_held(transaction, turn).await?;
        }
        let step = match numbers {
            Numbers::Keep => 0_i64,
            Numbers::Take => 1,
        };
        let row = Entity::insert(ActiveModel { user_id: Set(self.owner()), last: Set(step) })
            .on_conflict(
                OnConflict::column(Column::UserId)
                    .value(Column::Last, Expr::col((Entity, Column::Last)).add(step))
                    .to_owned(),
            )
            .exec_with_returning(transaction)
            .await?;
        Ok(row.last)
    }
}
