//! The offline model in whole conversations.

use saydo_agent::{Agent, AgentConfig, HistoryItem, ModelConfig, Step};
use saydo_test_support::fake_model::{FakeModel, Reply};
use serde_json::{Value, json};

use crate::{
    rig::{Ran, config, run_with, user},
    tools::{Mood, TestTools},
};

/// A conversation with the offline model.
pub(crate) struct Talk {
    pub(crate) agent: Agent,
    pub(crate) tools: TestTools,
    pub(crate) history: Vec<HistoryItem>,
    /// The next turn's id.
    pub(crate) turn: i64,
}

impl Talk {
    pub(crate) fn new(tools: TestTools) -> Self {
        let agent = Agent::new(AgentConfig::new(ModelConfig::Offline)).unwrap();
        Self::with(agent, tools)
    }

    pub(crate) fn with(agent: Agent, tools: TestTools) -> Self {
        Self { agent, tools, history: Vec::new(), turn: 7 }
    }

    pub(crate) fn given(titles: &[&str]) -> Self {
        let tools = TestTools::default();
        titles.iter().for_each(|title| tools.given(title, None, false));
        Self::new(tools)
    }

    pub(crate) async fn say(&mut self, words: &str) -> Ran {
        self.history.push(HistoryItem::User { turn: self.turn.try_into().unwrap(), text: words.to_owned() });
        let ran = run_with(&self.agent, &self.tools, self.history.clone()).await;
        self.history.extend(ran.recorded());
        ran
    }

    /// What is said, and the calls that change something.
    pub(crate) async fn turn(&mut self, words: &str) -> (String, Vec<(String, Value)>) {
        let before = self.tools.log().len();
        let ran = self.say(words).await;
        let calls = self.tools.log().split_off(before).into_iter().filter(|call| call.tool != "list_tasks");
        (ran.answer().to_owned(), calls.map(|call| (call.tool, call.arguments)).collect())
    }
}

pub(crate) fn call(tool: &str, arguments: Value) -> Vec<(String, Value)> {
    vec![(tool.to_owned(), arguments)]
}

/// AGENT-19: the answer says what was done, with the absolute date, and is streamed as one piece of text.
#[tokio::test]
async fn what_was_done_is_confirmed() {
    let mut talk = Talk::given(&["Buy groceries", "Call mom"]);
    let ran = talk.say("remind me to call the dentist tomorrow at 5pm").await;
    assert_eq!(ran.answer(), "Added #3 Call the dentist, due Sun, 22 Nov 2026, 17:00.");
    assert_eq!(ran.shape(), ["answer", "started", "finished", "delta", "answer", "done"]);
    assert_eq!(
        talk.tools.log()[0].arguments,
        json!({ "title": "Call the dentist", "due": "2026-11-22T17:00:00+01:00" })
    );

    assert_eq!(talk.turn("Mark task 2 as complete").await.0, "Completed #2 Call mom.");
    assert_eq!(
        talk.turn("What's pending?").await.0,
        "You have 2 open tasks:\n\n- #3 Call the dentist, due Sun, 22 Nov 2026, 17:00\n- #1 Buy groceries"
    );
    assert_eq!(talk.turn("What have I completed?").await.0, "You have 1 completed task:\n\n- #2 Call mom (done)");
}

/// AGENT-20: several fitting tasks give a numbered choice and change nothing; a number picks one, once.
#[tokio::test]
async fn a_choice_is_asked_and_answered() {
    let titles = ["Write report", "Send report", "Buy milk"];
    let mut talk = Talk::given(&titles);
    let (asked, calls) = talk.turn("delete the report").await;
    assert_eq!(
        asked,
        "Which one do you mean? Nothing was changed yet.\n\n1. Write report (task 1)\n2. Send report (task 2)\n\n\
         Say the number of the option: 1 or 2."
    );
    assert_eq!(calls, []);
    let (said, calls) = talk.turn("2").await;
    assert_eq!(calls, call("delete_task", json!({ "task_id": 2 })));
    assert!(said.starts_with("Deleted #2 Send report."), "{said}");
    // The choice is gone with its answer.
    assert_eq!(talk.turn("1").await.1, []);
    assert_eq!(talk.tools.tasks().len(), 2);

    for (answer, calls) in [
        ("the second one", call("delete_task", json!({ "task_id": 2 }))),
        ("write report", call("delete_task", json!({ "task_id": 1 }))),
        ("5", vec![]),
        ("never mind", vec![]),
        ("what's the weather like?", vec![]),
    ] {
        let mut talk = Talk::given(&titles);
        talk.turn("delete the report").await;
        assert_eq!(talk.turn(answer).await.1, calls, "{answer}");
    }
}

