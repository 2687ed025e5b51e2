//! The server as a client sees it: real HTTP, real databases, a fake model behind real HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod account;
mod app;
mod asking;
mod auth;
mod chat;
mod cluster;
mod conversations;
mod logs;
mod openapi;
mod problems;
mod random_requests;
mod structure;
mod tenancy;
mod turns;
mod web;
