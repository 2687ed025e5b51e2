//! Times of day.

use crate::{
    phrase::number::number,
    text::pattern::{pattern, patterns},
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

/// How much the words alone tell that they are a date or a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Certainty {
    /// Only after a preposition of time.
    Marked,
    /// At the edge of a sentence.
    Edge,
    /// Anywhere.
    Sure,
}

fn half_of(word: &str) -> Option<Half> {
    match word {
        "am" | "a.m" | "a.m." => Some(Half::Am),
        "pm" | "p.m" | "p.m." => Some(Half::Pm),
        _ => None,
    }
}

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
        return Some((digits(hour)??, 0, Some('h')));
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
        "noon" | "midday" => return Some((Clock::exact(12, 0), i + 1, Certainty::Edge)),
        "midnight" => return Some((Clock::exact(24, 0), i + 1, Certainty::Edge)),
        "lunchtime" => return Some((Clock::exact(12, 0), i + 1, Certainty::Marked)),
        "half" | "quarter" | "a" => return past_or_to(words, i),
        _ => {}
    }
    range(words, i).or_else(|| past_or_to(words, i)).or_else(|| single(words, i))
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
    let introduced = i > 0 && matches!(words.text(i - 1), "from" | "between");
    let certain = introduced
        || words.text(middle) != "and" && (first.min(second) >= Certainty::Edge || second == Certainty::Sure);
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

/// A time in one token, with "am" or "pm" in it or in the next.
fn written_time(text: &str, words: Words<'_>, i: usize) -> Option<(Clock, usize, Certainty)> {
    // The full stop of "p.m." is a mark.
    let after_half = |at: usize| if words.text(at) == "." && words.text(at - 1).ends_with(".m") { at + 1 } else { at };
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
        let clock = Clock::written(hour, minute)?;
        // "05:00" is written by those who count to 24.
        let clock = if text.starts_with('0') { Clock { either_half: false, ..clock } } else { clock };
        return match separator {
            Some(':') => Some((clock, i + 1, Certainty::Edge)),
            _ if words.eat(i + 1, pattern!("o'clock|oclock")).is_some() => Some((clock, i + 2, Certainty::Sure)),
            _ => Some((clock, i + 1, Certainty::Marked)),
        };
    }
    if text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) {
        let (hour, minute) = (text[..2].parse().ok()?, text[2..].parse().ok()?);
        let clock = Clock { either_half: false, ..Clock::written(hour, minute)? };
        return Some(match words.eat(i + 1, pattern!("hours|hrs|h")) {
            Some(end) => (clock, end, Certainty::Sure),
            None => (clock, i + 1, Certainty::Marked),
        });
    }
    None
}

fn single(words: Words<'_>, i: usize) -> Option<(Clock, usize, Certainty)> {
    if !words.is_word(i) {
        return None;
    }
    if let Some(found) = written_time(words.text(i), words, i) {
        return Some(found);
    }
    let hour = spelt_hour(words.text(i))?;
    let minute = words.is_word(i + 1).then(|| number(words.text(i + 1))).flatten();
    let minute =
        minute.filter(|m| (10..60).contains(m) && !words.text(i + 1).starts_with(|c: char| c.is_ascii_digit()));
    let (minute, next) = minute.map_or((0, i + 1), |minute| (minute, i + 2));
    if let Some(half) = half_of(words.text(next)) {
        return Some((Clock::half(hour, minute, half)?, next + 1, Certainty::Sure));
    }
    let clock = Clock::written(hour, minute)?;
    Some(match words.eat(next, pattern!("o'clock|oclock")) {
        Some(end) => (clock, end, Certainty::Sure),
        None => (clock, next, Certainty::Marked),
    })
}

/// "five" as an hour.
fn spelt_hour(word: &str) -> Option<i64> {
    number(word).filter(|n| (1..=12).contains(n) && !word.starts_with(|c: char| c.is_ascii_digit()))
}

/// "half past 5", "a quarter to six", "ten past 8".
fn past_or_to(words: Words<'_>, i: usize) -> Option<(Clock, usize, Certainty)> {
    let (minutes, next) = match words.text(i) {
        "half" => (30, i + 1),
        "quarter" => (15, i + 1),
        "a" if words.text(i + 1) == "quarter" => (15, i + 2),
        word => {
            (number(word).filter(|n| matches!(n, 5 | 10 | 20 | 25))?, words.eat(i + 1, pattern!("minutes|mins|min?"))?)
        }
    };
    let before = words.eat(next, pattern!("to|before|till")).is_some();
    if !before && words.eat(next, pattern!("past|after")).is_none() {
        return None;
    }
    let (clock, end, _) = single(words, next + 1)?;
    if clock.minute != 0 {
        return None;
    }
    let certainty = if matches!(minutes, 15 | 30) { Certainty::Edge } else { Certainty::Marked };
    if !before {
        return Some((Clock { minute: u32::try_from(minutes).ok()?, ..clock }, end, certainty));
    }
    let hour = match (clock.hour, clock.either_half) {
        (1, true) => 12,
        (0, _) => 23,
        (hour, _) => hour - 1,
    };
    Some((Clock { hour, minute: u32::try_from(60 - minutes).ok()?, ..clock }, end, certainty))
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
