//! The five MCP tools over the store.
//!
//! [`TaskTools`] is one handler for both ways in: the agent's in-process connection, which carries its person
//! ([`TaskTools::for_user`]), and `/mcp` ([`http_service`]), where authentication puts a [`Caller`] on each request.
//! Tools validate, act and answer; words for the person are the agent's.

mod arguments;
mod failure;
mod schemas;
mod streamable_http;
mod task_tools;

pub use streamable_http::{Caller, fault, http_service};
pub use task_tools::TaskTools;
