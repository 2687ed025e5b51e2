//! One device of a person who chats, and who asks again for what was not answered.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::{Client, Method, RequestBuilder, header};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::{
    app::{Answer, Events, Person},
    ledger::{Entry, Ledger, Wish},
};

/// How long after a fault a request is made again: a little more than the lease of a turn whose server died.
const LATER: Duration = Duration::from_secs(16);
/// How long to wait for a server that is away.
const PAUSE: Duration = Duration::from_millis(50);

/// Somebody who is signed in, whatever becomes of the server.
pub struct Account {
    pub session: String,
    id: String,
    token: Mutex<String>,
    origin: String,
    /// A conversation of theirs that is followed.
    home: i64,
    client: Client,
}

impl Account {
    pub fn of(person: &Person<'_>, home: i64) -> Self {
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().unwrap();
        let (session, id) = (person.session.clone(), person.id.clone());
        Self { session, id, token: person.token.clone().into(), origin: person.app.origin.clone(), home, client }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let token = self.token.lock().unwrap().clone();
        self.client.request(method, format!("{}/api/{}{path}", self.origin, self.id)).bearer_auth(token)
    }

    /// A token lasts a quarter of an hour.
    async fn renew(&self) {
        let asked = self.client.get(format!("{}/api/auth/token", self.origin)).bearer_auth(&self.session);
        if let Ok(answer) = asked.send().await
            && let Ok(answer) = answer.json::<Value>().await
            && let Some(token) = answer["token"].as_str()
        {
            *self.token.lock().unwrap() = token.to_owned();
        }
    }
}

struct Asked {
    entry: Entry,
    at: Instant,
}

/// A device that chats.
pub struct Chatter {
    account: Arc<Account>,
    device: usize,
    random: StdRng,
    stop: CancellationToken,
    ledger: Ledger,
    unanswered: Vec<Asked>,
    /// Tasks that nothing was done to yet.
    fresh: Vec<i64>,
    conversation: Option<i64>,
    count: usize,
}

impl Chatter {
    pub fn new(account: Arc<Account>, seed: u64, device: usize, stop: CancellationToken) -> Self {
        let random = StdRng::seed_from_u64(seed.wrapping_mul(31).wrapping_add(device as u64));
        let conversation = (device == 0).then_some(account.home);
        let (ledger, unanswered, fresh) = (Ledger::default(), Vec::new(), Vec::new());
        Self { account, device, random, stop, ledger, unanswered, fresh, conversation, count: 0 }
    }

    /// Chats until it is told to stop, and then until everything is answered.
    pub async fn chat(mut self) -> Ledger {
        while !self.stop.is_cancelled() {
            match self.random.random_range(0..10) {
                0 if !self.ledger.entries.is_empty() => self.repeat().await,
                1 if self.unanswered.first().is_some_and(|asked| asked.at.elapsed() > LATER) => self.ask_again().await,
                _ => {
                    let entry = self.wish();
                    self.ask(entry).await;
                }
            }
        }
        while !self.unanswered.is_empty() {
            self.ask_again().await;
        }
        self.ledger
    }

    /// Something new to ask for. Whatever is asked for is asked for once.
    fn wish(&mut self) -> Entry {
        self.count += 1;
        let name = format!("d{}n{}", self.device, self.count);
        let (message, wish) = match self.random.random_range(0..4) {
            0 if !self.fresh.is_empty() => {
                let task = self.fresh.remove(0);
                (format!("complete task {task}"), Wish::Complete(task))
            }
            1 if !self.fresh.is_empty() => {
                let task = self.fresh.remove(0);
                (format!("delete task {task}"), Wish::Delete(task))
            }
            _ => (format!("add file report {name}"), Wish::Add(format!("File report {name}"))),
        };
        let mut body = json!({ "message": message });
        if let Some(conversation) = self.conversation {
            body["conversation_id"] = conversation.into();
        }
        Entry { key: name, body, wish, answer: Value::Null }
    }

