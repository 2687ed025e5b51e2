//! Times of day.

use super::{
    amount::{Amount, amount},
    certainty::Certainty,
    names,
};
use crate::{
    phrase::number::number,
    text::lexicon,
    text::pattern::{Patterns, pattern, patterns},
    text::span::Words,
};

/// A vague time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Morning,
    Afternoon,
    Evening,
    Night,
}

impl Part {
    pub(crate) const fn hour(self) -> u32 {
        match self {
            Self::Morning => 9,
            Self::Afternoon => 15,
            Self::Evening => 18,
            Self::Night => 20,
        }
    }
}

/// A time on the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clock {
    /// 0 to 24; 24 is the midnight that ends the day.
    pub(crate) hour: u32,
    pub(crate) minute: u32,
    /// Whether the hour, 1 to 12, may be of either half of the day.
    pub(crate) either_half: bool,
}

impl Clock {
    const fn exact(hour: u32, minute: u32) -> Self {
        Self { hour, minute, either_half: false }
    }

    /// A written hour, where nothing tells the half of the day.
    fn written(hour: i64, minute: i64) -> Option<Self> {
        let (hour, minute) = (u32::try_from(hour).ok()?, u32::try_from(minute).ok()?);
        (hour < 24 && minute < 60).then_some(Self { hour, minute, either_half: (1..=12).contains(&hour) })
    }

    fn half(hour: i64, minute: i64, half: Half) -> Option<Self> {
        let (hour, minute) = (u32::try_from(hour).ok()?, u32::try_from(minute).ok()?);
        if minute >= 60 || hour > 23 {
            return None;
        }
        match (hour, half) {
            (0, _) | (13.., Half::Am) => None,
            (13.., Half::Pm) => Some(Self::exact(hour, minute)),
            (12, Half::Am) => Some(Self::exact(0, minute)),
            (12, Half::Pm) => Some(Self::exact(12, minute)),
            (_, Half::Am) => Some(Self::exact(hour, minute)),
            (_, Half::Pm) => Some(Self::exact(hour + 12, minute)),
        }
    }

    /// The hour of the 24 that is written.
    pub(super) const fn as_written(self) -> Self {
        Self { either_half: false, ..self }
    }

    /// The reading that a part of the day gives.
    pub(crate) fn in_part(self, part: Part) -> Self {
        if !self.either_half {
            return self;
        }
        let hour = match (part, self.hour) {
            (Part::Morning, 12) => 0,
            (Part::Morning, hour) => hour,
            (Part::Night, 12) => 24,
            (_, 12) => 12,
            (_, hour) => hour + 12,
        };
        Self::exact(hour, self.minute)
    }

    /// So many minutes later. The midnight that ends the day has one side: what is after it is of the next day.
    fn moved(self, minutes: i64) -> Option<Self> {
        let hour = if self.either_half { self.hour % 12 } else { self.hour };
        let total = i64::from(hour * 60 + self.minute) + minutes;
        if self.either_half {
            let total = total.rem_euclid(12 * 60);
            let hour = if total < 60 { 12 } else { total / 60 };
            return Self::written(hour, total % 60);
        }
        let total = if total > 24 * 60 { total - 24 * 60 } else { total };
        let total = if total < 0 { total + 24 * 60 } else { total };
        Some(Self::exact(u32::try_from(total / 60).ok()?, u32::try_from(total % 60).ok()?))
    }

    /// The reading without any hint: 7 to 11 are morning, the others afternoon.
    pub(crate) fn usual(self) -> Self {
        match self.hour {
            1..=6 if self.either_half => Self::exact(self.hour + 12, self.minute),
            hour => Self::exact(hour, self.minute),
        }
    }

    /// The other reading.
    pub(crate) fn other_half(self) -> Option<Self> {
        let usual = self.usual().hour;
        (self.either_half && usual < 12).then(|| Self::exact(usual + 12, self.minute))
    }
}

#[derive(Debug, Clone, Copy)]
enum Half {
    Am,
    Pm,
}

fn half_of(word: &str) -> Option<Half> {
    match word {
        "am" | "a.m" | "a.m." => Some(Half::Am),
        "pm" | "p.m" | "p.m." => Some(Half::Pm),
        _ => None,
    }
}

/// Whether a word of a time that is joined to nothing before begins here: "fiveish".
pub(super) fn clock_word(word: &str) -> bool {
    word.ends_with("ish") && (spelt_hour(word).is_some() || twelve(word).is_some())
}

