//! HTTP: the edge that every response passes, and the API, one file per resource.

pub(crate) mod accept_language;
pub mod edge;
pub(crate) mod origin;
pub(crate) mod problem;

#[cfg(feature = "api")]
mod account;
#[cfg(feature = "api")]
pub mod api;
#[cfg(feature = "api")]
pub(crate) mod auth;
#[cfg(feature = "api")]
pub(crate) mod body;
#[cfg(feature = "api")]
mod chat;
#[cfg(feature = "api")]
mod conversations;
#[cfg(feature = "api")]
mod docs;
#[cfg(feature = "api")]
mod events;
#[cfg(feature = "api")]
mod header;
#[cfg(feature = "api")]
mod health;
#[cfg(feature = "api")]
mod limits;
#[cfg(feature = "api")]
pub(crate) mod principal;
#[cfg(feature = "api")]
mod refusals;
#[cfg(feature = "api")]
mod time_zone;

/// The largest body of a request that the API takes, in bytes.
pub(crate) const LARGEST_BODY: usize = 64 * 1024;
