//! The task list.

use chrono::{DateTime, NaiveDate, Utc};
use saydo_contract::{Cursor, Due, PageLimit, StatusFilter};
use sea_orm::{
    ColumnTrait, Condition, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use super::{TaskFilter, TaskPage, rows};
use crate::{
    ListError, UserStore,
    cursor::Seal,
    entities::tasks::{Column, Entity, Model},
    search,
};

// Word for word as in the index that serves them.
const DAY: &str = "COALESCE(due_date, '9999-12-31')";
const MOMENT: &str = "COALESCE(due_at, '0001-01-01T00:00:00+00:00')";

const NO_DAY: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};
const NO_MOMENT: DateTime<Utc> = match NaiveDate::from_ymd_opt(1, 1, 1) {
    Some(day) => match day.and_hms_opt(0, 0, 0) {
        Some(moment) => moment.and_utc(),
        None => DateTime::<Utc>::MIN_UTC,
    },
    None => DateTime::<Utc>::MIN_UTC,
};

impl UserStore {
    /// A page of tasks that fit a filter.
    ///
    /// # Errors
    /// [`ListError::InvalidCursor`] where the cursor comes from another person, list or filter.
    pub async fn list_tasks(
        &self,
        filter: &TaskFilter,
        limit: PageLimit,
        cursor: Option<&Cursor>,
    ) -> Result<TaskPage, ListError> {
        let seal = seal(self, filter);
        let fitting = self.select::<Entity>().filter(Column::DeletedAt.is_null()).filter(condition(filter));
        let total = fitting.clone().count(&self.database.read).await?;

        let mut page = fitting
            .order_by_asc(Column::Completed)
            .order_by_asc(Expr::cust(DAY))
            .order_by_asc(Expr::cust(MOMENT))
            .order_by_asc(Column::Number)
            .limit(u64::from(limit.get()) + 1);
        if let Some(cursor) = cursor {
            page = page.filter(after(seal.open(cursor)?)?);
        }
        let mut rows = page.all(&self.database.read).await?;
        let more = rows.len() > usize::from(limit.get());
        rows.truncate(limit.get().into());
        let next_cursor = rows.last().filter(|_| more).map(|last| seal.cursor(key(last))).transpose()?;
        let tasks = rows.iter().map(rows::task).collect::<Result<_, _>>()?;
        Ok(TaskPage { tasks, total, next_cursor })
    }
}

fn condition(filter: &TaskFilter) -> Condition {
    let mut all = Condition::all();
    match filter.status {
        StatusFilter::All => {}
        StatusFilter::Pending => all = all.add(Column::Completed.eq(false)),
        StatusFilter::Completed => all = all.add(Column::Completed.eq(true)),
    }
    all = match filter.due_before {
        None => all,
        Some(Due::Date(day)) => all.add(Column::DueDate.lt(day)),
        Some(Due::At(moment)) => all.add(
            Condition::any()
                .add(Column::DueAt.lt(moment.with_timezone(&Utc)))
                .add(Column::DueAt.is_null().and(Column::DueDate.lt(moment.date_naive()))),
        ),
    };
    all = match filter.due_after {
        None => all,
        Some(Due::Date(day)) => all.add(Column::DueDate.gt(day)),
        Some(Due::At(moment)) => all.add(
            Condition::any()
                .add(Column::DueAt.gt(moment.with_timezone(&Utc)))
                .add(Column::DueAt.is_null().and(Column::DueDate.gt(moment.date_naive()))),
        ),
    };
    match &filter.query {
        None => all,
        Some(query) => all.add(search::holds_all(Column::SearchText, &search::words(query))),
    }
}

fn seal(store: &UserStore, filter: &TaskFilter) -> Seal {
    let show = |due: Option<Due>| due.map(|due| due.to_string()).unwrap_or_default();
    let query = filter.query.as_ref().map(search::words).unwrap_or_default().join(" ");
    let status = match filter.status {
        StatusFilter::All => "all",
        StatusFilter::Pending => "pending",
        StatusFilter::Completed => "completed",
    };
    Seal::new("tasks", &[store.user(), &status, &show(filter.due_before), &show(filter.due_after), &query])
}

fn key(row: &Model) -> [i64; 4] {
    [
        row.completed.into(),
        row.due_date.unwrap_or(NO_DAY).to_epoch_days().into(),
        row.due_at.unwrap_or(NO_MOMENT).timestamp_micros(),
        row.number,
    ]
}

fn after([completed, day, moment, number]: [i64; 4]) -> Result<Expr, ListError> {
    let day = i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days).ok_or(ListError::InvalidCursor)?;
    let moment = DateTime::from_timestamp_micros(moment).ok_or(ListError::InvalidCursor)?;
    // What a made-up cursor could hold beyond what the databases keep.
    if !(NO_MOMENT.date_naive()..=NO_DAY).contains(&day)
        || !(NO_MOMENT.date_naive()..=NO_DAY).contains(&moment.date_naive())
    {
        return Err(ListError::InvalidCursor);
    }
    Ok(Expr::tuple([Expr::col(Column::Completed), Expr::cust(DAY), Expr::cust(MOMENT), Expr::col(Column::Number)])
        .gt(Expr::tuple([Expr::value(completed != 0), Expr::value(day), Expr::value(moment), Expr::value(number)])))
}
