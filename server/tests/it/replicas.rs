//! Two servers on one PostgreSQL.

use std::{path::Path, time::Duration};

use reqwest::{Method, header};
use saydo_test_support::{
    databases::TestDatabase,
    fake_model::{FakeModel, Gate, Reply},
};
use serde_json::{Value, json};

use crate::{
    app::{Answer, Event, Events, Person, Setup, TestApp, events_until, eventually, turn_events},
    process::{Process, free_port},
};

fn binary() -> &'static Path {
    env!("CARGO_BIN_EXE_saydo").as_ref()
}

async fn follow(person: &Person<'_>, conversation: i64, after: Option<&str>) -> reqwest::Response {
    let request = person.request(Method::GET, &format!("/conversations/{conversation}/events"));
    let request = after.into_iter().fold(request, |request, after| request.header("Last-Event-ID", after));
    request.send().await.unwrap()
}

fn is_named<'a>(name: &'a str) -> impl Fn(&Event) -> bool + 'a {
    move |event| event.name == name
}

/// TURN-30: what one replica runs, another follows, stops and answers for.
#[tokio::test]
async fn a_turn_is_followed_stopped_and_repeated_elsewhere() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let model = FakeModel::answering(|_| Reply::silence()).await;
    let a = TestApp::start(&database, Setup::model(model.base_url())).await;
    let b = TestApp::start(&database, Setup::model(model.base_url())).await;
    let on_a = a.sign_up("ann").await;
    let on_b = Person::returning(&b, on_a.session.clone()).await;
    let body = json!({ "message": "wait for me" });
    let asked = tokio::spawn(on_a.chat_request(&body).header("Idempotency-Key", "k").send());
    let conversation = on_b.first_conversation().await;
    let followed = follow(&on_b, conversation, None).await;
    let repeated = tokio::spawn(on_b.chat_request(&body).header("Idempotency-Key", "k").send());

    model.requested(1).await;
    let stop = on_b.request(Method::POST, &format!("/conversations/{conversation}/stop"));
    let stopped = Answer::of(stop).await;
    assert_eq!(stopped.body["stopped"], true, "{}", stopped.text);
    tokio::time::timeout(Duration::from_secs(5), model.cut_off(1)).await.expect("the model call ends too");
    let answer = Answer::read(asked.await.unwrap().unwrap()).await;
    assert_eq!((answer.status, answer.body["response"].as_str()), (200, Some("Stopped.")));
    assert_eq!(Answer::read(repeated.await.unwrap().unwrap()).await.body, answer.body);
    let again = on_b.chat_request(&body).header("Idempotency-Key", "k");
    assert_eq!(Answer::of(again).await.body, answer.body);

    let events = turn_events(followed).await;
    let names: Vec<_> = events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names, ["turn.started", "turn.stopped"]);
    assert_eq!(events, turn_events(follow(&on_a, conversation, None).await).await);
}

/// TURN-31: a killed server's turn goes on elsewhere from what was recorded.
#[tokio::test]
async fn a_killed_servers_turn_goes_on_elsewhere() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let (killed, never) = (Gate::new(), Gate::new());
    let dead = killed.clone();
    let model = FakeModel::answering(move |request| {
        let last = request["messages"].as_array().unwrap().last().unwrap().clone();
        match last["role"].as_str() {
            Some("tool") if !dead.is_open() => Reply::text("Never said.").held_by(&never),
            Some("tool") => Reply::text("Added it."),
            _ => Reply::call("add_task", json!({ "title": "Pay rent" })),
        }
    })
    .await;
    let b = TestApp::start(&database, Setup::model(model.base_url())).await;
    let a = Process::start(binary(), free_port(), &database.url, Some(&model.base_url())).await;
    let on_b = b.sign_up("ann").await;
    let on_a = Person::returning(&a.app, on_b.session.clone()).await;
    let body = json!({ "message": "pay rent" });
    let asked = tokio::spawn(on_a.chat_request(&body).header("Idempotency-Key", "k").send());
    model.requested(2).await;
    let conversation = on_b.first_conversation().await;
    let (followed, stays) = (follow(&on_b, conversation, None).await, follow(&on_b, conversation, None).await);
    killed.open();
    a.kill();
    assert!(asked.await.unwrap().is_err(), "the connection breaks off");

    // Whoever waits for it is told as soon as the lease has lapsed, and a reload shows it.
    let told = turn_events(followed).await;
    assert_eq!(told.last().unwrap().data["retryable"], true, "{told:?}");
    assert_eq!(on_b.messages(conversation).await[0]["turn"]["status"], "interrupted");
    let answer = Answer::of(on_b.chat_request(&body).header("Idempotency-Key", "k")).await;
    assert_eq!(answer.body["response"], "Added it.", "{}", answer.text);
    assert_eq!(answer.body["tool_calls"].as_array().unwrap().len(), 1);
    assert_eq!(on_b.tasks().await.as_array().unwrap().len(), 1);
    assert_eq!(on_b.messages(conversation).await[0]["turn"]["status"], "completed");
    assert_in_order(&events_until(stays, is_named("turn.completed")).await);
    model.assert_sound();
}

