//! Which tasks a command means: numbers, ordinals, pronouns, sets, filters, descriptions.

use crate::{
    Context, Description, Dialogue, Position, Status, Target,
    filter::{Evidence, EvidenceSet, FilterBuilder},
    phrase::number::{number, ordinal},
    phrase::title,
    text::lexicon::{self, is_hedge, is_task_noun},
    text::pattern::{pattern, patterns},
    text::span::Words,
    text::token::tokens,
};

/// The most tasks that one message may number.
const MOST_NUMBERS: usize = 100;

/// The tasks that the words name. `None` where they hold a doubt, a condition or an exception.
pub(crate) fn target(words: Words<'_>, context: &Context) -> Option<Target> {
    let words = words.trim();
    if words.is_empty() {
        return Some(Target::Missing);
    }
    if let Some(quoted) = words.only_quoted() {
        return Some(described(quoted));
    }
    if let Some(target) = explicit(words, context) {
        return Some(target);
    }
    if words.tokens().iter().any(|token| is_hedge(&token.text)) || goes_on(words) {
        return None;
    }
    if let Some(target) = filtered(words, context) {
        return Some(target);
    }
    description(words)
}

static ABBREVIATIONS: lexicon::Class = lexicon::word_class!("abbreviations");

/// Whether another sentence follows: "2. Just kidding". The full stop of "Dr. Smith" ends none.
fn goes_on(words: Words<'_>) -> bool {
    (1..words.len()).filter(|&i| words.is_mark(i)).any(|i| match words.text(i) {
        "?" | "!" | ";" | "\n" => true,
        "." => {
            let before = words.text(i - 1);
            let is_letter = before.len() <= 1 && before.starts_with(char::is_alphabetic);
            !is_letter && !ABBREVIATIONS.contains(before)
        }
        _ => false,
    })
}

/// Numbers, pronouns, ordinals and "all": what needs no look at the titles.
pub(crate) fn explicit(words: Words<'_>, context: &Context) -> Option<Target> {
    let words = words.trim();
    let words =
        words.eat(0, pattern!("only|just")).filter(|&end| end < words.len()).map_or(words, |end| words.from(end));
    let words =
        title::list_phrase(words).or_else(|| from_list(words)).filter(|&at| at > 0).map_or(words, |at| words.to(at));
    everything(words, &context.dialogue)
        .or_else(|| numbers(words).map(Target::Numbers))
        .or_else(|| pronoun(words, &context.dialogue))
        .or_else(|| ordinals(words, &context.dialogue))
}

/// "from my list", "off the list".
pub(crate) fn from_list(words: Words<'_>) -> Option<usize> {
    if !matches!(words.last(), "list" | "tasks" | "todos" | "reminders" | "off") {
        return None;
    }
    words.ends_any(patterns![
        "from|off|in|on of? my|the|our|this todo|to-do|task|shopping|grocery|tasks? list|tasks|todos|reminders",
        "out of my|the|our todo|to-do|task? list|tasks",
        "from|off|in|on my|the|our to do list",
        "off",
    ])
}

/// The task of "task 2's" or "its".
pub(crate) fn possessive(words: Words<'_>, context: &Context) -> Option<Target> {
    let words = words.trim();
    if words.is_any(patterns!["its"]) {
        return Some(one_of(&context.dialogue));
    }
    let raw = words.raw();
    let owner = raw.strip_suffix("'s").or_else(|| raw.strip_suffix("’s"))?;
    let tokens = tokens(owner);
    target(Words::new(owner, &tokens), context)
}

fn described(words: &str) -> Target {
    // "#milk" and "@milk" refer to the task that says "milk".
    let plain = |word: &str| word.trim_start_matches(['#', '@']).to_owned();
    let words = words.split_whitespace().map(plain).collect::<Vec<_>>().join(" ");
    Target::Description(Description { words: title::one_line(&words), verb: None })
}

fn everything(words: Words<'_>, dialogue: &Dialogue) -> Option<Target> {
    if words.is_any(patterns!["all|both of? them|those|these", "all three|four|five|six of? them?", "them|they all"])
        && !dialogue.last_tasks.is_empty()
    {
        return plural(words, dialogue);
    }
    let all = words.is_any(patterns![
        "everything|all|evrything",
        "absolutely everything|all",
        "everything on|in|from my|the|this? todo|to-do|task? list",
        "everything i have",
        "every single? task|todo|to-do|item|reminder|one|thing",
        "each and every task|one",
        "all of? my|the|these|those|our? current? tasks|todos|to-dos|items|reminders|things|stuff",
        "all of? them|it",
        "all the|of tasks i have",
        "my|the all? whole|entire|complete|full? tasks|todos|to-dos|list|lists|reminders",
        "my|the whole|entire|complete|full? todo|to-do|task|tasks list",
        "my|the to do list",
        "the lot",
    ]);
    all.then_some(Target::All)
}

