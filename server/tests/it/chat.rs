//! The chat endpoint: JSON, the event stream, time zone and locale.

use reqwest::{Method, header};
use saydo_test_support::{
    databases::TestDatabase,
    fake_model::{FakeModel, Reply, said},
};
use serde_json::{Value, json};

use crate::app::{Answer, Person, Setup, TestApp, streamed_text, turn_events};

/// CONTRACT-01: the locked request and response, and going on in a conversation.
#[tokio::test]
async fn a_message_is_answered_with_what_was_done() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;

    let answer = ann.chat("Add a task to buy groceries").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let calls = answer.body["tool_calls"].as_array().unwrap();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0]["tool"], "add_task");
    assert_eq!(calls[0]["arguments"]["title"], "Buy groceries");
    assert_eq!(calls[0]["result"]["task_id"], 1);
    assert_eq!(calls[0]["result"]["status"], "created");
    assert_eq!(calls[0].get("is_error"), None);
    assert!(answer.body["response"].as_str().unwrap().contains("Buy groceries"));

    let conversation = answer.body["conversation_id"].as_i64().unwrap();
    let answer = ann.chat_in(conversation, "What's pending?").await;
    assert_eq!(answer.body["conversation_id"], conversation);
    assert_eq!(answer.body["tool_calls"][0]["tool"], "list_tasks");
    assert_eq!(answer.body["tool_calls"][0]["result"]["tasks"][0]["title"], "Buy groceries");
}

/// CONTRACT-02: the same endpoint streams the turn.
#[tokio::test]
async fn a_turn_streams_its_events() {
    let model = FakeModel::scripted([
        Reply::call("add_task", json!({ "title": "Call mom" })),
        Reply::text("Added **Call mom** to your list."),
    ])
    .await;
    let database = TestDatabase::sqlite();
    let app = TestApp::start(&database, Setup::model(model.base_url())).await;
    let ann = app.sign_up("ann").await;

    let request = ann.chat_request(&json!({ "message": "call mom" })).header(header::ACCEPT, "text/event-stream");
    let events = turn_events(request.send().await.unwrap()).await;

    let names: Vec<&str> =
        events.iter().map(|event| event.name.as_str()).filter(|name| *name != "message.delta").collect();
    assert_eq!(names, ["turn.started", "tool.started", "tool.finished", "message.completed", "turn.completed"]);
    assert_eq!(streamed_text(&events), "Added **Call mom** to your list.");
    let turn = events[0].data["turn_id"].as_i64().unwrap();
    for (place, event) in events.iter().enumerate() {
        assert_eq!(event.id, format!("{turn}-{}", place + 1));
    }
    let finished = &events.iter().find(|event| event.name == "tool.finished").unwrap().data;
    assert_eq!(finished["changes"][0]["verb"], "created");
    assert_eq!(finished["changes"][0]["after"]["title"], "Call mom");
    let reply = &events.last().unwrap().data;
    assert_eq!(reply["response"], "Added **Call mom** to your list.");
    assert_eq!(reply["tool_calls"][0]["tool"], "add_task");
    assert_eq!(reply["conversation_id"], events[0].data["conversation_id"]);
    model.assert_sound();

    let weights = "text/event-stream;q=0, application/json";
    let request = ann.chat_request(&json!({ "message": "/help" })).header(header::ACCEPT, weights);
    assert_eq!(Answer::of(request).await.body["tool_calls"], json!([]), "JSON where a stream is refused");
}

