//! People who chat all at once, whatever becomes of the server.

use std::{fmt, sync::Arc, time::Duration};

use futures::future::join_all;
use tokio::{
    task::JoinHandle,
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;

use crate::{
    app::{Person, TestApp},
    ledger::Ledger,
    person::{Account, Chatter, follow},
};

const PEOPLE: usize = 3;
/// Each of a person's devices chats on its own.
const DEVICES: usize = 2;
/// How long everything that was not answered may take to be answered once nothing breaks any more.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Crowd {
    members: Vec<Member>,
    stop: CancellationToken,
}

struct Member {
    account: Arc<Account>,
    devices: Vec<JoinHandle<Ledger>>,
    following: JoinHandle<usize>,
}

/// What a run came to.
#[derive(Default)]
pub struct Told {
    requests: usize,
    cut: usize,
    repeated: usize,
    events: usize,
}

impl Crowd {
    /// Signs everybody up and lets them chat.
    pub async fn gather(app: &TestApp, seed: u64) -> Self {
        let stop = CancellationToken::new();
        let mut members = Vec::new();
        for person in 0..PEOPLE {
            let person = app.sign_up(&format!("person{}", seed.wrapping_mul(10) + person as u64)).await;
            let home = person.chat("add first task").await.body["conversation_id"].as_i64().unwrap();
            let account = Arc::new(Account::of(&person, home));
            let chat = |device| Chatter::new(account.clone(), seed, device, stop.clone()).chat();
            members.push(Member {
                devices: (0..DEVICES).map(|device| tokio::spawn(chat(device))).collect(),
                following: tokio::spawn(follow(account.clone(), stop.clone())),
                account,
            });
        }
        Self { members, stop }
    }

    /// Lets everybody ask again for what was not answered, and checks what there is.
    pub async fn settle(self, app: &TestApp) -> Told {
        self.stop.cancel();
        let (mut told, deadline) = (Told::default(), Instant::now() + PATIENCE);
        for member in self.members {
            let settling = timeout_at(deadline, join_all(member.devices)).await.expect("everything answered");
            let mut ledger = Ledger::default();
            settling.into_iter().for_each(|device| ledger.add(device.unwrap()));
            let person = Person::returning(app, member.account.session.clone()).await;
            ledger.check(&person).await;
            told.requests += ledger.entries.len();
            told.cut += ledger.cut;
            told.repeated += ledger.repeated;
            let following = timeout_at(deadline, member.following).await.expect("every event followed");
            told.events += following.unwrap();
        }
        assert!(told.cut > 0, "nothing was cut off: nothing was tested");
        told
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, cut, repeated, events } = self;
        write!(f, "{requests} requests, {cut} times cut off or refused, {repeated} repeated, {events} events followed")
    }
}
