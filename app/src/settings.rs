//! How the server is set up, as far as the person should know.

use leptos::prelude::*;
use saydo_contract::ModelMode;
use serde::Deserialize;

use crate::api::{Api, Call, Fault};

/// What the page shows of the server's settings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    /// Plain commands are understood, and nothing more.
    pub(crate) offline: RwSignal<bool>,
    api: Api,
}

/// The part of the answer that is read. A mode that is not known yet is no reason to fail.
#[derive(Deserialize)]
struct Reply {
    model: Option<ModelMode>,
}

impl Settings {
    pub(crate) fn new(api: Api) -> Self {
        Self { offline: RwSignal::new(false), api }
    }

    pub(crate) async fn load(self) {
        if let Ok(mode) = self.ask().await {
            self.offline.set(mode == Some(ModelMode::Offline));
        }
    }

    async fn ask(self) -> Result<Option<ModelMode>, Fault> {
        let reply: Reply = self.api.json(Call::get(self.api.path("/settings").await?)).await?;
        Ok(reply.model)
    }
}
