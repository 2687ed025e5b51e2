//! What a message means: commands over tasks, and the answers of a dialogue.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;
use saydo_contract::Locale;

use crate::phrase::date::calendar::zone_locale;

/// What the meaning of a message depends on, besides its words.
#[derive(Debug, Clone)]
pub struct Context {
    /// The person's moment, in the person's time zone.
    pub now: DateTime<Tz>,
    /// The day on which the person's week starts.
    pub week_start: Weekday,
    /// How the person writes dates and times.
    pub locale: Locale,
    /// What the conversation said before.
    pub dialogue: Dialogue,
}

impl Context {
    /// A conversation that has just begun, with weeks that start on Monday and the locale of the time zone.
    #[must_use]
    pub fn new(now: DateTime<Tz>) -> Self {
        Self { now, week_start: Weekday::Mon, locale: zone_locale(now.timezone()), dialogue: Dialogue::default() }
    }
}

/// What the conversation said before, as far as it gives later words a meaning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dialogue {
    /// Task numbers that "it", "that", "them" and "the last one" mean: those of the most recent turn that named any.
    /// A list names what it shows.
    pub last_tasks: Vec<i64>,
    /// Task numbers in the order of the last list that was shown, for "the second one".
    pub last_listed: Vec<i64>,
    /// How many choices wait for an answer; 0 where none do.
    pub options: usize,
    /// Whether a frozen change waits for "yes" or "no".
    pub confirming: bool,
    /// Whether an offer to add a task waits for "yes" or "no". Anything else is a new message.
    pub offering: bool,
}

/// One thing that a message asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    /// Add these tasks, in this order. Never empty.
    Add(Vec<NewItem>),
    /// Offer to add these: the words are in doubt, and only "yes" adds them. Never empty; one item, except for a list.
    Offer(Vec<NewItem>),
    /// Show or count tasks.
    List(ListRequest),
    /// Mark as done.
    Complete(Target),
    /// Mark as not done.
    Reopen(Target),
    /// Move to the trash.
    Delete(Target),
    /// Take back from the trash.
    Restore(Target),
    /// Change what a task says.
    Update {
        /// Which tasks.
        target: Target,
        /// What becomes different. Never empty.
        changes: Changes,
    },
    /// Make the parts of its title tasks of their own: see [`split_title`](crate::split_title).
    Split(Target),
    /// Take back what the last turn changed.
    Undo,
    /// Take back what this receipt tells.
    UndoReceipt(Receipt),
    /// Take the last undo back.
    Redo,
    /// "Yes" to what waits.
    Confirm,
    /// "No" to what waits, or "never mind".
    Decline,
    /// Positions, from 1, among the choices that wait, or among the frozen items ("only the first two").
    Choose(Vec<usize>),
    /// A greeting.
    Greet,
    /// Thanks or praise.
    Thanks,
    /// A goodbye.
    Goodbye,
    /// The person asks what can be said.
    Help,
    /// The person asks about the app.
    About(Topic),
    /// Not understood. Changes nothing. While choices wait, the words may still name one of them: see
    /// [`resolve`](crate::resolve).
    Unknown,
}

/// Changes that were told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// The newest change of this task.
    Task(i64),
    /// All that this turn changed.
    Turn(i64),
    /// What this turn changed about this task.
    TaskOfTurn {
        /// The turn.
        turn: i64,
        /// The task.
        task: i64,
    },
}

/// A task to add.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewItem {
    /// One line of 1 to 200 characters.
    pub title: String,
    /// Notes of at most 1,000 characters.
    pub description: Option<String>,
    /// When it is due.
    pub due: Option<When>,
    /// How urgent it is, where the words say so.
    pub priority: Option<Priority>,
    /// Whether the words ask for a repetition ("every Monday"). They stay in the title.
    pub recurring: bool,
    /// Whether the words ask to be reminded, and not only to add a task.
    pub reminder: bool,
    /// The titles that this one can be split into ("eggs, bread and butter"). Empty where it lists nothing.
    pub parts: Vec<String>,
    /// The words that look like a date and were not understood as a whole ("Feb 30"). They stay in the title, and no
    /// due date is set.
    pub unread: Option<String>,
}

