//! Reads phrases as JSON lines on standard input and prints what the interpreter makes of each as a JSON line.
//!
//! A line has `say`, a whole message, `now` in local time (`2026-12-01T09:00:00`) and `zone`. The comparison with
//! another parser of dates (`e2e/dates`) runs it.

#![allow(clippy::print_stdout)]

use std::io::{self, BufRead as _};

use chrono::{NaiveDateTime, TimeZone as _};
use chrono_tz::Tz;
use saydo_interpreter::{Context, Intent, Priority, When, interpret};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Phrase {
    say: String,
    now: NaiveDateTime,
    zone: String,
}

/// What was understood. All is absent where the message adds nothing.
#[derive(Default, Serialize)]
struct Reading {
    title: Option<String>,
    /// A day, or a moment with its offset.
    due: Option<String>,
    priority: Option<&'static str>,
    recurring: bool,
    unread: Option<String>,
    /// How many items the message adds.
    items: usize,
}

fn reading(phrase: &Phrase) -> Reading {
    let zone: Option<Tz> = phrase.zone.parse().ok();
    let Some(now) = zone.and_then(|zone| zone.from_local_datetime(&phrase.now).earliest()) else {
        return Reading::default();
    };
    let intents = interpret(&phrase.say, &Context::new(now));
    let [Intent::Add(items)] = intents.as_slice() else { return Reading::default() };
    let Some(item) = items.first() else { return Reading::default() };
    Reading {
        title: Some(item.title.clone()),
        due: item.due.map(|due| match due {
            When::Date(date) => date.to_string(),
            When::At(moment) => moment.format("%Y-%m-%dT%H:%M%:z").to_string(),
        }),
        priority: item.priority.map(|priority| match priority {
            Priority::None => "none",
            Priority::Low => "low",
            Priority::Medium => "medium",
            Priority::High => "high",
        }),
        recurring: item.recurring,
        unread: item.unread.clone(),
        items: items.len(),
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for line in io::stdin().lock().lines() {
        let phrase: Phrase = serde_json::from_str(&line?)?;
        println!("{}", serde_json::to_string(&reading(&phrase))?);
    }
    Ok(())
}
