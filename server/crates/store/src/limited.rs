//! Connections whose statements take a bounded time, so that a database that stopped answering holds nobody up.

use std::{future::Future, io::ErrorKind, sync::Arc, time::Duration};

use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement,
    prelude::async_trait::async_trait,
};
use tokio::net::TcpStream;

/// What takes longer may wait for a server that is not there.
const SUSPICIOUS: Duration = Duration::from_secs(1);

/// A connection, or a transaction, and how long each of its statements may take.
#[derive(Debug, Clone)]
pub(crate) struct Limited<C> {
    pub(crate) inner: C,
    pub(crate) limit: Limit,
}

/// When a statement is given up.
#[derive(Debug, Clone)]
pub(crate) struct Limit {
    /// After this long.
    pub(crate) time: Duration,
    /// As soon as nothing listens here. A pool goes on trying to connect, in case the server is about to start.
    pub(crate) server: Option<Arc<(String, u16)>>,
}

/// A transaction, rolled back unless it is committed.
pub(crate) type Transaction = Limited<DatabaseTransaction>;

impl Transaction {
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        self.limit.within(self.inner.commit()).await
    }
}

impl Limit {
    /// Gives up in time, as one does when no connection becomes free.
    pub(crate) async fn within<T>(&self, work: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        tokio::select! {
            done = work => done,
            () = tokio::time::sleep(self.time) => Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)),
            () = self.refused() => Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)),
        }
    }

    /// Ends when nothing listens where the server was.
    async fn refused(&self) {
        let Some(server) = &self.server else { return std::future::pending().await };
        loop {
            tokio::time::sleep(SUSPICIOUS).await;
            let reached = TcpStream::connect((server.0.as_str(), server.1)).await;
            if reached.is_err_and(|fault| fault.kind() == ErrorKind::ConnectionRefused) {
                return;
            }
        }
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send> ConnectionTrait for Limited<C> {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.limit.within(self.inner.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.limit.within(self.inner.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.limit.within(self.inner.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.limit.within(self.inner.query_all_raw(statement)).await
    }
}
