//! Answers to "Delete 5 tasks?": yes, no, or some of the lines ("all but 3", "no, only 2", "the first two").
//!
//! An answer that names lines may begin with a yes, a no or an "only", and may name what is left out. Lines are named
//! all at once, by place or number, or by title. In doubt nothing is selected, because the changes may be deletions.

use std::{collections::BTreeSet, sync::LazyLock};

use saydo_contract::ChangeVerb;

use super::{Selection, Unclear};
use crate::{
    Candidate, Context, Description, Dialogue, Intent, Match, interpret, resolve,
    text::lexicon::{self, Class, List, Map, word_class, word_map},
};

/// A change that is to be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConfirmationLine<'a> {
    /// The task's number. A task may stand in several lines.
    pub number: i64,
    /// The task's title.
    pub title: &'a str,
    /// What is to be done with it.
    pub verb: ChangeVerb,
}

/// Which of these changes the person confirms. `context` gives the moment; its dialogue is not looked at.
#[must_use]
pub fn confirm(said: &str, lines: &[ConfirmationLine<'_>], context: &Context) -> Selection {
    let plain = Context { dialogue: Dialogue::default(), ..context.clone() };
    let dialogue = Dialogue { confirming: true, ..Dialogue::default() };
    let question = Question { lines, context: Context { dialogue, ..context.clone() } };
    match question.selection(said) {
        Some(Selection::These(places)) if places.is_empty() => Selection::None,
        Some(Selection::These(places)) if places.iter().copied().eq(0..lines.len()) => Selection::All,
        Some(selection) => selection,
        None if is_unrecognised(said, &plain) || is_unrecognised(said, &question.context) && !begins_errand(said) => {
            Selection::Unrecognised { declines: after_refusal(&said.trim().to_lowercase()).is_some() }
        }
        None => Selection::Unrelated,
    }
}

/// Whether the words begin as an errand does: "buy milk" answers nothing.
fn begins_errand(said: &str) -> bool {
    said.split_whitespace().next().is_some_and(|word| lexicon::is_action(&word.to_lowercase()))
}

/// Whether the words mean nothing by themselves. What would only be offered as a task is an answer that is not understood.
fn is_unrecognised(said: &str, context: &Context) -> bool {
    matches!(interpret(said, context)[..], [Intent::Unknown | Intent::Offer(_)])
}

/// Whether the message is a command of its own that no "yes" leads: saying it again confirms nothing.
#[must_use]
pub fn is_command(said: &str, context: &Context) -> bool {
    let plain = Context { dialogue: Dialogue { confirming: true, ..Dialogue::default() }, ..context.clone() };
    let lower = said.trim().to_lowercase();
    has_command(&interpret(said, &plain)) && without(&lower, &YES) == lower
}

/// The question that is open.
struct Question<'a> {
    lines: &'a [ConfirmationLine<'a>],
    context: Context,
}

/// The lines that some words name.
struct Named {
    /// Their places from 0; `None` where it is not clear which.
    places: Option<Vec<usize>>,
    by: By,
}

/// How lines are named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// All of them at once.
    Each,
    Place,
    Title,
}

/// An answer, taken apart from its front.
struct Answer<'a> {
    whole: &'a str,
    /// Without a leading yes.
    agreed: &'a str,
    /// Whether a no leads what is left.
    refuses: bool,
    /// Without the yes and the no.
    rest: &'a str,
    /// Without "only" as well.
    only: &'a str,
    /// What is excepted: "3" of "all but 3".
    exception: Option<&'a str>,
}

impl<'a> Answer<'a> {
    fn read(said: &'a str) -> Self {
        let agreed = without(said, &ASSENT);
        let refused = after_refusal(agreed);
        let rest = refused.unwrap_or_else(|| without(agreed, &["do"]));
        let only = without(rest, &["only", "just", "but only", "but just"]);
        let only = only.strip_suffix(" only").or_else(|| only.strip_suffix(" alone")).unwrap_or(only).trim_end();
        let exception = if only == rest { exception(rest) } else { None };
        Self { whole: said, agreed, refuses: refused.is_some(), rest, only, exception }
    }