/// AGENT-20: what fits only roughly is asked too, and "yes" is an answer to it.
#[tokio::test]
async fn one_rough_fit_is_asked() {
    for (answer, count) in [("yes", 1), ("1", 1), ("no", 0), ("yes, but tomorrow", 0)] {
        let mut talk = Talk::given(&["Cancel the gym", "Buy milk"]);
        let (asked, calls) = talk.turn("cancel the gym").await;
        assert_eq!(asked, "Do you mean this one? Nothing was changed yet.\n\n1. Cancel the gym (task 1)");
        assert_eq!(calls, []);
        assert_eq!(talk.turn(answer).await.1.len(), count, "{answer}");
    }
}

/// AGENT-20: words that clearly mean one task need no question.
#[tokio::test]
async fn the_one_that_is_meant_is_not_asked() {
    for words in ["get rid of the groceries one", "get rid of groceries", "delete the groceries one"] {
        for title in ["Buy groceries", "Get groceries"] {
            let mut talk = Talk::given(&[title, "Call mom"]);
            let (said, calls) = talk.turn(words).await;
            assert_eq!(calls, call("delete_task", json!({ "task_id": 1 })), "{words}: {said}");
        }
    }
}

/// AGENT-20: a number that may be an option or another task is asked again, and the choice stays.
#[tokio::test]
async fn no_task_that_was_not_offered_is_changed() {
    let titles = ["Pay rent", "Call mom", "Pay tax", "Buy bread", "Buy milk", "Buy milk"];
    for (answer, tasks) in [
        ("delete 1", vec![]),
        ("delete task 2", vec![]),
        ("#2", vec![]),
        ("1", vec![5]),
        ("the second", vec![6]),
        ("both", vec![5, 6]),
        ("task 6", vec![6]),
        ("delete task 6", vec![6]),
        ("delete 3", vec![3]),
    ] {
        let mut talk = Talk::given(&titles);
        let (asked, _) = talk.turn("delete buy milk").await;
        let (said, calls) = talk.turn(answer).await;
        let deleted: Vec<Value> = calls.iter().map(|(_, arguments)| arguments["task_id"].clone()).collect();
        assert_eq!(json!(deleted), json!(tasks), "{answer}: {said}");
        if tasks.is_empty() {
            assert_eq!(said, asked, "{answer}");
            assert_eq!(talk.turn("2").await.1, call("delete_task", json!({ "task_id": 6 })));
        }
    }
}

/// AGENT-20: options with the same title are told apart by their dates.
#[tokio::test]
async fn equal_options_show_their_dates() {
    let tools = TestTools::default();
    tools.given("Buy milk", Some("2026-11-24"), false);
    tools.given("Buy milk", Some("2026-11-25"), false);
    let mut talk = Talk::new(tools);
    let (asked, _) = talk.turn("delete buy milk").await;
    assert!(asked.contains("1. Buy milk (task 1, due Tue, 24 Nov 2026)"), "{asked}");
    assert_eq!(talk.turn("the one on Wednesday").await.1, call("delete_task", json!({ "task_id": 2 })));
}

/// AGENT-20: a number with a word of a title is that title before it is a task's number.
#[tokio::test]
async fn a_title_with_a_number_is_not_a_number() {
    let titles = ["Buy milk", "Call mom", "Pay rent", "Chore 1", "Task 2"];
    for (words, tasks) in [
        ("delete chore 1", vec![4]),
        ("delete task 1", vec![1]),
        ("delete #1", vec![1]),
        ("delete 1", vec![1]),
        ("delete task 2", vec![]),
        ("delete chores 1 and 2", vec![]),
    ] {
        let mut talk = Talk::given(&titles);
        let (said, calls) = talk.turn(words).await;
        let deleted: Vec<Value> = calls.iter().map(|(_, arguments)| arguments["task_id"].clone()).collect();
        assert_eq!(json!(deleted), json!(tasks), "{words}: {said}");
    }
}

