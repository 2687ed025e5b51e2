//! Connections that stay open, and bring events.

use std::time::Duration;

use gloo_net::http::Response;
use js_sys::{Reflect, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader};

use crate::sse;

/// The server writes at least a comment every 15 s: a line that is silent for longer is dead.
pub(crate) const SILENCE: Duration = Duration::from_secs(40);

/// The events of a response, as they come.
pub(crate) struct Frames {
    reader: Option<ReadableStreamDefaultReader>,
    parser: sse::Parser,
}

impl Frames {
    pub(crate) fn of(response: &Response) -> Self {
        let reader = response.body().and_then(|body| body.get_reader().dyn_into().ok());
        Self { reader, parser: sse::Parser::default() }
    }

    /// Those of the next piece; `None` where the connection ended, or was silent for too long.
    pub(crate) async fn next(&mut self, controller: &AbortController, silence: Duration) -> Option<Vec<sse::Frame>> {
        let watchdog = Watchdog::start(controller, silence);
        let chunk = JsFuture::from(self.reader.as_ref()?.read()).await;
        drop(watchdog);
        let bytes = Reflect::get(&chunk.ok()?, &"value".into()).ok()?.dyn_into::<Uint8Array>().ok()?;
        Some(self.parser.feed(&bytes.to_vec()))
    }
}

/// Ends a connection that stays silent, unless it is dropped before.
pub(crate) struct Watchdog(Option<TimeoutHandle>);

impl Watchdog {
    pub(crate) fn start(controller: &AbortController, silence: Duration) -> Self {
        let controller = controller.clone();
        Self(set_timeout_with_handle(move || controller.abort(), silence).ok())
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        if let Some(timer) = self.0.take() {
            timer.clear();
        }
    }
}
