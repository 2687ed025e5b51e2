//! Date phrases: which words they are, and which day or moment they mean.

mod amount;
mod anchored;
pub(crate) mod calendar;
mod certainty;
mod clock;
mod days;
pub(crate) mod found;
mod holiday;
mod kept;
mod names;
mod numeric;
pub(crate) mod recurrence;
mod relative;
pub(crate) mod spoken;
mod stretch;
pub(crate) mod unread;
mod zone;

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveTime, Offset, Timelike};

pub(crate) use amount::{Amount, amount};
pub(crate) use certainty::Certainty;
pub(crate) use clock::{Clock, is_part};
pub(crate) use names::{month_name, weekday_name};
pub(crate) use stretch::Days;

use crate::{
    Context, When,
    phrase::number::{number, ordinal},
    text::lexicon,
    text::pattern::{Patterns, pattern, patterns},
    text::span::Words,
};
use clock::Part;
use stretch::DaysFound;
use zone::Zone;

/// A date phrase.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Phrase {
    pub(crate) days: Option<Days>,
    time: Option<Time>,
    /// The time's zone, where one is named.
    zone: Option<Zone>,
    /// The token after it.
    pub(crate) end: usize,
    pub(crate) certainty: Certainty,
    /// Whether it speaks of the past ("last Friday").
    pub(crate) past: bool,
}

#[derive(Debug, Clone, Copy)]
enum Time {
    Clock(Clock),
    Part(Part),
    /// So many minutes from now.
    In(i64),
    /// Written out with its offset.
    Stamp(DateTime<FixedOffset>),
}

/// Waits of fewer minutes are rounded up to a whole minute, longer ones down.
const SHORT_WAIT: i64 = 10;

static FIRST_WORDS: lexicon::Class = lexicon::word_class!("date/first_words");

/// A quick look at the first word: most words begin no date.
fn may_begin(word: &str) -> bool {
    word.trim_start_matches('+').starts_with(|c: char| c.is_ascii_digit())
        || FIRST_WORDS.contains(word)
        || holiday::may_begin(word)
        || clock::clock_word(word)
        || weekday_name(word).is_some()
        || names::begins_with_month(word)
        || number(word).is_some()
        || ordinal(word).is_some()
}

/// What says of a day only that all of it is meant.
const WHOLE_DAY: &Patterns = patterns!["eod|cob", "the? end of the? day|business", "close of business"];

/// The longest date phrase at `i`, without a preposition before it.
pub(crate) fn phrase(words: Words<'_>, i: usize, context: &Context) -> Option<Phrase> {
    if !words.is_word(i) || !may_begin(words.text(i)) {
        return None;
    }
    let moment =
        |time: Time, end: usize, certainty: Certainty| Some(Phrase { time: Some(time), certainty, ..Phrase::at(end) });
    if let Some((minutes, end, certainty)) = minutes_from_now(words, i) {
        return moment(Time::In(minutes), end, certainty);
    }
    if let Some(stamp) = stamp(words.text(i)) {
        return moment(Time::Stamp(stamp), i + 1, Certainty::Sure);
    }
    if let Some(at) = words.eat_any(i, patterns!["first thing on?", "first thing in the morning on?"]) {
        let phrase =
            component(words, at, context, None).filter(|phrase| phrase.days.is_some() && phrase.time.is_none())?;
        return Some(Phrase { time: Some(Time::Part(Part::Morning)), certainty: Certainty::Sure, ..phrase });
    }
    // "End of day tomorrow" is tomorrow.
    let whole_day = words.eat_any(i, WHOLE_DAY).map(|at| words.eat(at, pattern!("on|of")).unwrap_or(at));
    let i = whole_day.filter(|&at| days_at(words, at, context).is_some()).unwrap_or(i);
    let first = zoned(words, component(words, i, context, None)?);
    Some(continued(words, i, first, context))
}