/// AGENT-20: open tasks come before done ones; one that is done is called so; in doubt it is asked.
#[tokio::test]
async fn done_tasks_come_last() {
    let tools = TestTools::default();
    tools.given("Buy milk", None, true);
    tools.given("Buy milk for Anna", None, false);
    tools.given("Pay rent", None, true);
    let mut talk = Talk::new(tools);
    assert_eq!(talk.turn("delete buy milk").await.1, []);
    assert_eq!(talk.turn("delete the rent").await.0, "Deleted #3 Pay rent (done). Say “undo” to bring it back.");
}

/// AGENT-20: a place counts in the list that was just shown; without one it is asked.
#[tokio::test]
async fn places_count_in_what_is_shown() {
    let mut talk = Talk::given(&["Buy milk", "Call mom", "Pay rent"]);
    talk.turn("delete task 1").await;
    let (said, calls) = talk.turn("delete the first task").await;
    assert!(calls.is_empty() && said.starts_with("Do you mean this one?"), "{said}");
    talk.turn("no").await;
    talk.turn("list my tasks").await;
    assert_eq!(talk.turn("delete the first task").await.1, call("delete_task", json!({ "task_id": 2 })));
}

/// AGENT-20: an answer that is not our question leaves no choice, whoever gave it.
#[tokio::test]
async fn another_question_is_no_choice() {
    let mut talk = Talk::given(&["Write report", "Send report"]);
    talk.turn("delete the report").await;
    let Some(HistoryItem::Assistant { text, .. }) = talk.history.last_mut() else { panic!() };
    *text = "Which one do you mean?\n\n1. Something else (task 2)\n2. Write report (task 1)".to_owned();
    assert_eq!(talk.turn("1").await.1, []);
}

/// AGENT-20: what has nothing to do with the choice is answered as if there were none.
#[tokio::test]
async fn an_unrelated_message_is_not_held_against_a_choice() {
    for words in ["add eggs", "what's left?", "hello", "thanks!"] {
        let expected = Talk::given(&["Write report", "Send report"]).turn(words).await;
        let mut talk = Talk::given(&["Write report", "Send report"]);
        talk.turn("delete the report").await;
        assert_eq!(talk.turn(words).await, expected, "{words}");
    }
    for words in ["report", "7", "yes", "1, no 2", "2 and no 1", "asdkjh qwe", "what's the weather like?"] {
        let mut talk = Talk::given(&["Write report", "Send report"]);
        talk.turn("delete the report").await;
        let (said, calls) = talk.turn(words).await;
        assert!(said.ends_with("Say the number of the option: 1 or 2."), "{words}: {said}");
        assert_eq!(calls, []);
        assert_eq!(talk.turn("1").await.1.len(), 1, "after {words}");
    }
}

/// AGENT-20: a task that was changed after it was offered is named and left as it is.
#[tokio::test]
async fn an_option_that_has_changed_is_left() {
    let mut talk = Talk::given(&["Write report", "Send report"]);
    talk.turn("delete the report").await;
    talk.tools.rename(1, "Call mom");
    let (said, calls) = talk.turn("1").await;
    assert_eq!(said, "#1 Write report has changed since I asked, so nothing was changed.");
    assert_eq!(calls, []);

    let mut talk = Talk::given(&["Write report", "Send report", "Read report"]);
    talk.turn("delete the report").await;
    talk.tools.rename(2, "Call mom");
    assert_eq!(talk.turn("1 and 2").await.1, [], "all that is chosen, or nothing");
    let mut talk = Talk::given(&["Write report", "Send report"]);
    talk.turn("delete the report").await;
    talk.tools.remove(1);
    assert_eq!(talk.turn("1").await.1, []);
}