/// TURN-32: turns that begin on one replica are seen by who follows on another, also after the connection was cut.
#[tokio::test]
async fn later_turns_are_seen_elsewhere() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let setup = || Setup { direct: true, ..Setup::default() };
    let (a, b) = (TestApp::start(&database, setup()).await, TestApp::start(&database, setup()).await);
    let on_a = a.sign_up("ann").await;
    let on_b = Person::returning(&b, on_a.session.clone()).await;
    let conversation = on_a.chat("add milk").await.body["conversation_id"].as_i64().unwrap();
    let count = |title: &'static str| move |event: &Event| event.name == "turn.completed" && said(event, title);
    let (first, second) = (follow(&on_b, conversation, None).await, follow(&on_b, conversation, None).await);
    let first = tokio::spawn(events_until(first, count("Eggs")));
    let second = tokio::spawn(events_until(second, count("Bread")));
    on_a.chat_in(conversation, "add eggs").await;
    let first = in_time(first).await;

    let listeners = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'";
    let cut = database.execute(&format!("SELECT pg_terminate_backend(pid) {listeners}")).await;
    assert_eq!(cut, 1, "one replica is followed");
    // Somebody begins to follow there: it listens again, for everybody.
    let third = tokio::spawn(events_until(follow(&on_b, conversation, None).await, count("Bread")));
    on_a.chat_in(conversation, "add bread").await;
    let second = in_time(second).await;
    in_time(third).await;

    assert_in_order(&second);
    // The turn before may have been the newest when they began to follow, or no more.
    let later = |events: &[Event]| -> Vec<String> {
        events.iter().map(|event| event.id.clone()).filter(|id| !id.starts_with("1-")).collect()
    };
    assert_eq!(later(&second)[..later(&first).len()], later(&first));
    let completed = second.iter().filter(|event| event.name == "turn.completed" && !event.id.starts_with("1-"));
    assert_eq!(completed.count(), 2, "{second:?}");
}

/// TURN-42: what changes is told to its owner everywhere, and to nobody else.
#[tokio::test]
async fn changes_are_told_everywhere() {
    for database in TestDatabase::all().await {
        let setup = || Setup { direct: true, ..Setup::default() };
        let a = TestApp::start(&database, setup()).await;
        // SQLite has one process.
        let has_others = database.url.starts_with("postgres");
        let other = if has_others { Some(TestApp::start(&database, setup()).await) } else { None };
        let b = other.as_ref().unwrap_or(&a);
        let (on_a, bob) = (a.sign_up("ann").await, a.sign_up("bob").await);
        let on_b = Person::returning(b, on_a.session.clone()).await;
        let mut told = hear(&on_b).await;
        // It listens outside from then on; what may have come before is not told, and so the stream begins anew.
        if other.is_some() && tokio::time::timeout(Duration::from_secs(10), told.next()).await.is_ok() {
            told = hear(&on_b).await;
        }
        bob.chat("add a kite").await;
        let conversation = on_a.chat("add milk").await.body["conversation_id"].as_i64().unwrap();
        on_a.tool("add_task", json!({ "title": "Eggs" })).await;
        on_a.tool("list_tasks", json!({})).await;
        on_a.tool("add_task", json!({ "title": "Bread" })).await;
        let path = format!("/conversations/{conversation}");
        let renamed = on_a.request(Method::PATCH, &path).json(&json!({ "title": "Shopping" }));
        assert_eq!(Answer::of(renamed).await.status, 200);
        for status in [204, 404] {
            assert_eq!(Answer::of(on_a.request(Method::DELETE, &path)).await.status, status);
        }
        on_a.tool("add_task", json!({ "title": "Tea" })).await;
        let mut names = Vec::new();
        let mut turns = Vec::new();
        while names.len() < 8 {
            let event = tokio::time::timeout(Duration::from_secs(10), told.next()).await.expect("it is told");
            let event = event.unwrap().expect("the stream goes on");
            if event.name != "tasks.changed" {
                assert_eq!(event.data["conversation_id"], conversation);
            }
            turns.push(event.data["turn_id"].clone());
            names.push(event.name);
        }
        let task = "tasks.changed";
        let [renamed, deleted] = ["conversation.renamed", "conversation.deleted"];
        assert_eq!(names, ["turn.started", task, "turn.ended", task, task, renamed, deleted, task]);
        assert!(turns[0].is_i64() && turns[..3].iter().all(|turn| *turn == turns[0]), "{turns:?}");
        assert!(turns[3..].iter().all(Value::is_null), "{turns:?}");
        let foreign = a.request(Method::GET, &format!("/api/{}/events", on_a.id)).bearer_auth(&bob.token);
        Answer::of(foreign).await.assert_problem(403, "wrong-user");
    }
}