/// AGENT-80c: a person's client gets how long the model thought, live and later, and nothing of what it thought.
#[tokio::test]
async fn thoughts_stay_on_the_server() {
    let model = FakeModel::scripted([Reply::raw(&[
        r#"{"choices": [{"delta": {"reasoning_content": "A secret.", "extra_content": {"signature": "xyz"}}}]}"#,
        r#"{"choices": [{"delta": {"content": "Hello."}}]}"#,
        r#"{"choices": [{"delta": {}, "finish_reason": "length"}]}"#,
    ])])
    .await;
    let database = TestDatabase::sqlite();
    let app = TestApp::start(&database, Setup::model(model.base_url())).await;
    let ann = app.sign_up("ann").await;

    let request = ann.chat_request(&json!({ "message": "hi" })).header(header::ACCEPT, "text/event-stream");
    let events = turn_events(request.send().await.unwrap()).await;
    let live = &events.iter().find(|event| event.name == "message.completed").unwrap().data["meta"];
    let conversation = events[0].data["conversation_id"].as_i64().unwrap();
    let later = ann.messages(conversation).await.last().unwrap()["meta"].clone();
    assert_eq!(*live, later);
    assert_eq!(later["finish"], "length");
    assert_eq!(later["reasoning"].as_object().unwrap().keys().collect::<Vec<_>>(), ["seconds"]);
    assert!(later["reasoning"]["seconds"].as_u64().is_some_and(|seconds| seconds > 0), "{later}");
}

/// CONTRACT-03: the zone of the request decides what "tomorrow" means.
#[tokio::test]
async fn tomorrow_is_the_persons() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    let add = async |zone: &str| {
        let request = ann.chat_request(&json!({ "message": "add pay rent tomorrow" })).header("Time-Zone", zone);
        let answer = Answer::of(request).await;
        answer.body["tool_calls"][0]["result"]["task"]["due"].as_str().map(str::to_owned)
    };
    // 25 hours lie between the two, so their dates always differ.
    let (east, west) = (add("Pacific/Kiritimati").await.unwrap(), add("Pacific/Pago_Pago").await.unwrap());
    assert!(east > west, "{east} {west}");

    let wrong = ann.chat_request(&json!({ "message": "hi" })).header("Time-Zone", "Mars/Base");
    let answer = Answer::of(wrong).await;
    answer.assert_problem(422, "invalid");
    assert_eq!(answer.body["errors"][0]["pointer"], "Time-Zone");
}

/// CONTRACT-30: the zone that was sent last is the account's, on every client and after a restart.
#[tokio::test]
async fn a_zone_is_kept_with_the_account() {
    for database in TestDatabase::all().await {
        let app = TestApp::offline(&database).await;
        let (ann, bob) = (app.sign_up("ann").await, app.sign_up("bob").await);
        assert_eq!(due_at_noon(&ann, None).await, "2027-07-01T12:00:00Z", "UTC");
        assert_eq!(due_at_noon(&ann, Some("Asia/Kathmandu")).await, "2027-07-01T12:00:00+05:45");
        let refused = ann.chat_request(&json!({ "message": "hi" })).header("Time-Zone", "Mars/Base");
        assert_eq!(Answer::of(refused).await.status, 422);
        assert_eq!(due_at_noon(&bob, None).await, "2027-07-01T12:00:00Z");
        let session = ann.session.clone();
        app.stop().await;

        let app = TestApp::offline(&database).await;
        let ann = Person::returning(&app, session).await;
        assert_eq!(due_at_noon(&ann, None).await, "2027-07-01T12:00:00+05:45");
        assert_eq!(due_at_noon(&ann, Some("Europe/Berlin")).await, "2027-07-01T12:00:00+02:00");
        assert_eq!(due_at_noon(&ann, None).await, "2027-07-01T12:00:00+02:00");
    }
}

/// CONTRACT-72, CONTRACT-73, CONTRACT-74: a zone in any case, an old name, a fixed offset; an empty header is none.
#[tokio::test]
async fn other_spellings_of_a_zone_are_understood() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    for (zone, offset) in [
        ("europe/BERLIN", "+02:00"),
        ("Asia/Calcutta", "+05:30"),
        ("+05:45", "+05:45"),
        ("-03:00", "-03:00"),
        ("+00:00", "Z"),
        ("+05:30", "+05:30"),
        ("", "+05:30"),
    ] {
        assert_eq!(due_at_noon(&ann, Some(zone)).await, format!("2027-07-01T12:00:00{offset}"), "{zone}");
    }
    assert_eq!(ann.get("/export").await.body["time_zone"], "Asia/Kolkata");
    for wrong in ["-03:30", "GMT+2", "Etc/Unknown"] {
        let answer = Answer::of(ann.chat_request(&json!({ "message": "hi" })).header("Time-Zone", wrong)).await;
        answer.assert_problem(422, "invalid");
        assert_eq!(answer.body["errors"][0]["pointer"], "Time-Zone");
    }
}