/// What a question about the app is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Tasks that repeat.
    Repeat,
    /// Reminders and notifications.
    Reminders,
    /// How to delete the account.
    DeleteAccount,
    /// How to change the password.
    ChangePassword,
    /// A password that is forgotten.
    ForgottenPassword,
    /// How to change the e-mail address.
    ChangeEmail,
    /// Settings and the profile.
    Settings,
    /// How to take the tasks out of the app.
    Export,
    /// How to bring in tasks of another app.
    Import,
    /// The dark theme.
    DarkMode,
    /// The light theme.
    LightMode,
    /// The theme of the system.
    SystemTheme,
    /// The language of the page.
    Language,
    /// Keyboard shortcuts.
    Shortcuts,
    /// How to sign out.
    SignOut,
    /// How to take a change back.
    Undo,
    /// Where deleted tasks are.
    Trash,
    /// Tasks below a task.
    Subtasks,
    /// Lists that several people share.
    Share,
    /// Files at a task.
    Attachments,
    /// Calendars of other apps.
    Calendar,
    /// Tags, projects and several lists.
    Tags,
    /// Speaking instead of typing.
    Voice,
    /// Apps for phones and desktops.
    Apps,
    /// Who sees the data.
    Privacy,
    /// Use without a network.
    Offline,
    /// What the app costs.
    Price,
    /// Whom to tell of a fault.
    Support,
    /// What answers: a model, or plain rules.
    Assistant,
}

/// A day, or a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The whole day, in no time zone.
    Date(NaiveDate),
    /// A moment, with the offset that the person's zone has then. Whole minutes.
    At(DateTime<FixedOffset>),
}

/// How urgent a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// Explicitly none.
    None,
    /// Whenever there is time.
    Low,
    /// Soon.
    Medium,
    /// First.
    High,
}

/// Which tasks to show.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListRequest {
    /// What they have in common.
    pub filter: Filter,
    /// Only these task numbers, where some are named ("show task 3"). Empty: all that pass the filter.
    pub numbers: Vec<i64>,
    /// Whether only the number of tasks is asked for ("how many …").
    pub count_only: bool,
}

/// What tasks have in common. All that is given must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Open, done or both.
    pub status: Status,
    /// When they are due.
    pub due: Option<Window>,
    /// When they were done ("what did I finish yesterday?").
    pub finished: Option<Window>,
    /// Words in the title or the description.
    pub query: Option<String>,
    /// How urgent they are.
    pub priority: Option<Priority>,
}

/// Whether tasks are done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Status {
    /// Open and done.
    #[default]
    All,
    /// Open.
    Pending,
    /// Done.
    Completed,
}

/// A stretch of time, with the meaning of the tool's `due_after` and `due_before`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    /// Later than this; a date: after that day ends.
    pub after: Option<When>,
    /// Earlier than this; a date: before that day begins.
    pub before: Option<When>,
}

/// Which tasks a command means.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// Exactly these, by number, in the order said. Pronouns and ordinals that the dialogue explains are numbers here.
    Numbers(Vec<i64>),
    /// One of these, and the words do not tell which ("it", after several tasks).
    OneOf(Vec<i64>),
    /// What these words describe: see [`resolve`](crate::resolve).
    Description(Description),
    /// These places of the list that a plain "list my open tasks" would show.
    Positions(Vec<Position>),
    /// All that have this in common; `single` where the words speak of one ("the task due today").
    Matching {
        /// What they have in common.
        filter: Filter,
        /// Whether the words speak of exactly one task.
        single: bool,
    },
    /// Every task.
    All,
    /// The words name none.
    Missing,
}

/// The words that describe a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// The description, without articles and without "task".
    pub words: String,
    /// The command's verb where it may as well begin a title ("cancel the gym membership").
    pub verb: Option<String>,
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

/// A place in a list, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// From the top.
    FromStart(usize),
    /// From the end: 1 is the last.
    FromEnd(usize),
}

/// What becomes different about a task.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// The new title.
    pub title: Option<String>,
    /// What happens to the notes.
    pub note: NoteChange,
    /// What happens to the due date.
    pub due: DueChange,
    /// The new priority.
    pub priority: Option<Priority>,
}

/// What happens to a task's notes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum NoteChange {
    /// They stay.
    #[default]
    Keep,
    /// They are removed.
    Clear,
    /// They are replaced.
    Set(String),
    /// A line is added to them.
    Append(String),
}

/// What happens to a task's due date. [`DueChange::apply`] gives the result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DueChange {
    /// It stays.
    #[default]
    Keep,
    /// It is removed.
    Clear,
    /// It is replaced.
    Set(When),
    /// The time of day is replaced; the day stays.
    Time(NaiveTime),
    /// It moves by so much.
    Shift(Shift),
}

/// A distance in time. The parts are applied in the order months, days, minutes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shift {
    /// Calendar months.
    pub months: i32,
    /// Calendar days.
    pub days: i64,
    /// Minutes.
    pub minutes: i64,
}
