//! What a tool answers when it does not act. A model reads it: what is wrong, and what to do next.

use std::error::Error;

use rmcp::model::{ContentBlock, IntoContents};
use saydo_contract::TaskId;
use saydo_store::{ListError, StoreError, TASK_LIMIT, TaskError};

use crate::arguments::BadArguments;

const OURS: &str = "Something went wrong on our side. Nothing was changed; try again later.";

const UNCONFIRMED: &str = "The list did not confirm the change: it may or may not have been made. Call list_tasks \
                           first, and repeat only what is missing there.";

/// Why nothing was done, or nothing is known of it.
#[derive(Debug)]
pub(crate) enum ToolFailure {
    BadArguments(BadArguments),
    /// `user_id` names somebody else.
    WrongUser,
    /// An HTTP request that no authentication passed on.
    NoCaller,
    NothingToUpdate,
    /// An update whose only change is ignored beside nulls, and why.
    OnlyFiller(String),
    /// `update_task` with `deleted: true`.
    DeleteInstead,
    BadCursor,
    /// The change may have happened.
    Unconfirmed(StoreError),
    Refused {
        error: TaskError,
        about: Option<TaskId>,
    },
    Store(StoreError),
}

impl From<TaskError> for ToolFailure {
    fn from(error: TaskError) -> Self {
        match error {
            TaskError::Store(error) => Self::Store(error),
            TaskError::Unconfirmed(error) => Self::Unconfirmed(error),
            error => Self::Refused { error, about: None },
        }
    }
}

impl From<ListError> for ToolFailure {
    fn from(error: ListError) -> Self {
        match error {
            ListError::InvalidCursor => Self::BadCursor,
            ListError::Store(error) => Self::Store(error),
        }
    }
}

impl ToolFailure {
    /// Adds which task it is about.
    pub(crate) fn about(task: TaskId) -> impl FnOnce(TaskError) -> Self {
        move |error| match error.into() {
            Self::Refused { error, about: None } => Self::Refused { error, about: Some(task) },
            failure => failure,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::BadArguments(BadArguments(fault)) => {
                format!("Wrong arguments: {fault}. Nothing was done; correct them and call the tool again.")
            }
            Self::WrongUser => {
                "`user_id` must be the signed-in user or be left out. Nothing was done; call the tool again without it."
                    .to_owned()
            }
            Self::NoCaller => "Nobody is signed in. Nothing was done; sign in first.".to_owned(),
            Self::NothingToUpdate => "Nothing to update. Give at least one of title, description, completed, due, \
                                      priority, or deleted: false."
                .to_owned(),
            Self::OnlyFiller(note) => format!("Nothing was changed. {note}"),
            Self::DeleteInstead => {
                "`deleted` can only be false here, to restore a task. To delete one, call delete_task.".to_owned()
            }
            Self::BadCursor => "`cursor` does not belong to this list. Call list_tasks with the same filters and \
                                without a cursor to start again."
                .to_owned(),
            Self::Refused { error, about } => {
                let number = about.map(|id| format!(" {id}")).unwrap_or_default();
                match error {
                    TaskError::NotFound => format!("No task{number} on this list. Call list_tasks to see the numbers."),
                    TaskError::InTrash => format!(
                        "Task{number} is in the trash. To restore it, call update_task with task_id{number} and \
                         deleted: false."
                    ),
                    TaskError::TooMany => format!(
                        "The list is full: it holds {TASK_LIMIT} tasks. Nothing was changed; delete some tasks first."
                    ),
                    TaskError::Lost => {
                        "This turn goes on elsewhere. Nothing was changed; do not call tools any more.".to_owned()
                    }
                    TaskError::Unconfirmed(_) => UNCONFIRMED.to_owned(),
                    TaskError::Store(_) => OURS.to_owned(),
                }
            }
            Self::Unconfirmed(_) => UNCONFIRMED.to_owned(),
            Self::Store(StoreError::Unavailable(_)) => {
                "The list cannot be reached at the moment. Nothing was changed; try again.".to_owned()
            }
            Self::Store(StoreError::Internal(_)) => OURS.to_owned(),
        }
    }
}

impl IntoContents for ToolFailure {
    fn into_contents(self) -> Vec<ContentBlock> {
        if let Self::Store(error) | Self::Unconfirmed(error) = &self {
            tracing::error!(error = error as &dyn Error, "a tool could not reach the store");
        }
        vec![ContentBlock::text(self.words())]
    }
}