async fn due_at_noon(person: &Person<'_>, zone: Option<&str>) -> String {
    due(person, "add pay rent on July 1, 2027 at 12:00", zone).await
}

/// When the task is due that this message adds.
async fn due(person: &Person<'_>, message: &str, zone: Option<&str>) -> String {
    let request = person.chat_request(&json!({ "message": message }));
    let request = match zone {
        Some(zone) => request.header("Time-Zone", zone),
        None => request,
    };
    let answer = Answer::of(request).await;
    answer.body["tool_calls"][0]["result"]["task"]["due"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

/// What this message is answered: when the task that it adds is due, and the words.
async fn dated(person: &Person<'_>, message: &str, headers: &[(&'static str, &str)]) -> (String, String) {
    let request = person.chat_request(&json!({ "message": message }));
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let answer = Answer::of(request).await;
    let due = answer.body["tool_calls"][0]["result"]["task"]["due"].as_str();
    let response = answer.body["response"].as_str();
    (
        due.unwrap_or_else(|| panic!("{answer:?}")).to_owned(),
        response.unwrap_or_else(|| panic!("{answer:?}")).to_owned(),
    )
}

/// CONTRACT-40, CONTRACT-42, CONTRACT-43, CONTRACT-43a, CONTRACT-43b: the first tag of `Accept-Language` decides how
/// dates are read and written, and is kept for later requests without one, beside the zone; the settings say it.
#[tokio::test]
async fn the_locale_is_kept_for_the_account() {
    const MESSAGE: &str = "add pay rent on 12/5/2031 at 17:00";
    let december = "2031-12-05T17:00:00+01:00";
    let may = "2031-05-12T17:00:00+02:00";
    let zone = ("Time-Zone", "Europe/Berlin");
    for database in TestDatabase::all().await {
        let app = TestApp::offline(&database).await;
        let (ann, bob) = (app.sign_up("ann").await, app.sign_up("bob").await);
        for (headers, due, said) in [
            // Without a locale the zone decides.
            (&[zone][..], may, "Mon, 12 May 2031, 17:00"),
            (&[("Accept-Language", "en-US,en;q=0.9"), zone], december, "Fri, 5 Dec 2031, 5:00 PM"),
            // What tells no locale changes nothing, nor does a new zone.
            (&[("Accept-Language", "*")], december, "Fri, 5 Dec 2031, 5:00 PM"),
            (&[("Accept-Language", "en_US")], december, "Fri, 5 Dec 2031, 5:00 PM"),
            (&[("Time-Zone", "Europe/Paris")], december, "Fri, 5 Dec 2031, 5:00 PM"),
            (&[("Accept-Language", "de-DE,en-US")], may, "Mon, 12 May 2031, 17:00"),
            (&[("Accept-Language", "ja")], december, "Fri, 5 Dec 2031, 17:00"),
            (&[("Accept-Language", "en-AU-u-hc-h12")], may, "Mon, 12 May 2031, 5:00 PM"),
        ] {
            let (given, response) = dated(&ann, MESSAGE, headers).await;
            assert_eq!(given, due, "{headers:?}");
            assert!(response.contains(said), "{headers:?}: {response}");
        }
        // Nobody else's. UTC is as it was.
        assert_eq!(dated(&bob, MESSAGE, &[]).await.0, "2031-12-05T17:00:00Z");
        let session = ann.session.clone();
        app.stop().await;

        let app = TestApp::offline(&database).await;
        let ann = Person::returning(&app, session).await;
        let kept = json!({ "date_order": "dmy", "hour_cycle": "h12" });
        assert_eq!(ann.get("/settings").await.body["locale"], kept);
        assert_eq!(ann.get("/export").await.body["locale"], kept);
        let settings = app.request(Method::GET, &format!("/api/{}/settings", ann.id)).bearer_auth(&ann.token);
        let settings = Answer::of(settings.header("Accept-Language", "hu")).await;
        assert_eq!(settings.body["locale"], json!({ "date_order": "ymd", "hour_cycle": "h23" }));
        // Reading the settings keeps nothing.
        let (due, response) = dated(&ann, MESSAGE, &[]).await;
        assert_eq!(due, may);
        assert!(response.contains("12 May 2031, 5:00 PM"), "{response}");
    }
}