    fn is_restricted(&self) -> bool {
        self.only != self.rest
    }

    /// Whether more than a "please" leads to the words that name lines.
    fn is_introduced(&self) -> bool {
        self.only != without(self.whole, &["please", "do"])
    }

    /// The words that name lines.
    fn naming(&self) -> &'a str {
        self.exception.unwrap_or(self.only)
    }
}

impl Question<'_> {
    fn selection(&self, said: &str) -> Option<Selection> {
        let said = said.trim().to_lowercase();
        let asks = said.contains('?');
        let said = said.trim_end_matches(['.', '!', '?', ' ']);
        if said.starts_with('/') {
            return None;
        }
        // The page numbers its two buttons, and tasks have numbers.
        if matches!(said, "1" | "2") && self.lines.len() > 1 {
            return Some(Selection::Unclear(Unclear::BareNumber));
        }
        let selection = if self.is_of_another_verb(said) { None } else { self.answered(said) };
        match selection {
            Some(Selection::All | Selection::These(_)) if asks => Some(Selection::Unclear(Unclear::Which)),
            // "Yes, and add milk" would lose its yes.
            None if without(said, &YES) != said && has_command(&interpret(said, &self.context)) => {
                Some(Selection::Unclear(Unclear::YesAndMore))
            }
            selection => selection,
        }
    }

    fn answered(&self, said: &str) -> Option<Selection> {
        let intents = interpret(said, &self.context);
        let answer = Answer::read(said);
        match &intents[..] {
            // "Ok, tasks" may ask for the list.
            [Intent::Confirm] if self.is_miscounted(said) || matches!(answer.agreed, "tasks" | "my tasks") => {
                return Some(Selection::Unclear(Unclear::Which));
            }
            [Intent::Confirm] => return Some(Selection::All),
            [Intent::Decline] => return Some(Selection::None),
            [Intent::Unknown] if said.starts_with("which") => return Some(Selection::Unclear(Unclear::Which)),
            _ => {}
        }
        let named = self.named(answer.naming());
        let by_each = named.as_ref().is_some_and(|named| named.by == By::Each);
        if answer.refuses && (!answer.is_restricted() || by_each) {
            return self.is_refused(&answer, named.as_ref(), &intents).then_some(Selection::None);
        }
        self.narrowed(&answer, named?, &intents)
    }

    /// Whether what follows a no is refused with it, and is no command of its own.
    fn is_refused(&self, answer: &Answer<'_>, named: Option<&Named>, intents: &[Intent]) -> bool {
        let is_command = has_command(intents);
        match named {
            Some(Named { by: By::Title, .. }) => !(is_command && has_command(&interpret(answer.rest, &self.context))),
            Some(_) => true,
            None => {
                answer.rest.is_empty()
                    || answer.exception.is_some()
                    || !is_command && words_of(answer.rest).any(is_verb)
            }
        }
    }

    /// The selection of an answer that names lines.
    fn narrowed(&self, answer: &Answer<'_>, named: Named, intents: &[Intent]) -> Option<Selection> {
        let which = Selection::Unclear(Unclear::Which);
        let by = named.by;
        let selected = named.places.map_or(which.clone(), Selection::These);
        if answer.exception.is_some() {
            if matches!(intents, [Intent::List(_)]) {
                return Some(which);
            }
            if let Selection::These(out) = &selected {
                return Some(Selection::These(self.all_but(out)));
            }
        }
        // "Delete them all", after the question whether to.
        if by == By::Each && words_of(answer.only).any(is_verb) {
            return Some(selected);
        }
        // A command is a command, also where it would fit a line.
        if has_command(intents) {
            return None;
        }
        Some(match (by, &selected) {
            (By::Each, _) if words_of(answer.only).any(|word| EVERY.contains(word)) => selected,
            (By::Each, _) => which,
            // A title alone may be the beginning of something else, and "please call Mom" another task.
            (By::Title, Selection::These(_)) if !answer.is_introduced() => which,
            _ => selected,
        })
    }

    /// The lines of all tasks but these lines': a task is left alone whatever was to be done with it.
    fn all_but(&self, out: &[usize]) -> Vec<usize> {
        let task = |place: usize| self.lines.get(place).map(|line| line.number);
        let is_out = |place: usize| out.iter().any(|out| task(*out) == task(place));
        (0..self.lines.len()).filter(|place| !is_out(*place)).collect()
    }

    /// "Delete them all" is no answer to whether to complete them.
    fn is_of_another_verb(&self, said: &str) -> bool {
        let is_asked = |verb: ChangeVerb| self.lines.iter().any(|line| line.verb == verb);
        words_of(said).any(|word| {
            let done = (word == "done").then_some(ChangeVerb::Completed);
            verb(word).or(done).is_some_and(|verb| !is_asked(verb))
        })
    }

    /// Whether the words speak of two or three tasks where there are more or fewer.
    fn is_miscounted(&self, said: &str) -> bool {
        let tasks: BTreeSet<i64> = self.lines.iter().map(|line| line.number).collect();
        words_of(said).any(|word| match word {
            "both" | "two" => tasks.len() != 2,
            "three" => tasks.len() != 3,
            _ => false,
        })
    }

    /// The lines that the words name, all at once, by place or number, or by title.
    fn named(&self, words: &str) -> Option<Named> {
        let count = self.lines.len();
        if words.split(' ').all(|word| EACH.contains(word) || EVERY.contains(word) || is_verb(word)) {
            let places = (!self.is_miscounted(words)).then(|| (0..count).collect());
            return Some(Named { places, by: By::Each });
        }
        if let Some(places) = self.numbered(words) {
            return Some(Named { places, by: By::Place });
        }
        // The last ones are counted from the end.
        let options = if words.contains("last") { count } else { 0 };
        let dialogue = Dialogue { options, ..self.context.dialogue.clone() };
        match &interpret(&format!("only {words}"), &Context { dialogue, ..self.context.clone() })[..] {
            [Intent::Choose(places)] => Some(Named { places: self.places(places), by: By::Place }),
            _ => Some(Named { places: self.titled(words)?, by: By::Title }),
        }
    }

    /// Places from 0, where all of these places from 1 are lines.
    fn places(&self, places: &[usize]) -> Option<Vec<usize>> {
        let place = |place: &usize| place.checked_sub(1).filter(|place| *place < self.lines.len());
        places.iter().map(place).collect()
    }

    /// "2 and #5": the number of a task, or the place of a line where that is no other task's number. The inner
    /// `None`: it is not clear which.
    fn numbered(&self, said: &str) -> Option<Option<Vec<usize>>> {
        let words = said
            .split([' ', ','])
            .filter(|word| !matches!(*word, "" | "and" | "task" | "tasks" | "number" | "numbers" | "&" | "the"));
        let mut places = Some(Vec::new());
        for word in words {
            let number: i64 = word.trim_start_matches('#').parse().ok()?;
            match (&mut places, self.at_number(number, word.starts_with('#'))) {
                (Some(places), Some(more)) => places.extend(more),
                _ => places = None,
            }
        }
        (places != Some(Vec::new())).then_some(places)
    }

    /// The lines of a task's number, or the line at this place; `None` where these are different or nothing.
    fn at_number(&self, number: i64, is_hashed: bool) -> Option<Vec<usize>> {
        let of_task: Vec<usize> =
            (0..).zip(self.lines).filter(|(_, line)| line.number == number).map(|(place, _)| place).collect();
        let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        match (&of_task[..], place.filter(|place| *place < self.lines.len() && !is_hashed)) {
            ([], place) => place.map(|place| vec![place]),
            (of_task, Some(place)) if !of_task.contains(&place) => None,
            _ => Some(of_task),
        }
    }

    /// "Milk and the bread": lines by their titles, each by itself. The inner `None`: it is not clear which.
    fn titled(&self, words: &str) -> Option<Option<Vec<usize>>> {
        if let Some(places) = self.one_title(words) {
            return Some(places);
        }
        let mut places = Vec::new();
        for part in words.split([',', '&']).flat_map(|part| part.split(" and ")).filter(|part| !part.trim().is_empty())
        {
            match self.one_title(part)? {
                Some(more) => places.extend(more),
                None => return Some(None),
            }
        }
        (!places.is_empty()).then_some(Some(places))
    }

    fn one_title(&self, words: &str) -> Option<Option<Vec<usize>>> {
        let candidates: Vec<Candidate<'_>> =
            (0..).zip(self.lines).map(|(id, line)| Candidate { id, title: line.title, completed: false }).collect();
        let description = Description { words: words.trim().to_owned(), verb: None };
        let places = |ids: &[i64]| ids.iter().filter_map(|id| usize::try_from(*id).ok()).collect();
        match resolve(&description, &candidates) {
            Match::One(place) => Some(Some(places(&[place]))),
            Match::Each(each) => Some(Some(places(&each))),
            Match::Several(_) => Some(None),
            Match::None { .. } => None,
        }
    }
}

