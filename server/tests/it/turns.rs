//! Turns over HTTP: durability, retries, stopping and resumed streams.

use std::time::Duration;

use futures::future::join_all;
use reqwest::{Method, header};
use saydo_test_support::{
    databases::TestDatabase,
    fake_model::{Ending, FakeModel, Gate, Reply, said},
};
use serde_json::{Value, json};

use crate::app::{Answer, Event, Events, Person, Setup, TestApp, events_until, eventually, streamed_text, turn_events};

pub fn stream(person: &Person<'_>, body: &Value) -> reqwest::RequestBuilder {
    person.chat_request(body).header(header::ACCEPT, "text/event-stream")
}

/// TURN-03: the message is there before the model has said a word.
#[tokio::test]
async fn a_message_is_kept_before_the_model_is_called() {
    let model = FakeModel::answering(|_| Reply::silence()).await;
    for database in TestDatabase::all().await {
        let app = TestApp::start(&database, Setup::model(model.base_url())).await;
        let ann = app.sign_up("ann").await;
        let waiting = tokio::spawn(ann.chat_request(&json!({ "message": "are you there?" })).send());
        let conversation = ann.first_conversation().await;
        let messages = ann.messages(conversation).await;
        assert_eq!(messages.len(), 1);
        assert_eq!(messages[0]["content"], "are you there?");
        assert_eq!(messages[0]["turn"]["status"], "running");
        let stopped = Answer::of(ann.request(Method::POST, &format!("/conversations/{conversation}/stop"))).await;
        assert_eq!(stopped.body["stopped"], true);
        assert_eq!(waiting.await.unwrap().unwrap().status(), 200);
    }
}