/// AGENT-32: a choice is told with options whose messages choose them, whichever model the conversation has.
#[tokio::test]
async fn options_are_chosen_by_their_messages() {
    let options = |ran: &Ran| {
        ran.steps.iter().find_map(|step| match step {
            Step::Choice { prompt, options } => Some((prompt.clone(), options.clone())),
            _ => None,
        })
    };
    for (command, message) in [("finish the report", 0), ("finish the report", 1), ("/done report", 1)] {
        let model = FakeModel::scripted([]).await;
        let mut talk = Talk::given(&["Write *report*", "Send report", "Buy milk"]);
        if command.starts_with('/') {
            talk.agent = Agent::new(config(&model)).unwrap();
        }
        let asked = talk.say(command).await;
        let (prompt, options) = options(&asked).unwrap();
        assert_eq!(prompt, asked.answer());
        let labels: Vec<_> = options.iter().map(|option| option.label.as_str()).collect();
        assert_eq!(labels, ["Write *report* (task 1)", "Send report (task 2)"]);
        let (said, calls) = talk.turn(&options[message].message).await;
        assert_eq!(calls, call("complete_task", json!({ "task_id": message + 1 })), "{said}");
        model.assert_sound();
    }
    let mut talk = Talk::given(&["Cancel gym membership", "Buy milk"]);
    let asked = talk.say("cancel the gym").await;
    let (_, options) = options(&asked).unwrap();
    assert_eq!((options.len(), options[0].message.as_str()), (1, "yes"));
    assert_eq!(talk.turn("yes").await.1.len(), 1);
}

/// A conversation over a list that no request to a model could hold.
fn with_a_long_list() -> Talk {
    // Letters of two bytes: five pages are more than a request holds, even with each page cut.
    let plants = "Полить цветы за старой теплицей ".repeat(5);
    let mut titles = vec![plants.trim_end(); 1_000];
    titles[3] = "Write report";
    titles[995] = "Send report";
    Talk::given(&titles)
}

/// AGENT-24: a choice is remembered.
#[tokio::test]
async fn a_choice_from_a_long_list_is_remembered() {
    let mut talk = with_a_long_list();
    let (asked, _) = talk.turn("delete the report").await;
    assert!(asked.starts_with("Which one do you mean?"), "{asked}");
    assert_eq!(talk.turn("2").await.1, call("delete_task", json!({ "task_id": 996 })));
}

/// AGENT-24: a turn comes to its end.
#[tokio::test]
async fn a_turn_over_a_long_list_comes_to_its_end() {
    let mut talk = with_a_long_list();
    let ran = talk.say("complete write report").await;
    assert_eq!(ran.answer(), "Completed #4 Write report.");
    assert_eq!(ran.results().len(), 6, "five pages and the change");
}

/// AGENT-21: unknown words give help and call nothing, not even for the list.
#[tokio::test]
async fn unknown_words_call_nothing() {
    let mut talk = Talk::given(&["Buy groceries"]);
    for words in ["asdkjh qwe", "what's the weather like?", "hello", "thanks!", "yes", "3"] {
        talk.say(words).await.answer();
    }
    assert_eq!(talk.tools.log(), []);
    assert!(talk.turn("asdkjh qwe").await.0.starts_with("I did not understand that, so nothing was changed."));
}

/// AGENT-21: a task that is not there, and a tool that refuses, are said plainly.
#[tokio::test]
async fn failures_are_said() {
    let mut talk = Talk::given(&["Buy groceries"]);
    assert_eq!(talk.turn("delete task 99").await, ("There is no task 99 on your list.".to_owned(), vec![]));
    let (said, calls) = talk.turn("complete the spaceship task").await;
    assert!(said.starts_with("I found no task like “spaceship”, so nothing was changed."), "{said}");
    assert_eq!(calls, []);

    let mut talk = Talk::new(TestTools::new(Mood::Refuses));
    assert_eq!(talk.turn("add milk").await.0, "I could not add “Milk”: refused: try later");
    assert!(talk.turn("delete task 1").await.0.starts_with("I could not read your list"));
}

