//! Dates as a person reads them.

use chrono::{DateTime, NaiveDate};
use leptos::prelude::*;
use saydo_contract::Due;

use crate::{
    app::Page,
    browser::{self, DateStyle},
    html::{Element, el},
    tasks::Clock,
};

/// A due date in words. In the first view it is as on the wire: there is no zone and no language yet.
pub(crate) fn when(page: Page, due: Due, style: DateStyle) -> Element {
    let plain = due.to_string();
    el("time")
        .attr("datetime", plain.clone())
        .add_fn(move || if page.hydrated.get() { browser::show_due(&due, style) } else { plain.clone() })
}

/// The browser's clock.
pub(crate) fn clock() -> Clock {
    let (year, month, day) = browser::today();
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
    let now = DateTime::from_timestamp_millis(browser::now() as i64).unwrap_or_default();
    Clock { today: NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default(), now }
}
