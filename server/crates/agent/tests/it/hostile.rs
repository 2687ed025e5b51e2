//! A model's server that means harm: each turn ends in a clear state, within its bounds, and memory stays flat.

use std::{error::Error, time::Duration};

use saydo_agent::{AgentConfig, AgentError, ModelError, Waiting};
use saydo_test_support::fake_model::{Ending, FakeModel, Flood, Reply};
use serde_json::json;

use crate::{
    rig::{Ran, config, run, user},
    tools::TestTools,
};

const FLOODS: [Flood; 6] = [Flood::Text, Flood::Arguments, Flood::Calls, Flood::Line, Flood::Comments, Flood::Nothing];

/// A turn against a flood, with the default limits and a short time.
async fn flooded(flood: Flood) -> Ran {
    let begun = match flood {
        Flood::Arguments | Flood::Calls => {
            Reply::call("add_task", json!({ "title": "Milk" })).ending_after(3, Ending::Flood(flood))
        }
        _ => Reply::text("Hello").ending_after(3, Ending::Flood(flood)),
    };
    let model = FakeModel::scripted([begun.in_pieces_of(65_536)]).await;
    let mut config: AgentConfig = config(&model);
    if flood == Flood::Nothing {
        config.timeouts.total = Duration::from_millis(200);
    }
    let tools = TestTools::default();
    let ran = run(config, &tools, vec![user("hi")]).await;
    assert_eq!(tools.log(), [], "{flood:?}");
    assert_eq!(model.requests().len(), 1, "{flood:?}");
    tokio::time::timeout(Duration::from_secs(10), model.cut_off(1)).await.expect("the connection is closed");
    ran
}

/// AGENT-34: a flood of anything ends the turn as failed, and the connection with it.
#[tokio::test]
async fn a_flood_ends_the_turn() {
    for flood in FLOODS {
        let ran = flooded(flood).await;
        let fault = ran.error().source().and_then(|source| source.downcast_ref::<ModelError>()).unwrap();
        let expected = match flood {
            Flood::Nothing => matches!(fault, ModelError::Timeout(Waiting::End)),
            _ => matches!(fault, ModelError::TooLarge(_)),
        };
        assert!(expected, "{flood:?}: {:?}", ran.error());
        assert!(!ran.shape().contains(&"answer"), "{flood:?}");
    }
}

/// AGENT-35: two hundred calls in one message are a clear refusal beyond the limit; what runs is bounded.
#[tokio::test]
async fn a_batch_of_two_hundred_is_bounded() {
    let many = |tool: &'static str| {
        let call = move |n: i64| if tool == "add_task" { json!({ "title": format!("Task {n}") }) } else { json!({}) };
        (2..=200).fold(Reply::call(tool, call(1)), |reply, n| reply.and_call(tool, call(n)))
    };
    for (tool, ran_calls) in [("add_task", 64), ("list_tasks", 64), ("drop_table", 0)] {
        let model = FakeModel::scripted([many(tool), Reply::text("Enough.")]).await;
        let tools = TestTools::default();
        let ran = run(config(&model), &tools, vec![user("go")]).await;
        assert_eq!(ran.answer(), "Enough.", "{tool}");
        assert_eq!(tools.log().len(), ran_calls, "{tool}");
        let results = ran.results();
        assert_eq!(results.len(), 65, "{tool}");
        assert!(results.last().is_some_and(|(_, _, is_error)| *is_error), "{tool}");
        model.assert_sound();
    }
}

/// AGENT-35: a model that goes on forever, with broken calls too, is stopped after so many requests.
#[tokio::test]
async fn a_loop_is_bounded() {
    let broken = || Reply::text("").and_raw_call("add_task", "{\"title\": ");
    for reply in [broken(), Reply::call("nothing", json!({})), Reply::call("list_tasks", json!({}))] {
        let model = FakeModel::answering(move |_| reply.clone()).await;
        let config = config(&model);
        let limit = config.limits.model_calls;
        let ran = run(config, &TestTools::default(), vec![user("go")]).await;
        assert!(matches!(ran.error(), AgentError::TooManySteps(n) if *n == limit), "{:?}", ran.error());
        assert_eq!(model.requests().len(), limit);
        model.assert_sound();
    }
}

/// Resident memory of this process, in KiB: now and at its most.
#[cfg(target_os = "linux")]
fn memory() -> (i64, i64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim_start_matches(':').trim().trim_end_matches(" kB").parse::<i64>().unwrap()
    };
    (field("VmRSS"), field("VmHWM"))
}

/// AGENT-36: floods leave nothing behind and are held in memory by no more than their bounds. Measured in a process of
/// its own, where no other test allocates.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn memory_stays_flat() {
    /// Whoever asks for just this test, as the first process does, gets it measured.
    const ALONE: &str = "hostile::memory_stays_flat";
    if !std::env::args().any(|argument| argument == ALONE) {
        let mut again = std::process::Command::new(std::env::current_exe().unwrap());
        again.args(["--exact", ALONE, "--nocapture"]);
        let output = again.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        return;
    }
    let round = async || {
        for flood in FLOODS {
            flooded(flood).await;
        }
    };
    for _ in 0..2 {
        round().await;
    }
    let before = memory();
    for _ in 0..10 {
        round().await;
    }
    let after = memory();
    let (left, most) = (after.0 - before.0, after.1 - before.1);
    assert!(left < 8 * 1024, "{left} KiB are left behind by 60 floods");
    assert!(most < 16 * 1024, "{most} KiB were held at once");
}