/// "3", "#3", "tasks 3, 5 and 7", "2-4", "number three".
pub(crate) fn numbers(words: Words<'_>) -> Option<Vec<i64>> {
    let mut list = NumberList::default();
    let mut at = 0;
    while at < words.len() {
        // "1, no 2" takes the first back.
        if !list.numbers.is_empty() && words.text(at) == "no" && words.text(at + 1) != "." {
            return None;
        }
        let (next, is_named) = skip_task_noun(words, at);
        list.read(words.text(next), is_named)?;
        at = next + 1;
        if at == words.len() {
            break;
        }
        let range = words.eat(at, pattern!("to|through|thru|-|till|until")).filter(|_| list.range_from.is_none());
        at = match range {
            Some(end) => {
                list.range_from = list.numbers.pop();
                end
            }
            // "#1 #2" needs nothing between.
            None if words.text(at).starts_with('#') => at,
            // "1 2 4" is typed without commas.
            None if is_digits(words.text(next)) && is_digits(words.text(at)) => at,
            None => words.eat_any(at, patterns![", and?", "and also?", "plus", "&"])?,
        };
    }
    list.finished()
}

/// Numbers that are being read, and the number that a range began with.
#[derive(Debug, Default)]
struct NumberList {
    numbers: Vec<i64>,
    range_from: Option<i64>,
}

impl NumberList {
    /// Reads a number or a range in one word: "3", "#3", "task3", "2-4", or a spelt one where it can be no other word.
    fn read(&mut self, text: &str, is_named: bool) -> Option<()> {
        let digits = text.trim_start_matches('#');
        let digits = ["task#", "task"].iter().find_map(|prefix| digits.strip_prefix(prefix)).unwrap_or(digits);
        let spelt = !digits.starts_with(|c: char| c.is_ascii_digit());
        if let Some((from, to)) = digits.split_once('-').filter(|_| !spelt) {
            return self.extend(number(from)?, number(to)?);
        }
        if spelt && !is_named && self.range_from.is_none() && self.numbers.is_empty() {
            return None;
        }
        let number = number(digits)?;
        match self.range_from.take() {
            Some(from) => self.extend(from, number),
            None if self.numbers.len() < MOST_NUMBERS => {
                self.numbers.push(number);
                Some(())
            }
            None => None,
        }
    }

    fn extend(&mut self, from: i64, to: i64) -> Option<()> {
        let count = usize::try_from(to.checked_sub(from)?).ok()?;
        if self.numbers.len() + count >= MOST_NUMBERS {
            return None;
        }
        self.numbers.extend(from..=to);
        Some(())
    }

