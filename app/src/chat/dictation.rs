//! Writing by voice, where the browser itself can hear.

use js_sys::{Array, Function, Reflect};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use crate::{
    html::{Element, effect, el},
    icons::{Icon, icon},
    words::Words,
};

/// What the browser hears.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dictation {
    /// Whether it can, and may; not known before the page is hydrated.
    available: RwSignal<bool>,
    listening: RwSignal<Option<SendWrapper<JsValue>>>,
}

impl Dictation {
    pub(super) fn new() -> Self {
        let dictation = Self { available: RwSignal::new(false), listening: RwSignal::new(None) };
        // Elsewhere browsers offer it and give no microphone.
        effect(move || dictation.available.set(window().is_secure_context() && constructor().is_some()));
        // With the composer ends what writes into it.
        on_cleanup(move || {
            if let Some(recognition) = dictation.listening.try_get_untracked().flatten() {
                _ = Reflect::set(&recognition, &"onresult".into(), &JsValue::NULL);
                _ = Reflect::set(&recognition, &"onerror".into(), &JsValue::NULL);
                call(&recognition, "abort");
            }
        });
        dictation
    }

    /// Begins to listen, or stops.
    fn toggle(self, heard: impl Fn(&str) + 'static, failed: impl Fn() + 'static) {
        if let Some(recognition) = self.listening.get_untracked() {
            return call(&recognition, "stop");
        }
        let Some(recognition) = constructor().and_then(|made| Reflect::construct(&made, &Array::new()).ok()) else {
            return;
        };
        let set = |name: &str, value: &JsValue| _ = Reflect::set(&recognition, &name.into(), value);
        set("continuous", &JsValue::TRUE);
        // The agent understands English.
        set("lang", &"en".into());
        set("onresult", &listener(move |event| heard(&words_of(&event))));
        set(
            "onerror",
            &listener(move |event| {
                // Silence and stopping are no faults.
                let reason = field(&event, "error").as_string();
                if !matches!(reason.as_deref(), Some("no-speech" | "aborted")) {
                    failed();
                }
            }),
        );
        set("onend", &listener(move |_| _ = self.listening.try_set(None)));
        call(&recognition, "start");
        self.listening.set(Some(SendWrapper::new(recognition)));
    }
}

fn constructor() -> Option<Function> {
    let named = |name: &str| Reflect::get(&window(), &name.into()).ok()?.dyn_into().ok();
    named("SpeechRecognition").or_else(|| named("webkitSpeechRecognition"))
}

fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

fn call(object: &JsValue, name: &str) {
    if let Ok(method) = field(object, name).dyn_into::<Function>() {
        _ = method.call0(object);
    }
}

fn listener(call: impl Fn(JsValue) + 'static) -> JsValue {
    Closure::<dyn Fn(JsValue)>::new(call).into_js_value()
}

/// What an event says was heard since the one before.
fn words_of(event: &JsValue) -> String {
    let results = field(event, "results");
    let number = |value: JsValue| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
        value.as_f64().map(|number| number as u32).unwrap_or_default()
    };
    let item = |list: &JsValue, at: u32| Reflect::get_u32(list, at).unwrap_or_default();
    let heard = (number(field(event, "resultIndex"))..number(field(&results, "length"))).filter_map(|at| {
        let text = field(&item(&item(&results, at), 0), "transcript").as_string()?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    });
    heard.collect::<Vec<_>>().join(" ")
}

/// The button, where the browser can hear.
pub(super) fn dictation_button(
    dictation: Dictation,
    words: &'static Words,
    heard: impl Fn(&str) + Copy + Send + Sync + 'static,
    failed: impl Fn() + Copy + Send + Sync + 'static,
) -> Option<Element> {
    let is_on = move || dictation.listening.with(Option::is_some);
    dictation.available.get().then(|| {
        el("button")
            .attr("type", "button")
            .class("icon-button dictate")
            .attr("aria-label", words.dictate)
            .attr_fn("aria-pressed", move || Some(if is_on() { "true" } else { "false" }))
            .on("click", move |_| dictation.toggle(heard, failed))
            .add(icon(Icon::Microphone))
    })
}
