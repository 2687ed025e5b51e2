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
use saydo_store::{Store, StoreError};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::problem::ApiError;
use crate::turns::TurnService;

/// How long an answer of the database stands for the next ones.
const FRESH: Duration = Duration::from_secs(2);
/// A database that takes longer is away.
const PATIENCE: Duration = Duration::from_secs(2);

/// Cancelled when the server has been told to stop.
#[derive(Clone, Default)]
pub(crate) struct Leaving(pub(crate) CancellationToken);

/// What the database is good for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Ready,
    Away,
    Unmigrated,
}

/// The last look at the database.
#[derive(Clone, Default)]
pub(crate) struct Readiness(Arc<Mutex<Option<(Instant, Found)>>>);

impl Readiness {
    async fn check(&self, store: &Store) -> Found {
        // Held while asking, so that many probes ask once.
        let mut last = self.0.lock().await;
        match *last {
            Some((at, found)) if at.elapsed() < FRESH => found,
            _ => {
                let found = match tokio::time::timeout(PATIENCE, store.has_schema()).await {
                    Ok(Ok(true)) => Found::Ready,
                    Ok(Ok(false) | Err(StoreError::Internal(_))) => Found::Unmigrated,
                    Ok(Err(StoreError::Unavailable(_))) | Err(_) => Found::Away,
                };
                *last = Some((Instant::now(), found));
                found
            }
        }
    }
}

/// The process answers.
pub(crate) async fn healthz() -> Json<StatusReply> {
    Json(StatusReply { ok: true })
}

/// The server can serve: the database answers, with the schema of this version, and the server is not about to stop.
pub(crate) async fn readyz(
    State(readiness): State<Readiness>,
    State(store): State<Store>,
    State(turns): State<TurnService>,
    State(leaving): State<Leaving>,
) -> Result<Json<StatusReply>, ApiError> {
    if leaving.0.is_cancelled() || turns.is_draining() {
        return Err(ApiError::unavailable("This server is about to stop."));
    }
    match readiness.check(&store).await {
        Found::Ready => Ok(Json(StatusReply { ok: true })),
        Found::Away => Err(ApiError::unavailable("The database is away.")),
        Found::Unmigrated => Err(ApiError::unavailable("The database waits for its migrations.")),
    }
}

/// What was counted since the start, for Prometheus.
pub(crate) async fn scrape(State(handle): State<PrometheusHandle>, State(store): State<Store>) -> Response {
    metrics::gauge!("saydo_database_connections_in_use").set(f64::from(store.connections_in_use()));
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render()).into_response()
}
