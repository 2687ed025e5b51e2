//! The slash commands: exact commands that mean the same whichever model answers.
//!
//! The interpreter reads them, the agent sends them past the model, and the page suggests them, says them for a click
//! and recognises their receipts. All take the names from here.

/// A slash command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SlashCommand {
    /// Adds tasks.
    Add,
    /// Lists tasks.
    List,
    /// Finds tasks by words.
    Find,
    /// Marks tasks as done.
    Done,
    /// Marks tasks as not done.
    Reopen,
    /// Moves tasks to the trash.
    Delete,
    /// Takes tasks back from the trash.
    Restore,
    /// Gives a task another title.
    Edit,
    /// Gives a task another due date, or none.
    Due,
    /// Gives a task another priority.
    Priority,
    /// Gives a task other notes, or none.
    Note,
    /// Makes the parts of a task's title tasks of their own.
    Split,
    /// Takes changes back: the last ones, or those of a receipt.
    Undo,
    /// Takes the last undo back.
    Redo,
    /// Says what can be said.
    Help,
}

/// What follows a slash command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SlashArgument {
    /// Nothing has to follow: `/list`, `/undo`.
    Optional,
    /// Words: `/add Buy milk`.
    Words,
    /// Tasks, by number or words: `/done #3`.
    Tasks,
    /// One task by number, and what it gets: `/due #3 tomorrow`.
    TaskAndValue,
}

impl SlashCommand {
    /// All of them, in the order in which they are suggested.
    pub const ALL: [Self; 15] = [
        Self::Add,
        Self::List,
        Self::Find,
        Self::Done,
        Self::Reopen,
        Self::Delete,
        Self::Restore,
        Self::Edit,
        Self::Due,
        Self::Priority,
        Self::Note,
        Self::Split,
        Self::Undo,
        Self::Redo,
        Self::Help,
    ];

    /// The name, with its slash.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Add => "/add",
            Self::List => "/list",
            Self::Find => "/find",
            Self::Done => "/done",
            Self::Reopen => "/reopen",
            Self::Delete => "/delete",
            Self::Restore => "/restore",
            Self::Edit => "/edit",
            Self::Due => "/due",
            Self::Priority => "/priority",
            Self::Note => "/note",
            Self::Split => "/split",
            Self::Undo => "/undo",
            Self::Redo => "/redo",
            Self::Help => "/help",
        }
    }

    /// Other names that are understood and never suggested.
    #[must_use]
    pub const fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Add => &["/new", "/todo"],
            Self::List => &["/show", "/ls", "/tasks"],
            Self::Find => &["/search"],
            Self::Done => &["/complete", "/check"],
            Self::Reopen => &["/undone", "/uncheck"],
            Self::Delete => &["/remove", "/del", "/rm"],
            Self::Edit => &["/rename"],
            Self::Restore
            | Self::Due
            | Self::Priority
            | Self::Note
            | Self::Split
            | Self::Undo
            | Self::Redo
            | Self::Help => &[],
        }
    }

    /// What follows the name.
    #[must_use]
    pub const fn argument(self) -> SlashArgument {
        match self {
            Self::Add | Self::Find => SlashArgument::Words,
            Self::Done | Self::Reopen | Self::Delete | Self::Restore | Self::Split => SlashArgument::Tasks,
            Self::Edit | Self::Due | Self::Priority | Self::Note => SlashArgument::TaskAndValue,
            Self::List | Self::Undo | Self::Redo | Self::Help => SlashArgument::Optional,
        }
    }

    /// The command with this name or alias, in any case.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let is = |name: &str| name.eq_ignore_ascii_case(word);
        Self::ALL.into_iter().find(|command| is(command.name()) || command.aliases().iter().any(|alias| is(alias)))
    }

    /// The command that the message begins with.
    #[must_use]
    pub fn of_message(message: &str) -> Option<Self> {
        message.split_whitespace().next().and_then(Self::named)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// INTERP-15: a command is known by its whole first word, in any case.
    #[test]
    fn a_command_is_known_by_its_first_word() {
        assert_eq!(SlashCommand::of_message(" /DONE 2"), Some(SlashCommand::Done));
        assert_eq!(SlashCommand::of_message("/rm 2"), Some(SlashCommand::Delete));
        for message in ["", "done 2", "/", "/addmilk", "/frobnicate", "add /done"] {
            assert_eq!(SlashCommand::of_message(message), None, "{message}");
        }
    }

    /// INTERP-15: no name stands for two commands.
    #[test]
    fn names_are_unique() {
        let names: Vec<&str> =
            SlashCommand::ALL.into_iter().flat_map(|command| [&[command.name()], command.aliases()].concat()).collect();
        assert!(names.iter().all(|name| name.starts_with('/') && name.to_lowercase() == *name));
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }
}