/// Days and time may follow each other in any order, with little words between: at most three more parts.
fn continued(words: Words<'_>, i: usize, first: Phrase, context: &Context) -> Phrase {
    let mut found = first;
    let before = if i > 0 { words.text(i - 1) } else { "" };
    for _ in 0..3 {
        let bare = found.certainty == Certainty::Marked && matches!(found.time, Some(Time::Clock(_)));
        // The five of "chapter 5 in the morning" counts chapters.
        if bare && found.days.is_none() && clock::is_numbered(before) {
            break;
        }
        let comma = if words.text(found.end) == "," { found.end + 1 } else { found.end };
        let glue =
            words.eat_any(comma, patterns!["at|around|by|before|until|till|after about|around?", "on", "in", "from"]);
        let next = [glue, Some(comma)]
            .into_iter()
            .flatten()
            .find_map(|at| component(words, at, context, Some((&found, at > comma))));
        let Some(next) = next else { break };
        // "Read chapter 5 tomorrow" names no time: a number alone is one only behind "at" and its like.
        if bare && found.days.is_none() && next.days.is_some() && !clock::introduced(words, i) {
            break;
        }
        found = zoned(words, next);
    }
    // "Christmas" may name much, "Christmas at 5" is a date.
    if found.has_time() && holiday::is_holiday(words, i) {
        found.certainty = found.certainty.max(Certainty::Edge);
    }
    found
}

/// With the zone that is named behind the time.
fn zoned(words: Words<'_>, found: Phrase) -> Phrase {
    if found.zone.is_some() || !matches!(found.time, Some(Time::Clock(_))) {
        return found;
    }
    let Some((zone, end)) = zone::zone(words, found.end) else { return found };
    let time = match found.time {
        // Who writes UTC counts to 24.
        Some(Time::Clock(clock)) if zone.is_universal() => Some(Time::Clock(clock.as_written())),
        other => other,
    };
    Phrase { zone: Some(zone), time, end, certainty: found.certainty.max(Certainty::Edge), ..found }
}

/// A date-time with offset, as RFC 3339 has it.
fn stamp(text: &str) -> Option<DateTime<FixedOffset>> {
    if text.len() < 20 || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let stamp = DateTime::parse_from_rfc3339(&text.to_ascii_uppercase()).ok()?;
    calendar::plausible(stamp.date_naive())?;
    stamp.with_second(0)?.with_nanosecond(0)
}

/// "in 3 hours", "20 minutes from now", "3 hours later", "+15 minutes", "1d 2h".
fn minutes_from_now(words: Words<'_>, i: usize) -> Option<(i64, usize, Certainty)> {
    let introduced = relative::introduced(words, i);
    let (Amount::Minutes(minutes), end) = amount(words, introduced.unwrap_or(i))? else { return None };
    if let Some(after) = words.eat_any(end, patterns!["from now", "later|hence"]) {
        return Some((minutes, after, Certainty::Sure));
    }
    if introduced.is_some() {
        return Some((minutes, words.eat(end, pattern!("time")).unwrap_or(end), Certainty::Sure));
    }
    // "1h 30m" is how long something takes; nothing takes "1d 2h".
    let days = words.text(i).strip_suffix('d').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    (days && end > i + 1).then_some((minutes, end, Certainty::Edge))
}

/// The days that the words at `i` name.
fn days_at(words: Words<'_>, i: usize, context: &Context) -> Option<DaysFound> {
    if !words.is_word(i) || !may_begin(words.text(i)) {
        return None;
    }
    days::end_of(words, i, context)
        .or_else(|| relative::relative(words, i, context))
        .or_else(|| anchored::anchored(words, i, context))
        .or_else(|| days::named(words, i, context, context.now.date_naive()))
}

/// The days or the time at `i`, joined to what was found before.
fn component(words: Words<'_>, i: usize, context: &Context, before: Option<(&Phrase, bool)>) -> Option<Phrase> {
    let joined = before.is_some();
    let glued = before.is_none_or(|(_, glued)| glued);
    let base = before.map_or(Phrase::at(i), |(phrase, _)| *phrase);
    let fits = |certainty: Certainty| !joined || glued || certainty > Certainty::Marked;
    if let Some(found) = with_part(words, i, &base) {
        return Some(found);
    }
    if base.days.is_none()
        && let Some(found) = days_at(words, i, context).filter(|found| fits(found.certainty))
    {
        let part = found.part.map(|part| base.in_part(part));
        let phrase = Phrase {
            days: Some(found.days),
            time: part.or(base.time),
            end: found.end,
            certainty: base.certainty.max(found.certainty),
            past: found.past,
            ..base
        };
        return Some(day_range(words, phrase, context));
    }
    if matches!(base.time, None | Some(Time::Part(_)))
        && let Some((clock, end, certainty)) = clock::clock(words, i).filter(|(_, _, certainty)| fits(*certainty))
    {
        let clock = match base.time {
            Some(Time::Part(part)) => clock.in_part(part),
            _ => clock,
        };
        return Some(Phrase { time: Some(Time::Clock(clock)), end, certainty: base.certainty.max(certainty), ..base });
    }
    // "end of day" after a day says nothing new.
    let whole_day = words.eat_any(i, WHOLE_DAY);
    whole_day.filter(|_| joined && base.time.is_none()).map(|end| Phrase { end, ..base })
}

