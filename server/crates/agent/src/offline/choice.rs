//! A question which of several tasks is meant.

use saydo_contract::Question;
use saydo_interpreter::{
    Changes, Intent, Target,
    selection::{self, ChoiceLine, Selection},
};

use super::{
    find,
    reply::{Candidate, ChoiceQuestion, Purpose},
};

/// Several tasks fit one of the intents; the others wait with it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choice {
    /// What the person asked for.
    pub(super) intents: Vec<Intent>,
    /// The intent whose task is to be chosen.
    pub(super) at: usize,
    /// What it may be.
    pub(super) options: Vec<Candidate>,
    /// Places of options that are the numbers of tasks as well.
    pub(super) taken: Vec<i64>,
}

/// An answer to a choice, read.
#[derive(Debug, PartialEq)]
pub(super) enum ChoiceAnswer {
    /// The intents with the chosen tasks, and the chosen options.
    Intents(Vec<Intent>, Vec<Candidate>),
    /// An answer that doesn't tell which option.
    Unclear,
    /// It has nothing to do with the choice.
    Unrelated,
}

impl Choice {
    /// The question, to be said.
    pub(super) fn question(&self) -> ChoiceQuestion {
        let said = match self.intents.get(self.at) {
            Some(
                Intent::Complete(Target::Description(description))
                | Intent::Reopen(Target::Description(description))
                | Intent::Delete(Target::Description(description))
                | Intent::Restore(Target::Description(description))
                | Intent::Split(Target::Description(description))
                | Intent::Update { target: Target::Description(description), .. },
            ) => Some(description.words.clone()),
            _ => None,
        };
        let purpose = match self.intents.get(self.at) {
            Some(Intent::Update { changes, .. }) => Purpose::Update(Box::new(changes.clone())),
            Some(Intent::Split(_)) => Purpose::Split,
            Some(intent) => Purpose::Verb(find::verb(intent)),
            None => Purpose::Verb(find::verb(&Intent::Unknown)),
        };
        ChoiceQuestion { purpose, said, options: self.options.clone() }
    }

    /// Whether this is the question that a message asked: it offered the same tasks in the same order.
    pub(super) fn is(&self, asked: &Question) -> bool {
        let Question::Choose { options, .. } = asked else { return false };
        let offered = options.iter().map(|option| option.task_id.map(|task| task.get()));
        offered.eq(self.options.iter().map(|option| Some(option.id)))
    }

    /// Reads a message as an answer.
    pub(super) fn read_answer(&self, said: &str, answer: &[Intent]) -> ChoiceAnswer {
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
            Selection::Unclear(_) => ChoiceAnswer::Unclear,
            Selection::None | Selection::Unrecognised { .. } | Selection::Unrelated => ChoiceAnswer::Unrelated,
        }
    }

    /// The intents of the choice with these tasks.
    fn with(&self, chosen: Vec<i64>) -> ChoiceAnswer {
        let mut intents = self.intents.clone();
        let several = chosen.len() > 1;
        let target = match intents.get_mut(self.at) {
            Some(
                Intent::Complete(target)
                | Intent::Reopen(target)
                | Intent::Delete(target)
                | Intent::Restore(target)
                | Intent::Split(target),
            ) => target,
            // One title for several tasks is a slip.
            Some(Intent::Update { changes: Changes { title: Some(_), .. }, .. }) if several => {
                return ChoiceAnswer::Unclear;
            }
            Some(Intent::Update { target, .. }) => target,
            _ => return ChoiceAnswer::Unrelated,
        };
        let offers = self.options.iter().filter(|option| chosen.contains(&option.id)).cloned().collect();
        *target = Target::Numbers(chosen);
        ChoiceAnswer::Intents(intents, offers)
    }
}
