//! A question which of several tasks is meant.

use saydo_interpreter::{Candidate, Description, Intent, Match, Target, resolve};

use super::words;

/// Several tasks fit one of the intents; the others wait with it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choice {
    /// What the person asked for.
    pub(super) intents: Vec<Intent>,
    /// The intent whose task is to be chosen.
    pub(super) at: usize,
    /// What it may be: number, title, whether it is done.
    pub(super) options: Vec<(i64, String, bool)>,
}

impl Choice {
    /// The question, with a numbered list.
    pub(super) fn question(&self) -> String {
        words::which_one(&self.options)
    }

    /// The intents with the chosen task, if this message chooses exactly one.
    pub(super) fn settle(&self, said: &str, answer: &[Intent]) -> Option<Vec<Intent>> {
        let chosen = match answer {
            [Intent::Choose(positions)] => match positions[..] {
                [position] => self.at_position(position)?,
                _ => return None,
            },
            [Intent::Confirm] if self.options.len() == 1 => self.at_position(1)?,
            [Intent::Unknown] => self.named(said)?,
            _ => return None,
        };
        let mut intents = self.intents.clone();
        let target = match intents.get_mut(self.at)? {
            Intent::Complete(target) | Intent::Reopen(target) | Intent::Delete(target) | Intent::Restore(target) => {
                target
            }
            Intent::Update { target, .. } => target,
            _ => return None,
        };
        *target = Target::Numbers(vec![chosen]);
        Some(intents)
    }

    /// Whether this message means to choose, though it may not settle on one.
    pub(super) fn is_meant(&self, said: &str, answer: &[Intent]) -> bool {
        match answer {
            [Intent::Choose(_)] => true,
            // A number that is no option, or words that fit several.
            [Intent::Unknown] => {
                said.trim().parse::<u64>().is_ok() || matches!(self.fitting(said), Match::Each(_) | Match::Several(_))
            }
            _ => false,
        }
    }

    /// The option at this place, from 1; else the option that is the task of this number.
    fn at_position(&self, position: usize) -> Option<i64> {
        let place = position.checked_sub(1).and_then(|at| self.options.get(at)).map(|(id, ..)| *id);
        let number = i64::try_from(position).ok().filter(|number| self.options.iter().any(|(id, ..)| id == number));
        place.or(number)
    }

    fn named(&self, said: &str) -> Option<i64> {
        match self.fitting(said) {
            Match::One(id) => Some(id),
            Match::Each(_) | Match::Several(_) | Match::None { .. } => None,
        }
    }

    fn fitting(&self, said: &str) -> Match {
        let candidates: Vec<Candidate<'_>> = self
            .options
            .iter()
            .map(|(id, title, completed)| Candidate { id: *id, title, completed: *completed })
            .collect();
        let description = Description { words: said.trim().to_owned(), verb: None };
        resolve(&description, &candidates)
    }
}
