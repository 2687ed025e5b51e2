//! A server that sends a row's bytes exactly as they are written, and checks what each request must be.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use super::{
    demands,
    row::{End, Exchange},
};

/// How the bytes of an answer are cut into chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pieces {
    Whole,
    Bytes,
}

/// A request as it arrived.
pub(super) struct Request {
    pub(super) target: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Value,
}

/// The row's server, for one run.
pub(super) struct DialectServer {
    address: String,
    script: Arc<Script>,
    _connections: JoinSet<()>,
}

struct Script {
    exchanges: Vec<Exchange>,
    pieces: Pieces,
    progress: Mutex<Progress>,
}

#[derive(Default)]
struct Progress {
    requests: usize,
    faults: Vec<String>,
}

impl DialectServer {
    pub(super) async fn start(exchanges: Vec<Exchange>, pieces: Pieces) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let script = Arc::new(Script { exchanges, pieces, progress: Mutex::default() });
        let mut connections = JoinSet::new();
        let accepting = Arc::clone(&script);
        connections.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                let script = Arc::clone(&accepting);
                open.spawn(async move { script.converse(socket).await });
            }
        });
        Self { address, script, _connections: connections }
    }

    pub(super) fn address(&self) -> String {
        self.address.clone()
    }

    /// What was wrong with the requests, or with their number.
    pub(super) fn faults(&self) -> Vec<String> {
        let progress = self.script.progress.lock().unwrap();
        let (asked, expected) = (progress.requests, self.script.exchanges.len());
        let number = (asked != expected).then(|| format!("{asked} requests, expected {expected}"));
        progress.faults.iter().cloned().chain(number).collect()
    }
}

impl Script {
    async fn converse(&self, socket: TcpStream) -> std::io::Result<()> {
        let mut socket = BufStream::new(socket);
        while let Some(request) = read(&mut socket).await? {
            let Some(exchange) = self.next(&request) else {
                socket.write_all(b"HTTP/1.1 400 Beyond the script\r\ncontent-length: 0\r\n\r\n").await?;
                socket.flush().await?;
                continue;
            };
            if exchange.end == End::HangUp {
                return Ok(());
            }
            socket.write_all(&self.head(exchange)).await?;
            socket.write_all(&self.body(exchange)).await?;
            socket.flush().await?;
            match exchange.end {
                End::Silence => std::future::pending().await,
                End::Close | End::Cut | End::HangUp => return Ok(()),
                End::Whole => {}
            }
        }
        Ok(())
    }

    /// The exchange of this request, its demands checked.
    fn next(&self, request: &Request) -> Option<&Exchange> {
        let mut progress = self.progress.lock().unwrap();
        let at = progress.requests;
        progress.requests += 1;
        let exchange = self.exchanges.get(at)?;
        let is_given = |id: &str| self.exchanges.iter().any(|exchange| exchange.mentions(id));
        let faults = demands::faults(exchange, request, &is_given);
        progress.faults.extend(faults.into_iter().map(|fault| format!("request {}: {fault}", at + 1)));
        Some(exchange)
    }

    fn head(&self, exchange: &Exchange) -> Vec<u8> {
        let kind = if exchange.status == 200 { "text/event-stream" } else { "application/json" };
        let mut headers = BTreeMap::from([("content-type".to_owned(), kind.to_owned())]);
        headers.extend(exchange.headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone())));
        let framing =
            if exchange.end == End::Close { ("connection", "close") } else { ("transfer-encoding", "chunked") };
        headers.insert(framing.0.to_owned(), framing.1.to_owned());
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("HTTP/1.1 {} Said\r\n{lines}\r\n", exchange.status).into_bytes()
    }

    fn body(&self, exchange: &Exchange) -> Vec<u8> {
        let bytes = exchange.bytes();
        if exchange.end == End::Close {
            return bytes;
        }
        let size = if self.pieces == Pieces::Whole { bytes.len().max(1) } else { 1 };
        let mut body = Vec::new();
        for chunk in bytes.chunks(size) {
            body.extend(format!("{:x}\r\n", chunk.len()).bytes());
            body.extend(chunk);
            body.extend(b"\r\n");
        }
        if exchange.end == End::Whole {
            body.extend(b"0\r\n\r\n");
        }
        body
    }
}

/// The next request of a connection; `None` at its end.
async fn read(socket: &mut BufStream<TcpStream>) -> std::io::Result<Option<Request>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if socket.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        match line.trim_end() {
            "" => break,
            text => lines.push(text.to_owned()),
        }
    }
    let headers: BTreeMap<String, String> = lines
        .iter()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    socket.read_exact(&mut body).await?;
    let target = lines.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned();
    Ok(Some(Request { target, headers, body: serde_json::from_slice(&body).unwrap_or_default() }))
}
