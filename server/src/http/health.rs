use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::PrometheusHandle;
use saydo_contract::StatusReply;
use saydo_store::Store;
use tokio::sync::Mutex;

use super::problem::ApiError;
use crate::turns::TurnService;

/// How long an answer of the database stands for the next ones.
const FRESH: Duration = Duration::from_secs(2);
/// A database that takes longer is away.
const PATIENCE: Duration = Duration::from_secs(2);

/// The last look at the database.
#[derive(Clone, Default)]
pub(crate) struct Readiness(Arc<Mutex<Option<(Instant, bool)>>>);

impl Readiness {
    async fn check(&self, store: &Store) -> bool {
        // Held while asking, so that many probes ask once.
        let mut last = self.0.lock().await;
        match *last {
            Some((at, answered)) if at.elapsed() < FRESH => answered,
            _ => {
                let answered = tokio::time::timeout(PATIENCE, store.ping()).await.is_ok_and(|pong| pong.is_ok());
                *last = Some((Instant::now(), answered));
                answered
            }
        }
    }
}

/// The process answers.
pub(crate) async fn healthz() -> Json<StatusReply> {
    Json(StatusReply { ok: true })
}

/// The server can serve: the database answers and the server is not draining.
pub(crate) async fn readyz(
    State(readiness): State<Readiness>,
    State(store): State<Store>,
    State(turns): State<TurnService>,
) -> Result<Json<StatusReply>, ApiError> {
    if turns.is_draining() {
        return Err(ApiError::unavailable("This server is about to stop."));
    }
    if !readiness.check(&store).await {
        return Err(ApiError::unavailable("The database is away."));
    }
    Ok(Json(StatusReply { ok: true }))
}

/// What was counted since the start, for Prometheus.
pub(crate) async fn scrape(State(handle): State<PrometheusHandle>, State(store): State<Store>) -> Response {
    metrics::gauge!("saydo_database_connections_in_use").set(f64::from(store.connections_in_use()));
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render()).into_response()
}