/// TURN-60: an answer keeps the form in which it was written.
#[tokio::test]
async fn stored_answers_keep_their_form() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    let zone = ("Time-Zone", "Europe/Berlin");
    dated(&ann, "add pay rent on Dec 5, 2031 at 17:00", &[("Accept-Language", "en-US"), zone]).await;
    dated(&ann, "add call mom on Dec 5, 2031 at 17:00", &[("Accept-Language", "en-GB")]).await;
    let conversations = ann.get("/conversations").await;
    let ids: Vec<_> =
        conversations.body["items"].as_array().unwrap().iter().filter_map(|item| item["id"].as_i64()).collect();
    let mut said = Vec::new();
    for id in ids {
        said.extend(ann.messages(id).await.into_iter().filter(|message| message["role"] == "assistant"));
    }
    let said: Vec<_> =
        said.iter().filter_map(|message| message["content"].as_str()).filter(|text| !text.is_empty()).collect();
    assert!(said[0].contains("5 Dec 2031, 17:00") && said[1].contains("5 Dec 2031, 5:00 PM"), "{said:?}");
}

/// CONTRACT-31: nights on which the clocks change, and days that stay.
#[tokio::test]
async fn clock_changes_and_whole_days() {
    for database in TestDatabase::all().await {
        let app = TestApp::offline(&database).await;
        let ann = app.sign_up("ann").await;
        for (message, zone, expected) in [
            ("add call on March 28, 2027 at 02:30", "Europe/Berlin", "2027-03-28T03:30:00+02:00"),
            ("add call on March 14, 2027 at 2:30 am", "America/New_York", "2027-03-14T03:30:00-04:00"),
            ("add call on October 31, 2027 at 02:30", "Europe/Berlin", "2027-10-31T02:30:00+02:00"),
            ("add call on November 7, 2027 at 1:30 am", "America/New_York", "2027-11-07T01:30:00-04:00"),
            ("add call on April 4, 2027 at 01:45", "Australia/Lord_Howe", "2027-04-04T01:45:00+11:00"),
            ("add rest on March 28, 2027", "Europe/Berlin", "2027-03-28"),
        ] {
            assert_eq!(due(&ann, message, Some(zone)).await, expected, "{message}");
        }
        // The day is the same day wherever it is looked at, and is found as that day.
        for zone in ["Pacific/Kiritimati", "Pacific/Pago_Pago"] {
            let request = ann.chat_request(&json!({ "message": "what is due on March 28, 2027?" }));
            let answer = Answer::of(request.header("Time-Zone", zone)).await;
            let tasks = answer.body["tool_calls"][0]["result"]["tasks"].as_array().unwrap().clone();
            let rest: Vec<_> = tasks.iter().filter(|task| task["title"] == "Rest").map(|task| &task["due"]).collect();
            assert_eq!(rest, ["2027-03-28"], "{zone}: {answer:?}");
        }
    }
}

