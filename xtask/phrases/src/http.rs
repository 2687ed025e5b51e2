//! Says the cases to a running server, through the endpoint that people use.
//!
//! Each case has an account of its own, so that its task numbers begin at 1 and cases run at the same time.

use anyhow::{Context, Result, bail};
use chrono::Utc;
use chrono_tz::Tz;
use futures::StreamExt;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Map, Value, json};

use crate::{Call, Case, Score, Turn, Verdict};

/// Says cases to a server.
#[derive(Debug, Clone)]
pub struct Scorer {
    /// Makes the requests. It has time-outs.
    pub client: Client,
    /// Where the server is: `http://127.0.0.1:3000`.
    pub origin: String,
    /// Where the person is.
    pub zone: Tz,
    /// Tells the accounts of this run from those of others on the same server.
    pub run: String,
}

/// Says all the cases, so many at a time. A case that the server does not answer is a miss.
pub async fn score(scorer: &Scorer, cases: &[Case], at_once: usize) -> Score {
    let judged = futures::stream::iter(cases.iter().enumerate()).map(async |(number, case)| {
        let verdict = scorer.judge(number, case).await;
        verdict.unwrap_or_else(|fault| Verdict { miss: Some(format!("no answer: {fault:#}")), ..Verdict::default() })
    });
    let mut judged = std::pin::pin!(judged.buffered(at_once));
    let mut score = Score::default();
    for case in cases {
        if let Some(verdict) = judged.next().await {
            score.count(case, &verdict);
        }
    }
    score
}

/// A new account.
struct Account<'a> {
    scorer: &'a Scorer,
    id: String,
    token: String,
}

impl Scorer {
    async fn judge(&self, number: usize, case: &Case) -> Result<Verdict> {
        let account = self.sign_up(number).await.context("signing up")?;
        account
            .give(case, Utc::now().with_timezone(&self.zone).date_naive())
            .await
            .context("adding the given tasks")?;
        let (mut conversation, mut said) = (None, None);
        let mut moments = Vec::new();
        for message in case.messages() {
            moments = vec![Utc::now().with_timezone(&self.zone)];
            let answer = account.chat(conversation.as_ref(), message).await?;
            moments.push(Utc::now().with_timezone(&self.zone));
            conversation = Some(answer["conversation_id"].clone());
            said = Some(answer);
        }
        let (Some(conversation), Some(answer)) = (conversation, said) else { bail!("the case says nothing") };
        let turn = Turn { calls: calls(&answer)?, outcome: account.outcome(&conversation).await? };
        Ok(case.expect.judge(&turn, &moments))
    }

    async fn sign_up(&self, number: usize) -> Result<Account<'_>> {
        let email = format!("{}-{number}@phrases.example.com", self.run);
        let body = json!({ "name": "Phrases", "email": email, "password": "correct horse battery" });
        let url = |path: &str| format!("{}/api/auth/{path}", self.origin);
        let signed_up = sent(self.client.post(url("sign-up/email")).json(&body)).await?;
        let session = text(&signed_up["token"])?;
        let token = sent(self.client.get(url("token")).bearer_auth(session)).await?;
        Ok(Account {
            scorer: self,
            id: text(&signed_up["user"]["id"])?.to_owned(),
            token: text(&token["token"])?.to_owned(),
        })
    }
}

impl Account<'_> {
    /// Adds the tasks that are there, in their order.
    async fn give(&self, case: &Case, today: chrono::NaiveDate) -> Result<()> {
        for (given, number) in case.given.iter().zip(1..) {
            let due = given.due(today).map(|due| due.to_string());
            self.tool("add_task", json!({ "title": given.title(), "due": due })).await?;
            if given.done() {
                self.tool("complete_task", json!({ "task_id": number })).await?;
            }
        }
        Ok(())
    }

    async fn tool(&self, tool: &str, arguments: Value) -> Result<()> {
        let call = json!({
            "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": tool, "arguments": arguments },
        });
        let request = self.scorer.client.post(format!("{}/mcp", self.scorer.origin)).bearer_auth(&self.token);
        let request = request.header("Accept", "application/json, text/event-stream");
        let answer = sent(request.header("MCP-Protocol-Version", "2025-11-25").json(&call)).await?;
        if answer["result"]["isError"] == true || answer.get("error").is_some() {
            bail!("{tool}: {answer}");
        }
        Ok(())
    }

    async fn chat(&self, conversation: Option<&Value>, message: &str) -> Result<Value> {
        let mut body = Map::new();
        body.insert("message".to_owned(), message.into());
        if let Some(id) = conversation {
            body.insert("conversation_id".to_owned(), id.clone());
        }
        let request = self.scorer.client.post(self.url("/chat")).bearer_auth(&self.token);
        sent(request.header("Time-Zone", self.scorer.zone.name()).json(&body)).await
    }

    /// How the last turn ended, as its message says; `None` where it did what was asked.
    async fn outcome(&self, conversation: &Value) -> Result<Option<crate::Outcome>> {
        let url = self.url(&format!("/conversations/{conversation}/messages"));
        let page = sent(self.scorer.client.get(url).bearer_auth(&self.token)).await?;
        let last = page["items"].as_array().and_then(|items| items.last()).context("no message")?;
        let outcome = &last["meta"]["outcome"];
        if outcome.is_null() {
            return Ok(None);
        }
        serde_json::from_value(outcome.clone()).map(Some).with_context(|| format!("the outcome {outcome}"))
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/{}{path}", self.scorer.origin, self.id)
    }
}

/// The calls that succeeded, in order.
fn calls(answer: &Value) -> Result<Vec<Call>> {
    let calls = answer["tool_calls"].as_array().context("an answer without tool_calls")?;
    let done = calls.iter().filter(|call| call["is_error"] != true);
    done.map(|call| {
        let arguments = call["arguments"].as_object().cloned().unwrap_or_default();
        Ok(Call { tool: text(&call["tool"])?.to_owned(), arguments })
    })
    .collect()
}

/// The JSON of an answer that is a success.
async fn sent(request: RequestBuilder) -> Result<Value> {
    let response = request.send().await?;
    let (status, body) = (response.status(), response.text().await?);
    if status != StatusCode::OK {
        bail!("{status}: {body}");
    }
    serde_json::from_str(&body).with_context(|| format!("no JSON: {body}"))
}

fn text(value: &Value) -> Result<&str> {
    value.as_str().with_context(|| format!("{value} is no text"))
}
