//! Tasks by when they are due. Pure: the day and the moment are arguments.

use chrono::{DateTime, NaiveDate, Utc};
use saydo_contract::{Due, Task};

/// When "now" is, where the person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clock {
    pub(crate) today: NaiveDate,
    pub(crate) now: DateTime<Utc>,
    /// When the next day begins there.
    pub(crate) tomorrow: DateTime<Utc>,
}

/// A part of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Group {
    Overdue,
    Today,
    Upcoming,
    NoDate,
    Done,
}

impl Group {
    pub(crate) const ALL: [Self; 5] = [Self::Overdue, Self::Today, Self::Upcoming, Self::NoDate, Self::Done];

    /// Where a task belongs.
    pub(crate) fn of(task: &Task, clock: Clock) -> Self {
        if task.completed {
            return Self::Done;
        }
        let Some(due) = task.due else { return Self::NoDate };
        // A moment falls on the day that it has where the person is now, whatever zone it was said in.
        let (is_late, is_today) = match due {
            Due::Date(day) => (day < clock.today, day <= clock.today),
            Due::At(moment) => (moment < clock.now, moment < clock.tomorrow),
        };
        match (is_late, is_today) {
            (true, _) => Self::Overdue,
            (false, true) => Self::Today,
            (false, false) => Self::Upcoming,
        }
    }
}

/// The tasks of one group, in the order in which they came.
pub(crate) fn members(tasks: &[Task], group: Group, clock: Clock) -> Vec<Task> {
    tasks.iter().filter(|task| Group::of(task, clock) == group).cloned().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use saydo_contract::Priority;

    use super::*;

    fn task(id: i64, due: Option<&str>, completed: bool) -> Task {
        let added: DateTime<Utc> = "2026-11-01T08:00:00Z".parse().unwrap();
        Task {
            id: id.try_into().unwrap(),
            title: "Task".parse().unwrap(),
            description: None,
            completed,
            due: due.map(|due| due.parse().unwrap()),
            priority: Priority::None,
            created_at: added,
            updated_at: added,
            completed_at: None,
        }
    }

    /// UI-19: five groups, by the browser's day for dates and by its moment for times.
    #[test]
    fn tasks_fall_into_groups() {
        // Half past midnight in Berlin, still the day before in UTC.
        let clock = Clock {
            today: "2026-11-27".parse().unwrap(),
            now: "2026-11-26T23:30:00Z".parse().unwrap(),
            tomorrow: "2026-11-27T23:00:00Z".parse().unwrap(),
        };
        let expected = [
            (Some("2026-11-26"), false, Group::Overdue),
            (Some("2026-11-27T00:29:59+01:00"), false, Group::Overdue),
            (Some("2026-11-27"), false, Group::Today),
            (Some("2026-11-27T00:31:00+01:00"), false, Group::Today),
            (Some("2026-11-27T23:59:00+01:00"), false, Group::Today),
            (Some("2026-11-28"), false, Group::Upcoming),
            (Some("2026-11-28T00:00:00+01:00"), false, Group::Upcoming),
            (None, false, Group::NoDate),
            (Some("2026-11-01"), true, Group::Done),
            (None, true, Group::Done),
        ];
        let tasks: Vec<Task> = expected.iter().zip(1..).map(|((due, done, _), id)| task(id, *due, *done)).collect();
        for (task, (due, _, group)) in tasks.iter().zip(expected) {
            assert_eq!(Group::of(task, clock), group, "{due:?}");
        }
        let grouped: Vec<_> =
            Group::ALL.iter().flat_map(|group| members(&tasks, *group, clock)).map(|t| t.id).collect();
        assert_eq!(grouped, tasks.iter().map(|task| task.id).collect::<Vec<_>>());
    }
    /// UI-19a: a time that was said in another zone falls on the day that it has where the person is now.
    #[test]
    fn times_fall_on_the_readers_day() {
        // Noon in Karachi on the first; 20:00 in Berlin is midnight there, which begins the second.
        let clock = Clock {
            today: "2026-12-01".parse().unwrap(),
            now: "2026-12-01T07:00:00Z".parse().unwrap(),
            tomorrow: "2026-12-01T19:00:00Z".parse().unwrap(),
        };
        let group = |due: &str| Group::of(&task(1, Some(due), false), clock);
        assert_eq!(group("2026-12-01T19:59:00+01:00"), Group::Today);
        assert_eq!(group("2026-12-01T20:00:00+01:00"), Group::Upcoming);
        // Where it was said it is the next day already.
        assert_eq!(group("2026-12-02T01:00:00+11:00"), Group::Today);
    }
}
