//! `Accept-Language` as a locale: the order of dates and the hour cycle of its first tag.
//!
//! Languages and regions are those in which CLDR 48 differs from "day first, hours to 23". Where CLDR's year comes
//! first but its month and day alone are written day first (Swedish `5/12`), the order is day first: what a person types
//! without a year decides. A header that can't be read counts as none, never as an error.

use axum::http::{HeaderMap, header};
use saydo_contract::{DateOrder, HourCycle, Locale};

/// No tag of a browser is longer, extensions included.
const LONGEST_TAG: usize = 64;

/// The locale of the header's first tag; `None` where there is none, or none that can be read.
pub(crate) fn locale(headers: &HeaderMap) -> Option<Locale> {
    let text = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let first = text.split(',').map(str::trim).find(|element| !element.is_empty())?;
    let (tag, weight) = first.split_once(';').map_or((first, None), |(tag, weight)| (tag.trim(), Some(weight.trim())));
    if weight.is_some_and(|weight| !is_wanted(weight)) {
        return None;
    }
    Some(Tag::parse(tag)?.locale())
}

/// Whether a weight (RFC 9110, section 12.4.2) can be read and is more than none.
fn is_wanted(weight: &str) -> bool {
    let value = weight.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
    let is_number = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let value = value.map(|(_, value)| value.trim()).filter(is_number).and_then(|value| value.parse::<f32>().ok());
    value.is_some_and(|value| value > 0.0 && value <= 1.0)
}

/// The parts of a language tag (BCP 47) that matter here.
#[derive(Debug, Default)]
struct Tag {
    /// In small letters.
    language: String,
    /// In small letters; empty where there is none.
    script: String,
    /// In capitals; empty where there is none.
    region: String,
    /// What the keyword `hc` of the extension `u` says.
    hour_cycle: Option<HourCycle>,
}

impl Tag {
    fn parse(text: &str) -> Option<Self> {
        let is_subtag =
            |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if text.len() > LONGEST_TAG || !text.split('-').all(is_subtag) {
            return None;
        }
        let text = text.to_ascii_lowercase();
        let (main, extensions) = extensions(&text);
        let mut subtags = main.split('-');
        let language = subtags.next().filter(|part| matches!(part.len(), 2 | 3) && is_alphabetic(part))?;
        let mut tag = Self { language: language.to_owned(), ..Self::default() };
        for part in subtags {
            if part.len() == 4 && is_alphabetic(part) {
                part.clone_into(&mut tag.script);
            } else if is_region(part) {
                tag.region = part.to_ascii_uppercase();
            }
        }
        tag.hour_cycle = hour_cycle(extensions);
        Some(tag)
    }

    fn locale(&self) -> Locale {
        Locale { date_order: self.date_order(), hour_cycle: self.hour_cycle.unwrap_or_else(|| self.usual_hour_cycle()) }
    }

    fn date_order(&self) -> DateOrder {
        let (language, region) = (self.language.as_str(), self.region.as_str());
        match (language, region) {
            ("en", "" | "US" | "AS" | "BI" | "GU" | "MH" | "MP" | "PH" | "PR" | "UM" | "VI")
            | ("es", "PA" | "PR")
            | ("sd", "IN") => DateOrder::Mdy,
            ("en", "CA" | "JP" | "ZA") | ("fr", "CA") | ("ku", "IQ") | ("uz", "AF") => DateOrder::Ymd,
            ("zh", "HK" | "MO") => DateOrder::Dmy,
            _ if MONTH_FIRST.contains(&language) => DateOrder::Mdy,
            _ if YEAR_FIRST.contains(&language) => DateOrder::Ymd,
            _ => DateOrder::Dmy,
        }
    }

    fn usual_hour_cycle(&self) -> HourCycle {
        let is_twelve = match (self.language.as_str(), self.script.as_str(), self.region.as_str()) {
            ("fr", _, "CA") => false,
            ("zh", "hant", "") => true,
            (language, _, "") => TWELVE_HOUR_LANGUAGES.contains(&language),
            (_, _, region) => TWELVE_HOUR_REGIONS.contains(&region),
        };
        if is_twelve { HourCycle::H12 } else { HourCycle::H23 }
    }
}

fn is_alphabetic(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Two letters (ISO 3166-1) or three digits (UN M.49).
fn is_region(part: &str) -> bool {
    part.len() == 2 && is_alphabetic(part) || part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// A tag's language, script and region, and its extensions from the first single letter on.
fn extensions(tag: &str) -> (&str, &str) {
    let mut at = 0;
    for part in tag.split('-') {
        if part.len() == 1 && at > 0 {
            return (&tag[..at - 1], &tag[at..]);
        }
        at += part.len() + 1;
    }
    (tag, "")
}

/// The keyword `hc` of the extension `u`. What stands behind `x` is private.
fn hour_cycle(extensions: &str) -> Option<HourCycle> {
    let mut parts = extensions.split('-').take_while(|part| *part != "x").skip_while(|part| *part != "u").skip(1);
    parts.by_ref().take_while(|part| part.len() > 1).find(|part| *part == "hc")?;
    match parts.next()? {
        "h11" | "h12" => Some(HourCycle::H12),
        "h23" | "h24" => Some(HourCycle::H23),
        _ => None,
    }
}

const MONTH_FIRST: &[&str] = &["ceb", "chr", "ee", "fil", "or", "tl", "zu"];

const YEAR_FIRST: &[&str] = &["bo", "dz", "eo", "eu", "fa", "hu", "ja", "ko", "lt", "mn", "ne", "ps", "si", "zh"];

/// Languages whose first region counts hours to 12, for tags without a region.
const TWELVE_HOUR_LANGUAGES: &[&str] = &[
    "am", "ar", "as", "bn", "ceb", "chr", "dz", "ee", "el", "en", "fil", "gu", "hi", "km", "kn", "ko", "mi", "ml",
    "mr", "ms", "or", "pa", "sa", "sd", "so", "sq", "ta", "te", "tl", "ur",
];

/// 001 is the world in English, 419 is Latin America.
const TWELVE_HOUR_REGIONS: &[&str] = &[
    "001", "419", "AE", "AG", "AL", "AR", "AS", "AU", "BB", "BD", "BH", "BM", "BN", "BO", "BS", "BT", "CA", "CL", "CO",
    "CR", "CU", "CY", "DJ", "DM", "DO", "DZ", "EC", "EG", "EH", "ER", "ET", "FJ", "FM", "GD", "GH", "GM", "GR", "GT",
    "GU", "GY", "HK", "HN", "IN", "IQ", "JM", "JO", "KH", "KI", "KN", "KP", "KR", "KW", "KY", "LB", "LC", "LR", "LS",
    "LY", "MH", "MO", "MP", "MR", "MW", "MX", "MY", "NA", "NI", "NZ", "OM", "PA", "PE", "PG", "PH", "PK", "PR", "PS",
    "PW", "PY", "QA", "SA", "SB", "SD", "SG", "SL", "SO", "SS", "SV", "SY", "SZ", "TC", "TD", "TN", "TO", "TT", "TW",
    "UM", "US", "UY", "VC", "VE", "VG", "VI", "VU", "WS", "YE", "ZM",
];

#[cfg(test)]
#[path = "accept_language/tests.rs"]
mod tests;
