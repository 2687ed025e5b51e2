//! The interpreter's labelled phrases, each as a turn of the offline model.

use std::fs;

use saydo_contract::MessageOutcome;
use saydo_phrases::{Call, Case, Outcome, Score, Turn, read};

use crate::{
    offline::Talk,
    rig::{Ran, now},
    tools::{Logged, TestTools},
};

/// AGENT-19, AGENT-20, AGENT-21, AGENT-22: 97 % of the labelled phrases end in exactly their calls or their outcome, the
/// eight first ones without exception; no date is set and no task changed that was not meant.
#[tokio::test]
async fn labelled_phrases_make_their_calls() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../interpreter/tests/phrases.jsonl");
    let cases = read(&fs::read_to_string(file).unwrap()).unwrap();
    assert!(cases.len() >= 70);
    let (mut first, mut all) = (Score::default(), Score::default());
    for (at, case) in cases.iter().enumerate() {
        let verdict = case.expect.judge(&said(case).await, &[now()]);
        all.count(case, &verdict);
        if at < 8 {
            first.count(case, &verdict);
        }
    }
    assert!(first.passes(100.0), "{first}");
    assert!(all.passes(97.0), "{all}");
}

/// What the last message of a case does.
async fn said(case: &Case) -> Turn {
    let tools = TestTools::default();
    for given in &case.given {
        let due = given.due(now().date_naive()).map(|day| day.to_string());
        tools.given(given.title(), due.as_deref(), given.done());
    }
    let mut talk = Talk::new(tools);
    let messages = case.messages();
    let (last, before) = messages.split_last().unwrap();
    for words in before {
        talk.say(words).await;
    }
    let known = talk.tools.log().len();
    let ran = talk.say(last).await;
    let calls = talk.tools.log().split_off(known).into_iter().map(call).collect();
    Turn { calls, outcome: outcome(&ran) }
}

fn call(logged: Logged) -> Call {
    Call { tool: logged.tool, arguments: logged.arguments.as_object().unwrap().clone() }
}

fn outcome(ran: &Ran) -> Option<Outcome> {
    ran.outcome().map(|outcome| match outcome {
        MessageOutcome::Ask => Outcome::Ask,
        MessageOutcome::Choice => Outcome::Choice,
        MessageOutcome::Confirm => Outcome::Confirm,
        MessageOutcome::Help => Outcome::Help,
        MessageOutcome::Talk => Outcome::Talk,
    })
}
