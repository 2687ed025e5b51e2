#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use futures::FutureExt;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

async fn ask(model: &FakeModel) -> TcpStream {
    post(model, &json!({ "model": "fake", "messages": [{ "role": "user", "content": "hi" }] })).await
}

async fn post(model: &FakeModel, body: &Value) -> TcpStream {
    let mut stream = TcpStream::connect(model.address).await.unwrap();
    let body = body.to_string();
    let head =
        "POST /v1/chat/completions HTTP/1.1\r\nhost: fake\r\nconnection: close\r\ncontent-type: application/json";
    let request = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

async fn read(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut text)).await.expect("the reply does not end").unwrap();
    text
}

#[tokio::test]
async fn a_held_reply_waits_for_its_gate() {
    let gate = Gate::new();
    let model = FakeModel::scripted([Reply::text("held").held_by(&gate), Reply::text("free")]).await;
    let mut held = ask(&model).await;
    timeout(PATIENCE, model.requested(1)).await.expect("no request arrives");
    assert!(read(&mut ask(&model).await).await.contains("free"), "another reply is not held");
    // Asked earlier and not answered yet: no byte of the head is there.
    assert!(held.read_u8().now_or_never().is_none());
    gate.open();
    let text = read(&mut held).await;
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("held"), "{text}");
}

#[tokio::test]
async fn an_open_gate_holds_nothing() {
    let gate = Gate::new();
    gate.clone().open();
    let model = FakeModel::answering(move |_| Reply::status(503).held_by(&gate)).await;
    for _ in 0..2 {
        assert!(read(&mut ask(&model).await).await.starts_with("HTTP/1.1 503"));
    }
}

#[tokio::test]
async fn a_client_may_leave_a_held_reply() {
    let model = FakeModel::scripted([Reply::text("held").held_by(&Gate::new())]).await;
    let held = ask(&model).await;
    timeout(PATIENCE, model.requested(1)).await.expect("no request arrives");
    drop(held);
    timeout(PATIENCE, model.cut_off(1)).await.expect("nobody notices");
}

/// AGENT-98: what a strict server would refuse gets 400, and is a violation.
#[tokio::test]
async fn a_wrong_request_is_refused() {
    let model = FakeModel::scripted([Reply::text("Hello."), Reply::text("Hello.")]).await;
    let words = [json!({ "role": "user", "content": "" }), json!({ "role": "user", "content": "hi" })];
    let answers = [
        read(&mut post(&model, &json!({ "model": "fake", "messages": words[..1] })).await).await,
        read(&mut post(&model, &json!({ "model": "fake", "messages": words[1..] })).await).await,
    ];
    assert!(answers[0].starts_with("HTTP/1.1 400") && answers[0].contains("the content is"), "{}", answers[0]);
    assert!(answers[1].starts_with("HTTP/1.1 200"), "{}", answers[1]);
    assert_eq!(model.violations().len(), 1);
}

/// AGENT-98: a test that does not look at the violations fails by them.
#[tokio::test]
#[should_panic(expected = "requests to the model were wrong")]
async fn a_wrong_request_fails_its_test() {
    let model = FakeModel::scripted([Reply::text("Hello.")]).await;
    read(&mut post(&model, &json!({ "model": "fake", "messages": [] })).await).await;
}