/// Whether the words before the number at `i` make it a time. "For about 5" counts something.
pub(super) fn introduced(words: Words<'_>, i: usize) -> bool {
    let before = |back: usize| i.checked_sub(back).map_or("", |at| words.text(at));
    if matches!(before(1), "about" | "around") && before(2) == "for" {
        return false;
    }
    matches!(
        before(1),
        "at" | "by"
            | "to"
            | "than"
            | "around"
            | "about"
            | "before"
            | "until"
            | "till"
            | "til"
            | "after"
            | "from"
            | "between"
    )
}

/// What is counted by a number behind it: "chapter 5", "bus 18".
pub(super) fn is_numbered(before: &str) -> bool {
    NUMBERED.contains(before)
}

static NUMBERED: lexicon::Class = lexicon::word_class!("date/numbered");

/// "3", "3:30", "3.30" as hour and minute; the flag tells a leading zero.
fn hour_minute(text: &str) -> Option<(i64, i64, Option<char>)> {
    let digits =
        |s: &str| (!s.is_empty() && s.len() <= 2 && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse().ok());
    if let Some(hour) = digits(text) {
        return Some((hour?, 0, None));
    }
    let (separator, at) = [':', '.', 'h'].iter().find_map(|&c| text.find(c).map(|at| (c, at)))?;
    let (hour, minute) = (&text[..at], &text[at + 1..]);
    if separator == 'h' && minute.is_empty() {
        // "8h" is rather how long something takes.
        let hour = digits(hour)??;
        return Some((hour, 0, (hour > 12).then_some('h')));
    }
    // Seconds are dropped.
    let minute = if separator == ':' && minute.len() == 5 { minute.split(':').next()? } else { minute };
    (minute.len() == 2).then_some(())?;
    Some((digits(hour)??, digits(minute)??, Some(separator)))
}

/// A time at `i`: where it ends and how certain it is.
pub(crate) fn clock(words: Words<'_>, i: usize) -> Option<(Clock, usize, Certainty)> {
    let text = words.text(i);
    if !words.is_word(i) {
        return None;
    }
    match text {
        "lunchtime" => return Some((Clock::exact(12, 0), i + 1, Certainty::Marked)),
        "half" | "quarter" | "a" | "an" => return past_or_to(words, i),
        _ => {}
    }
    if let Some(found) = twelve(text) {
        return Some((found, i + 1, Certainty::Edge));
    }
    // "Ten to six" is a time, "from ten to six" a range.
    let beside = past_or_to(words, i);
    if beside.is_some_and(|(_, _, certainty)| certainty > Certainty::Marked) && !begins_range(words, i) {
        return beside;
    }
    range(words, i).or(beside).or_else(|| single(words, i))
}

/// Noon and midnight.
fn twelve(word: &str) -> Option<Clock> {
    match word.strip_suffix("ish").unwrap_or(word) {
        "noon" | "midday" => Some(Clock::exact(12, 0)),
        "midnight" => Some(Clock::exact(24, 0)),
        _ => None,
    }
}

fn begins_range(words: Words<'_>, i: usize) -> bool {
    i > 0 && matches!(words.text(i - 1), "from" | "between")
}

/// "3-5pm", "3 to 5 pm", "from 10 till 12": its start.
fn range(words: Words<'_>, i: usize) -> Option<(Clock, usize, Certainty)> {
    let text = words.text(i);
    if let Some((from, to)) = text.split_once('-') {
        let (end, end_at, certainty) = written_time(to, words, i)?;
        let Some((from_hour, from_minute, separator)) = hour_minute(from) else {
            // "11am-1pm"
            return written_time(from, words, words.len()).map(|(start, _, _)| (start, end_at, Certainty::Edge));
        };
        let sure = separator == Some(':') || certainty == Certainty::Sure;
        return sure.then_some((start_of_range(from_hour, from_minute, end)?, end_at, Certainty::Edge));
    }
    let (start, middle, first) = single(words, i)?;
    let next = words.eat(middle, pattern!("to|till|until|through|thru|and|-"))?;
    let (end, end_at, second) = single(words, next)?;
    // "and" joins much else than the ends of a range.
    let joined_by_and = words.text(middle) == "and";
    let certain = begins_range(words, i) && !(joined_by_and && words.text(i - 1) == "from")
        || !joined_by_and && (first.min(second) >= Certainty::Edge || second == Certainty::Sure);
    if !certain {
        return None;
    }
    let start = if start.either_half { start_of_range(start.hour.into(), start.minute.into(), end)? } else { start };
    Some((start, end_at, Certainty::Edge))
}

