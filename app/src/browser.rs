//! The browser, behind a few plain functions.
//!
//! The server renders without a browser: only effects, event handlers and what they start may call these, and what has
//! made sure that there is one.

use std::time::Duration;

use js_sys::{Array, Date, Reflect};
use leptos::{
    prelude::{document, on_cleanup, request_animation_frame, set_timeout, window},
    task::{spawn_local, tick},
};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, HtmlDocument, HtmlElement, Storage};

/// The path and query of the address.
pub(crate) fn address() -> (String, String) {
    let location = window().location();
    (location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

/// Whether the server saw a session cookie when it rendered the page.
pub(crate) fn rendered_signed_in() -> bool {
    root("data-session") == "yes"
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
    set_root("data-ready", "");
}

/// Does this before the next frame is drawn.
pub(crate) fn next_frame(then: impl FnOnce() + 'static) {
    // One type of closure: each costs the page half a kilobyte.
    fn boxed(then: Box<dyn FnOnce()>) {
        request_animation_frame(then);
    }
    boxed(Box::new(then));
}

/// Does this when the page has followed its signals, and before the next key.
pub(crate) fn soon(then: impl FnOnce() + 'static) {
    fn boxed(then: Box<dyn FnOnce()>) {
        spawn_local(async move {
            tick().await;
            then();
        });
    }
    boxed(Box::new(then));
}

/// Does this after so many milliseconds.
pub(crate) fn after(milliseconds: u64, then: impl FnOnce() + 'static) {
    fn boxed(milliseconds: u64, then: Box<dyn FnOnce()>) {
        // Tests of what is shown run without a browser, and without time.
        if cfg!(target_arch = "wasm32") {
            set_timeout(then, Duration::from_millis(milliseconds));
        }
    }
    boxed(milliseconds, Box::new(then));
}

/// The element with this id, where it is of this kind.
pub(crate) fn by_id<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// The text in small letters.
pub(crate) fn lower(text: &str) -> String {
    // The browser has Unicode's tables; ours would add 5 KB to the page.
    #[cfg(target_arch = "wasm32")]
    return js_sys::JsString::from(text).to_lower_case().into();
    #[cfg(not(target_arch = "wasm32"))]
    text.to_lowercase()
}

/// Moves the focus to the element with this id.
pub(crate) fn focus(id: &str) {
    if let Some(element) = by_id::<HtmlElement>(id) {
        _ = element.focus();
    }
}

/// Scrolls to the element with this id.
pub(crate) fn show(id: &str) {
    if let Some(element) = by_id::<Element>(id) {
        element.scroll_into_view_with_bool(false);
    }
}

/// Moves the focus to the first element that fits.
pub(crate) fn focus_first(selector: &str) {
    if let Some(element) = first(selector) {
        _ = element.focus();
    }
}

/// The first element that fits.
pub(crate) fn first(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

/// Moves the focus to the element with this id, where what had it is gone: then nothing has it, or their pane.
pub(crate) fn focus_if_lost(id: &str) {
    let Some(element) = by_id::<Element>(id) else { return };
    if is_focus_lost() || focused() == element.closest(PANE).ok().flatten() {
        focus(id);
    }
}

/// Whether nothing has the focus.
pub(crate) fn is_focus_lost() -> bool {
    focused().is_none_or(|element| element.tag_name() == "BODY")
}

/// Where the focus stays when what had it goes.
pub(crate) const PANE: &str = "div[tabindex]";

/// The element that has the focus.
pub(crate) fn focused() -> Option<Element> {
    document().active_element()
}

/// Whether the page has such an element.
pub(crate) fn exists(selector: &str) -> bool {
    document().query_selector(selector).ok().flatten().is_some()
}

/// Sets an attribute of the whole page.
pub(crate) fn set_root(name: &str, value: &str) {
    if let Some(html) = document().document_element() {
        _ = html.set_attribute(name, value);
    }
}

/// An attribute of the whole page.
pub(crate) fn root(name: &str) -> String {
    document().document_element().and_then(|html| html.get_attribute(name)).unwrap_or_default()
}

/// Whether the whole page has an attribute.
pub(crate) fn has_root(name: &str) -> bool {
    document().document_element().is_some_and(|html| html.has_attribute(name))
}

/// Removes an attribute of the whole page.
pub(crate) fn remove_root(name: &str) {
    if let Some(html) = document().document_element() {
        _ = html.remove_attribute(name);
    }
}

/// Calls this for each event of this name that reaches the window, as long as what listens is shown.
pub(crate) fn listen(event: &'static str, call: impl Fn(web_sys::Event) + 'static) {
    // One type of closure, as in `next_frame`.
    fn boxed(event: &'static str, call: Box<dyn Fn(web_sys::Event)>) {
        let call = SendWrapper::new(Closure::wrap(call).into_js_value());
        _ = window().add_event_listener_with_callback(event, call.unchecked_ref());
        on_cleanup(move || _ = window().remove_event_listener_with_callback(event, call.unchecked_ref()));
    }
    boxed(event, Box::new(call));
}

/// Calls this for each event of this name, before anything else hears it, as long as the page is open.
pub(crate) fn capture(event: &str, call: fn(&web_sys::Event)) {
    let call = Closure::<dyn Fn(web_sys::Event)>::new(move |event| call(&event)).into_js_value();
    _ = window().add_event_listener_with_callback_and_bool(event, call.unchecked_ref(), true);
}

/// Shows a popover.
pub(crate) fn show_popover(id: &str) {
    let Some(popover) = by_id::<Element>(id) else { return };
    if let Ok(Ok(show)) = Reflect::get(&popover, &"showPopover".into()).map(JsCast::dyn_into::<js_sys::Function>) {
        _ = show.call0(&popover);
    }
}

/// Keeps a cookie for a year, for this site only.
pub(crate) fn set_cookie(name: &str, value: &str) {
    let mut cookie = name.to_owned() + "=" + value + ";path=/;max-age=31536000;samesite=lax";
    if window().location().protocol().is_ok_and(|protocol| protocol == "https:") {
        cookie.push_str(";secure");
    }
    if let Ok(document) = document().dyn_into::<HtmlDocument>() {
        _ = document.set_cookie(&cookie);
    }
}

/// Loads the page anew.
pub(crate) fn reload() {
    _ = window().location().reload();
}

/// Whether a media query holds.
pub(crate) fn matches(media: &str) -> bool {
    window().match_media(media).ok().flatten().is_some_and(|query| query.matches())
}

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn shared_storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn read(storage: Option<Storage>, key: &str) -> Option<String> {
    storage?.get_item(key).ok().flatten().filter(|text| !text.is_empty())
}

fn write(storage: Option<Storage>, key: &str, text: &str) {
    if let Some(storage) = storage {
        _ = if text.is_empty() { storage.remove_item(key) } else { storage.set_item(key, text) };
    }
}

/// Reads what the browser keeps for all tabs.
pub(crate) fn stored(key: &str) -> Option<String> {
    read(shared_storage(), key)
}

/// Keeps a text for all tabs, for good; an empty one is forgotten.
pub(crate) fn store(key: &str, text: &str) {
    write(shared_storage(), key, text);
}

/// Has the page opened without a network from now on.
pub(crate) fn keep_shell() {
    // Browsers offer it only to addresses that are safe.
    if Reflect::has(&window().navigator(), &"serviceWorker".into()) == Ok(true) {
        ignore(window().navigator().service_worker().register("/sw.js"));
    }
}

/// Forgets the pages that were kept to be opened without a network.
pub(crate) fn forget_shell() {
    if Reflect::has(&window(), &"caches".into()) == Ok(true)
        && let Ok(caches) = window().caches()
    {
        ignore(caches.delete("saydo-pages"));
    }
}

/// Lets a promise end as it may.
fn ignore(promise: js_sys::Promise) {
    spawn_local(async move { _ = wasm_bindgen_futures::JsFuture::from(promise).await });
}

/// Whether the page is in front of somebody.
pub(crate) fn is_seen() -> bool {
    !document().hidden()
}

/// Whether the browser has a connection, as far as it knows.
pub(crate) fn is_online() -> bool {
    window().navigator().on_line()
}

/// Reads what this tab kept.
pub(crate) fn kept(key: &str) -> Option<String> {
    read(storage(), key)
}

/// Keeps a text for this tab; an empty one is forgotten.
pub(crate) fn keep(key: &str, text: &str) {
    write(storage(), key, text);
}

/// Forgets all that this tab kept.
pub(crate) fn forget_all() {
    if let Some(storage) = storage() {
        _ = storage.clear();
    }
}

/// Offers a text as a file of this name, which the browser saves where it saves files.
pub(crate) fn offer_file(name: &str, text: &str) {
    let parts = Array::of1(&text.into());
    let Ok(blob) = web_sys::Blob::new_with_str_sequence(&parts) else { return };
    let Ok(address) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    if let Ok(link) = document().create_element("a") {
        _ = link.set_attribute("href", &address);
        _ = link.set_attribute("download", name);
        link.unchecked_ref::<HtmlElement>().click();
    }
    // The download has begun by then.
    after(60_000, move || _ = web_sys::Url::revoke_object_url(&address));
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

/// Escapes a part of an address.
pub(crate) fn escape(part: &str) -> String {
    js_sys::encode_uri_component(part).into()
}

/// Decodes base64.
pub(crate) fn decode_base64(text: &str) -> Option<String> {
    window().atob(text).ok()
}

/// A moment as clocks and calendars in the browser's time zone show it.
pub(crate) fn local(milliseconds: f64) -> Local {
    let date = Date::new(&milliseconds.into());
    Local {
        year: i32::try_from(date.get_full_year()).unwrap_or(1970),
        month: date.get_month() + 1,
        day: date.get_date(),
        hour: date.get_hours(),
        minute: date.get_minutes(),
    }
}

/// When the day after this one begins, in milliseconds since 1970.
pub(crate) fn next_midnight(day: Local) -> f64 {
    let date = Date::new_with_year_month_day(day.year.unsigned_abs(), 0, 1);
    // Set together, and not by the constructor, which takes years before 100 for others.
    date.set_full_year_with_month_date(
        day.year.unsigned_abs(),
        i32::try_from(day.month).unwrap_or(1) - 1,
        i32::try_from(day.day).unwrap_or(1) + 1,
    );
    date.get_time()
}

/// By how many minutes the browser's time zone is ahead of UTC at a local moment such as `2026-11-30T17:00:00`.
pub(crate) fn offset(local: &str) -> Option<i32> {
    let minutes = Date::new(&local.into()).get_timezone_offset();
    #[expect(clippy::cast_possible_truncation, reason = "less than a day")]
    minutes.is_finite().then_some(-(minutes as i32))
}

/// A day, its month from 1 to 12, and a time on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Local {
    pub(crate) year: i32,
    pub(crate) month: u32,
    pub(crate) day: u32,
    pub(crate) hour: u32,
    pub(crate) minute: u32,
}

/// Hears what the person does, between two pieces of work. Where nobody sees the page there is nothing to hear, and
/// timers come late.
pub(crate) async fn pause() {
    if is_seen() {
        wait(0).await;
    }
}

/// Waits.
pub(crate) async fn wait(milliseconds: u64) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        after(milliseconds, move || _ = resolve.call0(&JsValue::UNDEFINED));
    });
    _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}
