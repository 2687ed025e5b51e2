//! Throw-away databases and a fake OpenAI-compatible server, for tests only.
