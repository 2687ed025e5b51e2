//! The interpreter's labelled phrases, each as a turn.

use std::fs;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Weekday};
use saydo_contract::Due;
use serde_json::{Value, json};

use crate::{offline::Talk, rig::now, tools::TestTools};

/// What the labelled phrases leave to a later step: "yes" to a frozen change.
fn is_out_of_reach(case: &Value) -> bool {
    case["say"].as_array().is_some_and(|said| said.last() == Some(&json!("yes")))
}

/// AGENT-19, AGENT-20, AGENT-21, AGENT-22: every labelled phrase makes exactly its calls, the eight first ones at least;
/// no other task is ever changed.
#[tokio::test]
async fn labelled_phrases_make_their_calls() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../interpreter/tests/phrases.jsonl");
    let text = fs::read_to_string(file).unwrap();
    let cases: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(cases.len() >= 70);
    let mut missed = Vec::new();
    for (at, case) in cases.iter().enumerate().filter(|(_, case)| !is_out_of_reach(case)) {
        let tools = TestTools::default();
        for given in case["given"].as_array().unwrap() {
            let title = given.as_str().unwrap_or_else(|| given["title"].as_str().unwrap());
            let due = given["due"].as_str().map(|due| days(due).unwrap().to_string());
            tools.given(title, due.as_deref(), given["done"] == true);
        }
        let mut talk = Talk::new(tools);
        let said: Vec<&str> = match &case["say"] {
            Value::Array(said) => said.iter().map(|words| words.as_str().unwrap()).collect(),
            said => vec![said.as_str().unwrap()],
        };
        let (last, before) = said.split_last().unwrap();
        for words in before {
            talk.say(words).await;
        }
        let known = talk.tools.log().len();
        let answer = talk.say(last).await.answer().to_owned();
        let calls = talk.tools.log().split_off(known);
        let fits = match case["expect"]["calls"].as_array() {
            Some(expected) => {
                let listing = expected.iter().any(|call| call["tool"] == "list_tasks");
                let calls: Vec<_> = calls.iter().filter(|call| listing || call.tool != "list_tasks").collect();
                calls.len() == expected.len()
                    && calls.iter().zip(expected).all(|(call, expected)| {
                        json!(call.tool) == expected["tool"] && fields_fit(&call.arguments, expected)
                    })
            }
            None => calls.iter().all(|call| call.tool == "list_tasks"),
        };
        if !fits {
            missed.push((at, json!(said), answer, calls));
        }
    }
    assert!(missed.iter().all(|(at, ..)| *at >= 8), "of the eight first: {missed:#?}");
    assert!(missed.len() * 20 <= cases.len(), "{missed:#?}");
}

fn fields_fit(arguments: &Value, expected: &Value) -> bool {
    expected.as_object().unwrap().iter().filter(|(name, _)| *name != "tool").all(|(name, expected)| {
        let given = arguments.get(name).unwrap_or(&Value::Null);
        let Some(readings) = expected.as_str() else { return given == expected };
        let Some(given) = given.as_str() else { return false };
        readings.split('|').any(|reading| match name.as_str() {
            "due" => due_fits(given, reading),
            "title" => plain(given) == plain(reading),
            _ => given == reading,
        })
    })
}

fn plain(title: &str) -> String {
    title.trim_end_matches(['.', '!', '?']).to_lowercase()
}

fn days(text: &str) -> Option<NaiveDate> {
    let today = now().date_naive();
    let count: i64 = text.parse().ok()?;
    let step = Days::new(count.unsigned_abs());
    if count < 0 { today.checked_sub_days(step) } else { today.checked_add_days(step) }
}

fn due_fits(given: &str, reading: &str) -> bool {
    let given: Due = given.parse().unwrap();
    let (day, time) = reading.split_once('T').map_or((reading, None), |(day, time)| (day, Some(time)));
    let today = now().date_naive();
    let next = |fits: &dyn Fn(NaiveDate) -> bool| {
        (0..800).filter_map(|n| today.checked_add_days(Days::new(n))).find(|day| fits(*day))
    };
    let expected = if let Ok(date) = day.parse::<NaiveDate>() {
        Some(date)
    } else if let Some(months) = day.strip_prefix("month+") {
        today.checked_add_months(Months::new(months.parse().unwrap()))
    } else if let Some(number) = day.strip_prefix("dom") {
        next(&|date| date.day().to_string() == number)
    } else if let Ok(weekday) = day.parse::<Weekday>() {
        next(&|date| date > today && date.weekday() == weekday)
    } else if day.starts_with(['+', '-']) {
        days(day)
    } else {
        next(&|date| date.format("%m-%d").to_string() == day)
    };
    let clock = match given {
        Due::Date(_) => None,
        Due::At(moment) => Some(DateTime::time(&moment.with_timezone(&now().timezone()))),
    };
    Some(given.day()) == expected && clock == time.and_then(|time| time.parse::<NaiveTime>().ok())
}
