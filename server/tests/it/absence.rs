//! A database that is away for a moment.

use saydo_test_support::{
    cluster::Cluster,
    databases::TestDatabase,
    fake_model::{FakeModel, Gate, Reply},
};
use serde_json::json;

use crate::app::{Answer, Person, Setup, TestApp, eventually};

/// Stops the cluster while `meanwhile` runs; at least for as long as two requests wait for it in vain.
async fn away(cluster: &Cluster, ann: &Person<'_>, meanwhile: impl Future<Output = ()>) {
    tokio::task::block_in_place(|| cluster.stop());
    for _ in 0..2 {
        ann.chat("anybody there?").await.assert_problem(503, "unavailable");
    }
    meanwhile.await;
    tokio::task::block_in_place(|| cluster.resume());
}

/// TURN-37: a turn that waits for its model outlives the absence.
#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_turn_goes_on() {
    let Some(cluster) = Cluster::start() else { return };
    let gate = Gate::new();
    let held = gate.clone();
    let model = FakeModel::answering(move |_| Reply::text("Here I am.").held_by(&held)).await;
    let app = TestApp::start(&TestDatabase::of(&cluster), Setup::model(model.base_url())).await;
    let ann = app.sign_up("ann").await;
    let asked = tokio::spawn(ann.chat_request(&json!({ "message": "hello?" })).send());
    model.requested(1).await;
    away(&cluster, &ann, async {}).await;
    gate.open();
    let answer = Answer::read(asked.await.unwrap().unwrap()).await;
    assert_eq!((answer.status, answer.body["response"].as_str()), (200, Some("Here I am.")), "{}", answer.text);
}

/// TURN-37: a turn that could not write its end is over soon after the database is back, not when its lease lapses.
#[tokio::test(flavor = "multi_thread")]
async fn an_end_is_written_late() {
    let Some(cluster) = Cluster::start() else { return };
    let gate = Gate::new();
    let held = gate.clone();
    let model = FakeModel::answering(move |_| Reply::text("Here I am.").held_by(&held)).await;
    let app = TestApp::start(&TestDatabase::of(&cluster), Setup::model(model.base_url())).await;
    let ann = app.sign_up("ann").await;
    let send = || ann.chat_request(&json!({ "message": "hello?" })).header("Idempotency-Key", "k");
    let asked = tokio::spawn(send().send());
    model.requested(1).await;
    away(&cluster, &ann, async {
        gate.open();
        Answer::read(asked.await.unwrap().unwrap()).await.assert_problem(503, "unavailable");
    })
    .await;
    // Sooner than the lease.
    let answer = eventually(async || Some(Answer::of(send()).await).filter(|answer| answer.status == 200)).await;
    assert_eq!(answer.body["response"], "Here I am.");
    let messages = ann.messages(ann.first_conversation().await).await;
    assert_eq!(messages.len(), 2, "{messages:?}");
}
