//! Headers of browsers, of other clients, and arbitrary ones.

use axum::http::HeaderValue;
use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Option<(DateOrder, HourCycle)> {
    let value = HeaderValue::from_bytes(text.as_bytes()).expect("a header's value");
    let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, value)]);
    locale(&headers).map(|Locale { date_order, hour_cycle }| (date_order, hour_cycle))
}

/// CONTRACT-40: the first tag decides, as CLDR has it.
#[test]
fn the_first_tag_decides() {
    use DateOrder::{Dmy, Mdy, Ymd};
    use HourCycle::{H12, H23};
    for (tags, order, cycle) in [
        ("en en-US en-PH en-us EN-US en-Latn-US", Mdy, H12),
        ("en-GB en-IE en-DE en-150 en-BE", Dmy, H23),
        ("en-AU en-NZ en-IN en-PK en-SG en-001", Dmy, H12),
        ("en-CA", Ymd, H12),
        ("fr-CA lt lt-LT hu-HU ja ja-JP zh zh-CN zh-Hans-CN en-ZA fa-IR", Ymd, H23),
        ("ko ko-KR zh-TW zh-Hant zh-Hant-TW", Ymd, H12),
        ("de de-DE fr fr-FR es es-ES it pt-BR ru sv sv-SE pl tr he vi id nl th sr-Latn-RS ca-ES-valencia", Dmy, H23),
        ("ar ar-EG ar-SA ur ur-PK hi hi-IN bn bn-BD es-MX es-419 es-US el zh-HK zh-Hant-HK fr-DZ pa-Arab-PK", Dmy, H12),
        ("ar-MA ur-XK tlh xx", Dmy, H23),
        ("fil fil-PH es-PR", Mdy, H12),
        // Keywords of the extension u, among others, and private ones.
        ("en-US-u-hc-h23 en-US-u-ca-gregory-hc-h24 en-u-hc-h23", Mdy, H23),
        ("de-DE-u-hc-h12 de-u-hc-h11-nu-latn", Dmy, H12),
        ("de-t-en-us-u-hc-h12", Dmy, H12),
        ("de-DE-x-u-hc-h12 de-u-hc-h13 de-u-hc", Dmy, H23),
    ] {
        for tag in tags.split(' ') {
            assert_eq!(read(tag), Some((order, cycle)), "{tag}");
        }
    }
}

/// CONTRACT-40: later tags, weights and whitespace change nothing.
#[test]
fn only_the_first_tag_counts() {
    for header in
        ["en-US,en;q=0.9,de;q=0.8", "en-US;q=0.1,de", " en-US ;q=1.000 , de", ",, en-US;Q=0.5", "en-US; q = 1"]
    {
        assert_eq!(read(header), read("en-US"), "{header}");
    }
}

/// CONTRACT-41: a header that tells no locale counts as none.
#[test]
fn what_cannot_be_read_is_absent() {
    assert_eq!(locale(&HeaderMap::new()), None);
    let long = format!("en-US{}", "-abcdefgh".repeat(8));
    for header in [
        "",
        " ",
        ",",
        "*",
        "*;q=0.5",
        "*,en-US",
        "en-US;q=0",
        "en-US;q=0.000",
        "en-US;q=2",
        "en-US;q=x",
        "en-US;q=",
        "en-US;q=nan",
        "en-US;level=1",
        "en_US",
        "en-US@posix",
        "C",
        "i-klingon",
        "english",
        "x-en-US",
        "12-US",
        "en--US",
        "-en",
        "en-",
        "é",
        "en US",
        &long,
    ] {
        assert_eq!(read(header), None, "{header}");
    }
}

proptest! {
    /// CONTRACT-41: no header is too odd.
    #[test]
    fn any_header_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..200), tag in "[a-zA-Z0-9*;,=q. -]{0,80}") {
        for bytes in [bytes, tag.into_bytes()] {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                let _ = locale(&HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, value)]));
            }
        }
    }
}
