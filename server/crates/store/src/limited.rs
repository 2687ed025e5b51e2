//! Connections whose statements take a bounded time, so that a database that stopped answering holds nobody up.

use std::{future::Future, time::Duration};

use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement,
    prelude::async_trait::async_trait,
};

/// A connection, or a transaction, and how long each of its statements may take.
#[derive(Debug, Clone)]
pub(crate) struct Limited<C> {
    pub(crate) inner: C,
    pub(crate) limit: Duration,
}

/// A transaction, rolled back unless it is committed.
pub(crate) type Transaction = Limited<DatabaseTransaction>;

impl Transaction {
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        within(self.limit, self.inner.commit()).await
    }
}

/// Gives up after a while, as one does when no connection becomes free.
pub(crate) async fn within<T>(limit: Duration, work: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
    tokio::time::timeout(limit, work).await.unwrap_or(Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)))
}

#[async_trait]
impl<C: ConnectionTrait + Send> ConnectionTrait for Limited<C> {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        within(self.limit, self.inner.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        within(self.limit, self.inner.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        within(self.limit, self.inner.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        within(self.limit, self.inner.query_all_raw(statement)).await
    }
}
