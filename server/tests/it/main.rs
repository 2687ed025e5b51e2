//! The server as a client sees it: real HTTP, real databases, a fake model behind real HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod absence;
mod account;
mod app;
mod asking;
mod auth;
mod backup;
mod chat;
mod check;
mod cluster;
mod conversations;
mod logs;
mod mcp;
mod model_faults;
mod openapi;
mod phrases;
mod pooler;
mod problems;
mod process;
mod random_requests;
mod replicas;
mod retention;
mod structure;
mod tenancy;
mod turns;
mod web;
