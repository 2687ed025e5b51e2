//! The chat page: one Leptos tree, rendered on the server and hydrated in the browser.
