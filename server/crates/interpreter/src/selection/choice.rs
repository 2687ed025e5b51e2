//! Answers to "Which one do you mean?": the place of an option, the number of its task, its title or its day.

use std::mem::discriminant;

use chrono::NaiveDate;

use super::{Selection, Unclear};
use crate::{Candidate, Description, Intent, Match, Target, resolve};

/// A task that may be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChoiceLine<'a> {
    /// The task's number.
    pub number: i64,
    /// The task's title.
    pub title: &'a str,
    /// Whether it is done.
    pub completed: bool,
    /// The day on which it is due.
    pub due: Option<NaiveDate>,
}

/// A choice that waits for an answer.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'a> {
    /// What can be chosen, in the order shown.
    pub lines: &'a [ChoiceLine<'a>],
    /// What is to be done with the task that is chosen.
    pub asked: Option<&'a Intent>,
    /// Places, from 1, that are the numbers of tasks as well.
    pub taken: &'a [i64],
}

/// Which of the lines an answer chooses. `intents` is what the interpreter reads in it while the choice waits.
#[must_use]
pub fn choose(said: &str, intents: &[Intent], choice: Choice<'_>) -> Selection {
    match intents {
        [Intent::Choose(positions)] => {
            let places: Option<Vec<usize>> = positions.iter().map(|position| choice.at_position(*position)).collect();
            places.map_or(Selection::Unclear(Unclear::Which), Selection::These)
        }
        [Intent::Confirm] if choice.lines.len() == 1 => Selection::All,
        [Intent::Confirm] => Selection::Unclear(Unclear::Which),
        // A bare title is rather a description of one of the tasks.
        [Intent::Unknown | Intent::Offer(_)] => match number(said) {
            Some((number, is_named)) => choice.numbered(number, is_named),
            None => choice.titled(said),
        },
        [command] => choice.commanded(command),
        _ => Selection::Unrelated,
    }
}

impl Choice<'_> {
    /// "Delete 2" after the question what to delete: the place of a line or the number of a task. Where these are two
    /// tasks, it is not clear which.
    fn commanded(self, command: &Intent) -> Selection {
        let (Intent::Complete(Target::Numbers(numbers))
        | Intent::Reopen(Target::Numbers(numbers))
        | Intent::Delete(Target::Numbers(numbers))
        | Intent::Update { target: Target::Numbers(numbers), .. }) = command
        else {
            return Selection::Unrelated;
        };
        if numbers.iter().any(|number| self.is_ambiguous(*number)) {
            return Selection::Unclear(Unclear::Which);
        }
        let is_asked = self.asked.is_some_and(|asked| discriminant(asked) == discriminant(command));
        let place = |number: &i64| self.at_place(*number).or_else(|| self.with_number(*number));
        match numbers.iter().map(place).collect() {
            Some(places) if is_asked && !matches!(command, Intent::Update { .. }) => Selection::These(places),
            _ => Selection::Unrelated,
        }
    }

    /// Whether a number is the place of one line and the number of another task.
    fn is_ambiguous(self, number: i64) -> bool {
        let number_there = self.at_place(number).and_then(|place| self.lines.get(place)).map(|line| line.number);
        number_there.is_some_and(|there| there != number) && self.taken.contains(&number)
    }

    /// The line at this place, from 1, as a place from 0.
    fn at_place(self, number: i64) -> Option<usize> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        (at < self.lines.len()).then_some(at)
    }

    /// The line of the task with this number.
    fn with_number(self, number: i64) -> Option<usize> {
        self.lines.iter().position(|line| line.number == number)
    }

    /// "#6", "task 6", or a number that is no place.
    fn numbered(self, number: i64, is_named: bool) -> Selection {
        match (self.with_number(number), self.at_place(number)) {
            (Some(line), place) if place.is_none_or(|place| place == line) => Selection::These(vec![line]),
            (_, Some(place)) if !is_named => Selection::These(vec![place]),
            _ => Selection::Unclear(Unclear::Which),
        }
    }

    /// The line at this place, from 1; else the line of the task with this number.
    fn at_position(self, position: usize) -> Option<usize> {
        let number = i64::try_from(position).ok()?;
        self.at_place(number).or_else(|| self.with_number(number))
    }

    /// The line that words of its title and its due day describe: "the one on Tuesday".
    fn titled(self, said: &str) -> Selection {
        let day = |line: &ChoiceLine<'_>| line.due.map(|due| due.format("%A %-d %B").to_string()).unwrap_or_default();
        let titles: Vec<String> = self.lines.iter().map(|line| format!("{} {}", line.title, day(line))).collect();
        let candidates: Vec<Candidate<'_>> = (0..)
            .zip(self.lines)
            .zip(&titles)
            .map(|((id, line), title)| Candidate { id, title, completed: line.completed })
            .collect();
        let said = said.trim().trim_end_matches(['.', '!']);
        let one = ["the one ", "one "].iter().find_map(|start| {
            said.get(..start.len()).filter(|head| head.eq_ignore_ascii_case(start)).and(said.get(start.len()..))
        });
        let description = Description { words: one.unwrap_or(said).to_owned(), verb: None };
        match resolve(&description, &candidates) {
            Match::One(place) => {
                usize::try_from(place).map_or(Selection::Unrelated, |place| Selection::These(vec![place]))
            }
            Match::Each(_) | Match::Several(_) => Selection::Unclear(Unclear::Which),
            Match::None { .. } => Selection::Unrelated,
        }
    }
}

