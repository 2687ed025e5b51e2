//! How the server is set up, as far as the person should know.

use leptos::prelude::*;
use saydo_contract::{HourCycle, ModelMode};
use serde::Deserialize;

use crate::api::{Api, Call, Fault};

/// What the page shows of the server's settings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    /// Plain commands are understood, and nothing more.
    pub(crate) offline: RwSignal<bool>,
    /// How the hours of a day are counted. The server has the account's where the request names none.
    pub(crate) hour_cycle: RwSignal<HourCycle>,
    api: Api,
}

/// The part of the answer that is read. What an older server does not send is no reason to fail.
#[derive(Deserialize)]
struct Reply {
    model: Option<ModelMode>,
    locale: Option<LocaleReply>,
}

#[derive(Deserialize)]
struct LocaleReply {
    hour_cycle: HourCycle,
}

impl Settings {
    pub(crate) fn new(api: Api, hour_cycle: HourCycle) -> Self {
        Self { offline: RwSignal::new(false), hour_cycle: RwSignal::new(hour_cycle), api }
    }

    pub(crate) async fn load(self) {
        let Ok(Reply { model, locale }) = self.ask().await else { return };
        self.offline.set(model == Some(ModelMode::Offline));
        if let Some(LocaleReply { hour_cycle }) = locale
            && hour_cycle != self.hour_cycle.get_untracked()
        {
            self.hour_cycle.set(hour_cycle);
        }
    }

    async fn ask(self) -> Result<Reply, Fault> {
        self.api.json(Call::get(self.api.path("/settings").await?)).await
    }
}
