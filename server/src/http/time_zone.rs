//! `Time-Zone` as a zone of the IANA database: its name, or a fixed offset such as `+05:30`.
//!
//! A person's zone is kept by name, so an offset is read as the zone that has it all year, now and by law ahead. An
//! offset without such a zone is refused rather than rounded: "tomorrow at 9" would be another moment.

use axum::http::HeaderMap;
use chrono_tz::{TZ_VARIANTS, Tz};

use super::{header::text, problem::ApiError};

/// The zones without daylight saving time whose offset is no whole number of hours, by minutes east of UTC.
const FIXED: [(i32, Tz); 8] = [
    (-570, Tz::Pacific__Marquesas),
    (210, Tz::Asia__Tehran),
    (270, Tz::Asia__Kabul),
    (330, Tz::Asia__Kolkata),
    (345, Tz::Asia__Kathmandu),
    (390, Tz::Asia__Yangon),
    (525, Tz::Australia__Eucla),
    (570, Tz::Australia__Darwin),
];

/// The zone of the header; `None` where there is none, or an empty one.
///
/// # Errors
/// Where the text is no zone.
pub(crate) fn time_zone(headers: &HeaderMap) -> Result<Option<Tz>, ApiError> {
    let Some(name) = text(headers, "Time-Zone")?.filter(|name| !name.is_empty()) else { return Ok(None) };
    let zone = named(name).or_else(|| minutes(name).and_then(fixed));
    let refused = || {
        ApiError::field(
            "Time-Zone",
            "must be an IANA time zone such as Europe/Berlin, or the offset of a place without daylight saving time, \
             such as +05:30",
        )
    };
    zone.map(Some).ok_or_else(refused)
}

/// The zone with this name, in capitals or small letters.
fn named(name: &str) -> Option<Tz> {
    name.parse().ok().or_else(|| TZ_VARIANTS.into_iter().find(|zone| zone.name().eq_ignore_ascii_case(name)))
}

/// The minutes east of UTC of `+05:30`, `+0530` or `+05` (ISO 8601).
fn minutes(offset: &str) -> Option<i32> {
    let (sign, digits) = match offset.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_at_checked(2)? {
        (hours, "") => (hours, "00"),
        (hours, minutes) => (hours, minutes.strip_prefix(':').unwrap_or(minutes)),
    };
    let number = |text: &str| {
        let plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse::<i32>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// The zone that is this far east of UTC all year.
fn fixed(minutes: i32) -> Option<Tz> {
    if minutes == 0 {
        return Some(Tz::UTC);
    }
    if minutes % 60 == 0 {
        // The signs of these names are turned round: Etc/GMT-5 is five hours east.
        return named(&format!("Etc/GMT{:+}", -minutes / 60));
    }
    FIXED.iter().find_map(|&(offset, zone)| (offset == minutes).then_some(zone))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::http::HeaderValue;
    use chrono::{Duration, NaiveDate, Offset, TimeZone};

    use super::*;

    fn read(value: &str) -> Result<Option<Tz>, ApiError> {
        let headers = [("time-zone".parse().unwrap(), HeaderValue::from_str(value).unwrap())];
        time_zone(&headers.into_iter().collect())
    }

    /// CONTRACT-72: a name counts in any case, also one that the database has renamed.
    #[test]
    fn names_are_read() {
        for (name, zone) in [
            ("Europe/Berlin", Tz::Europe__Berlin),
            ("europe/berlin", Tz::Europe__Berlin),
            ("ASIA/CALCUTTA", Tz::Asia__Calcutta),
            ("utc", Tz::UTC),
            ("Etc/GMT+2", Tz::Etc__GMTPlus2),
        ] {
            assert_eq!(read(name).unwrap(), Some(zone), "{name}");
        }
    }

    /// CONTRACT-73: an offset is the zone that has it on every day of the next ten years.
    #[test]
    fn offsets_are_zones_without_daylight_saving_time() {
        let whole_hours = (-12..=14).map(|hours| hours * 60);
        for minutes in whole_hours.chain(FIXED.map(|(minutes, _)| minutes)) {
            let sign = if minutes < 0 { '-' } else { '+' };
            let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
            for text in [format!("{sign}{hours:02}:{rest:02}"), format!("{sign}{hours:02}{rest:02}")] {
                let zone = read(&text).unwrap().unwrap();
                let start = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap();
                for day in 0..3650 {
                    let offset = zone.offset_from_utc_datetime(&(start + Duration::days(day))).fix();
                    assert_eq!(offset.local_minus_utc(), minutes * 60, "{text}: {zone} after {day} days");
                }
            }
        }
        assert_eq!(read("+05").unwrap(), Some(Tz::Etc__GMTMinus5));
    }

    /// CONTRACT-73: an offset that no such zone has is refused, and so is every other text.
    #[test]
    fn other_texts_are_refused() {
        for wrong in [
            "-03:30",
            "+10:30",
            "+12:45",
            "+05:31",
            "+15:00",
            "-13:00",
            "+5:30",
            "+05:3",
            "+05:300",
            "05:30",
            "+05:60",
            "+",
            "+a5:30",
            "GMT+2",
            "UTC+2",
            "Etc/Unknown",
            "Mars/Base",
            "Z",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    /// CONTRACT-74: an empty header counts as absent.
    #[test]
    fn an_empty_header_counts_as_absent() {
        assert_eq!(read("").unwrap(), None);
        assert_eq!(time_zone(&HeaderMap::new()).unwrap(), None);
    }
}
