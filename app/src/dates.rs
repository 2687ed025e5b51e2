//! Dates as a person reads them.

use chrono::{DateTime, NaiveDate};
use leptos::prelude::*;
use saydo_contract::Due;

use crate::{
    browser::{self, DateStyle},
    tasks::Clock,
};

/// Whether the first view was hydrated. Before, nothing may depend on the browser's clock, zone or language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hydrated(pub(crate) RwSignal<bool>);

/// A due date in words; as it is on the wire in the first view.
#[component]
pub(crate) fn When(due: Due, style: DateStyle) -> impl IntoView {
    let hydrated = expect_context::<Hydrated>().0;
    let plain = due.to_string();
    let datetime = plain.clone();
    view! {
        <time datetime=datetime>
            {move || if hydrated.get() { browser::show_due(&due, style) } else { plain.clone() }}
        </time>
    }
}

/// The browser's clock.
pub(crate) fn clock() -> Clock {
    let (year, month, day) = browser::today();
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
    let now = DateTime::from_timestamp_millis(browser::now() as i64).unwrap_or_default();
    Clock { today: NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default(), now }
}
