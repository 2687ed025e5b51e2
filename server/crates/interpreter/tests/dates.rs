//! Date phrases and what they mean, through the items that they are said with.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::HashSet;

use chrono::{DateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;
use proptest::prelude::*;
use saydo_contract::{DateOrder, HourCycle, Locale};
use saydo_interpreter::{Context, DueChange, Intent, NewItem, Priority, Shift, Target, When, interpret, spoken_date};

fn at(zone: Tz, text: &str) -> DateTime<Tz> {
    let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a local time");
    zone.from_local_datetime(&local).earliest().expect("a time that exists")
}

fn item(message: &str, context: &Context) -> NewItem {
    match interpret(message, context).as_slice() {
        [Intent::Add(items)] if items.len() == 1 => items[0].clone(),
        other => panic!("{message}: {other:?}"),
    }
}

fn written(when: Option<When>) -> String {
    match when {
        None => "none".to_owned(),
        Some(When::Date(date)) => date.to_string(),
        Some(When::At(moment)) => moment.format("%Y-%m-%d %H:%M%:z").to_string(),
    }
}

fn due(phrase: &str, context: &Context) -> String {
    let item = item(&format!("add call mom {phrase}"), context);
    assert_eq!(item.title, "Call mom", "{phrase} belongs to the date");
    written(item.due)
}

/// INTERP-06: the documented readings, seen from a Saturday morning.
#[test]
fn date_phrases_give_the_documented_date() {
    let context = Context::new(at(Tz::Europe__Berlin, "2026-11-21 10:00"));
    for (phrase, expected) in [
        ("today", "2026-11-21"),
        ("tomorrow", "2026-11-22"),
        ("tmrw", "2026-11-22"),
        ("the day after tomorrow", "2026-11-23"),
        ("by Friday", "2026-11-27"),
        ("on saturday", "2026-11-28"),
        ("this saturday", "2026-11-21"),
        ("this friday", "2026-11-27"),
        ("next friday", "2026-11-27"),
        ("next sunday", "2026-11-29"),
        ("friday week", "2026-12-04"),
        ("a week from friday", "2026-12-04"),
        ("a week from today", "2026-11-28"),
        ("two weeks from tomorrow", "2026-12-06"),
        ("this weekend", "2026-11-21"),
        ("next weekend", "2026-11-28"),
        ("over the weekend", "2026-11-21"),
        ("next week", "2026-11-23"),
        ("early next week", "2026-11-23"),
        ("the week after next", "2026-11-30"),
        ("next month", "2026-12-21"),
        ("next year", "2027-11-21"),
        ("this week", "2026-11-22"),
        ("by the end of the week", "2026-11-22"),
        ("by end of next week", "2026-11-27"),
        ("by the end of the month", "2026-11-30"),
        ("by eom", "2026-11-30"),
        ("by the end of next month", "2026-12-31"),
        ("by end of year", "2026-12-31"),
        ("by the end of March", "2027-03-31"),
        ("by eod", "2026-11-21"),
        ("by end of day tomorrow", "2026-11-22"),
        ("tomorrow eod", "2026-11-22"),
        ("in March", "2027-03-01"),
        ("in 3 days", "2026-11-24"),
        ("in three days", "2026-11-24"),
        ("in a week", "2026-11-28"),
        ("in a week's time", "2026-11-28"),
        ("in two weeks", "2026-12-05"),
        ("in 2wks", "2026-12-05"),
        ("in a fortnight", "2026-12-05"),
        ("in a month", "2026-12-21"),
        ("in a couple of days", "2026-11-23"),
        ("in a few days", "2026-11-24"),
        ("within 10 days", "2026-12-01"),
        ("in 3 business days", "2026-11-25"),
        ("3 days from now", "2026-11-24"),
        ("on the 15th", "2026-12-15"),
        ("on the 21st", "2026-11-21"),
        ("on the third", "2026-12-03"),
        ("by the 5th of next month", "2026-12-05"),
        ("Jan 15", "2027-01-15"),
        ("jan. 15", "2027-01-15"),
        ("january 15th, 2028", "2028-01-15"),
        ("15 January", "2027-01-15"),
        ("on the 15th of January", "2027-01-15"),
        ("on friday, 27 november", "2026-11-27"),
        ("on friday the 27th", "2026-11-27"),
        ("feb 29", "2028-02-29"),
        ("2026-12-01", "2026-12-01"),
        ("2026/12/01", "2026-12-01"),
        ("1.12.2026", "2026-12-01"),
        ("on 1/12", "2026-12-01"),
        ("12/25", "2026-12-25"),
        ("25/12", "2026-12-25"),
        ("between monday and wednesday", "2026-11-25"),
        ("no later than friday", "2026-11-27"),
        ("due friday", "2026-11-27"),
    ] {
        assert_eq!(due(phrase, &context), expected, "{phrase}");
    }
}

/// INTERP-06: times of day, seen from a Saturday at 10:00.
#[test]
fn times_give_the_documented_moment() {
    let context = Context::new(at(Tz::Europe__Berlin, "2026-11-21 10:00"));
    for (phrase, expected) in [
        ("at 5", "2026-11-21 17:00"),
        ("at 5pm", "2026-11-21 17:00"),
        ("at 5 p.m.", "2026-11-21 17:00"),
        ("at five", "2026-11-21 17:00"),
        ("at five thirty", "2026-11-21 17:30"),
        ("at 5 o'clock", "2026-11-21 17:00"),
        ("at half past five", "2026-11-21 17:30"),
        ("at quarter to six", "2026-11-21 17:45"),
        ("at 17:00", "2026-11-21 17:00"),
        ("at 1730", "2026-11-21 17:30"),
        ("5:30pm", "2026-11-21 17:30"),
        ("at 12", "2026-11-21 12:00"),
        ("at noon", "2026-11-21 12:00"),
        ("by midnight", "2026-11-22 00:00"),
        ("tonight", "2026-11-21 20:00"),
        ("tonight at 8:30", "2026-11-21 20:30"),
        ("at 11 tonight", "2026-11-21 23:00"),
        ("this afternoon", "2026-11-21 15:00"),
        ("this evening", "2026-11-21 18:00"),
        ("this morning", "2026-11-21"),
        ("in the morning", "2026-11-22 09:00"),
        ("tomorrow morning", "2026-11-22 09:00"),
        ("tomorrow morning at 8", "2026-11-22 08:00"),
        ("tomorrow at 8 in the evening", "2026-11-22 20:00"),
        ("tomorrow at 05:00", "2026-11-22 05:00"),
        ("tomorrow at 5", "2026-11-22 17:00"),
        ("at 5 tomorrow", "2026-11-22 17:00"),
        ("tomorrow at 9:30", "2026-11-22 09:30"),
        ("friday night", "2026-11-27 20:00"),
        ("friday at noon", "2026-11-27 12:00"),
        ("fri 5pm", "2026-11-27 17:00"),
        ("5pm on friday", "2026-11-27 17:00"),
        ("on the 15th at 14:30", "2026-12-15 14:30"),
        ("2026-12-01T09:15", "2026-12-01 09:15"),
        ("tomorrow from 3 to 4pm", "2026-11-22 15:00"),
        ("tomorrow 11am-1pm", "2026-11-22 11:00"),
        ("tomorrow 3-5pm", "2026-11-22 15:00"),
        ("in 3 hours", "2026-11-21 13:00"),
        ("in half an hour", "2026-11-21 10:30"),
        ("in an hour and a half", "2026-11-21 11:30"),
        ("in 1.5 hours", "2026-11-21 11:30"),
        ("in 2 hours and 15 minutes", "2026-11-21 12:15"),
        ("in 2h30m", "2026-11-21 12:30"),
        ("in 45 min", "2026-11-21 10:45"),
        ("20 minutes from now", "2026-11-21 10:20"),
    ] {
        let expected = if expected.len() > 10 { format!("{expected}+01:00") } else { expected.to_owned() };
        assert_eq!(due(phrase, &context), expected, "{phrase}");
    }
}

/// INTERP-06: the order of 12/1 follows the zone.
#[test]
fn the_zone_tells_whether_the_month_comes_first() {
    for (zone, expected) in [
        (Tz::America__New_York, "2026-12-01"),
        (Tz::UTC, "2026-12-01"),
        (Tz::Europe__London, "2027-01-12"),
        (Tz::America__Sao_Paulo, "2027-01-12"),
    ] {
        assert_eq!(due("12/1", &Context::new(at(zone, "2026-11-21 10:00"))), expected, "{zone}");
    }
}

/// INTERP-60, INTERP-61: the order of digits follows the locale, whatever the zone; dots are day first.
#[test]
fn the_locale_tells_the_order_of_digits() {
    let reading = |order, phrase: &str, zone| {
        let now = at(zone, "2026-11-21 10:00");
        let locale = Locale { date_order: order, hour_cycle: HourCycle::H23 };
        due(phrase, &Context { locale, ..Context::new(now) })
    };
    for (phrase, dmy, mdy, ymd) in [
        ("12/5", "2027-05-12", "2026-12-05", "2026-12-05"),
        ("on 12/5", "2027-05-12", "2026-12-05", "2026-12-05"),
        ("12/5/2026", "2026-05-12", "2026-12-05", "2026-12-05"),
        ("12/5/26", "2026-05-12", "2026-12-05", "2026-12-05"),
        ("12-05-2026", "2026-05-12", "2026-12-05", "2026-12-05"),
        ("12.05.2026", "2026-05-12", "2026-05-12", "2026-05-12"),
        ("27/01/05", "2005-01-27", "2005-01-27", "2027-01-05"),
        // Only one reading is a date.
        ("25/12", "2026-12-25", "2026-12-25", "2026-12-25"),
        ("12/25", "2026-12-25", "2026-12-25", "2026-12-25"),
        ("2026/12/05", "2026-12-05", "2026-12-05", "2026-12-05"),
        ("2026-12-05", "2026-12-05", "2026-12-05", "2026-12-05"),
    ] {
        for zone in [Tz::Europe__Berlin, Tz::America__New_York, Tz::UTC] {
            for (order, expected) in [(DateOrder::Dmy, dmy), (DateOrder::Mdy, mdy), (DateOrder::Ymd, ymd)] {
                assert_eq!(reading(order, phrase, zone), expected, "{phrase} {order:?} {zone}");
            }
        }
    }
}

/// INTERP-06: "next" and "this" go by the week's start.
#[test]
fn the_week_start_counts() {
    let mut context = Context::new(at(Tz::America__New_York, "2026-11-22 10:00"));
    assert_eq!(due("next monday", &context), "2026-11-23", "a Sunday ends the week");
    context.week_start = chrono::Weekday::Sun;
    assert_eq!(due("next monday", &context), "2026-11-30", "a Sunday begins the week");
    assert_eq!(due("next week", &context), "2026-11-30");
}

/// INTERP-07: a past reading moves on, but not with an explicit year.
#[test]
fn past_readings_move_to_the_next_future_one() {
    let context = Context::new(at(Tz::UTC, "2026-11-21 14:00"));
    for (phrase, expected) in [
        ("at 9am", "2026-11-22 09:00+00:00"),
        ("at 9", "2026-11-21 21:00+00:00"),
        ("at 13:00", "2026-11-22 13:00+00:00"),
        ("today at 9am", "2026-11-21 09:00+00:00"),
        ("today at 9", "2026-11-21 21:00+00:00"),
        ("on nov 1", "2027-11-01"),
        ("on nov 21", "2026-11-21"),
        ("on the 3rd", "2026-12-03"),
        ("2020-01-01", "2020-01-01"),
        ("jan 1 2020", "2020-01-01"),
        ("yesterday", "2026-11-20"),
    ] {
        assert_eq!(due(phrase, &context), expected, "{phrase}");
    }
    for (phrase, expected) in [
        ("on saturday at 8pm", "2026-11-21 20:00+00:00"),
        ("on saturday at 9am", "2026-11-28 09:00+00:00"),
        ("on saturday", "2026-11-28"),
        ("on friday the 13th", "2027-08-13"),
    ] {
        assert_eq!(due(phrase, &context), expected, "{phrase}");
    }
    let late = Context::new(at(Tz::UTC, "2026-11-21 22:30"));
    assert_eq!(due("tonight", &late), "2026-11-21");
}

/// INTERP-08: skipped local times move on by the gap, repeated ones are the first.
#[test]
fn clock_changes_are_resolved() {
    let spring = Context::new(at(Tz::Europe__Berlin, "2026-03-28 12:00"));
    assert_eq!(due("tomorrow at 02:30", &spring), "2026-03-29 03:30+02:00");
    let autumn = Context::new(at(Tz::Europe__Berlin, "2026-10-24 12:00"));
    assert_eq!(due("tomorrow at 02:30", &autumn), "2026-10-25 02:30+02:00");
    let night = Context::new(at(Tz::Europe__Berlin, "2026-10-25 01:30"));
    assert_eq!(due("in 2 hours", &night), "2026-10-25 02:30+01:00", "hours are hours");
    let west = Context::new(at(Tz::America__New_York, "2027-03-13 12:00"));
    assert_eq!(due("tomorrow at 2:30 am", &west), "2027-03-14 03:30-04:00");
    let fold = Context::new(at(Tz::America__New_York, "2027-11-06 12:00"));
    assert_eq!(due("tomorrow at 1:30 am", &fold), "2027-11-07 01:30-04:00");
    assert_eq!(due("tomorrow", &fold), "2027-11-07", "a day has no zone");
    let apia = Context::new(at(Tz::Pacific__Apia, "2011-12-29 12:00"));
    assert_eq!(due("tomorrow at 10:00", &apia), "2011-12-31 10:00+14:00", "a day that the zone skipped");
}

/// INTERP-09: a date that is part of a name stays.
#[test]
fn dates_in_names_stay_in_the_title() {
    let context = Context::new(at(Tz::UTC, "2026-11-21 14:00"));
    for title in [
        "Read The 9/11 Report",
        "Call Mark about the monitor",
        "Buy June's birthday card",
        "Call April",
        "Email May",
        "March in the parade",
        "Watch Black Friday deals",
        "Shop for Black Friday",
        "Plan Sunday brunch",
        "Prepare for the Monday meeting",
        "Write today's report",
        "Prepare tomorrow's lunch",
        "Read 1984",
        "Watch Blade Runner 2049",
        "Study 2 hours",
        "Run for 30 minutes",
        "Review the notes from Monday",
        "Look at the photos of yesterday",
        "Read chapter 5 to 7",
        "Take the second exam",
        "Enjoy the sun",
        "Get wed",
        "Call 555-1234",
        "Buy a 2 by 4",
        "Read Catch-22",
        "Finish 3/4 of the wall",
        "Get monday.com subscription",
        "Call Dr. Friday",
    ] {
        let item = item(&format!("add {title}"), &context);
        assert_eq!((item.title.as_str(), item.due), (title, None));
    }
}

/// INTERP-10, INTERP-10a: repetitions stay in the title and are flagged.
#[test]
fn recurrence_is_told_and_kept() {
    let context = Context::new(at(Tz::UTC, "2026-11-21 14:00"));
    for (message, title) in [
        ("add water the plants every Monday", "Water the plants every Monday"),
        ("remind me to take vitamins daily at 8am", "Take vitamins daily at 8am"),
        ("remind me every day at 8am to take vitamins", "Take vitamins every day at 8am"),
        ("every friday I need to file expenses", "File expenses every friday"),
        ("add pay rent every month on the 1st", "Pay rent every month on the 1st"),
        ("add run on weekdays", "Run on weekdays"),
    ] {
        let item = item(message, &context);
        assert_eq!((item.title.as_str(), item.due, item.recurring), (title, None, true));
    }
    assert!(!item("add call each other", &context).recurring);
    assert!(!item("add write weekly report by Friday", &context).recurring);
}

/// INTERP-17, INTERP-17a, INTERP-17b: what is not said of a due date stays.
#[test]
fn due_changes_keep_what_is_not_said() {
    let now = at(Tz::Europe__Berlin, "2026-11-21 10:00");
    let friday = due_at(&now, "2026-11-27 17:00");
    let apply = |change: DueChange, current| written(change.apply(current, &now));
    let three = NaiveTime::from_hms_opt(15, 0, 0).expect("a time");
    let days = |days| DueChange::Shift(Shift { days, ..Shift::default() });
    let minutes = |minutes| DueChange::Shift(Shift { minutes, ..Shift::default() });
    let date = |text: &str| Some(When::Date(text.parse().expect("a date")));
    assert_eq!(apply(DueChange::Time(three), friday), "2026-11-27 15:00+01:00");
    assert_eq!(apply(DueChange::Time(three), date("2026-11-25")), "2026-11-25 15:00+01:00");
    assert_eq!(apply(DueChange::Time(three), None), "2026-11-21 15:00+01:00");
    let monday = chrono::NaiveDate::from_ymd_opt(2026, 11, 30).expect("a day");
    assert_eq!(
        apply(DueChange::Set(When::Date(monday)), friday),
        "2026-11-30 17:00+01:00",
        "another day keeps the time"
    );
    assert_eq!(apply(days(2), friday), "2026-11-29 17:00+01:00");
    assert_eq!(apply(days(2), date("2026-11-30")), "2026-12-02");
    assert_eq!(apply(days(2), date("2026-11-01")), "2026-11-23", "overdue tasks move on from today");
    assert_eq!(apply(days(2), None), "2026-11-23");
    assert_eq!(apply(days(-1), friday), "2026-11-26 17:00+01:00");
    assert_eq!(apply(minutes(90), friday), "2026-11-27 18:30+01:00");
    assert_eq!(apply(minutes(90), None), "2026-11-21 11:30+01:00");
    assert_eq!(apply(DueChange::Shift(Shift { months: 1, ..Shift::default() }), date("2027-01-31")), "2027-02-28");
    assert_eq!(apply(days(i64::MAX), friday), "2026-11-27 17:00+01:00", "what cannot move stays");
    assert_eq!(apply(DueChange::Clear, friday), "none");
    assert_eq!(apply(DueChange::Keep, friday), "2026-11-27 17:00+01:00");
}

fn due_at(now: &DateTime<Tz>, text: &str) -> Option<When> {
    Some(When::At(at(now.timezone(), text).fixed_offset()))
}

/// INTERP-20, INTERP-62, INTERP-62a: dates are said back in full, with the month's name and on the person's clock.
#[test]
fn spoken_dates_are_absolute() {
    let zone = Tz::Europe__Berlin;
    let day = When::Date("2026-11-27".parse().expect("a date"));
    for cycle in [HourCycle::H12, HourCycle::H23] {
        assert_eq!(spoken_date(day, zone, cycle), "Fri, 27 Nov 2026");
    }
    for (moment, h12, h23) in [
        ("2026-12-01T16:05:00Z", "Tue, 1 Dec 2026, 5:05 PM", "Tue, 1 Dec 2026, 17:05"),
        ("2026-11-30T23:00:00Z", "Tue, 1 Dec 2026, 12:00 AM", "Tue, 1 Dec 2026, 00:00"),
        ("2026-12-01T11:00:00Z", "Tue, 1 Dec 2026, 12:00 PM", "Tue, 1 Dec 2026, 12:00"),
        ("2026-12-01T08:30:00Z", "Tue, 1 Dec 2026, 9:30 AM", "Tue, 1 Dec 2026, 09:30"),
    ] {
        let moment = When::At(DateTime::parse_from_rfc3339(moment).expect("a moment"));
        assert_eq!(spoken_date(moment, zone, HourCycle::H12), h12);
        assert_eq!(spoken_date(moment, zone, HourCycle::H23), h23);
    }
}

/// A Tuesday morning.
fn tuesday() -> Context {
    Context::new(at(Tz::Europe__Berlin, "2026-12-01 09:00"))
}

/// Days as they are, and times in the offset that Berlin has then.
fn all_due(context: &Context, table: &[(&str, &str)]) {
    for (phrase, expected) in table {
        let found = due(phrase, context);
        let found = found.strip_suffix("+01:00").or_else(|| found.strip_suffix("+02:00")).unwrap_or(&found);
        assert_eq!(found, *expected, "{phrase}");
    }
}

/// INTERP-43: a weekday of a week that is named.
#[test]
fn weekdays_of_a_named_week() {
    all_due(
        &tuesday(),
        &[
            ("Sunday next week", "2026-12-13"),
            ("on wednesday of next week", "2026-12-09"),
            ("next week on monday", "2026-12-07"),
            ("friday this week", "2026-12-04"),
            ("Friday in two weeks", "2026-12-18"),
            ("monday in three weeks", "2026-12-21"),
            ("in two weeks on friday", "2026-12-18"),
            ("tuesday in a week at 9:30", "2026-12-08 09:30"),
        ],
    );
    let mut context = tuesday();
    context.week_start = chrono::Weekday::Sun;
    assert_eq!(due("Sunday next week", &context), "2026-12-06");
}

/// INTERP-44: days at a distance from a named day.
#[test]
fn days_beside_a_named_day() {
    all_due(
        &tuesday(),
        &[
            ("two days before Sunday", "2026-12-04"),
            ("two days before Wednesday", "2026-12-07"),
            ("the day before sunday", "2026-12-05"),
            ("a week before March 5", "2027-02-26"),
            ("two days before Christmas", "2026-12-23"),
            ("the day after Christmas", "2026-12-26"),
            ("the friday before Easter", "2027-03-26"),
            ("the saturday after the 5th", "2026-12-12"),
            ("closest Monday to the 5th", "2026-12-07"),
            ("the monday nearest to the 5th", "2026-12-07"),
            ("2 days before the end of the month", "2026-12-29"),
        ],
    );
}

/// INTERP-45: days and parts of a month.
#[test]
fn days_of_a_named_month() {
    all_due(
        &tuesday(),
        &[
            ("on the last day of July", "2027-07-31"),
            ("on the second Tuesday of December 2027", "2027-12-14"),
            ("on the first monday of the month", "2026-12-07"),
            ("on the first tuesday of the month", "2026-12-01"),
            ("on the first day of the month", "2026-12-01"),
            ("the last friday in march", "2027-03-26"),
            ("on the last working day of the month", "2026-12-31"),
            ("the first day of next month", "2027-01-01"),
            ("by mid January", "2027-01-15"),
            ("in mid-January", "2027-01-15"),
            ("late March", "2027-03-25"),
            ("in early May", "2027-05-05"),
            ("by the beginning of March", "2027-03-01"),
            ("by the middle of next month", "2027-01-15"),
            ("mid next week", "2026-12-09"),
            ("late next week", "2026-12-11"),
            ("midweek", "2026-12-02"),
        ],
    );
}

/// INTERP-46: holidays, by rule, by Easter and by region.
#[test]
fn holidays_are_days() {
    all_due(
        &tuesday(),
        &[
            ("on Christmas Eve", "2026-12-24"),
            ("Christmas Eve", "2026-12-24"),
            ("by Christmas", "2026-12-25"),
            ("christmas at 5", "2026-12-25 17:00"),
            ("on Boxing Day", "2026-12-26"),
            ("on New Year's Eve at 22:00", "2026-12-31 22:00"),
            ("on New Year", "2027-01-01"),
            ("Valentine's Day", "2027-02-14"),
            ("on Good Friday", "2027-03-26"),
            ("by Easter", "2027-03-28"),
            ("on Easter Monday 2028", "2028-04-17"),
            ("on Halloween", "2027-10-31"),
            ("by Thanksgiving", "2027-11-25"),
            ("on Mother's Day", "2027-05-09"),
            ("on Father's Day", "2027-05-06"),
        ],
    );
    for (zone, phrase, expected) in [
        (Tz::Europe__London, "on Mother's Day", "2027-03-07"),
        (Tz::Europe__Paris, "on Mother's Day", "2027-05-30"),
        (Tz::America__Toronto, "on Thanksgiving", "2027-10-11"),
        (Tz::Australia__Sydney, "on Father's Day", "2027-09-05"),
    ] {
        assert_eq!(due(phrase, &Context::new(at(zone, "2026-12-01 09:00"))), expected, "{phrase} in {zone}");
    }
    for title in ["Buy a gift for Christmas", "Plan Mother's Day", "Watch Halloween", "Find a present for May"] {
        let item = item(&format!("add {title}"), &tuesday());
        assert_eq!((item.title.as_str(), item.due), (title, None));
    }
}

/// INTERP-47: a named zone moves the moment, an ambiguous one is not read.
#[test]
fn zones_are_said_back_in_local_time() {
    all_due(
        &tuesday(),
        &[
            ("tomorrow at 14:00 UTC", "2026-12-02 15:00"),
            ("tomorrow at 6:00 UTC", "2026-12-02 07:00"),
            ("at 9 am PST", "2026-12-01 18:00"),
            ("9 am (BST)", "2026-12-02 09:00"),
            ("at 2pm UTC+2 on friday", "2026-12-04 13:00"),
            ("friday 14:00 GMT+5:30", "2026-12-04 09:30"),
            ("on july 5 at noon EST", "2027-07-05 19:00"),
            ("on july 5 at noon ET", "2027-07-05 18:00"),
            ("tomorrow 3pm London time", "2026-12-02 16:00"),
        ],
    );
    let item = item("add call Ann tomorrow 9 am IST", &tuesday());
    assert_eq!((item.title.as_str(), item.due), ("Call Ann tomorrow 9 am IST", None));
    assert_eq!(item.unread.as_deref(), Some("tomorrow 9 am IST"));
}

/// INTERP-48: numbers in words.
#[test]
fn numbers_in_words_are_read() {
    all_due(
        &tuesday(),
        &[
            ("may twenty nine", "2027-05-29"),
            ("the twenty third of September", "2027-09-23"),
            ("on september twenty-third 2028", "2028-09-23"),
            ("on tuesday the eleventh", "2027-05-11"),
            ("at six forty-three", "2026-12-01 18:43"),
            ("at six forty three", "2026-12-01 18:43"),
            ("at six oh five", "2026-12-01 18:05"),
        ],
    );
}

/// INTERP-49: dates and times in digits.
#[test]
fn digits_are_read_as_documented() {
    all_due(
        &tuesday(),
        &[
            ("on 10.12. at 14:00", "2026-12-10 14:00"),
            ("on 10.12.", "2026-12-10"),
            ("fri 11.12. at 9", "2026-12-11 09:00"),
            ("10/Aug/2031", "2031-08-10"),
            ("14th april 31", "2031-04-14"),
            ("on Mar 13", "2027-03-13"),
            ("28 june in 2031", "2031-06-28"),
            ("jul 18, fri", "2027-07-18"),
            ("@6pm", "2026-12-01 18:00"),
            ("friday@16:30", "2026-12-04 16:30"),
            ("15h30", "2026-12-01 15:30"),
            ("at 1030", "2026-12-01 10:30"),
            ("at 930", "2026-12-01 09:30"),
        ],
    );
    for title in ["Mail ann@163.com", "Weigh 10.12 kg", "Read version 1.12", "Buy house by 2029", "Taxes in 2029"] {
        let item = item(&format!("add {title}"), &tuesday());
        assert_eq!((item.title.as_str(), item.due), (title, None));
    }
}

/// INTERP-50, INTERP-50a: waits count from now.
#[test]
fn waits_count_from_now() {
    all_due(
        &tuesday(),
        &[
            ("in 1h", "2026-12-01 10:00"),
            ("in 1/2 hour", "2026-12-01 09:30"),
            ("in 1½ hours", "2026-12-01 10:30"),
            ("3 hours later", "2026-12-01 12:00"),
            ("a week hence", "2026-12-08"),
            ("1d 2h", "2026-12-02 11:00"),
            ("in 2 days and 3 hours", "2026-12-03 12:00"),
            ("in 1 week and 2 days", "2026-12-10"),
            ("+15 minutes", "2026-12-01 09:15"),
        ],
    );
    let second = |text: &str| {
        let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").expect("a local time");
        Context::new(Tz::UTC.from_utc_datetime(&local))
    };
    let late = second("2026-12-01 09:00:40");
    assert_eq!(due("in 1 minute", &late), "2026-12-01 09:02+00:00", "at least a minute");
    assert_eq!(due("in 1 minute", &second("2026-12-01 09:00:00")), "2026-12-01 09:01+00:00");
    assert_eq!(due("in 30 minutes", &late), "2026-12-01 09:30+00:00");
    let item = item("remind me in 1/2 hour to check the oven", &tuesday());
    assert_eq!((item.title.as_str(), written(item.due).as_str()), ("Check the oven", "2026-12-01 09:30+01:00"));
}

/// INTERP-51: times relative to another time.
#[test]
fn times_beside_a_time() {
    all_due(
        &tuesday(),
        &[
            ("quarter past noon", "2026-12-01 12:15"),
            ("ten to six", "2026-12-01 17:50"),
            ("at ten to six", "2026-12-01 17:50"),
            ("half seven", "2026-12-01 19:30"),
            ("20 minutes after 4", "2026-12-01 16:20"),
            ("an hour before noon", "2026-12-01 11:00"),
            ("half past midnight", "2026-12-02 00:30"),
            ("twenty five past six", "2026-12-01 18:25"),
            ("noonish", "2026-12-01 12:00"),
            ("at 5ish", "2026-12-01 17:00"),
            ("3 in the morning", "2026-12-02 03:00"),
            ("tomorrow 3 in the morning", "2026-12-02 03:00"),
        ],
    );
}

/// INTERP-52, INTERP-52a: what repeats without "every".
#[test]
fn plurals_and_adverbs_recur() {
    for title in [
        "Gym Mondays",
        "Gym Mondays and Thursdays at 7",
        "Run mornings at 9",
        "Yoga sunday mornings",
        "Read in the evenings",
        "Water the ferns each two days",
        "Review the budget quarterly",
        "See the dentist annually",
    ] {
        let item = item(&format!("add {title}"), &tuesday());
        assert_eq!((item.title.as_str(), item.due, item.recurring), (title, None, true));
    }
    for title in ["Stay two nights at the lake", "Call each second person", "Plan Monday's lunch"] {
        assert!(!item(&format!("add {title}"), &tuesday()).recurring, "{title}");
    }
    assert!(!item("add write quarterly report by friday", &tuesday()).recurring);
}

/// INTERP-53, INTERP-53a: a date before or between other words.
#[test]
fn dates_inside_leave_the_title() {
    for (message, title, date) in [
        ("add book lunch on Tue May 9. Don't call.", "Book lunch. Don't call", "2027-05-09"),
        ("add lunch on friday about taxes", "Lunch about taxes", "2026-12-04"),
        ("add email the deck (friday)", "Email the deck", "2026-12-04"),
        ("in two weeks renew the domain", "Renew the domain", "2026-12-15"),
        ("tomorrow at 8 am take the car to the garage", "Take the car to the garage", "2026-12-02 08:00+01:00"),
    ] {
        let item = item(message, &tuesday());
        assert_eq!((item.title.as_str(), written(item.due).as_str()), (title, date));
    }
}

/// INTERP-40, INTERP-40a, INTERP-41: a date that is only partly understood is none, and is named.
#[test]
fn partly_understood_dates_are_none() {
    for (title, unread) in [
        ("Report Feb 30", "Feb 30"),
        ("Report Feb 30 at 5pm", "Feb 30 at 5pm"),
        ("Report tomorrow at 25:00", "tomorrow at 25:00"),
        ("Lunch tomorrow at 25:00 with Bob", "tomorrow at 25:00"),
        ("Dinner tomorrow friday", "tomorrow friday"),
        ("Dentist friday 5", "friday 5"),
        ("Run 2 hours before friday", "2 hours before friday"),
        ("Submit 2027-02-30", "2027-02-30"),
        ("Trip next month on the 5th", "next month on the 5th"),
    ] {
        let item = item(&format!("add {title}"), &tuesday());
        assert_eq!((item.title.as_str(), item.due, item.unread.as_deref()), (title, None, Some(unread)));
    }
    for (message, title) in [
        ("add study 2 hours tomorrow", "Study 2 hours"),
        ("add movie night tomorrow", "Movie night"),
        ("add plan for Black Friday tomorrow", "Plan for Black Friday"),
        ("add review notes from Monday tomorrow", "Review notes from Monday"),
        ("add read 1984 tomorrow", "Read 1984"),
    ] {
        let item = item(message, &tuesday());
        assert_eq!((item.title.as_str(), written(item.due).as_str(), item.unread), (title, "2026-12-02", None));
    }
}

/// INTERP-42: numbers that are no times.
#[test]
fn bare_numbers_stay() {
    for (message, title, date) in [
        ("add read chapter 5 tomorrow", "Read chapter 5", "2026-12-02"),
        ("add watch episode 7 on friday", "Watch episode 7", "2026-12-04"),
        ("add pay invoice 12 tomorrow", "Pay invoice 12", "2026-12-02"),
        ("add do workout 3 today", "Do workout 3", "2026-12-01"),
        ("add read chapter 5 in the morning", "Read chapter 5", "2026-12-02 09:00+01:00"),
        ("add buy five tomorrow", "Buy five", "2026-12-02"),
        ("add bus 18", "Bus 18", "none"),
        ("sell the lamp for about 5 tomorrow", "Sell the lamp for about 5", "2026-12-02"),
        ("buy pages from 3 and 5", "Buy pages from 3 and 5", "none"),
        ("add count until 10", "Count until 10", "none"),
        ("add watch Friday the 13th", "Watch Friday the 13th", "none"),
        ("add dentist on Friday the 13th", "Dentist", "2027-08-13"),
        ("add call Ann by 5", "Call Ann", "2026-12-01 17:00+01:00"),
        ("add call Ann tomorrow before 5", "Call Ann", "2026-12-02 17:00+01:00"),
    ] {
        let item = item(message, &tuesday());
        assert_eq!((item.title.as_str(), written(item.due).as_str()), (title, date), "{message}");
    }
}

/// INTERP-54, INTERP-55, INTERP-56, INTERP-56a: priorities with dates in any order.
#[test]
fn priorities_and_dates_in_any_order() {
    let (high, medium, low, none) = (Priority::High, Priority::Medium, Priority::Low, Priority::None);
    for (message, title, date, priority) in [
        ("add dentist p1 tomorrow 5pm", "Dentist", "2026-12-02 17:00+01:00", high),
        ("add dentist tomorrow p1 5pm", "Dentist", "2026-12-02 17:00+01:00", high),
        ("add dentist tomorrow 5pm p1", "Dentist", "2026-12-02 17:00+01:00", high),
        ("add call Ann !high friday", "Call Ann", "2026-12-04", high),
        ("add call Ann p2", "Call Ann", "none", medium),
        ("add call Ann p3 friday", "Call Ann", "2026-12-04", low),
        ("add call Ann p4", "Call Ann", "none", none),
        ("add call the plumber asap", "Call the plumber asap", "none", high),
        ("add call the plumber tomorrow asap", "Call the plumber asap", "2026-12-02", high),
        ("add call the plumber asap tomorrow", "Call the plumber asap", "2026-12-02", high),
        ("add call mom tomorrow p2 #family", "Call mom #family", "2026-12-02", medium),
        ("add call mom #family #home p3", "Call mom #family #home", "none", low),
    ] {
        let item = item(message, &tuesday());
        let found = (item.title.as_str(), written(item.due), item.priority);
        assert_eq!(found, (title, date.to_owned(), Some(priority)), "{message}");
    }
    let place = item("add park in P2", &tuesday());
    assert_eq!((place.title.as_str(), place.priority), ("Park in P2", None));
}

/// INTERP-57, INTERP-57a: invisible marks.
#[test]
fn invisible_marks_change_nothing() {
    for (message, title) in [
        ("add call Ann tomorrow\u{200e}", "Call Ann"),
        ("\u{200f}add call Ann\u{200f} \u{2067}tomorrow\u{2069}", "Call Ann"),
        ("add \u{2068}call Ann\u{2069} tomorrow\u{200d}", "Call Ann"),
        ("add call \u{2068}Ann\u{2069} now tomorrow", "Call \u{2068}Ann\u{2069} now"),
        ("add call Ann to\u{200b}morrow\u{feff}", "Call Ann"),
        ("add fix \u{1f469}\u{200d}\u{1f4bb} laptop tomorrow", "Fix \u{1f469}\u{200d}\u{1f4bb} laptop"),
        ("add نمی\u{200c}خواهم tomorrow", "نمی\u{200c}خواهم"),
    ] {
        let item = item(message, &tuesday());
        assert_eq!((item.title.as_str(), written(item.due).as_str()), (title, "2026-12-02"), "{message:?}");
    }
    assert_eq!(interpret("complete task 2\u{200e}", &tuesday()), [Intent::Complete(Target::Numbers(vec![2]))]);
}

/// INTERP-58, INTERP-58a: digits of other scripts.
#[test]
fn other_digits_are_read() {
    for message in ["complete task ۲", "complete task ٢", "complete task २", "complete task ２", "complete task #۲"]
    {
        assert_eq!(interpret(message, &tuesday()), [Intent::Complete(Target::Numbers(vec![2]))], "{message}");
    }
    for (message, title, date) in [
        ("add buy ۲ milk at ۵", "Buy ۲ milk", "2026-12-01 17:00+01:00"),
        ("add buy milk at １７：３０", "Buy milk", "2026-12-01 17:30+01:00"),
        ("add buy milk in ३ days", "Buy milk", "2026-12-04"),
    ] {
        let item = item(message, &tuesday());
        assert_eq!((item.title.as_str(), written(item.due).as_str()), (title, date));
    }
}

/// Words and phrases of dates, and words that are none.
fn around_dates() -> impl Strategy<Value = Vec<String>> {
    let date = prop::sample::select(vec![
        "tomorrow",
        "friday",
        "at",
        "5",
        "5pm",
        "17:00",
        "next week",
        "in",
        "3 days",
        "2 hours",
        "before",
        "after",
        "the",
        "of",
        "july",
        "may 9",
        "15th",
        "last day",
        "second tuesday",
        "christmas",
        "noon",
        "in the morning",
        "quarter past",
        "ten to",
        "half",
        "six",
        "25:00",
        "feb 30",
        "UTC",
        "IST",
        "on",
        "by",
        "on 10.12.",
        "10/aug/2031",
        "mid",
        "two weeks",
        "twenty third",
        "@6pm",
        "15h30",
        "+15 minutes",
        "1/2 hour",
        "from",
        "closest monday to",
        "2029",
        "this",
        "(",
        ")",
    ]);
    let junk = "zx[a-z]{1,5}";
    let part = prop_oneof![3 => date.prop_map(str::to_owned), 2 => junk.prop_map(|word| word)];
    // Each word once, so that a word that left the title has one place.
    prop::collection::vec(part, 1..9).prop_map(|parts| {
        let mut seen = HashSet::new();
        parts.into_iter().filter(|part| part.split(' ').all(|word| seen.insert(plain(word)))).collect()
    })
}

/// A word without what only separates it from others.
fn plain(word: &str) -> String {
    word.to_lowercase().trim_matches(['(', ')', ',', '.', '-']).to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    /// INTERP-59: no word is lost, and the words that left the title are what was understood.
    #[test]
    fn no_word_is_lost(parts in around_dates()) {
        let said = format!("zxcall {}", parts.join(" "));
        let context = tuesday();
        let intents = interpret(&format!("add {said}"), &context);
        let [Intent::Add(items)] = intents.as_slice() else { panic!("{said}: {intents:?}") };
        prop_assert_eq!(items.len(), 1, "{}", said);
        let item = &items[0];
        // The title is the words said, in order, without some.
        let mut left: Vec<&str> = said.split_whitespace().filter(|word| !plain(word).is_empty()).collect();
        let mut gone = Vec::new();
        for word in item.title.split_whitespace().map(plain).filter(|word| !word.is_empty()) {
            while left.first().is_some_and(|first| plain(first) != word) {
                gone.push(left.remove(0));
            }
            prop_assert!(!left.is_empty(), "{}: {} is not what was said", said, item.title);
            left.remove(0);
        }
        gone.extend(left);
        prop_assert!(gone.iter().all(|word| !word.starts_with("zx")), "{}: {:?} left the title", said, gone);
        if item.due.is_none() {
            prop_assert!(gone.is_empty(), "{}: {:?} left without a date", said, gone);
            return Ok(());
        }
        prop_assert!(item.unread.is_none(), "{}: read and unread", said);
        let alone = interpret(&format!("add zxcall {}", gone.join(" ")), &context);
        let [Intent::Add(alone)] = alone.as_slice() else { panic!("{said}: {alone:?}") };
        prop_assert_eq!(alone[0].due, item.due, "{}: {:?} alone", said, gone);
    }
}
