//! What one server refuses of our requests, learnt from its refusals and remembered for the process's life.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::request::Dialect;
use crate::{Feature, Refusal, ServerAddress};

/// Makes a request as a server of this dialect takes it.
pub(super) type Draft = dyn Fn(Dialect) -> Value + Send + Sync;

/// How a server differs from the reference in what it takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Quirks {
    /// What the server takes of the messages and beside them.
    dialect: Dialect,
    without_stream: bool,
    without_max_tokens: bool,
    /// The API is under `/v1`, which the address does not name.
    under_v1: bool,
}

impl Quirks {
    /// What may help after this refusal; `None` where nothing is left to change.
    pub(super) fn after(self, refusal: Refusal, address: &ServerAddress, draft: &Draft) -> Option<Self> {
        let mut next = self;
        match refusal {
            Refusal::Address => next.under_v1 = address.under_v1().is_some(),
            Refusal::Feature(Feature::StreamOptions) => next.dialect.stream_options = false,
            Refusal::Feature(Feature::NullContent) => next.dialect.null_content = false,
            Refusal::Feature(Feature::CallIds) => next.dialect.own_ids = false,
            Refusal::Feature(Feature::ServerFields) => next.dialect.server_fields = false,
            Refusal::Feature(Feature::CallsWithoutReasoning) => next.dialect.fill_reasoning = true,
            Refusal::Feature(Feature::MaxTokens) => next.without_max_tokens = true,
            Refusal::Feature(Feature::Stream) => next.without_stream = true,
            _ => return None,
        }
        let changes = next.under_v1 != self.under_v1 || next.request(draft) != self.request(draft);
        changes.then_some(next)
    }

    /// The request as this server takes it.
    pub(super) fn request(self, draft: &Draft) -> Value {
        let mut body = draft(self.dialect);
        let Some(fields) = body.as_object_mut() else { return body };
        if self.without_stream {
            fields.remove("stream");
            fields.remove("stream_options");
        }
        if self.without_max_tokens {
            fields.remove("max_tokens");
        }
        body
    }

    /// What both know. A refusal switches each part one way, so nothing that was learnt is lost.
    const fn joined(self, other: Self) -> Self {
        let (one, two) = (self.dialect, other.dialect);
        Self {
            dialect: Dialect {
                stream_options: one.stream_options && two.stream_options,
                null_content: one.null_content && two.null_content,
                own_ids: one.own_ids && two.own_ids,
                server_fields: one.server_fields && two.server_fields,
                fill_reasoning: one.fill_reasoning || two.fill_reasoning,
            },
            without_stream: self.without_stream || other.without_stream,
            without_max_tokens: self.without_max_tokens || other.without_max_tokens,
            under_v1: self.under_v1 || other.under_v1,
        }
    }

    /// Where this server's API is.
    pub(super) fn address(self, given: &ServerAddress) -> ServerAddress {
        given.under_v1().filter(|_| self.under_v1).unwrap_or_else(|| given.clone())
    }

    /// The same server, its API under `/v1`.
    pub(super) fn under_v1(self) -> Self {
        Self { under_v1: true, ..self }
    }

    /// Whether the server answers as a stream of events.
    pub(super) const fn streams(self) -> bool {
        !self.without_stream
    }
}

/// What is known of a server. Several answers learn at the same time.
#[derive(Debug, Default)]
pub(super) struct KnownQuirks(Mutex<Quirks>);

impl KnownQuirks {
    pub(super) fn get(&self) -> Quirks {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers what a request was answered with, beside what others have learnt since it began.
    pub(super) fn add(&self, quirks: Quirks) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let quirks = known.joined(quirks);
        if *known != quirks {
            tracing::info!(?quirks, "requests to the model's server are adapted from now on");
            *known = quirks;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AGENT-112a: answers that run at the same time keep what each of them has learnt.
    #[test]
    fn concurrent_lessons_are_joined() {
        let known = KnownQuirks::default();
        let (one, two) = (known.get(), known.get());
        known.add(Quirks { without_stream: true, ..one });
        known.add(Quirks { dialect: Dialect { own_ids: false, ..two.dialect }, ..two });
        known.add(one);
        let learnt = known.get();
        assert!(learnt.without_stream && !learnt.dialect.own_ids, "{learnt:?}");
    }
}