/// Words that mean all that is asked about.
static EVERY: Class = word_class!("selection/every");
/// Words that go with them. Alone they do not tell whether to.
static EACH: Class = word_class!("selection/each");
/// Words that mean what was asked, and nothing else.
static YES: List = word_class!("selection/yes_alone");
/// Words that agree, before what they agree to.
static ASSENT: List = word_class!("selection/assent");
/// Words that a refusal begins with.
static REFUSALS: List = word_class!("selection/refusals");
/// Words that lead to an exception. The longer ones come first.
static EXCEPTIONS: List = word_class!("selection/exceptions");
/// Words that an exception is made from: "all of them but …".
static WHOLE: Class = word_class!("selection/whole");
/// Words that name what is asked about.
static VERBS: Map = LazyLock::new(|| word_map!("selection/verbs"));

/// What follows the words that a refusal begins with.
fn after_refusal(said: &str) -> Option<&str> {
    if REFUSALS.contains(&said) {
        return Some("");
    }
    let rest = without(said, &REFUSALS);
    (rest != said).then_some(rest)
}

fn has_command(intents: &[Intent]) -> bool {
    intents.iter().any(|intent| {
        !matches!(
            intent,
            Intent::Unknown | Intent::Offer(_) | Intent::Choose(_) | Intent::Confirm | Intent::Decline | Intent::Thanks
        )
    })
}

