//! The composition root: configuration, HTTP, turns and pages put together into roles.
//!
//! Two features, switched here and nowhere else: `api` (the API, `/mcp`, the agent, the database) and `web` (pages,
//! static files, the proxy to an api role elsewhere).

mod causes;
pub mod config;
pub mod http;
pub mod roles;

#[cfg(feature = "api")]
mod finding;
#[cfg(feature = "api")]
mod mcp;
#[cfg(feature = "api")]
mod metering;
#[cfg(feature = "api")]
mod model_report;
#[cfg(feature = "api")]
mod regional;
#[cfg(feature = "api")]
mod turns;
#[cfg(feature = "web")]
pub mod web;
