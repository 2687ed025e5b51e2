//! Throw-away databases and a fake OpenAI-compatible server, for tests only.

pub mod fake_model;