async fn hear(person: &Person<'_>) -> Events {
    Events::of(person.request(Method::GET, "/events").send().await.unwrap())
}

fn said(event: &Event, title: &str) -> bool {
    event.data["response"].as_str().is_some_and(|response| response.contains(title))
}

async fn in_time(following: tokio::task::JoinHandle<Vec<Event>>) -> Vec<Event> {
    tokio::time::timeout(Duration::from_secs(20), following).await.expect("in twenty seconds").unwrap()
}

/// Fails unless each event came once, after all that came before it.
fn assert_in_order(events: &[Event]) {
    let ids: Vec<(u64, u64)> = events
        .iter()
        .map(|event| event.id.split_once('-').map(|(turn, seq)| (turn.parse().unwrap(), seq.parse().unwrap())).unwrap())
        .collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
}

/// TURN-33: a server that is told to stop answers what it accepted; what it did not accept is not there.
#[tokio::test(flavor = "multi_thread")]
async fn sigterm_under_load_loses_nothing() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let b = TestApp::offline(&database).await;
    let a = Process::start(binary(), free_port(), &database.url, None).await;
    let on_b = b.sign_up("ann").await;
    let on_a = Person::returning(&a.app, on_b.session.clone()).await;
    let chatting = |number: usize| {
        let (id, token) = (on_a.id.clone(), on_a.token.clone());
        let url = format!("{}/api/{id}/chat", a.app.origin);
        // A connection of its own for each request: a kept one may be closed while a request is on its way.
        let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap();
        tokio::spawn(async move {
            let accept = ["application/json", "text/event-stream"][number % 2];
            for round in 0.. {
                let message = format!("add file report w{number}r{round}");
                let request = client.post(&url).bearer_auth(&token).header(header::ACCEPT, accept);
                let text = match request.json(&json!({ "message": message })).send().await {
                    Ok(answer) if answer.status() == 200 => answer.text().await.unwrap_or_default(),
                    _ => return (round, message),
                };
                let whole = text.contains("\"response\"")
                    && (accept == "application/json" || text.contains("event: turn.completed"));
                assert!(whole, "accepted, and not answered whole: {text}");
            }
            unreachable!()
        })
    };
    let chats: Vec<_> = (0..8).map(chatting).collect();
    eventually(async || (on_b.tasks().await.as_array().unwrap().len() >= 16).then_some(())).await;
    assert!(a.terminate().await.success());
    let mut answered = 0;
    for chat in chats {
        let (rounds, refused) = chat.await.unwrap();
        answered += rounds;
        let found = on_b.get(&format!("/conversations?q={}", refused.replace(' ', "%20"))).await;
        assert_eq!(found.body["items"], json!([]), "not answered, but stored: {refused}");
    }
    let page = on_b.tool("list_tasks", json!({ "limit": 1 })).await;
    assert_eq!(page["structuredContent"]["total"], Value::from(answered));
}

/// TURN-33: a stream that ends with its server goes on elsewhere after its last event.
#[tokio::test]
async fn a_draining_servers_streams_are_resumed_elsewhere() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let gate = Gate::new();
    let held = gate.clone();
    let model = FakeModel::answering(move |_| Reply::text("Here I am.").held_by(&held)).await;
    let a = TestApp::start(&database, Setup::model(model.base_url())).await;
    let b = TestApp::start(&database, Setup::model(model.base_url())).await;
    let on_a = a.sign_up("ann").await;
    let on_b = Person::returning(&b, on_a.session.clone()).await;
    let streamed = on_a.chat_request(&json!({ "message": "one" })).header(header::ACCEPT, "text/event-stream");
    let streamed = tokio::spawn(streamed.send());
    let conversation = on_b.first_conversation().await;
    let followed = tokio::spawn(events_until(follow(&on_a, conversation, None).await, |_| false));
    a.begin_stop();
    gate.open();
    let before = followed.await.unwrap();
    assert_eq!(before, turn_events(streamed.await.unwrap().unwrap()).await, "the running turn is told to its end");

    let resumed = follow(&on_b, conversation, Some(&before.last().unwrap().id)).await;
    on_b.chat_in(conversation, "two").await;
    let after = turn_events(resumed).await;
    assert_eq!(after.first().unwrap().name, "turn.started");
    assert_in_order(&[before, after].concat());
    a.stop().await;
}
