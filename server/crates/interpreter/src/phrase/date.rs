//! Date phrases: which words they are, and which day or moment they mean.

mod amount;
pub(crate) mod calendar;
mod clock;
mod days;
pub(crate) mod found;
mod numeric;
pub(crate) mod recurrence;
pub(crate) mod spoken;

use std::sync::LazyLock;

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveTime, Offset, Timelike};

pub(crate) use amount::{Amount, amount};
pub(crate) use clock::{Certainty, Clock};
pub(crate) use days::{Days, weekday_name};
pub(crate) use numeric::month_name;

use crate::{
    Context, When,
    phrase::number::{number, ordinal},
    text::lexicon,
    text::pattern::{Patterns, pattern, patterns},
    text::span::Words,
};
use clock::Part;

/// A date phrase.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Phrase {
    pub(crate) days: Option<Days>,
    time: Option<Time>,
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

static FIRST_WORDS: lexicon::Class = LazyLock::new(|| {
    lexicon::class(
        "first today today's tonight tonight's tomorrow tomorrow's yesterday yesterday's the day overmorrow later last \
         this next coming upcoming current following past previous eod cob eow eom eoy end close in within over \
         early late sometime week weekend week-end mid noon midday midnight lunchtime half quarter a an another \
         few several couple both three morning afternoon evening night mornin morn arvo nite",
    )
});