fn start_of_range(hour: i64, minute: i64, end: Clock) -> Option<Clock> {
    let start = Clock::written(hour, minute)?;
    if end.either_half || !start.either_half {
        return Some(start);
    }
    let same_half = if end.hour >= 12 { start.in_part(Part::Afternoon) } else { start.in_part(Part::Morning) };
    let fits = same_half.hour <= end.hour || end.hour < 12;
    Some(if fits { same_half } else { start.in_part(Part::Morning) })
}

const O_CLOCK: &Patterns = patterns!["o'clock|oclock", "o clock"];

/// A time in one token, with "am" or "pm" in it or in the next.
fn written_time(text: &str, words: Words<'_>, i: usize) -> Option<(Clock, usize, Certainty)> {
    // The full stop of "p.m." is a mark.
    let after_half = |at: usize| if words.text(at) == "." && words.text(at - 1).ends_with(".m") { at + 1 } else { at };
    // "5ish" is about five.
    if let Some(exact) = text.strip_suffix("ish") {
        let (clock, end, certainty) = written_time(exact.trim_end_matches('-'), words, i)?;
        let is_hour = exact.len() < 3;
        return Some((clock, end, if is_hour { Certainty::Edge } else { certainty }));
    }
    for suffix in ["am", "pm", "a.m", "p.m", "a", "p"] {
        if let Some((hour, minute, _)) = text.strip_suffix(suffix).and_then(hour_minute) {
            let half = if suffix.starts_with('a') { Half::Am } else { Half::Pm };
            let certainty = if suffix.len() == 1 { Certainty::Marked } else { Certainty::Sure };
            return Some((Clock::half(hour, minute, half)?, after_half(i + 1), certainty));
        }
    }
    if let Some((hour, minute, separator)) = hour_minute(text) {
        if let Some(half) = half_of(words.text(i + 1)) {
            return Some((Clock::half(hour, minute, half)?, after_half(i + 2), Certainty::Sure));
        }
        let clock = Clock::written(hour, minute)
            .or_else(|| (hour == 24 && minute == 0 && separator == Some(':')).then_some(Clock::exact(24, 0)))?;
        // "05:00" is written by those who count to 24.
        let clock = if text.starts_with('0') { clock.as_written() } else { clock };
        return match separator {
            Some(':' | 'h') => Some((clock, i + 1, Certainty::Edge)),
            _ => Some(match words.eat_any(i + 1, O_CLOCK) {
                Some(end) => (clock, end, Certainty::Sure),
                None => (clock, i + 1, Certainty::Marked),
            }),
        };
    }
    digits_alone(text, words, i)
}

/// "1730", and after "at" also "930".
fn digits_alone(text: &str, words: Words<'_>, i: usize) -> Option<(Clock, usize, Certainty)> {
    if !matches!(text.len(), 3 | 4) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let before = if i > 0 { words.text(i - 1) } else { "" };
    // "By 2029" and "since 1984" name years.
    let is_year =
        matches!(before, "by" | "since" | "until" | "till" | "before" | "after") && names::year(text).is_some();
    if is_year || (text.len() == 3 && before != "at") {
        return None;
    }
    let (hour, minute) = text.split_at(text.len() - 2);
    let clock = Clock::written(hour.parse().ok()?, minute.parse().ok()?)?;
    let clock = if text.len() == 4 { clock.as_written() } else { clock };
    Some(match words.eat(i + 1, pattern!("hours|hrs|h")) {
        Some(end) => (clock, end, Certainty::Sure),
        None => (clock, i + 1, Certainty::Marked),
    })
}

fn single(words: Words<'_>, i: usize) -> Option<(Clock, usize, Certainty)> {
    if !words.is_word(i) {
        return None;
    }
    if let Some(found) = written_time(words.text(i), words, i) {
        return Some(found);
    }
    let hour = spelt_hour(words.text(i))?;
    let (minute, next) = spelt_minute(words, i + 1).map_or((0, i + 1), |(minute, end)| (minute, end));
    if let Some(half) = half_of(words.text(next)) {
        return Some((Clock::half(hour, minute, half)?, next + 1, Certainty::Sure));
    }
    let clock = Clock::written(hour, minute)?;
    Some(match words.eat_any(next, O_CLOCK) {
        Some(end) => (clock, end, Certainty::Sure),
        None => (clock, next, Certainty::Marked),
    })
}