/// Whether the words are the number of an option or of a task, and nothing else.
#[must_use]
pub fn is_number(said: &str) -> bool {
    number(said).is_some()
}

/// The number that the words are, and whether they name a task by it.
fn number(said: &str) -> Option<(i64, bool)> {
    let said = said.trim().trim_end_matches(['.', '!']).to_ascii_lowercase();
    let named = ["#", "task #", "task ", "the task ", "number "].iter().find_map(|start| said.strip_prefix(start));
    let digits = named.unwrap_or(&said);
    digits.parse().ok().map(|number| (number, named.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: [ChoiceLine<'_>; 3] = [
        ChoiceLine { number: 6, title: "Pay rent", completed: false, due: NaiveDate::from_ymd_opt(2026, 12, 1) },
        ChoiceLine { number: 8, title: "Pay rent", completed: false, due: NaiveDate::from_ymd_opt(2026, 12, 4) },
        ChoiceLine { number: 3, title: "Pay the rent deposit", completed: true, due: None },
    ];

    fn chosen(said: &str, intent: Intent) -> Selection {
        let asked = Intent::Delete(Target::Missing);
        choose(said, &[intent], Choice { lines: &LINES, asked: Some(&asked), taken: &[1, 3] })
    }

    /// AGENT-21: a place, a task's number, a title or a day chooses one; a number that may be two tasks is not clear.
    #[test]
    fn a_line_is_chosen_by_place_number_title_or_day() {
        let which = Selection::Unclear(Unclear::Which);
        for (said, expected) in [
            ("#8", Selection::These(vec![1])),
            ("task 6.", Selection::These(vec![0])),
            ("2", Selection::These(vec![1])),
            ("3", Selection::These(vec![2])),
            ("#2", which.clone()),
            ("99", which.clone()),
            ("the one on Friday", Selection::These(vec![1])),
            ("the deposit", Selection::These(vec![2])),
            ("pay rent", which.clone()),
            ("bananas", Selection::Unrelated),
        ] {
            assert_eq!(chosen(said, Intent::Unknown), expected, "{said}");
        }
        assert_eq!(chosen("the first two", Intent::Choose(vec![1, 2])), Selection::These(vec![0, 1]));
        assert_eq!(chosen("yes", Intent::Confirm), which);
    }

    /// AGENT-21: the command that was asked about may name a line; another command is another command.
    #[test]
    fn a_command_may_choose() {
        let numbers = |numbers: &[i64]| Target::Numbers(numbers.to_vec());
        assert_eq!(chosen("delete 2", Intent::Delete(numbers(&[2]))), Selection::These(vec![1]));
        assert_eq!(chosen("delete 8", Intent::Delete(numbers(&[8]))), Selection::These(vec![1]));
        assert_eq!(chosen("delete 1", Intent::Delete(numbers(&[1]))), Selection::Unclear(Unclear::Which));
        assert_eq!(chosen("complete 2", Intent::Complete(numbers(&[2]))), Selection::Unrelated);
        assert_eq!(chosen("delete 9", Intent::Delete(numbers(&[9]))), Selection::Unrelated);
        assert_eq!(chosen("help", Intent::Help), Selection::Unrelated);
    }
}