    /// The numbers, each once, if they number tasks.
    fn finished(self) -> Option<Vec<i64>> {
        if self.numbers.is_empty() || self.range_from.is_some() || self.numbers.iter().any(|number| *number < 1) {
            return None;
        }
        let mut unique = Vec::with_capacity(self.numbers.len());
        for number in self.numbers {
            if !unique.contains(&number) {
                unique.push(number);
            }
        }
        Some(unique)
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Skips "task", "number", "no." and tells whether one was there.
fn skip_task_noun(words: Words<'_>, i: usize) -> (usize, bool) {
    let at = words
        .eat(i, pattern!("the|my"))
        .filter(|&at| is_task_noun(words.text(at)) || words.text(at) == "number")
        .unwrap_or(i);
    let noun = if is_task_noun(words.text(at)) { at + 1 } else { at };
    let end = words.eat_any(noun, patterns!["number|numbers|num|nr|#|id", "no|nr|num|nos .?"]).unwrap_or(noun);
    if end > i { (end, end > at) } else { (i, false) }
}

fn pronoun(words: Words<'_>, dialogue: &Dialogue) -> Option<Target> {
    if words.is_any(patterns!["it", "that|this|same task|todo|one|item|reminder?", "the same task|one|thing?"]) {
        return Some(one_of(dialogue));
    }
    if words.is_any(patterns![
        "them|those|these|they both|all?",
        "both of? them|those|these?",
        "both of? the? tasks|items|todos|ones",
        "those|these tasks|ones|items|todos|two|three",
        "the two of them",
    ]) {
        return plural(words, dialogue);
    }
    let last = words.is_any(patterns![
        "the|my|that? last|latest|newest|previous|new one|task|todo|item|entry|reminder|thing",
        "the last|latest|newest|previous one|task|todo|item|thing|reminder? that? i have? just? added|created|made|entered",
        "what|the i have? just? added|created",
        "the one|task|thing|item|reminder that? i have? just? added|created|made|entered|mentioned",
        "the one|task|thing just added|created",
    ]);
    last.then(|| match dialogue.last_tasks.last().or(dialogue.last_listed.last()) {
        Some(id) => Target::Numbers(vec![*id]),
        None => Target::Positions(vec![Position::FromEnd(1)]),
    })
}

/// Whether the words hold a pronoun for a task.
pub(crate) fn speaks_of_something(words: Words<'_>) -> bool {
    words.has(&["it", "them", "that", "this", "those", "these", "both", "they"])
}

fn one_of(dialogue: &Dialogue) -> Target {
    match dialogue.last_tasks.as_slice() {
        [] => Target::Missing,
        [one] => Target::Numbers(vec![*one]),
        several => Target::OneOf(several.to_vec()),
    }
}

fn plural(words: Words<'_>, dialogue: &Dialogue) -> Option<Target> {
    let last = &dialogue.last_tasks;
    let two = words.has(&["both", "two"]);
    Some(match last.len() {
        0 => Target::Missing,
        2 => Target::Numbers(last.clone()),
        _ if two => Target::OneOf(last.clone()),
        _ => Target::Numbers(last.clone()),
    })
}

/// "the second one", "the first two tasks", "first and third".
fn ordinals(words: Words<'_>, dialogue: &Dialogue) -> Option<Target> {
    let positions = positions(words)?;
    // A single bare ordinal names no task: "second", but "the second" does.
    let listed = &dialogue.last_listed;
    let recent = &dialogue.last_tasks;
    let from_list = |list: &[i64]| -> Option<Vec<i64>> {
        positions.iter().map(|position| task_at(list, *position)).collect::<Option<Vec<i64>>>()
    };
    if listed.is_empty() && recent.len() < 2 {
        return Some(Target::Positions(positions));
    }
    let shown = from_list(listed);
    let told = if recent.len() > 1 { from_list(recent) } else { None };
    Some(match (shown, told) {
        (Some(shown), Some(told)) if shown != told => Target::OneOf([shown, told].concat()),
        (Some(ids), _) | (None, Some(ids)) => Target::Numbers(ids),
        (None, None) => Target::Missing,
    })
}

fn task_at(list: &[i64], position: Position) -> Option<i64> {
    match position {
        Position::FromStart(n) => list.get(n.checked_sub(1)?).copied(),
        Position::FromEnd(n) => list.len().checked_sub(n).and_then(|i| list.get(i)).copied(),
    }
}

/// The places that ordinals name, where the words are nothing else.
pub(crate) fn positions(words: Words<'_>) -> Option<Vec<Position>> {
    let mut at = words.eat(0, pattern!("the|my")).unwrap_or(0);
    let mut found = Vec::new();
    loop {
        let (places, end) = places_at(words, at)?;
        found.extend(places);
        at = words
            .eat(end, pattern!("one|ones|task|tasks|todo|todos|item|items|option|choice|reminder|entry"))
            .unwrap_or(end);
        if at == words.len() {
            return Some(found);
        }
        at = words.eat_any(at, patterns![", and? the?", "and the?"])?;
        if found.len() >= MOST_NUMBERS {
            return None;
        }
    }
}

/// The places that one ordinal names ("third", "last", "first two"), and where it ends.
fn places_at(words: Words<'_>, at: usize) -> Option<(Vec<Position>, usize)> {
    let usize_of = |number: i64| usize::try_from(number).ok().filter(|number| *number <= MOST_NUMBERS);
    let count = number(words.text(at + 1)).and_then(usize_of).filter(|count| *count >= 2);
    Some(match (words.text(at), count) {
        ("first" | "top", Some(count)) => ((1..=count).map(Position::FromStart).collect(), at + 2),
        ("last" | "bottom", Some(count)) => ((1..=count).rev().map(Position::FromEnd).collect(), at + 2),
        ("last" | "bottom", None) => (vec![Position::FromEnd(1)], at + 1),
        ("top", None) => (vec![Position::FromStart(1)], at + 1),
        (word, _) => (vec![Position::FromStart(ordinal(word).and_then(usize_of)?)], at + 1),
    })
}

/// "all completed tasks", "everything due today", "the task due tomorrow".
fn filtered(words: Words<'_>, context: &Context) -> Option<Target> {
    // Without a noun it is a description: "the open house".
    const NOUNS: EvidenceSet = EvidenceSet::of(&[Evidence::Noun, Evidence::All, Evidence::One, Evidence::List]);
    let words = list_cut(words);
    let found = FilterBuilder::read(words, context);
    let any = found.has(Evidence::Any);
    let both = words.eat_any(0, patterns!["both of? the|my?", "the|my two|three"]).is_some_and(|end| end < words.len());
    let both = both && words.last().ends_with('s') && found.unread.len() == 1;
    let plural =
        found.has(Evidence::Plural) || found.has(Evidence::All) || both || any && words.has(&["anything", "any"]);
    let narrowed = found.tells_status() || found.window.is_some() || found.priority.is_some();
    // "Delete completed", "move overdue to tomorrow".
    if words.is_any(patterns!["the? completed|finished|overdue|unfinished", "done"]) {
        return Some(Target::Matching { filter: found.build(None, Status::All, context), single: false });
    }
    if !(found.evidence.has_any(NOUNS) || both || any && narrowed) {
        return None;
    }
    let query = if found.unread.is_empty() { found.about.clone() } else { Some(found.query(words)?) };
    // "All calls" are those that say "call".
    let query = query.map(|query| one_of_many(&query));
    if plural {
        let filter = (narrowed || query.is_some()).then(|| found.build(query, Status::All, context))?;
        return Some(Target::Matching { filter, single: false });
    }
    // "The one due today"; with other words it is a description.
    let only_filter = found.unread.is_empty() && found.about.is_none() && narrowed && !found.has(Evidence::Counted);
    only_filter.then(|| Target::Matching { filter: found.build(None, Status::All, context), single: true })
}

/// "call" for "calls". Words in "ies" and "ss" are searched for as they are.
pub(crate) fn one_of_many(query: &str) -> String {
    let is_plain = query.len() > 3 && !query.ends_with("ies") && !query.ends_with("ss") && !query.ends_with("us");
    let one = query.strip_suffix('s').filter(|_| is_plain && !query.contains(' '));
    one.unwrap_or(query).to_owned()
}

fn list_cut(words: Words<'_>) -> Words<'_> {
    from_list(words).filter(|&at| at > 0).map_or(words, |at| words.to(at))
}

/// The words that describe a task.
fn description(words: Words<'_>) -> Option<Target> {
    let mut words = list_cut(words.trim());
    // "2 tasks" counts, and tells not which.
    if number(words.text(0)).is_some() && (is_task_noun(words.text(1)) || words.len() == 1) {
        return None;
    }
    while matches!(words.text(0), "the" | "my" | "a" | "an" | "that" | "this" | "our") {
        words = words.from(1);
    }
    let named = words.eat_any(0, patterns![
        "task|todo|to-do|item|reminder|entry|one|thing called|named|titled|saying|labelled|:",
        "task|todo|to-do|item|reminder|entry|one|thing about|for|regarding|with|to|of|on|that|which|where says|is|i? have|need|about|to?",
        "task|todo|to-do|item|reminder|entry",
    ]);
    if let Some(end) = named.filter(|&end| end < words.len()) {
        words = words.from(end).trim_start();
    }
    while is_task_noun(words.last()) || (words.last() == "one" && words.len() > 1) {
        words = words.to(words.len() - 1);
    }
    let words = words.trim();
    if words.is_any(patterns!["all|every"]) {
        return Some(Target::All);
    }
    let text = words.only_quoted().unwrap_or_else(|| words.raw());
    // "Task 0" and "task -1" number nothing.
    if !words.is_empty() && text.chars().all(|c| c.is_ascii_digit() || !c.is_alphanumeric()) {
        return None;
    }
    if words.is_empty()
        || !text.chars().any(char::is_alphanumeric)
        || words.is_any(patterns!["one", "task", "something", "anything", "a few", "some"])
    {
        return Some(Target::Missing);
    }
    Some(described(text))
}