/// TURN-04: however the model fails, the message is kept, the answer is a problem, and a retry completes the turn.
#[tokio::test]
async fn a_failed_turn_can_be_retried() {
    type Fault = (&'static str, u16, fn() -> Reply);
    let faults: [Fault; 6] = [
        ("refused", 502, || Reply::status(401)),
        ("429", 502, || Reply::status(429)),
        ("500", 502, || Reply::status(500)),
        ("cut", 502, || Reply::text("I was about to say").ending_after(2, Ending::Cut)),
        ("no end", 502, || Reply::text("I was about to say").ending_after(2, Ending::Done)),
        ("silence", 504, Reply::silence),
    ];
    for (name, status, fault) in faults {
        let well = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let now_well = well.clone();
        let model = FakeModel::answering(move |_| {
            if now_well.load(std::sync::atomic::Ordering::SeqCst) { Reply::text("Here I am.") } else { fault() }
        })
        .await;
        let setup = Setup {
            agent: |agent| {
                agent.timeouts.first_byte = Duration::from_millis(300);
                agent.retries.base = Duration::from_millis(1);
                agent.retries.longest = Duration::from_millis(2);
            },
            ..Setup::model(model.base_url())
        };
        let database = TestDatabase::sqlite();
        let app = TestApp::start(&database, setup).await;
        let ann = app.sign_up("ann").await;
        let send = || ann.chat_request(&json!({ "message": "hello?" })).header("Idempotency-Key", "try");

        let failed = Answer::of(send()).await;
        failed.assert_problem(status, if status == 504 { "model-timeout" } else { "model-failed" });
        let conversation = ann.first_conversation().await;
        let kept = ann.messages(conversation).await;
        assert_eq!(
            (kept[0]["content"].as_str(), kept[0]["turn"]["status"].as_str()),
            (Some("hello?"), Some("failed")),
            "{name}"
        );

        well.store(true, std::sync::atomic::Ordering::SeqCst);
        let answer = Answer::of(send()).await;
        assert_eq!(
            (answer.status, answer.body["response"].as_str()),
            (200, Some("Here I am.")),
            "{name}: {}",
            answer.text
        );
        assert_eq!(answer.body["conversation_id"], conversation);
        let messages = ann.messages(conversation).await;
        let said: Vec<&str> = messages.iter().map(|message| message["content"].as_str().unwrap()).collect();
        assert_eq!(said, ["hello?", "Here I am."], "{name}");
    }
}

/// TURN-04: no server at the model's address.
#[tokio::test]
async fn an_unreachable_model_is_502() {
    let setup = Setup {
        agent: |agent| agent.retries.base = Duration::from_millis(1),
        ..Setup::model("http://127.0.0.1:9/v1".to_owned())
    };
    let database = TestDatabase::sqlite();
    let app = TestApp::start(&database, setup).await;
    let ann = app.sign_up("ann").await;
    ann.chat("hello?").await.assert_problem(502, "model-failed");
    assert_eq!(ann.messages(ann.first_conversation().await).await.len(), 1);
}

/// TURN-04, TURN-05: a turn that failed after an effect goes on from it and repeats nothing.
#[tokio::test]
async fn a_retry_repeats_no_effect() {
    let model = FakeModel::scripted([
        Reply::call("add_task", json!({ "title": "Pay rent" })),
        Reply::status(401),
        Reply::text("Added it."),
    ])
    .await;
    let database = TestDatabase::sqlite();
    let app = TestApp::start(&database, Setup::model(model.base_url())).await;
    let ann = app.sign_up("ann").await;
    let send = || ann.chat_request(&json!({ "message": "pay rent" })).header("Idempotency-Key", "once");
    assert_eq!(Answer::of(send()).await.status, 502);
    assert_eq!(ann.tasks().await.as_array().unwrap().len(), 1);
    let answer = Answer::of(send()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.body["tool_calls"].as_array().unwrap().len(), 1);
    assert_eq!(answer.body["tool_calls"][0]["result"]["task_id"], 1);
    assert_eq!(ann.tasks().await.as_array().unwrap().len(), 1);
    model.assert_sound();
}

/// TURN-15: a turn that is retried after newer ones answers its own message, and its stream is its last run's.
#[tokio::test]
async fn a_turn_retried_late_answers_its_own_message() {
    let well = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let now_well = well.clone();
    let model = FakeModel::answering(move |request| {
        if said(request) == "first" && !now_well.load(std::sync::atomic::Ordering::SeqCst) {
            Reply::status(401)
        } else {
            Reply::text(&format!("You said: {}", said(request)))
        }
    })
    .await;
    let database = TestDatabase::sqlite();
    let app = TestApp::start(&database, Setup::model(model.base_url())).await;
    let ann = app.sign_up("ann").await;
    let first = json!({ "message": "first" });
    assert_eq!(Answer::of(ann.chat_request(&first).header("Idempotency-Key", "k")).await.status, 502);
    let conversation = ann.first_conversation().await;
    assert_eq!(ann.chat_in(conversation, "second").await.body["response"], "You said: second");

    well.store(true, std::sync::atomic::Ordering::SeqCst);
    let answer = Answer::of(ann.chat_request(&first).header("Idempotency-Key", "k")).await;
    assert_eq!(answer.body["response"], "You said: first", "{}", answer.text);
    let events = turn_events(stream(&ann, &first).header("Idempotency-Key", "k").send().await.unwrap()).await;
    assert_eq!(events.first().unwrap().name, "turn.started");
    assert_eq!(events.last().unwrap().data, answer.body);
    assert!(events.iter().all(|event| event.name != "turn.failed"), "{events:?}");
}

/// TURN-15: of two turns that failed, the older one is retried first: each answers its own message, with what was said
/// before it. TURN-09: whoever follows is told of both runs.
#[tokio::test]
async fn turns_are_retried_in_any_order() {
    for database in TestDatabase::all().await {
        let well = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let now_well = well.clone();
        let model = FakeModel::answering(move |request| {
            if now_well.load(std::sync::atomic::Ordering::SeqCst) {
                let messages =
                    request["messages"].as_array().unwrap().iter().filter(|message| message["role"] != "system");
                Reply::text(&format!("{} messages, then {}", messages.count(), said(request)))
            } else {
                Reply::status(401)
            }
        })
        .await;
        let app = TestApp::start(&database, Setup::model(model.base_url())).await;
        let ann = app.sign_up("ann").await;
        let first = json!({ "message": "first" });
        let first = || ann.chat_request(&first).header("Idempotency-Key", "1");
        assert_eq!(Answer::of(first()).await.status, 502);
        let conversation = ann.first_conversation().await;
        let second = json!({ "conversation_id": conversation, "message": "second" });
        let second = || ann.chat_request(&second).header("Idempotency-Key", "2");
        assert_eq!(Answer::of(second()).await.status, 502);

        let followed = ann.request(Method::GET, &format!("/conversations/{conversation}/events")).send().await.unwrap();
        let followed = tokio::spawn(events_until(followed, |event| {
            event.name == "turn.completed" && event.data["response"].as_str().unwrap().ends_with("second")
        }));
        well.store(true, std::sync::atomic::Ordering::SeqCst);
        assert_eq!(Answer::of(first()).await.body["response"], "1 messages, then first");
        assert_eq!(Answer::of(second()).await.body["response"], "3 messages, then second");
        let told = tokio::time::timeout(Duration::from_secs(20), followed).await.expect("both are told").unwrap();
        let ends: Vec<_> = told.iter().filter(|event| event.name == "turn.completed").collect();
        assert_eq!(ends.len(), 2, "{told:?}");
        assert_eq!(ends[0].data["response"], "1 messages, then first");
    }
}

/// TURN-05: the same key again is the same answer, after and during the turn, as JSON and as a stream.
#[tokio::test]
async fn a_key_makes_one_turn() {
    for database in TestDatabase::all().await {
        let model = FakeModel::answering(|request| {
            if request["messages"].as_array().unwrap().last().unwrap()["role"] == "tool" {
                Reply::text("Added.").after(Duration::from_millis(200))
            } else {
                Reply::call("add_task", json!({ "title": "Pay rent" }))
            }
        })
        .await;
        let app = TestApp::start(&database, Setup::model(model.base_url())).await;
        let ann = app.sign_up("ann").await;
        let body = json!({ "message": "pay rent" });
        let send = || ann.chat_request(&body).header("Idempotency-Key", "k");
        let at_once = join_all((0..8).map(|_| Answer::of(send()))).await;
        for answer in &at_once {
            assert_eq!(answer.status, 200, "{}", answer.text);
            assert_eq!(answer.body, at_once[0].body);
        }
        assert_eq!(Answer::of(send()).await.body, at_once[0].body);
        let events = turn_events(stream(&ann, &body).header("Idempotency-Key", "k").send().await.unwrap()).await;
        assert_eq!(events.first().unwrap().name, "turn.started");
        assert_eq!(events.last().unwrap().data, at_once[0].body);
        assert_eq!(ann.tasks().await.as_array().unwrap().len(), 1);
        let other = ann.chat_request(&json!({ "message": "pay the rent" })).header("Idempotency-Key", "k");
        Answer::of(other).await.assert_problem(422, "idempotency-key-reused");

        let bob = app.sign_up("bob").await;
        let theirs = Answer::of(bob.chat_request(&body).header("Idempotency-Key", "k")).await;
        assert_eq!(theirs.status, 200, "a key is one person's");
        assert_eq!(bob.tasks().await.as_array().unwrap().len(), 1);
    }
}

/// TURN-06: one turn at a time in a conversation; another one is not held up.
#[tokio::test]
async fn a_conversation_runs_one_turn() {
    let model =
        FakeModel::answering(|request| if said(request) == "wait" { Reply::silence() } else { Reply::text("Hi.") })
            .await;
    let database = TestDatabase::sqlite();
    let app = TestApp::start(&database, Setup::model(model.base_url())).await;
    let ann = app.sign_up("ann").await;
    let waiting = tokio::spawn(ann.chat_request(&json!({ "message": "wait" })).send());
    let conversation = ann.first_conversation().await;
    ann.chat_in(conversation, "hi").await.assert_problem(409, "turn-in-progress");
    assert_eq!(ann.chat("hi").await.status, 200);
    assert_eq!(ann.messages(conversation).await.len(), 1, "the refused message is not stored");
    Answer::of(ann.request(Method::POST, &format!("/conversations/{conversation}/stop"))).await;
    assert_eq!(waiting.await.unwrap().unwrap().status(), 200);
    assert_eq!(ann.chat_in(conversation, "hi").await.status, 200);
}

/// TURN-07: closing the tab does not stop the turn.
#[tokio::test]
async fn a_turn_outlives_its_client() {
    let gate = Gate::new();
    let held = gate.clone();
    let model = FakeModel::answering(move |_| Reply::text("Still here.").held_by(&held)).await;
    let database = TestDatabase::sqlite();
    let app = TestApp::start(&database, Setup::model(model.base_url())).await;
    let ann = app.sign_up("ann").await;
    let request = tokio::spawn(ann.chat_request(&json!({ "message": "hello" })).send());
    let conversation = ann.first_conversation().await;
    request.abort();
    assert!(request.await.unwrap_err().is_cancelled());
    gate.open();
    let answered = eventually(async || {
        let messages = ann.messages(conversation).await;
        (messages.len() == 2).then(|| messages[1].clone())
    })
    .await;
    assert_eq!(answered["content"], "Still here.");
}

/// TURN-08: stop ends the turn at once and keeps what was written.
#[tokio::test]
async fn a_stopped_turn_keeps_what_was_written() {
    let model = FakeModel::answering(|request| {
        if request["messages"].as_array().unwrap().last().unwrap()["role"] == "tool" {
            Reply::text("First I will think about it for a very long time.").ending_after(6, Ending::Silence)
        } else {
            Reply::call("add_task", json!({ "title": "Pay rent" }))
        }
    })
    .await;
    let database = TestDatabase::sqlite();
    let app = TestApp::start(&database, Setup::model(model.base_url())).await;
    let ann = app.sign_up("ann").await;
    let response = stream(&ann, &json!({ "message": "pay rent" })).send().await.unwrap();
    let conversation = ann.first_conversation().await;
    let following = tokio::spawn(turn_events(response));
    eventually(async || {
        let followed = ann.request(Method::GET, &format!("/conversations/{conversation}/events")).send().await.unwrap();
        let events = events_until(followed, |event| event.name == "message.delta").await;
        events.iter().any(|event| event.name == "message.delta").then_some(())
    })
    .await;

    let stop = ann.request(Method::POST, &format!("/conversations/{conversation}/stop"));
    let stopped = tokio::time::timeout(Duration::from_secs(5), Answer::of(stop)).await.expect("at once");
    assert_eq!(stopped.body["stopped"], true, "{}", stopped.text);
    assert_eq!(stopped.body["done"][0]["tool"], "add_task");
    assert_eq!(stopped.body["not_done"], json!([]));

    let events = following.await.unwrap();
    assert_eq!(events.last().unwrap().name, "turn.stopped");
    let written = streamed_text(&events);
    assert!(!written.is_empty());
    let messages = ann.messages(conversation).await;
    assert_eq!(messages.last().unwrap()["content"], written);
    assert_eq!(messages.last().unwrap()["turn"]["status"], "stopped");
    assert_eq!(ann.tasks().await.as_array().unwrap().len(), 1, "what was done stays done");
    tokio::time::timeout(Duration::from_secs(5), model.cut_off(1)).await.expect("the model call ends too");

    let again = Answer::of(ann.request(Method::POST, &format!("/conversations/{conversation}/stop"))).await;
    assert_eq!(again.body, json!({ "stopped": false, "done": [], "not_done": [] }));
}

/// TURN-09: events are told from the middle on, then the next turn's, each once and in order.
#[tokio::test]
async fn a_conversation_can_be_followed() {
    let model = FakeModel::answering(|request| Reply::text(&format!("You said: {}", said(request)))).await;
    for database in TestDatabase::all().await {
        let app = TestApp::start(&database, Setup::model(model.base_url())).await;
        let ann = app.sign_up("ann").await;
        let whole = turn_events(stream(&ann, &json!({ "message": "one" })).send().await.unwrap()).await;
        let conversation = whole[0].data["conversation_id"].as_i64().unwrap();
        let follow = |after: Option<&str>| {
            let request = ann.request(Method::GET, &format!("/conversations/{conversation}/events"));
            after.map_or(request.try_clone().unwrap(), |after| request.header("Last-Event-ID", after)).send()
        };
        assert_eq!(turn_events(follow(None).await.unwrap()).await, whole);

        let middle = whole.len() / 2;
        let response = follow(Some(&whole[middle].id)).await.unwrap();
        let next = stream(&ann, &json!({ "message": "two", "conversation_id": conversation })).send().await.unwrap();
        let next = turn_events(next).await;
        let last = next.last().unwrap().id.clone();
        let followed = events_until(response, |event| event.id == last).await;
        assert_eq!(followed, [&whole[middle + 1..], &next[..]].concat());

        // An id of nothing: what there is, once, and then what follows.
        let strange = Events::of(follow(Some("99999999-1")).await.unwrap());
        let third = stream(&ann, &json!({ "message": "three", "conversation_id": conversation }));
        let ((), told) = tokio::join!(
            async { drop(turn_events(third.send().await.unwrap()).await) },
            tokio::time::timeout(Duration::from_secs(20), async {
                let (mut strange, mut told) = (strange, Vec::new());
                while !told.last().is_some_and(|event: &Event| event.data["response"] == "You said: three") {
                    told.push(strange.next().await.unwrap().expect("the stream goes on"));
                }
                told
            })
        );
        let told: Vec<String> = told.expect("in time").into_iter().map(|event| event.id).collect();
        let once = |id: &String| told.iter().filter(|other| *other == id).count() == 1;
        assert!(told.iter().all(once), "{told:?}");

        let wrong = Answer::read(follow(Some("garbage")).await.unwrap()).await;
        wrong.assert_problem(422, "invalid");
    }
}

/// TURN-10: what was said and done is there after a restart.
#[tokio::test]
async fn a_conversation_survives_a_restart() {
    for database in TestDatabase::all().await {
        let app = TestApp::offline(&database).await;
        let ann = app.sign_up("ann").await;
        let conversation = ann.chat("Add a task to buy groceries").await.body["conversation_id"].as_i64().unwrap();
        let (before, tasks) = (ann.messages(conversation).await, ann.tasks().await);
        let session = ann.session.clone();
        app.stop().await;

        let app = TestApp::offline(&database).await;
        let ann = Person::returning(&app, session).await;
        assert_eq!(ann.messages(conversation).await, before);
        assert_eq!(ann.tasks().await, tasks);
        let answer = ann.chat_in(conversation, "What's pending?").await;
        assert_eq!(answer.body["tool_calls"][0]["result"]["tasks"][0]["title"], "Buy groceries");
    }
}

/// TURN-11: sixty-four at once, and no connection held while the model thinks.
#[tokio::test(flavor = "multi_thread")]
async fn no_connection_is_held_while_the_model_thinks() {
    for database in TestDatabase::all().await {
        let gate = Gate::new();
        let held = gate.clone();
        let model = FakeModel::answering(move |_| Reply::text("Thought about it.").held_by(&held)).await;
        let app = TestApp::start(&database, Setup::model(model.base_url())).await;
        let people = {
            let mut people = Vec::new();
            for number in 0..64 {
                people.push(app.sign_up(&format!("person{number}")).await);
            }
            people
        };
        let chats = join_all(people.iter().map(|person| person.chat("think")));
        let looks = async {
            // All 64 requests are with the model, none is answered yet.
            eventually(async || (model.requests().len() == 64).then_some(())).await;
            // A turn's lease is renewed each second, which takes a connection for a moment.
            eventually(async || {
                let metrics = app.get("/metrics").await.text;
                let line = metrics.lines().find(|line| line.starts_with("saydo_database_connections_in_use")).unwrap();
                (line.rsplit(' ').next() == Some("0")).then_some(())
            })
            .await;
            gate.open();
        };
        let (answers, ()) = futures::join!(chats, looks);
        for answer in answers {
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
    }
}

/// TURN-13: a stopping server ends what runs and takes nothing new.
#[tokio::test]
async fn a_stopping_server_ends_its_turns() {
    let gate = Gate::new();
    let held = gate.clone();
    let model = FakeModel::answering(move |_| Reply::text("Just in time.").held_by(&held)).await;
    let database = TestDatabase::sqlite();
    let app = TestApp::start(&database, Setup::model(model.base_url())).await;
    let ann = app.sign_up("ann").await;
    let running = tokio::spawn(ann.chat_request(&json!({ "message": "hurry" })).send());
    let conversation = ann.first_conversation().await;
    let followed = ann.request(Method::GET, &format!("/conversations/{conversation}/events")).send().await.unwrap();
    let following = tokio::spawn(events_until(followed, |_| false));
    // A request that is already being sent when the server begins to stop: its body comes later.
    let (body, rest) = tokio::sync::oneshot::channel::<()>();
    let late = futures::stream::once(async move {
        let _ = rest.await;
        Ok::<_, std::io::Error>("{\"message\":\"too late\"}")
    });
    let bob = app.sign_up("bob").await;
    let late = bob
        .request(Method::POST, "/chat")
        .header(header::CONTENT_TYPE, "application/json")
        .body(reqwest::Body::wrap_stream(late));
    let late = tokio::spawn(late.send());
    eventually(async || (app.get("/readyz").await.status == 200).then_some(())).await;

    app.begin_stop();
    eventually(async || app.client.get(format!("{}/healthz", app.origin)).send().await.is_err().then_some(())).await;
    body.send(()).unwrap();
    Answer::read(late.await.unwrap().unwrap()).await.assert_problem(503, "unavailable");
    gate.open();
    let answer = Answer::read(running.await.unwrap().unwrap()).await;
    assert_eq!((answer.status, answer.body["response"].as_str()), (200, Some("Just in time.")));
    assert_eq!(following.await.unwrap().last().unwrap().name, "turn.completed", "the stream ends with the server");
    app.stop().await;
}

/// TURN-14: the model sees what was said and done before.
#[tokio::test]
async fn a_later_turn_knows_the_earlier_ones() {
    let model = FakeModel::scripted([
        Reply::call("add_task", json!({ "title": "Pay rent" })),
        Reply::text("Added **Pay rent**."),
        Reply::text("You asked me to add it."),
    ])
    .await;
    let database = TestDatabase::sqlite();
    let app = TestApp::start(&database, Setup::model(model.base_url())).await;
    let ann = app.sign_up("ann").await;
    let conversation = ann.chat("pay rent").await.body["conversation_id"].as_i64().unwrap();
    ann.chat_in(conversation, "what did I ask?").await;
    let last = model.bodies().pop().unwrap();
    let roles: Vec<&str> =
        last["messages"].as_array().unwrap().iter().map(|message| message["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["system", "user", "assistant", "tool", "assistant", "user"]);
    assert_eq!(last["messages"][2]["tool_calls"][0]["function"]["name"], "add_task");
    assert!(last["messages"][3]["content"].as_str().unwrap().contains("Pay rent"));
    model.assert_sound();
}
