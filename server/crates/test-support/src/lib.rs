//! Throw-away databases and a fake OpenAI-compatible server, for tests only.

pub mod databases;
pub mod fake_model;