/// A part of the day at `i`: alone after "in the", or with the day or the time that was found before.
fn with_part(words: Words<'_>, i: usize, base: &Phrase) -> Option<Phrase> {
    if !matches!(base.time, None | Some(Time::Clock(_))) {
        return None;
    }
    let at = words.eat(i, pattern!("the")).filter(|_| i > 0 && matches!(words.text(i - 1), "in")).unwrap_or(i);
    let at_night = i > 0 && words.text(i - 1) == "at" && words.text(i) == "night";
    let introduced = at > i || at_night;
    let (part, end) = clock::part(words, at).filter(|_| introduced || base.days.is_some())?;
    // "3 in the morning" is a time, "in the morning" alone needs its preposition.
    let certainty = if base.days.is_some() || base.time.is_some() { Certainty::Edge } else { Certainty::Marked };
    Some(Phrase { time: Some(base.in_part(part)), end, certainty: certainty.max(base.certainty), ..*base })
}

/// "Monday to Wednesday", "Dec 3 - Dec 5": due at the end.
fn day_range(words: Words<'_>, phrase: Phrase, context: &Context) -> Phrase {
    let Some(start) = phrase.days else { return phrase };
    let Some(at) = words.eat(phrase.end, pattern!("to|through|thru|until|till|and|-")) else { return phrase };
    let between = |first: usize| first > 0 && matches!(words.text(first - 1), "between");
    let first = phrase.end - 1;
    if words.text(phrase.end) == "and" && !between(first) && !between(first.saturating_sub(1)) {
        return phrase;
    }
    let Some(end) = days_at(words, at, context).filter(|end| end.certainty > Certainty::Marked && !end.past) else {
        return phrase;
    };
    // "Friday to Tuesday" ends on the Tuesday after that Friday.
    let weeks = if end.days.last < start.first && weekday_name(words.text(end.end - 1)).is_some() { 7 } else { 0 };
    let Some(last) = calendar::plus_days(end.days.last, weeks).filter(|last| *last >= start.first) else {
        return phrase;
    };
    let days = Days { first: start.first, last, due: last, again: stretch::Again::Never };
    Phrase { days: Some(days), end: end.end, ..phrase }
}

impl Phrase {
    /// Nothing yet, up to a place.
    const fn at(end: usize) -> Self {
        Self { days: None, time: None, zone: None, end, certainty: Certainty::Marked, past: false }
    }

    /// Its time, or else the part itself, in a part of the day.
    fn in_part(&self, part: Part) -> Time {
        match self.time {
            Some(Time::Clock(clock)) => Time::Clock(clock.in_part(part)),
            _ => Time::Part(part),
        }
    }

    /// What something is due at that is due at this phrase.
    pub(crate) fn when(&self, context: &Context) -> Option<When> {
        let now = context.now;
        let today = now.date_naive();
        let at = |date: NaiveDate, clock: Clock| moment(date, clock, context);
        let future = |when: &When| matches!(when, When::At(moment) if *moment > now);
        match (self.days, self.time) {
            (None, None) => None,
            (_, Some(Time::Stamp(stamp))) => Some(When::At(stamp)),
            (days, Some(Time::Clock(clock))) if self.zone.is_some() => self.in_zone(days, clock, context),
            (_, Some(Time::In(minutes))) => {
                let minute = now.with_nanosecond(0).unwrap_or(now).with_second(0).unwrap_or(now);
                // A short wait is never shorter than it was said: the next whole minute behind it.
                let begun = i64::from(minutes < SHORT_WAIT && minute < now);
                let later = minute.checked_add_signed(Duration::try_minutes(minutes + begun)?)?;
                calendar::plausible(later.date_naive())?;
                Some(When::At(later.with_timezone(&later.offset().fix())))
            }
            (Some(days), None) => Some(When::Date(days.due)),
            (None, Some(Time::Part(part))) => {
                let clock = Clock { hour: part.hour(), minute: 0, either_half: false };
                at(today, clock).filter(future).or_else(|| at(today.succ_opt()?, clock))
            }
            (None, Some(Time::Clock(clock))) => {
                next_reading(today, clock, context).or_else(|| at(today.succ_opt()?, clock.usual()))
            }
            (Some(days), Some(Time::Part(part))) => {
                let clock = Clock { hour: part.hour(), minute: 0, either_half: false };
                if days.may_be_today(today)
                    && let Some(sooner) = at(today, clock).filter(future)
                {
                    return Some(sooner);
                }
                let when = at(days.due, clock)?;
                Some(if days.due == today && !future(&when) { When::Date(days.due) } else { when })
            }
            (Some(days), Some(Time::Clock(clock))) => {
                if days.due != today {
                    let sooner = || at(today, clock.usual()).filter(future);
                    return days.may_be_today(today).then(sooner).flatten().or_else(|| at(days.due, clock.usual()));
                }
                next_reading(today, clock, context)
                    .or_else(|| at(numeric::once_more(days.due, days.again)?, clock.usual()))
                    .or_else(|| at(days.due, clock.usual()))
            }
        }
    }

