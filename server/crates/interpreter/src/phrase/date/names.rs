//! Names of months and weekdays, and years.

use chrono::Weekday;

use super::certainty::Certainty;

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
        _ => return None,
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
        _ => return None,
    })
}