/// AGENT-22: "undo" reverses the last turn's changes; "it" is its task.
#[tokio::test]
async fn undo_and_pronouns() {
    let mut talk = Talk::given(&["Pay rent"]);
    talk.turn("add buy milk").await;
    assert_eq!(talk.turn("mark it as done").await.1, call("complete_task", json!({ "task_id": 2 })));
    assert_eq!(talk.turn("undo that").await.1, call("update_task", json!({ "task_id": 2, "completed": false })));
    assert_eq!(talk.turn("rename it to Buy oat milk").await.1[0].1["title"], "Buy oat milk");
    let (said, calls) = talk.turn("undo").await;
    assert_eq!(calls, call("update_task", json!({ "task_id": 2, "title": "Buy milk" })));
    assert!(said.contains("renamed from “Buy oat milk”"), "{said}");
    talk.turn("delete task 1").await;
    let (said, calls) = talk.turn("undo").await;
    assert_eq!(calls, call("update_task", json!({ "task_id": 1, "deleted": false })));
    assert_eq!(said, "Undone: restored #1 Pay rent.");
    assert_eq!(talk.tools.tasks(), [(1, "Pay rent".into(), false), (2, "Buy milk".into(), false)]);
}

/// AGENT-22: each "undo" goes one change further back and never takes back an undo; "redo" does.
#[tokio::test]
async fn undo_walks_back() {
    let mut talk = Talk::given(&["Pay rent"]);
    talk.turn("add buy milk").await;
    talk.turn("rename task 2 to Buy oat milk").await;
    talk.turn("delete task 1").await;
    for (words, answer, tasks) in [
        ("undo", "Undone: restored #1 Pay rent.", vec!["Pay rent", "Buy oat milk"]),
        ("undo", "Undone: updated #2 Buy milk, renamed from “Buy oat milk”.", vec!["Pay rent", "Buy milk"]),
        ("undo", "Undone: deleted #2 Buy milk.", vec!["Pay rent"]),
        ("undo", "There is nothing to undo in this conversation.", vec!["Pay rent"]),
        ("redo", "Redone: restored #2 Buy milk.", vec!["Pay rent", "Buy milk"]),
        (
            "undo the undo",
            "Redone: updated #2 Buy oat milk, renamed from “Buy milk”.",
            vec!["Pay rent", "Buy oat milk"],
        ),
        ("undo", "Undone: updated #2 Buy milk, renamed from “Buy oat milk”.", vec!["Pay rent", "Buy milk"]),
        ("complete task 1", "Completed #1 Pay rent.", vec!["Pay rent", "Buy milk"]),
        ("redo", "There is no undo in this conversation that could be taken back.", vec!["Pay rent", "Buy milk"]),
        ("undo", "Undone: reopened #1 Pay rent.", vec!["Pay rent", "Buy milk"]),
        ("undo", "Undone: deleted #2 Buy milk.", vec!["Pay rent"]),
    ] {
        assert_eq!(talk.turn(words).await.0, answer, "{words}");
        let titles: Vec<String> = talk.tools.tasks().into_iter().map(|(_, title, _)| title).collect();
        assert_eq!(titles, tasks, "{words}");
    }
    // With another command it would be no step of its own.
    assert_eq!(talk.turn("undo that and add bread").await.1, []);
}

/// AGENT-33: a receipt is taken back by its name, in any order; what it did and changed since is named and left.
#[tokio::test]
async fn receipts_are_taken_back_by_name() {
    let mut talk = Talk::given(&["Pay rent", "Buy milk", "Call mom"]);
    for (turn, words, answer) in [
        (1, "complete tasks 1 and 2", None),
        (2, "rename task 3 to Call dad", None),
        (3, "/undo turn 1 #2", Some("Undone: reopened #2 Buy milk.")),
        (4, "/undo turn 1 #2", Some("I find no such change in this conversation, or it was taken back already.")),
        (5, "/undo turn 3", Some("Redone: completed #2 Buy milk.")),
        (6, "/undo #3", Some("Undone: updated #3 Call mom, renamed from “Call dad”.")),
        (7, "redo", Some("Redone: updated #3 Call dad, renamed from “Call mom”.")),
        (8, "delete task 1", None),
        (9, "/undo turn 1", Some("#1 Pay rent has changed since, so I left it as it is.")),
        (10, "/undo turn 6", Some("I find no such change in this conversation, or it was taken back already.")),
        (11, "undo", Some("Undone: restored #1 Pay rent (done).")),
        (12, "/undo turn 99", Some("I find no such change in this conversation, or it was taken back already.")),
        (13, "/undo turn 1", Some("Undone: reopened #1 Pay rent.")),
        (14, "/undo turn 11", Some("#1 Pay rent has changed since, so I left it as it is.")),
    ] {
        talk.turn = turn;
        let (said, _) = talk.turn(words).await;
        assert_eq!(said, answer.map_or(said.clone(), str::to_owned), "{words}");
    }
    let titles = |done: [bool; 3]| -> Vec<_> {
        ["Pay rent", "Buy milk", "Call dad"]
            .into_iter()
            .zip(done)
            .zip(1..)
            .map(|((t, d), n)| (n, t.to_owned(), d))
            .collect()
    };
    assert_eq!(talk.tools.tasks(), titles([false, true, false]));
}