    /// A time in the zone that is named. A day is that of the zone's calendar; without one it's the next such moment.
    fn in_zone(&self, days: Option<Days>, clock: Clock, context: &Context) -> Option<When> {
        let today = context.now.date_naive();
        let clock = clock.usual();
        let (day, hour) = if clock.hour == 24 { (1, 0) } else { (0, clock.hour) };
        let at = |date: NaiveDate| {
            let local = calendar::plus_days(date, day)?.and_hms_opt(hour, clock.minute, 0)?;
            self.zone?.moment(local, context.now.timezone())
        };
        let ahead = |moment: &DateTime<FixedOffset>| *moment > context.now;
        let moment = match days {
            Some(days) => {
                let sooner = days.may_be_today(today).then(|| at(today)).flatten().filter(ahead);
                sooner.or_else(|| at(days.due))
            }
            None => (-1..=2).find_map(|offset| at(calendar::plus_days(today, offset)?).filter(ahead)),
        };
        moment.map(When::At)
    }

    /// The time alone, where the phrase names no day and no distance.
    pub(crate) fn time_only(&self) -> Option<NaiveTime> {
        let (hour, minute) = match (self.days, self.time) {
            _ if self.zone.is_some() => return None,
            (None, Some(Time::Clock(clock))) => (clock.usual().hour, clock.minute),
            (None, Some(Time::Part(part))) => (part.hour(), 0),
            _ => return None,
        };
        NaiveTime::from_hms_opt(hour, minute, 0)
    }

    /// Joins the days of one phrase with the time of another.
    pub(crate) fn joined(self, other: Self) -> Option<Self> {
        match (self.days, self.time, other.days, other.time) {
            (Some(_), None, None, Some(Time::Clock(_) | Time::Part(_))) => {
                Some(Self { time: other.time, zone: other.zone, ..self })
            }
            (None, Some(Time::Clock(_) | Time::Part(_)), Some(_), None) => {
                Some(Self { time: self.time, zone: self.zone, ..other })
            }
            (Some(_), Some(Time::Part(part)), None, Some(Time::Clock(clock))) => {
                Some(Self { time: Some(Time::Clock(clock.in_part(part))), zone: other.zone, ..self })
            }
            _ => None,
        }
    }

    pub(crate) const fn has_time(&self) -> bool {
        self.time.is_some()
    }

    /// Whether all that it says is a time on the clock.
    pub(crate) const fn is_clock(&self) -> bool {
        self.days.is_none() && matches!(self.time, Some(Time::Clock(_)))
    }
}

/// The next reading of a time today, if one is left.
fn next_reading(today: NaiveDate, clock: Clock, context: &Context) -> Option<When> {
    [Some(clock.usual()), clock.other_half()]
        .into_iter()
        .flatten()
        .filter_map(|clock| moment(today, clock, context))
        .find(|when| matches!(when, When::At(moment) if *moment > context.now))
}

fn moment(date: NaiveDate, clock: Clock, context: &Context) -> Option<When> {
    let (date, hour) = if clock.hour == 24 { (date.succ_opt()?, 0) } else { (date, clock.hour) };
    moment_of(date.and_hms_opt(hour, clock.minute, 0)?, context)
}

fn moment_of(local: chrono::NaiveDateTime, context: &Context) -> Option<When> {
    calendar::plausible(local.date())?;
    calendar::moment(local, context.now.timezone()).map(When::At)
}