    async fn ask(&mut self, mut entry: Entry) {
        match self.send(&entry).await {
            Some(answer) => {
                self.conversation = answer["conversation_id"].as_i64();
                if let Wish::Add(_) = entry.wish {
                    self.fresh.extend(answer["tool_calls"][0]["result"]["task_id"].as_i64());
                }
                entry.answer = answer;
                self.ledger.entries.push(entry);
            }
            None => {
                self.ledger.cut += 1;
                // Its conversation may be busy until the lease of its turn lapses.
                self.conversation = None;
                self.unanswered.push(Asked { entry, at: Instant::now() });
                sleep(PAUSE).await;
            }
        }
    }

    async fn ask_again(&mut self) {
        let asked = self.unanswered.remove(0);
        self.ask(asked.entry).await;
    }

    /// Asks again for what was answered: the answer is the same.
    async fn repeat(&mut self) {
        let index = self.random.random_range(0..self.ledger.entries.len());
        let entry = self.ledger.entries[index].clone();
        if let Some(answer) = self.send(&entry).await {
            assert_eq!(answer, entry.answer, "{}", entry.body);
            self.ledger.repeated += 1;
        }
    }

    /// The answer; `None` where nobody knows what became of the request, or it may be made again later.
    async fn send(&mut self, entry: &Entry) -> Option<Value> {
        let streamed = self.random.random_bool(0.5);
        let response = loop {
            let key = format!("{}-{}", entry.key, self.account.id);
            let request = self.account.request(Method::POST, "/chat").json(&entry.body).header("Idempotency-Key", key);
            let accept = if streamed { "text/event-stream" } else { "application/json" };
            match request.header(header::ACCEPT, accept).send().await {
                Ok(response) => break response,
                Err(fault) if fault.is_connect() => sleep(PAUSE).await,
                Err(_) => return None,
            }
        };
        match response.status().as_u16() {
            200 if streamed => last_event(Events::of(response)).await,
            200 => response.json().await.ok(),
            401 => {
                self.account.renew().await;
                None
            }
            409 | 503 => {
                assert!(response.headers().contains_key(header::RETRY_AFTER), "{response:?}");
                None
            }
            _ => panic!("{}: {:?}", entry.body, Answer::read(response).await),
        }
    }
}

/// What a stream came to.
async fn last_event(mut events: Events) -> Option<Value> {
    while let Ok(Some(event)) = events.next().await {
        match event.name.as_str() {
            "turn.completed" => return Some(event.data),
            "turn.failed" => {
                assert_eq!(event.data["retryable"], true, "{event:?}");
                return None;
            }
            _ => {}
        }
    }
    None
}

/// Follows the home conversation, each time from where it was cut off: every event comes once and in order. Ends with
/// the end of the conversation's last turn, and tells how many events came.
pub async fn follow(account: Arc<Account>, stop: CancellationToken) -> usize {
    let (mut last, mut count) = (None::<(u64, u64)>, 0);
    let path = format!("/conversations/{}", account.home);
    loop {
        let mut request = account.request(Method::GET, &format!("{path}/events"));
        if let Some((turn, seq)) = last {
            request = request.header("Last-Event-ID", format!("{turn}-{seq}"));
        }
        match request.send().await {
            Ok(response) if response.status() == 200 => {
                let mut events = Events::of(response);
                loop {
                    let next = tokio::select! {
                        next = events.next() => next,
                        () = sleep(PAUSE), if stop.is_cancelled() => break,
                    };
                    let Ok(Some(event)) = next else { break };
                    let (turn, seq) = event.id.split_once('-').unwrap();
                    let id = (turn.parse().unwrap(), seq.parse().unwrap());
                    assert!(last < Some(id), "{event:?} came after {last:?}");
                    last = Some(id);
                    count += 1;
                }
            }
            Ok(response) if response.status() == 401 => account.renew().await,
            _ => {}
        }
        sleep(PAUSE).await;
        if stop.is_cancelled()
            && let Ok(answer) = account.request(Method::GET, &format!("{path}/messages")).send().await
            && let Ok(page) = answer.json::<Value>().await
            && let Some(newest) = page["items"].as_array().and_then(|items| items.last())
            && newest["turn"]["id"].as_u64() == last.map(|(turn, _)| turn)
            && newest["turn"]["status"] == "completed"
        {
            return count;
        }
    }
}
