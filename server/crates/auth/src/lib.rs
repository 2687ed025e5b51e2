//! Passwords, session tokens and JWTs. No HTTP server, no SQL.
