//! An answer's body, read only on demand and within the time-out of silence.

use std::time::Duration;

use reqwest::Response;
use tokio::time::timeout;

use crate::{ModelError, Waiting};

/// The body of an answer whose first byte has come.
#[derive(Debug)]
pub(super) struct Body {
    response: Response,
    first: Option<Vec<u8>>,
    idle: Duration,
}

impl Body {
    pub(super) const fn new(response: Response, first: Vec<u8>, idle: Duration) -> Self {
        Self { response, first: Some(first), idle }
    }

    /// The next bytes; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<u8>>, ModelError> {
        if self.first.is_some() {
            return Ok(self.first.take());
        }
        let bytes = timeout(self.idle, self.response.chunk())
            .await
            .map_err(|_| ModelError::Timeout(Waiting::More))?
            .map_err(|error| ModelError::Broken(error.without_url()))?;
        Ok(bytes.map(Vec::from))
    }
}
