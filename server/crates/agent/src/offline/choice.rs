//! A question which of several tasks is meant.

use saydo_contract::{ChoiceOption, Due, Task};
use saydo_interpreter::{
    Changes, Intent, Target,
    selection::{self, ChoiceLine, Selection},
};

use super::words;

/// Several tasks fit one of the intents; the others wait with it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choice {
    /// What the person asked for.
    pub(super) intents: Vec<Intent>,
    /// The intent whose task is to be chosen.
    pub(super) at: usize,
    /// What it may be.
    pub(super) options: Vec<Offer>,
    /// Places of options that are the numbers of tasks as well.
    pub(super) taken: Vec<i64>,
}

/// A task that is offered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Offer {
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) completed: bool,
    pub(super) due: Option<Due>,
}

impl Offer {
    pub(super) fn of(task: &Task) -> Self {
        Self { id: task.id.get(), title: task.title.as_str().to_owned(), completed: task.completed, due: task.due }
    }
}

/// What an answer comes to.
#[derive(Debug, PartialEq)]
pub(super) enum Settled {
    /// These intents are meant, for these options.
    Intents(Vec<Intent>, Vec<Offer>),
    /// It means to choose, and does not tell which.
    Unclear,
    /// It has nothing to do with the choice.
    Apart,
}

impl Choice {
    /// The question, with a numbered list.
    pub(super) fn question(&self) -> String {
        words::which_one(&self.options)
    }

    /// What can be chosen, each with the message that chooses it.
    pub(super) fn offered(&self) -> Vec<ChoiceOption> {
        let offered = |(place, option): (usize, &Offer)| ChoiceOption {
            label: format!("{} {}", option.title, words::apart(option, &self.options)),
            message: if self.options.len() == 1 { "yes".to_owned() } else { place.to_string() },
        };
        (1..).zip(&self.options).map(offered).collect()
    }

    /// What the choice comes to by this message.
    pub(super) fn settle(&self, said: &str, answer: &[Intent]) -> Settled {
        let lines: Vec<ChoiceLine<'_>> = self
            .options
            .iter()
            .map(|option| ChoiceLine {
                number: option.id,
                title: &option.title,
                completed: option.completed,
                due: option.due.map(|due| due.day()),
            })
            .collect();
        let choice = selection::Choice { lines: &lines, asked: self.intents.get(self.at), taken: &self.taken };
        match selection::choose(said, answer, choice) {
            Selection::All => self.with(self.options.iter().map(|option| option.id).collect()),
            Selection::These(places) => {
                self.with(places.iter().filter_map(|place| self.options.get(*place)).map(|option| option.id).collect())
            }
            Selection::Unclear(_) => Settled::Unclear,
            Selection::None | Selection::Unrecognised { .. } | Selection::Unrelated => Settled::Apart,
        }
    }

    /// The waiting intents with these tasks.
    fn with(&self, chosen: Vec<i64>) -> Settled {
        let mut intents = self.intents.clone();
        let several = chosen.len() > 1;
        let target = match intents.get_mut(self.at) {
            Some(
                Intent::Complete(target) | Intent::Reopen(target) | Intent::Delete(target) | Intent::Restore(target),
            ) => target,
            // One title for several tasks is a slip.
            Some(Intent::Update { changes: Changes { title: Some(_), .. }, .. }) if several => return Settled::Unclear,
            Some(Intent::Update { target, .. }) => target,
            _ => return Settled::Apart,
        };
        let offers = self.options.iter().filter(|option| chosen.contains(&option.id)).cloned().collect();
        *target = Target::Numbers(chosen);
        Settled::Intents(intents, offers)
    }
}