/// AGENT-33: where only some of a receipt is as it was, the rest is named.
#[tokio::test]
async fn a_receipt_is_taken_back_as_far_as_it_stands() {
    let mut talk = Talk::given(&["Pay rent", "Buy milk"]);
    talk.turn("complete tasks 1 and 2").await;
    talk.tools.rename(2, "Buy oat milk");
    let (said, calls) = talk.turn("/undo turn 7").await;
    assert_eq!(calls, call("update_task", json!({ "task_id": 1, "completed": false })));
    assert_eq!(said, "Undone: reopened #1 Pay rent.\n\n#2 Buy milk has changed since, so I left it as it is.");
}

/// AGENT-22: "undo" is exact whatever the model is, and takes back what that model did.
#[tokio::test]
async fn undo_goes_without_the_model() {
    let model = FakeModel::scripted([Reply::call("delete_task", json!({ "task_id": 1 })), Reply::text("Gone.")]).await;
    let mut talk = Talk::given(&["Pay rent"]);
    talk.agent = Agent::new(config(&model)).unwrap();
    talk.turn("I moved out").await;
    let (said, calls) = talk.turn("undo that").await;
    assert_eq!(calls, call("update_task", json!({ "task_id": 1, "deleted": false })));
    assert_eq!(said, "Undone: restored #1 Pay rent.");
    model.assert_sound();
}

/// AGENT-22: without anything to undo, nothing is called but the list.
#[tokio::test]
async fn nothing_to_undo() {
    let mut talk = Talk::given(&["Pay rent"]);
    talk.turn("list my tasks").await;
    assert_eq!(talk.turn("undo").await, ("There is nothing to undo in this conversation.".to_owned(), vec![]));
}

/// AGENT-23: slash commands make no request to a model, and leave the rest to it.
#[tokio::test]
async fn slash_commands_need_no_model() {
    let model = FakeModel::scripted([Reply::text("Hello.")]).await;
    let tools = TestTools::default();
    let agent = Agent::new(config(&model)).unwrap();
    let ran = run_with(&agent, &tools, vec![user("/add Buy stamps")]).await;
    assert_eq!(ran.answer(), "Added #1 Buy stamps.");
    assert_eq!(model.requests().len(), 0);
    run_with(&agent, &tools, vec![user("add buy stamps")]).await;
    assert_eq!(model.requests().len(), 1);
}

/// AGENT-16: a turn that was interrupted anywhere comes to the same end, and repeats nothing.
#[tokio::test]
async fn an_interrupted_turn_goes_on() {
    let mut whole = Talk::given(&["Write report", "Buy milk"]);
    let said = whole.say("complete the milk task").await.answer().to_owned();
    let recorded = whole.history.clone();
    for kept in 1..recorded.len() {
        let mut talk = Talk::new(whole.tools.clone());
        talk.history = recorded[..kept].to_vec();
        let calls = whole.tools.log().len();
        let ran = run_with(&talk.agent, &talk.tools, talk.history.clone()).await;
        let again = if kept == 1 { 2 } else { recorded.len() - kept - 1 };
        assert_eq!(talk.tools.log().len() - calls, again, "after {kept}");
        if kept > 2 {
            assert_eq!(ran.answer(), said);
        }
    }
}
