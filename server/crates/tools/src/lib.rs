//! The five MCP tools over the store.
