//! The browser's time zone, as requests name it.

use js_sys::{Array, Intl, Object, Reflect};

/// The browser's time zone, by its IANA name. Some browsers have none, or name it in another way.
pub(crate) fn time_zone() -> Option<String> {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    let name = Reflect::get(&format.resolved_options(), &"timeZone".into()).ok()?.as_string();
    name.filter(|name| is_zone_name(name))
}

/// Whether it looks like an IANA name: `Europe/Berlin`, `Etc/GMT-3` and `UTC`, but neither `GMT+2` nor `+05:30`.
fn is_zone_name(name: &str) -> bool {
    let is_word = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_word || (name.contains('/') && name != "Etc/Unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// UI-99: what a server can take for a zone.
    #[test]
    fn zones_have_names() {
        for name in ["Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+2", "UTC", "CET", "EST5EDT"] {
            assert!(is_zone_name(name), "{name}");
        }
        for name in ["", "Etc/Unknown", "+05:30", "-03:00", "GMT+2", "UTC+01:00"] {
            assert!(!is_zone_name(name), "{name}");
        }
    }
}
