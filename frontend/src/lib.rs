//! The WASM entry point: hydrates the page.

use std::time::Duration;

use leptos::{mount::hydrate_body, prelude::set_timeout};
use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the page that the server rendered.
#[wasm_bindgen]
pub fn hydrate() {
    let page = saydo_app::Page::of_browser();
    set_timeout(move || hydrate_body(move || saydo_app::app(page)), Duration::ZERO);
}
