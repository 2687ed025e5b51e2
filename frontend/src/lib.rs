//! The WASM entry point: hydrates the page.

use leptos::mount::hydrate_body;
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};

/// Makes the page, and returns the function that takes over what the server rendered. Each is work enough for a task.
#[wasm_bindgen]
pub fn hydrate() -> JsValue {
    let page = saydo_app::Page::of_browser();
    Closure::once_into_js(move || hydrate_body(move || saydo_app::app(page)))
}