/// The eight example commands: what is on the list before, what is said, and which call it must give.
pub fn eight_commands() -> [(&'static [&'static str], &'static str, &'static str, Value); 8] {
    let three: &[&str] = &["Buy groceries", "Call mom", "Pay rent"];
    [
        (&[], "Add a task to buy groceries", "add_task", json!({ "title": "Buy groceries" })),
        (&[], "I need to remember to pay bills", "add_task", json!({ "title": "Pay bills" })),
        (three, "Show me all my tasks", "list_tasks", json!({ "status": "all" })),
        (three, "What's pending?", "list_tasks", json!({ "status": "pending" })),
        (three, "What have I completed?", "list_tasks", json!({ "status": "completed" })),
        (three, "Mark task 3 as complete", "complete_task", json!({ "task_id": 3 })),
        (&["Prepare slides", "Team meeting"], "Delete the meeting task", "delete_task", json!({ "task_id": 2 })),
        (
            &["Call mom"],
            "Change task 1 to 'Call mom tonight'",
            "update_task",
            json!({ "task_id": 1, "title": "Call mom tonight" }),
        ),
    ]
}

async fn say(ann: &Person<'_>, given: &[&str], message: &str) -> Vec<Value> {
    for title in given {
        ann.tool("add_task", json!({ "title": title })).await;
    }
    let answer = ann.chat(message).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body["tool_calls"].as_array().unwrap().clone()
}

/// TURN-01: with no model at all.
#[tokio::test]
async fn the_eight_commands_work_offline() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    for (number, (given, message, tool, expected)) in eight_commands().into_iter().enumerate() {
        let ann = app.sign_up(&format!("ann{number}")).await;
        let mut calls = say(&ann, given, message).await;
        // A list to find a task by its description is allowed.
        if calls.len() == 2 && calls[0]["tool"] == "list_tasks" {
            calls.remove(0);
        }
        assert_eq!(calls.len(), 1, "{message}: {calls:?}");
        assert_eq!(calls[0]["tool"], tool, "{message}");
        assert_eq!(calls[0]["arguments"], expected, "{message}");
        assert_eq!(calls[0].get("is_error"), None, "{message}");
    }
}

/// TURN-02: with a server that streams arguments in pieces, a byte at a time.
#[tokio::test]
async fn the_eight_commands_work_with_a_model() {
    let model = FakeModel::answering(|request| {
        let messages = request["messages"].as_array().unwrap();
        let last = messages.last().unwrap();
        if last["role"] == "tool" {
            return Reply::text("Done.");
        }
        let (_, _, tool, arguments) =
            eight_commands().into_iter().find(|(_, message, ..)| *message == said(request)).unwrap();
        Reply::call(tool, arguments).in_pieces_of(1)
    })
    .await;
    let database = TestDatabase::sqlite();
    let app = TestApp::start(&database, Setup::model(model.base_url())).await;
    for (number, (given, message, tool, expected)) in eight_commands().into_iter().enumerate() {
        let ann = app.sign_up(&format!("ann{number}")).await;
        let calls = say(&ann, given, message).await;
        assert_eq!(calls.len(), 1, "{message}: {calls:?}");
        assert_eq!((&calls[0]["tool"], &calls[0]["arguments"]), (&json!(tool), &expected), "{message}");
        assert_eq!(calls[0].get("is_error"), None, "{message}: {calls:?}");
    }
    model.assert_sound();
}

/// CONTRACT-19: what every answer carries.
#[tokio::test]
async fn every_answer_is_named_and_hardened() {
    let database = TestDatabase::sqlite();
    let app = TestApp::offline(&database).await;
    let ann = app.sign_up("ann").await;
    for answer in [
        app.get("/healthz").await,
        app.get("/api/nowhere").await,
        ann.get("/settings").await,
        app.get("/api/auth/ok").await,
    ] {
        assert!(answer.header("x-request-id").len() >= 8, "{answer:?}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
    }
    let given = app.request(Method::GET, "/healthz").header("x-request-id", "proxy-id-12345");
    assert_eq!(Answer::of(given).await.header("x-request-id"), "proxy-id-12345");
    let odd = app.request(Method::GET, "/healthz").header("x-request-id", "not an id\"");
    assert_ne!(Answer::of(odd).await.header("x-request-id"), "not an id\"");
}
