//! A server that answers each request with exactly the bytes that a test gives, and then closes the connection.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A server on a port of its own. Dropping it stops it.
#[derive(Debug)]
pub struct RawServer {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<RawRequest>>>,
    server: JoinHandle<()>,
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct RawRequest {
    /// Such as `GET /v1/models`.
    pub target: String,
    /// Its head, in lower case.
    pub head: String,
    /// Its body; `null` where that is no JSON.
    pub body: Value,
}

impl RawServer {
    /// Answers every request with the bytes that `answer` makes of it.
    ///
    /// # Panics
    /// Where the machine has no free port.
    pub async fn answering(answer: impl Fn(&RawRequest) -> Vec<u8> + Send + Sync + 'static) -> Self {
        #[expect(clippy::expect_used, reason = "a test cannot go on without it")]
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().unwrap_or_else(|_| SocketAddr::from(([127, 0, 0, 1], 0)));
        let requests: Arc<Mutex<Vec<RawRequest>>> = Arc::default();
        let (answer, kept) = (Arc::new(answer), Arc::clone(&requests));
        let server = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (answer, kept) = (Arc::clone(&answer), Arc::clone(&kept));
                tokio::spawn(async move {
                    if let Some(request) = read(&mut stream).await {
                        let bytes = answer(&request);
                        locked(&kept).push(request);
                        // A client that has gone needs no answer.
                        let _ = stream.write_all(&bytes).await;
                        let _ = stream.shutdown().await;
                    }
                });
            }
        });
        Self { address, requests, server }
    }

    /// Its address with a path, such as `/v1`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<RawRequest> {
        locked(&self.requests).clone()
    }

    /// What was asked so far, such as `POST /v1/chat/completions`.
    #[must_use]
    pub fn targets(&self) -> Vec<String> {
        locked(&self.requests).iter().map(|request| request.target.clone()).collect()
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// An answer of this status with a body of this kind.
#[must_use]
pub fn answer(status: u16, kind: &str, body: &str) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} scripted\r\ncontent-type: {kind}\r\nconnection: close\r\n");
    format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// An answer of JSON.
#[must_use]
pub fn json_answer(status: u16, body: &Value) -> Vec<u8> {
    answer(status, "application/json", &body.to_string())
}

/// A whole answer of a model in these words.
#[must_use]
pub fn words(text: &str) -> Vec<u8> {
    let chunk =
        serde_json::json!({ "choices": [{ "index": 0, "delta": { "content": text }, "finish_reason": "stop" }] });
    answer(200, "text/event-stream", &format!("data: {chunk}\n\ndata: [DONE]\n\n"))
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn read(stream: &mut TcpStream) -> Option<RawRequest> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        // A client that speaks TLS, which servers without it answer so.
        if !bytes[0].is_ascii_uppercase() {
            let _ = stream.write_all(&answer(400, "text/plain", "not HTTP")).await;
            return None;
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let target = text.lines().next()?.rsplit_once(' ')?.0.to_owned();
    let head_lines = text.to_lowercase();
    let length = head_lines.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    while bytes.len() < head + length.unwrap_or_default() {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = serde_json::from_slice(&bytes[head..]).unwrap_or_default();
    Some(RawRequest { target, head: head_lines, body })
}
