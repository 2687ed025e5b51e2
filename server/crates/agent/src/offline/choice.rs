//! A question which of several tasks is meant.

use std::mem::discriminant;

use saydo_contract::{ChoiceOption, Due, Task};
use saydo_interpreter::{Candidate, Changes, Description, Intent, Match, Target, resolve};

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
        match answer {
            [Intent::Choose(positions)] => {
                let chosen: Option<Vec<i64>> = positions.iter().map(|position| self.at_position(*position)).collect();
                chosen.map_or(Settled::Unclear, |chosen| self.with(chosen))
            }
            [Intent::Confirm] => match &self.options[..] {
                [only] => self.with(vec![only.id]),
                _ => Settled::Unclear,
            },
            [Intent::Unknown] => match number(said) {
                Some((number, hashed)) => self.numbered(number, hashed),
                None => self.named(said),
            },
            [command] => self.commanded(command),
            _ => Settled::Apart,
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

    /// "Delete 2" after the question what to delete: the place of an option or the number of a task. Where these are
    /// two tasks, it is asked again.
    fn commanded(&self, command: &Intent) -> Settled {
        let (Intent::Complete(Target::Numbers(numbers))
        | Intent::Reopen(Target::Numbers(numbers))
        | Intent::Delete(Target::Numbers(numbers))
        | Intent::Update { target: Target::Numbers(numbers), .. }) = command
        else {
            return Settled::Apart;
        };
        if numbers.iter().any(|number| self.is_doubtful(*number)) {
            return Settled::Unclear;
        }
        let same = self.intents.get(self.at).is_some_and(|asked| discriminant(asked) == discriminant(command));
        let chosen: Vec<i64> = numbers.iter().map(|number| self.place(*number).unwrap_or(*number)).collect();
        let offered = chosen.iter().all(|id| self.options.iter().any(|option| option.id == *id));
        let update = matches!(command, Intent::Update { .. });
        if same && offered && !update { self.with(chosen) } else { Settled::Apart }
    }

    /// Whether a number is the place of one option and the number of another task.
    fn is_doubtful(&self, number: i64) -> bool {
        self.place(number).is_some_and(|id| id != number) && self.taken.contains(&number)
    }

    /// The option at this place, from 1.
    fn place(&self, number: i64) -> Option<i64> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        self.options.get(at).map(|option| option.id)
    }

    /// "#6", "task 6", or a number that is no place.
    fn numbered(&self, number: i64, hashed: bool) -> Settled {
        let offered = self.options.iter().any(|option| option.id == number);
        let place = self.place(number);
        if offered && place.is_none_or(|id| id == number) {
            return self.with(vec![number]);
        }
        match place {
            Some(id) if !hashed => self.with(vec![id]),
            _ => Settled::Unclear,
        }
    }

    /// The option at this place, from 1; else the option that is the task of this number.
    fn at_position(&self, position: usize) -> Option<i64> {
        let number = i64::try_from(position).ok()?;
        self.place(number).or_else(|| self.options.iter().find(|option| option.id == number).map(|option| option.id))
    }

    fn named(&self, said: &str) -> Settled {
        // The due day is as good a name as the title: "the one on Tuesday".
        let titles: Vec<String> = self
            .options
            .iter()
            .map(|option| {
                let day = option.due.map(|due| due.day().format("%A %-d %B").to_string());
                format!("{} {}", option.title, day.unwrap_or_default())
            })
            .collect();
        let candidates: Vec<Candidate<'_>> = self
            .options
            .iter()
            .zip(&titles)
            .map(|(option, title)| Candidate { id: option.id, title, completed: option.completed })
            .collect();
        let said = said.trim().trim_end_matches(['.', '!']);
        let one = ["the one ", "one "].iter().find_map(|start| {
            said.get(..start.len()).filter(|head| head.eq_ignore_ascii_case(start)).and(said.get(start.len()..))
        });
        let description = Description { words: one.unwrap_or(said).to_owned(), verb: None };
        match resolve(&description, &candidates) {
            Match::One(id) => self.with(vec![id]),
            Match::Each(_) | Match::Several(_) => Settled::Unclear,
            Match::None { .. } => Settled::Apart,
        }
    }
}

/// The number that the words are, and whether they name a task by it.
fn number(said: &str) -> Option<(i64, bool)> {
    let said = said.trim().trim_end_matches(['.', '!']).to_ascii_lowercase();
    let named = ["#", "task #", "task ", "the task ", "number "].iter().find_map(|start| said.strip_prefix(start));
    let digits = named.unwrap_or(&said);
    digits.parse().ok().map(|number| (number, named.is_some()))
}
