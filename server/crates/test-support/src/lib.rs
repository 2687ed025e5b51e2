//! Throw-away databases, a cluster that can be stopped, connection poolers, and a fake OpenAI-compatible server, for tests
//! only.

pub mod cluster;
pub mod databases;
pub mod fake_model;
pub mod pooler;
pub mod raw_server;