/// A quick look at the first word: most words begin no date.
fn may_begin(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        || FIRST_WORDS.contains(word)
        || weekday_name(word).is_some()
        || month_name(word).is_some()
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
    let moment = |time: Time, end: usize| {
        Some(Phrase { days: None, time: Some(time), end, certainty: Certainty::Sure, past: false })
    };
    if let Some((minutes, end)) = minutes_from_now(words, i) {
        return moment(Time::In(minutes), end);
    }
    if let Some(stamp) = stamp(words.text(i)) {
        return moment(Time::Stamp(stamp), i + 1);
    }
    if let Some(at) = words.eat_any(i, patterns!["first thing on?", "first thing in the morning on?"]) {
        let phrase =
            component(words, at, context, None).filter(|phrase| phrase.days.is_some() && phrase.time.is_none())?;
        return Some(Phrase { time: Some(Time::Part(Part::Morning)), certainty: Certainty::Sure, ..phrase });
    }
    // "End of day tomorrow" is tomorrow.
    let whole_day = words.eat_any(i, WHOLE_DAY).map(|at| words.eat(at, pattern!("on|of")).unwrap_or(at));
    let i = whole_day.filter(|&at| days::days(words, at, context).is_some()).unwrap_or(i);
    let mut found = component(words, i, context, None)?;
    // Days and time may follow each other in any order, with little words between: at most three more parts.
    for _ in 0..3 {
        let comma = if words.text(found.end) == "," { found.end + 1 } else { found.end };
        let glue =
            words.eat_any(comma, patterns!["at|around|by|before|until|till|after about|around?", "on", "in", "from"]);
        let next = [glue, Some(comma)]
            .into_iter()
            .flatten()
            .find_map(|at| component(words, at, context, Some((&found, at > comma))));
        let Some(next) = next else { break };
        found = next;
    }
    Some(found)
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

/// "in 3 hours", "20 minutes from now".
fn minutes_from_now(words: Words<'_>, i: usize) -> Option<(i64, usize)> {
    let introduced = words.eat(i, pattern!("in|within"));
    let (Amount::Minutes(minutes), end) = amount(words, introduced.unwrap_or(i))? else { return None };
    let after = words.eat_any(end, patterns!["from now", "time"]);
    (introduced.is_some() || (after.is_some() && words.text(end) == "from")).then(|| (minutes, after.unwrap_or(end)))
}

/// The days or the time at `i`, joined to what was found before.
fn component(words: Words<'_>, i: usize, context: &Context, before: Option<(&Phrase, bool)>) -> Option<Phrase> {
    let joined = before.is_some();
    let glued = before.is_none_or(|(_, glued)| glued);
    let base = before
        .map_or(Phrase { days: None, time: None, end: i, certainty: Certainty::Marked, past: false }, |(phrase, _)| {
            *phrase
        });
    let part_is_free = matches!(base.time, None | Some(Time::Clock(_)));
    if part_is_free {
        let at = words.eat(i, pattern!("the")).filter(|_| i > 0 && matches!(words.text(i - 1), "in")).unwrap_or(i);
        let at_night = i > 0 && words.text(i - 1) == "at" && words.text(i) == "night";
        let introduced = at > i || at_night;
        if let Some((part, end)) = clock::part(words, at).filter(|_| introduced || base.days.is_some()) {
            let time = match base.time {
                Some(Time::Clock(clock)) => Time::Clock(clock.in_part(part)),
                _ => Time::Part(part),
            };
            let certainty = if base.days.is_some() { base.certainty.max(Certainty::Edge) } else { Certainty::Marked };
            return Some(Phrase { time: Some(time), end, certainty: certainty.max(base.certainty), ..base });
        }
    }
    if base.days.is_none()
        && let Some(found) =
            days::days(words, i, context).filter(|found| !joined || glued || found.certainty > Certainty::Marked)
    {
        let mut phrase = Phrase {
            days: Some(found.days),
            end: found.end,
            certainty: base.certainty.max(found.certainty),
            past: found.past,
            ..base
        };
        if let Some(part) = found.part {
            phrase.time = Some(match base.time {
                Some(Time::Clock(clock)) => Time::Clock(clock.in_part(part)),
                _ => Time::Part(part),
            });
        }
        return Some(day_range(words, phrase, context));
    }
    if matches!(base.time, None | Some(Time::Part(_))) {
        let found =
            clock::clock(words, i).filter(|(_, _, certainty)| !joined || glued || *certainty > Certainty::Marked);
        if let Some((clock, end, certainty)) = found {
            let clock = match base.time {
                Some(Time::Part(part)) => clock.in_part(part),
                _ => clock,
            };
            return Some(Phrase {
                time: Some(Time::Clock(clock)),
                end,
                certainty: base.certainty.max(certainty),
                ..base
            });
        }
    }
    // "end of day" after a day says nothing new.
    let whole_day = words.eat_any(i, WHOLE_DAY);
    whole_day.filter(|_| joined && base.time.is_none()).map(|end| Phrase { end, ..base })
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
    let Some(end) = days::days(words, at, context).filter(|end| end.certainty > Certainty::Marked && !end.past) else {
        return phrase;
    };
    // "Friday to Tuesday" ends on the Tuesday after that Friday.
    let weeks = if end.days.last < start.first && weekday_name(words.text(end.end - 1)).is_some() { 7 } else { 0 };
    let Some(last) = calendar::plus_days(end.days.last, weeks).filter(|last| *last >= start.first) else {
        return phrase;
    };
    let days = Days { first: start.first, last, due: last, again: days::Again::Never };
    Phrase { days: Some(days), end: end.end, ..phrase }
}

impl Phrase {
    /// What something is due at that is due at this phrase.
    pub(crate) fn when(&self, context: &Context) -> Option<When> {
        let now = context.now;
        let today = now.date_naive();
        let at = |date: NaiveDate, clock: Clock| moment(date, clock, context);
        let future = |when: &When| matches!(when, When::At(moment) if *moment > now);
        match (self.days, self.time) {
            (None, None) => None,
            (_, Some(Time::Stamp(stamp))) => Some(When::At(stamp)),
            (_, Some(Time::In(minutes))) => {
                let later = now.with_nanosecond(0).unwrap_or(now).with_second(0).unwrap_or(now);
                let later = later.checked_add_signed(Duration::try_minutes(minutes)?)?;
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

    /// The time alone, where the phrase names no day and no distance.
    pub(crate) fn time_only(&self) -> Option<NaiveTime> {
        let (hour, minute) = match (self.days, self.time) {
            (None, Some(Time::Clock(clock))) => (clock.usual().hour, clock.minute),
            (None, Some(Time::Part(part))) => (part.hour(), 0),
            _ => return None,
        };
        NaiveTime::from_hms_opt(hour, minute, 0)
    }

    /// Joins the days of one phrase with the time of another.
    pub(crate) fn joined(self, other: Self) -> Option<Self> {
        match (self.days, self.time, other.days, other.time) {
            (Some(_), None, None, Some(Time::Clock(_) | Time::Part(_))) => Some(Self { time: other.time, ..self }),
            (None, Some(Time::Clock(_) | Time::Part(_)), Some(_), None) => Some(Self { time: self.time, ..other }),
            (Some(_), Some(Time::Part(part)), None, Some(Time::Clock(clock))) => {
                Some(Self { time: Some(Time::Clock(clock.in_part(part))), ..self })
            }
            _ => None,
        }
    }

    pub(crate) const fn has_time(&self) -> bool {
        self.time.is_some()
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
