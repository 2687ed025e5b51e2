//! Turns against a fake model over HTTP and an MCP server in process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod additions;
mod answers;
mod confirmations;
mod dialects;
mod failures;
mod forms;
mod hostile;
mod labelled_phrases;
mod offline;
mod rig;
mod rounds;
mod servers;
mod thoughts;
mod tools;
mod turns;