/// The change that a verb asks for.
fn verb(word: &str) -> Option<ChangeVerb> {
    match *VERBS.get(word)? {
        "deleted" => Some(ChangeVerb::Deleted),
        "completed" => Some(ChangeVerb::Completed),
        "reopened" => Some(ChangeVerb::Reopened),
        "restored" => Some(ChangeVerb::Restored),
        _ => None,
    }
}

fn is_verb(word: &str) -> bool {
    verb(word).is_some()
}

fn words_of(said: &str) -> impl Iterator<Item = &str> {
    said.split(|c: char| !c.is_alphabetic())
}

/// What a message leaves out: "3" of "all but 3", "not 3" and "keep 3".
fn exception(said: &str) -> Option<&str> {
    let split = |but: &str| {
        said.match_indices(but)
            .filter(|(at, _)| *at == 0 || said[..*at].ends_with([' ', ',']))
            .find_map(|(at, but)| Some((&said[..at], said[at + but.len()..].strip_prefix(' ')?)))
    };
    let (before, excepted) = EXCEPTIONS.iter().find_map(|but| split(but))?;
    let mut before = before.split([' ', ',']).filter(|word| !word.is_empty());
    before.all(|word| WHOLE.contains(word)).then(|| excepted.trim_start_matches("for ").trim())
}

/// The words without these at their beginning.
fn without<'a>(words: &'a str, leading: &[&str]) -> &'a str {
    const MARKS: [char; 6] = [' ', ',', '.', '!', ';', ':'];
    let mut rest = words.trim();
    while let Some(shorter) =
        leading.iter().find_map(|word| rest.strip_prefix(word).filter(|rest| rest.starts_with(MARKS)))
    {
        rest = shorter.trim_start_matches(MARKS);
    }
    rest
}

#[cfg(test)]
mod tests;
