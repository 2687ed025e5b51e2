//! The offline model.
use crate::{ModelMessage, ModelRequest};
pub(crate) fn reply(_request: &ModelRequest) -> ModelMessage {
    ModelMessage { text: "…".to_owned(), calls: Vec::new() }
}
