//! Names of months and weekdays, and years.

use chrono::Weekday;

use super::certainty::Certainty;
use crate::text::spelling::distance;

/// The month of a name or its short form.
pub(crate) fn month_name(word: &str) -> Option<u32> {
    Some(match word {
        "january" | "jan" => 1,
        "february" | "feb" | "febuary" => 2,
        "march" | "mar" => 3,
        "april" | "apr" => 4,
        "may" => 5,
        "june" | "jun" => 6,
        "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sept" | "sep" => 9,
        "october" | "oct" => 10,
        "november" | "nov" => 11,
        "december" | "dec" => 12,
        _ => MONTHS.into_iter().find(|(name, _)| is_slip_of_name(word, name))?.1,
    })
}

/// Whether a word is a month, or begins with one: "mid-January", "Aug-10-2031".
pub(crate) fn begins_with_month(word: &str) -> bool {
    let word = word.strip_prefix("mid-").unwrap_or(word);
    month_name(word.split(['-', '/']).next().unwrap_or(word)).is_some()
}

/// A year of four digits.
pub(crate) fn year(word: &str) -> Option<i32> {
    (word.len() == 4).then(|| word.parse().ok()).flatten().filter(|year| (1900..=2999).contains(year))
}

/// A weekday's name, and whether it is also another word or part of one.
pub(crate) fn weekday_name(word: &str) -> Option<(Weekday, Certainty)> {
    let word = word.strip_suffix("'s").unwrap_or(word);
    Some(match word {
        "monday" | "munday" | "mondy" => (Weekday::Mon, Certainty::Edge),
        "tuesday" | "teusday" | "tueday" => (Weekday::Tue, Certainty::Edge),
        "wednesday" | "wensday" | "wednsday" | "wendsday" | "wednesady" => (Weekday::Wed, Certainty::Edge),
        "thursday" | "thrusday" | "thursady" | "thurday" => (Weekday::Thu, Certainty::Edge),
        "friday" | "firday" | "frday" | "friady" => (Weekday::Fri, Certainty::Edge),
        "saturday" | "saterday" | "saturady" | "satruday" => (Weekday::Sat, Certainty::Edge),
        "sunday" | "sundy" | "suday" => (Weekday::Sun, Certainty::Edge),
        "mon" => (Weekday::Mon, Certainty::Edge),
        "tue" | "tues" => (Weekday::Tue, Certainty::Edge),
        "thu" | "thur" | "thurs" => (Weekday::Thu, Certainty::Edge),
        "fri" => (Weekday::Fri, Certainty::Edge),
        "wed" | "weds" => (Weekday::Wed, Certainty::Marked),
        "sat" => (Weekday::Sat, Certainty::Marked),
        "sun" => (Weekday::Sun, Certainty::Marked),
        _ => (WEEKDAYS.into_iter().find(|(name, _)| is_slip_of_name(word, name))?.1, Certainty::Edge),
    })
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

const MONTHS: [(&str, u32); 7] = [
    ("january", 1),
    ("february", 2),
    ("august", 8),
    ("september", 9),
    ("october", 10),
    ("november", 11),
    ("december", 12),
];

/// Whether the word is a name with one letter too many, too few, wrong or swapped. Plurals and other words are none.
fn is_slip_of_name(word: &str, name: &str) -> bool {
    word.len().abs_diff(name.len()) <= 1
        && word.as_bytes()[0] == name.as_bytes()[0]
        && !word.ends_with('s')
        && !matches!(word, "sundae" | "sundry" | "augusta" | "mondaq")
        && word.is_ascii()
        && distance(word.as_bytes(), name.as_bytes()) == 1
}
