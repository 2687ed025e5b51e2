//! The WASM entry point: hydrates the page.
