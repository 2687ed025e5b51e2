//! Durable state behind an owner: SQLite or PostgreSQL through SeaORM.
