//! A person who uses a running Saydo, with curl.

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::command::read;

/// How long an answer may take; a model may be slow.
const ANSWER_SECONDS: &str = "300";

/// Whether an address answers with success.
pub(crate) fn answers(url: &str) -> bool {
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--fail", "--connect-timeout", "2", "--max-time", "5", "--output", "/dev/null"]);
    // A node port opens a moment after its Service.
    curl.args(["--retry", "2", "--retry-delay", "1", "--retry-connrefused"]);
    read(curl.arg(url)).is_ok()
}

/// Somebody who is signed in.
pub(crate) struct Person {
    url: String,
    id: String,
    token: String,
}

impl Person {
    /// Signs somebody new up.
    pub(crate) fn sign_up(url: &str) -> Result<Self> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
        let body =
            json!({ "name": "Smoke", "email": format!("smoke-{now}@example.com"), "password": format!("smoke-{now}") });
        let signed = call(url, "POST", "/api/auth/sign-up/email", None, Some(&body))?;
        let text = |value: &Value| value.as_str().map(str::to_owned).context("the sign-up's answer lacks a field");
        let session = text(&signed["token"])?;
        let token = text(&call(url, "GET", "/api/auth/token", Some(&session), None)?["token"])?;
        Ok(Self { url: url.to_owned(), id: text(&signed["user"]["id"])?, token })
    }

    /// Says something, in a conversation or a new one; returns the whole answer.
    pub(crate) fn chat(&self, conversation: Option<i64>, message: &str) -> Result<Value> {
        let mut body = json!({ "message": message });
        if let Some(conversation) = conversation {
            body["conversation_id"] = conversation.into();
        }
        println!("> {message}");
        let answer = call(&self.url, "POST", &format!("/api/{}/chat", self.id), Some(&self.token), Some(&body))?;
        println!("< {}", answer["response"].as_str().unwrap_or_default().replace('\n', " "));
        Ok(answer)
    }

    /// The messages of a conversation, as the database replays them.
    pub(crate) fn messages(&self, conversation: i64) -> Result<Vec<Value>> {
        let path = format!("/api/{}/conversations/{conversation}/messages", self.id);
        let page = call(&self.url, "GET", &path, Some(&self.token), None)?;
        page["items"].as_array().cloned().context("the conversation has no messages")
    }
}

/// Sends a request and reads the JSON that answers it.
pub(crate) fn call(url: &str, method: &str, path: &str, bearer: Option<&str>, body: Option<&Value>) -> Result<Value> {
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--fail-with-body", "--max-time", ANSWER_SECONDS, "--request", method]);
    if let Some(bearer) = bearer {
        curl.args(["--header", &format!("authorization: Bearer {bearer}")]);
    }
    if let Some(body) = body {
        curl.args(["--header", "content-type: application/json", "--data", &body.to_string()]);
    }
    let done = curl.arg(format!("{url}{path}")).output().context("running curl")?;
    let (said, fault) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    if !done.status.success() {
        bail!("{method} {path}: {} {}", fault.trim(), said.trim());
    }
    serde_json::from_str(&said).with_context(|| format!("reading the answer to {method} {path}"))
}
