//! Time zones that are named beside a time: "14:00 UTC", "9 am PST", "5pm (BST)".
//!
//! Only names that mean one offset wherever English is spoken are read. `IST`, `CST` and `AST` mean several.

use chrono::{DateTime, FixedOffset, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;

use super::calendar;
use crate::{text::pattern::pattern, text::span::Words};

/// A zone that was named.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Zone {
    /// Minutes east of Greenwich.
    Fixed(i32),
    /// The rules of a place.
    Rules(Tz),
}

impl Zone {
    pub(super) const fn is_universal(self) -> bool {
        matches!(self, Self::Fixed(0))
    }

    /// The moment at which clocks of the zone show this time, as the person's clocks show it.
    pub(super) fn moment(self, local: NaiveDateTime, own: Tz) -> Option<DateTime<FixedOffset>> {
        let moment = match self {
            Self::Fixed(minutes) => FixedOffset::east_opt(minutes * 60)?.from_local_datetime(&local).single()?,
            Self::Rules(zone) => calendar::moment(local, zone)?,
        };
        let moment = moment.with_timezone(&own);
        calendar::plausible(moment.date_naive())?;
        Some(moment.with_timezone(&moment.offset().fix()))
    }
}

/// The short names, in minutes east of Greenwich.
const NAMES: [(&str, i32); 33] = [
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("bst", 60),
    ("west", 60),
    ("cet", 60),
    ("cest", 120),
    ("eet", 120),
    ("sast", 120),
    ("eest", 180),
    ("msk", 180),
    ("pkt", 300),
    ("sgt", 480),
    ("hkt", 480),
    ("awst", 480),
    ("jst", 540),
    ("kst", 540),
    ("acst", 570),
    ("aest", 600),
    ("acdt", 630),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("edt", -240),
    ("est", -300),
    ("cdt", -300),
    ("mdt", -360),
    ("mst", -420),
    ("pdt", -420),
    ("pst", -480),
    ("akdt", -480),
    ("akst", -540),
    ("hst", -600),
];

/// Short names shared by several zones: ambiguous.
pub(super) fn is_ambiguous(word: &str) -> bool {
    matches!(word, "ist" | "cst" | "ast" | "adt" | "amt" | "gst" | "sst" | "wst" | "ct" | "bdt")
}

/// The zone at `i`, perhaps in parentheses, and where it ends.
pub(super) fn zone(words: Words<'_>, i: usize) -> Option<(Zone, usize)> {
    if let Some(found) = of_place(words, i) {
        return Some(found);
    }
    let inside = if words.text(i) == "(" { i + 1 } else { i };
    let zone = named(words, inside)?;
    match (inside > i, words.text(inside + 1)) {
        (false, _) => Some((zone, i + 1)),
        (true, ")") => Some((zone, inside + 2)),
        (true, _) => None,
    }
}

/// "Pacific time", "London time".
fn of_place(words: Words<'_>, i: usize) -> Option<(Zone, usize)> {
    let (zone, end) = match words.text(i) {
        "eastern" => (Tz::America__New_York, i + 1),
        "central" => (Tz::America__Chicago, i + 1),
        "mountain" => (Tz::America__Denver, i + 1),
        "pacific" => (Tz::America__Los_Angeles, i + 1),
        "london" => (Tz::Europe__London, i + 1),
        "berlin" => (Tz::Europe__Berlin, i + 1),
        "paris" => (Tz::Europe__Paris, i + 1),
        "karachi" => (Tz::Asia__Karachi, i + 1),
        "tokyo" => (Tz::Asia__Tokyo, i + 1),
        "sydney" => (Tz::Australia__Sydney, i + 1),
        "new" if words.text(i + 1) == "york" => (Tz::America__New_York, i + 2),
        _ => return None,
    };
    Some((Zone::Rules(zone), words.eat(end, pattern!("time"))?))
}

fn named(words: Words<'_>, i: usize) -> Option<Zone> {
    let word = words.text(i);
    // "At 5 pt" is no time of the Pacific coast, "5 PT" is.
    let capitals = || words.slice(i..i + 1).raw().bytes().all(|byte| byte.is_ascii_uppercase());
    match word {
        "et" if capitals() => return Some(Zone::Rules(Tz::America__New_York)),
        "mt" if capitals() => return Some(Zone::Rules(Tz::America__Denver)),
        "pt" if capitals() => return Some(Zone::Rules(Tz::America__Los_Angeles)),
        // "At 9 west gate" names no zone.
        "west" | "wet" if !capitals() => return None,
        _ => {}
    }
    if let Some((_, minutes)) = NAMES.iter().find(|(name, _)| *name == word) {
        return Some(Zone::Fixed(*minutes));
    }
    let offset = word.strip_prefix("utc").or_else(|| word.strip_prefix("gmt"))?;
    let (sign, digits) = match offset.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, offset.strip_prefix('-')?),
    };
    let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "0"));
    let digits = |text: &str| (text.len() <= 2).then(|| text.parse::<u32>().ok()).flatten();
    let (hours, minutes) = (digits(hours).filter(|h| *h <= 14)?, digits(minutes).filter(|m| *m < 60)?);
    Some(Zone::Fixed(sign * i32::try_from(hours * 60 + minutes).ok()?))
}