fn is_spelt(word: &str) -> bool {
    !word.starts_with(|c: char| c.is_ascii_digit())
}

/// "five" or "fiveish" as an hour.
fn spelt_hour(word: &str) -> Option<i64> {
    let word = word.strip_suffix("ish").unwrap_or(word);
    number(word).filter(|n| (1..=12).contains(n) && is_spelt(word))
}

/// "forty-three", "forty three" and "oh five" behind an hour.
fn spelt_minute(words: Words<'_>, i: usize) -> Option<(i64, usize)> {
    if !words.is_word(i) {
        return None;
    }
    let unit = |i: usize| number(words.text(i)).filter(|n| (1..10).contains(n) && is_spelt(words.text(i)));
    if let Some(zero) = words.eat(i, pattern!("oh|o")) {
        return Some((unit(zero)?, zero + 1));
    }
    let tens = number(words.text(i)).filter(|n| (10..60).contains(n) && is_spelt(words.text(i)))?;
    match unit(i + 1).filter(|_| tens >= 20 && tens % 10 == 0) {
        Some(unit) => Some((tens + unit, i + 2)),
        None => Some((tens, i + 1)),
    }
}

/// How many minutes stand before "past", "to", "before" or "after", where they end and how sure that is a time.
fn minutes_beside(words: Words<'_>, i: usize) -> Option<(i64, usize, Certainty)> {
    match words.text(i) {
        "half" if !matches!(words.text(i + 1), "a" | "an") => return Some((30, i + 1, Certainty::Edge)),
        "quarter" => return Some((15, i + 1, Certainty::Edge)),
        "a" if words.text(i + 1) == "quarter" => return Some((15, i + 2, Certainty::Edge)),
        _ => {}
    }
    if let Some((Amount::Minutes(minutes), end)) = amount(words, i)
        && minutes < 12 * 60
    {
        return Some((minutes, end, Certainty::Edge));
    }
    let spelt = is_spelt(words.text(i));
    let (minutes, end) = match spelt_minute(words, i) {
        Some(found) => found,
        None => (number(words.text(i))?, i + 1),
    };
    matches!(minutes, 5 | 10 | 20 | 25).then_some((
        minutes,
        end,
        if spelt { Certainty::Edge } else { Certainty::Marked },
    ))
}

/// "half past 5", "a quarter to six", "ten past 8", "20 minutes after 4", "an hour before noon", "half seven".
fn past_or_to(words: Words<'_>, i: usize) -> Option<(Clock, usize, Certainty)> {
    let (minutes, next, certainty) = minutes_beside(words, i)?;
    let before = words.eat(next, pattern!("to|before|till")).is_some();
    let after = words.eat(next, pattern!("past|after")).is_some();
    // "Half seven" is half past seven.
    let half = words.text(i) == "half" && next == i + 1 && !before && !after;
    if !(before || after || half) {
        return None;
    }
    let at = if half { next } else { next + 1 };
    let (clock, end, _) = match twelve(words.text(at)) {
        Some(clock) => (clock, at + 1, Certainty::Edge),
        None => single(words, at)?,
    };
    // "Half 12:30" and "half 3 apples" are no times.
    if (clock.minute != 0 && minutes < 60) || (half && !clock.either_half) {
        return None;
    }
    Some((clock.moved(if before { -minutes } else { minutes })?, end, certainty))
}

/// Whether a part of the day is named at `i`.
pub(crate) fn is_part(words: Words<'_>, i: usize) -> bool {
    part(words, i).is_some()
}

/// A part of the day at `i`.
pub(crate) fn part(words: Words<'_>, i: usize) -> Option<(Part, usize)> {
    if let Some(end) = words.eat_any(i, patterns!["first thing", "first thing in the morning"]) {
        return Some((Part::Morning, end));
    }
    let i = words.eat(i, pattern!("early|late")).unwrap_or(i);
    let part = match words.text(i) {
        "morning" | "mornin" | "morn" => Part::Morning,
        "afternoon" | "arvo" => Part::Afternoon,
        "evening" => Part::Evening,
        "night" | "nite" => Part::Night,
        _ => return None,
    };
    Some((part, i + 1))
}
