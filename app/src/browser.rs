//! The browser, behind a few plain functions.
//!
//! Only effects, event handlers and what they start may call these: the server renders without a browser.

use js_sys::{Array, Date, Function, Intl, JSON, Object, Reflect};
use leptos::prelude::{document, set_timeout, window};
use saydo_contract::Due;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, Storage};

/// The path and query of the address.
pub(crate) fn address() -> (String, String) {
    let location = window().location();
    (location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

/// Whether the server saw a session cookie when it rendered the page.
pub(crate) fn rendered_signed_in() -> bool {
    document().document_element().and_then(|html| html.get_attribute("data-session")).as_deref() == Some("yes")
}

/// Adds an address to the history.
pub(crate) fn push_address(address: &str) {
    let (path, query) = self::address();
    if path + &query == address {
        return;
    }
    if let Ok(history) = window().history() {
        _ = history.push_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

/// Replaces the present address.
pub(crate) fn replace_address(address: &str) {
    if let Ok(history) = window().history() {
        _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

/// Tells tests and styles that the page reacts.
pub(crate) fn mark_ready() {
    if let Some(html) = document().document_element() {
        _ = html.set_attribute("data-ready", "");
    }
}

/// The element with this id, where it is of this kind.
pub(crate) fn by_id<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Moves the focus to the element with this id.
pub(crate) fn focus(id: &str) {
    if let Some(element) = by_id::<HtmlElement>(id) {
        _ = element.focus();
    }
}

/// Whether a media query holds.
pub(crate) fn matches(media: &str) -> bool {
    window().match_media(media).ok().flatten().is_some_and(|query| query.matches())
}

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// Reads what this tab kept.
pub(crate) fn kept(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten().filter(|text| !text.is_empty())
}

/// Keeps a text for this tab; an empty one is forgotten.
pub(crate) fn keep(key: &str, text: &str) {
    if let Some(storage) = storage() {
        _ = if text.is_empty() { storage.remove_item(key) } else { storage.set_item(key, text) };
    }
}

/// Forgets all that this tab kept.
pub(crate) fn forget_all() {
    if let Some(storage) = storage() {
        _ = storage.clear();
    }
}

/// A value nobody else makes: 32 hexadecimal digits.
pub(crate) fn random_key() -> String {
    let mut bytes = [0; 16];
    if let Ok(crypto) = window().crypto() {
        _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    let digit = |n: u8| char::from_digit(n.into(), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The clock, in milliseconds since 1970.
pub(crate) fn now() -> f64 {
    Date::now()
}

/// Today in the browser's time zone: year, month (1 to 12) and day.
pub(crate) fn today() -> (i32, u32, u32) {
    let date = Date::new_0();
    (i32::try_from(date.get_full_year()).unwrap_or(1970), date.get_month() + 1, date.get_date())
}

/// The browser's time zone, by its IANA name.
pub(crate) fn time_zone() -> Option<String> {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    Reflect::get(&format.resolved_options(), &"timeZone".into()).ok()?.as_string()
}

/// Escapes a part of an address.
pub(crate) fn escape(part: &str) -> String {
    js_sys::encode_uri_component(part).into()
}

/// Decodes base64.
pub(crate) fn decode_base64(text: &str) -> Option<String> {
    window().atob(text).ok()
}

/// How much of a date is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateStyle {
    /// "Fri, 27 Nov 2026"
    Full,
    /// "Fri, 27 Nov"; with the year where it is not this one.
    Short,
}

/// A due date in words of the page's language, moments in the browser's time zone.
pub(crate) fn show_due(due: &Due, style: DateStyle) -> String {
    let text = due.to_string();
    let (date, has_time) = match due {
        // Read as local: a day belongs to no time zone.
        Due::Date(_) => (Date::new(&JsValue::from_str(&(text + "T00:00:00"))), false),
        Due::At(_) => (Date::new(&JsValue::from_str(&text)), true),
    };
    let with_year = style == DateStyle::Full || date.get_full_year() != Date::new_0().get_full_year();
    let options = match (with_year, has_time) {
        (true, false) => r#"{"weekday":"short","day":"numeric","month":"short","year":"numeric"}"#,
        (true, true) => {
            r#"{"weekday":"short","day":"numeric","month":"short","year":"numeric","hour":"numeric","minute":"2-digit"}"#
        }
        (false, false) => r#"{"weekday":"short","day":"numeric","month":"short"}"#,
        (false, true) => r#"{"weekday":"short","day":"numeric","month":"short","hour":"numeric","minute":"2-digit"}"#,
    };
    let options = JSON::parse(options).map(Object::from).unwrap_or_default();
    let format: Function = Intl::DateTimeFormat::new(&locales(), &options).format();
    format.call1(&JsValue::UNDEFINED, &date).ok().and_then(|shown| shown.as_string()).unwrap_or_default()
}

/// The person's own kind of the page's language, so that words and dates agree.
fn locales() -> Array {
    let language = document().document_element().and_then(|html| html.get_attribute("lang")).unwrap_or_default();
    let mut own = window().navigator().languages().into_iter().filter_map(|tag| tag.as_string());
    let tag = own.find(|tag| tag.split('-').next() == Some(&language));
    // Plain `en` would write the month first.
    let tag = tag.unwrap_or_else(|| if language == "en" { "en-GB".to_owned() } else { language });
    Array::of1(&tag.into())
}

/// Waits.
pub(crate) async fn wait(milliseconds: u64) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        set_timeout(move || _ = resolve.call0(&JsValue::UNDEFINED), std::time::Duration::from_millis(milliseconds));
    });
    _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}
