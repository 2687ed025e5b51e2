//! The offline model in whole conversations.

use chrono::{DateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use saydo_agent::{Agent, AgentConfig, HistoryItem, LocalNow, ModelConfig, TurnInput};
use saydo_contract::{
    ChangeVerb, DateOrder, Locale, MessageMeta, MessageOutcome, ProposedTask, Question, ReceiptNote, UndoKind,
};
use saydo_test_support::fake_model::{FakeModel, Reply};
use serde_json::{Value, json};

use crate::{
    rig::{Ran, assistant, config, input, local_now, run_turn, run_with, user},
    tools::{Mood, TestTools},
};

/// A conversation with the offline model.
pub(crate) struct Talk {
    pub(crate) agent: Agent,
    pub(crate) tools: TestTools,
    pub(crate) history: Vec<HistoryItem>,
    /// The next turn's id.
    pub(crate) turn: i64,
    /// How long the person waits before the next message.
    pub(crate) delay: Option<TimeDelta>,
    /// The moment of the conversation, but for what the person waits, and the locale.
    pub(crate) now: LocalNow,
}

impl Talk {
    pub(crate) fn new(tools: TestTools) -> Self {
        let agent = Agent::new(AgentConfig::new(ModelConfig::Offline)).unwrap();
        Self::with(agent, tools)
    }

    pub(crate) fn with(agent: Agent, tools: TestTools) -> Self {
        Self { agent, tools, history: Vec::new(), turn: 7, delay: None, now: local_now() }
    }

    pub(crate) fn given(titles: &[&str]) -> Self {
        let tools = TestTools::default();
        titles.iter().for_each(|title| tools.given(title, None, false));
        Self::new(tools)
    }

    pub(crate) async fn say(&mut self, words: &str) -> Ran {
        let moment = self.now.moment + self.delay.unwrap_or_default();
        let (turn, said_at) = (self.turn.try_into().unwrap(), moment.to_utc());
        self.history.push(HistoryItem::User { turn, text: words.to_owned(), said_at });
        let turn = TurnInput {
            reply_delay: self.delay,
            said_at,
            now: LocalNow { moment, ..self.now },
            ..input(self.history.clone())
        };
        let ran = run_turn(&self.agent, &self.tools, turn).await;
        self.history.extend(ran.recorded());
        ran
    }

    /// What is said, and the calls that change something.
    pub(crate) async fn turn(&mut self, words: &str) -> (String, Vec<(String, Value)>) {
        let (ran, calls) = self.run(words).await;
        (ran.answer().to_owned(), calls)
    }

    /// The turn, and the calls that change something.
    pub(crate) async fn run(&mut self, words: &str) -> (Ran, Vec<(String, Value)>) {
        let before = self.tools.log().len();
        let ran = self.say(words).await;
        let calls = self.tools.log().split_off(before).into_iter().filter(|call| call.tool != "list_tasks");
        (ran, calls.map(|call| (call.tool, call.arguments)).collect())
    }
}

/// The tasks that a message lists.
fn listed(ran: &Ran) -> Vec<i64> {
    ran.meta().listed.iter().map(|task| task.get()).collect()
}

pub(crate) fn call(tool: &str, arguments: Value) -> Vec<(String, Value)> {
    vec![(tool.to_owned(), arguments)]
}

/// AGENT-19, AGENT-41: what was done is answered by the receipt; a list is answered with its tasks.
#[tokio::test]
async fn what_was_done_is_confirmed() {
    let mut talk = Talk::given(&["Buy groceries", "Call mom"]);
    let ran = talk.say("remind me to call the dentist tomorrow at 5pm").await;
    assert_eq!(ran.shape(), ["answer", "started", "finished", "delta", "answer", "done"]);
    let notes = vec![ReceiptNote::NoReminder { task_id: 3.try_into().unwrap() }];
    assert_eq!(ran.meta(), &MessageMeta { notes, notes_complete: true, ..MessageMeta::default() });
    assert_eq!(
        talk.tools.log()[0].arguments,
        json!({ "title": "Call the dentist", "due": "2026-11-22T17:00:00+01:00" })
    );
    assert_eq!(talk.run("Mark task 2 as complete").await.1, call("complete_task", json!({ "task_id": 2 })));
    assert_eq!(listed(&talk.say("What's pending?").await), [3, 1]);
    assert_eq!(listed(&talk.say("What have I completed?").await), [2]);
    let counted = talk.say("how many tasks do I have?").await;
    assert_eq!(counted.meta(), &MessageMeta::default());
}

/// AGENT-20, AGENT-20a, AGENT-20b, CONTRACT-53: several fitting tasks give a choice and change nothing; a number picks one, once.
#[tokio::test]
async fn a_choice_is_asked_and_answered() {
    let titles = ["Write report", "Send report", "Buy milk"];
    let mut talk = Talk::given(&titles);
    let (asked, calls) = talk.run("delete the report").await;
    assert_eq!((asked.outcome(), listed(&asked)), (Some(MessageOutcome::Choice), vec![1, 2]));
    let offered: Vec<_> = asked.options().unwrap().iter().map(|option| option.task_id.unwrap().get()).collect();
    assert_eq!(offered, [1, 2]);
    assert!(asked.options().unwrap().iter().all(|option| option.verb == Some(ChangeVerb::Deleted)));
    assert_eq!(calls, []);
    let (said, calls) = talk.run("2").await;
    assert_eq!(calls, call("delete_task", json!({ "task_id": 2 })));
    assert!(said.meta().receipts_only);
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
        let (asked, calls) = talk.run("cancel the gym").await;
        assert_eq!((asked.outcome(), listed(&asked)), (Some(MessageOutcome::Choice), vec![1]));
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

/// AGENT-20b: a number that may be an option or another task is asked again, and the choice stays.
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
        let asked = talk.say("delete buy milk").await;
        let (said, calls) = talk.run(answer).await;
        let deleted: Vec<Value> = calls.iter().map(|(_, arguments)| arguments["task_id"].clone()).collect();
        assert_eq!(json!(deleted), json!(tasks), "{answer}: {said:?}");
        if tasks.is_empty() {
            assert_eq!(said.meta(), asked.meta(), "{answer}");
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
    let asked = talk.say("delete buy milk").await;
    let labels: Vec<_> = asked.options().unwrap().iter().map(|option| option.label.as_str()).collect();
    assert_ne!(labels[0].replace('1', "2"), labels[1], "the dates tell them apart");
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
    assert_eq!(talk.turn("delete the rent").await.1, call("delete_task", json!({ "task_id": 3 })));
}

/// AGENT-20: a place counts in the list that was just shown; without one it is asked.
#[tokio::test]
async fn places_count_in_what_is_shown() {
    let mut talk = Talk::given(&["Buy milk", "Call mom", "Pay rent"]);
    talk.turn("delete task 1").await;
    let (asked, calls) = talk.run("delete the first task").await;
    assert_eq!((asked.outcome(), listed(&asked), calls), (Some(MessageOutcome::Choice), vec![2], vec![]));
    talk.turn("no").await;
    talk.turn("list my tasks").await;
    assert_eq!(talk.turn("delete the first task").await.1, call("delete_task", json!({ "task_id": 2 })));
}

/// AGENT-38, AGENT-39, AGENT-39c: a question is what its data says, whatever the words are; without data there is none.
#[tokio::test]
async fn a_question_is_its_data() {
    let asked = async || {
        let mut talk = Talk::given(&["Write report", "Send report"]);
        talk.turn("delete the report").await;
        talk
    };
    let mut talk = asked().await;
    let Some(HistoryItem::Assistant { text, .. }) = talk.history.last_mut() else { panic!() };
    *text = "Said in other words.".to_owned();
    assert_eq!(talk.turn("1").await.1.len(), 1);

    // The same words without data, as versions before stored them.
    let mut talk = asked().await;
    let Some(HistoryItem::Assistant { meta, .. }) = talk.history.last_mut() else { panic!() };
    *meta = MessageMeta::default();
    let (said, calls) = talk.run("1").await;
    assert_eq!((said.outcome(), calls), (Some(MessageOutcome::Talk), vec![]));

    // Other tasks than this message would offer now.
    let mut talk = asked().await;
    let Some(HistoryItem::Assistant { meta, .. }) = talk.history.last_mut() else { panic!() };
    let Some(Question::Choose { options, .. }) = &mut meta.question else { panic!() };
    options.reverse();
    let (said, calls) = talk.run("1").await;
    assert_eq!((said.outcome(), calls), (Some(MessageOutcome::Talk), vec![]));
}

/// AGENT-28b: a choice lapses ten minutes after it was asked, whichever answer comes and whatever the model is. Another
/// command is carried out.
#[tokio::test]
async fn a_choice_lapses() {
    for (answer, minutes, expected) in [
        ("1", 9, call("delete_task", json!({ "task_id": 1 }))),
        ("1", 11, vec![]),
        ("write report", 11, vec![]),
        ("1 and", 11, vec![]),
        ("add buy bread", 11, call("add_task", json!({ "title": "Buy bread" }))),
    ] {
        for kept in [true, false] {
            let mut talk = Talk::given(&["Write report", "Send report"]);
            talk.say("delete the report").await;
            let Some(HistoryItem::Assistant { meta, .. }) = talk.history.last_mut() else { panic!() };
            let Some(Question::Choose { asked, .. }) = &mut meta.question else { panic!() };
            assert!(asked.is_some());
            // Versions before did not keep it.
            *asked = asked.take().filter(|_| kept);
            talk.delay = Some(TimeDelta::minutes(minutes));
            let (said, calls) = talk.run(answer).await;
            assert_eq!(calls, expected, "{answer} after {minutes} minutes, {kept}");
            assert_eq!(said.outcome(), calls.is_empty().then_some(MessageOutcome::Talk), "{answer}, {kept}");
        }
    }
    let model = FakeModel::scripted([]).await;
    let mut talk = Talk::given(&["Write report", "Send report"]);
    talk.say("delete the report").await;
    talk.agent = Agent::new(config(&model)).unwrap();
    talk.delay = Some(TimeDelta::minutes(11));
    assert_eq!(talk.turn("1").await.1, []);
    assert_eq!(talk.tools.tasks().len(), 2);
    model.assert_sound();
}

/// AGENT-28c: an answer to a choice means the dates that the command meant when it was asked.
#[tokio::test]
async fn a_choice_keeps_the_dates_of_its_command() {
    let locale = |date_order| Locale { date_order, ..local_now().locale };
    let late = |minute| chrono_tz::Europe::Berlin.with_ymd_and_hms(2026, 11, 21, 23, minute, 0).unwrap();
    let honolulu = |moment: DateTime<Tz>| moment.with_timezone(&chrono_tz::Pacific::Honolulu);
    let asked = LocalNow { moment: late(55), locale: locale(DateOrder::Mdy) };
    let after_midnight = late(55) + TimeDelta::minutes(9);
    for (command, answered, due) in [
        ("move rent to 12/5", LocalNow { locale: locale(DateOrder::Dmy), ..asked }, "2026-12-05"),
        ("move rent to tomorrow", LocalNow { moment: after_midnight, ..asked }, "2026-11-22"),
        ("move rent to 7pm tomorrow", LocalNow { moment: honolulu(late(56)), ..asked }, "2026-11-22T19:00:00+01:00"),
    ] {
        let mut talk = Talk::given(&["Pay rent", "Raise rent"]);
        talk.now = asked;
        assert_eq!(talk.say(command).await.outcome(), Some(MessageOutcome::Choice), "{command}");
        // It is asked once more, and answered then.
        for (answer, calls) in [("7", vec![]), ("2", call("update_task", json!({ "task_id": 2, "due": due })))] {
            talk.now = answered;
            assert_eq!(talk.turn(answer).await.1, calls, "{command}: {answer}");
        }
    }
}

/// AGENT-20d, AGENT-20e: another command is carried out; words that are not understood ask again.
#[tokio::test]
async fn an_unrelated_message_is_not_held_against_a_choice() {
    for words in ["add eggs", "what's left?", "hello", "thanks!"] {
        let (expected, calls) = Talk::given(&["Write report", "Send report"]).run(words).await;
        let mut talk = Talk::given(&["Write report", "Send report"]);
        talk.turn("delete the report").await;
        let (said, made) = talk.run(words).await;
        assert_eq!((said.meta(), made), (expected.meta(), calls), "{words}");
    }
    for words in ["report", "7", "yes", "1, no 2", "2 and no 1", "asdkjh qwe", "what's the weather like?"] {
        let mut talk = Talk::given(&["Write report", "Send report"]);
        talk.turn("delete the report").await;
        let (said, calls) = talk.run(words).await;
        assert_eq!((listed(&said), calls), (vec![1, 2], vec![]), "{words}");
        assert_eq!(talk.turn("1").await.1.len(), 1, "after {words}");
    }
}

/// AGENT-20c: a task that was changed after it was offered is named and left as it is.
#[tokio::test]
async fn an_option_that_has_changed_is_left() {
    let mut talk = Talk::given(&["Write report", "Send report"]);
    talk.turn("delete the report").await;
    talk.tools.rename(1, "Call mom");
    let (said, calls) = talk.run("1").await;
    assert_eq!((said.outcome(), calls), (Some(MessageOutcome::Talk), vec![]));

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
    for (command, message) in [("finish the report", 0), ("finish the report", 1), ("/done report", 1)] {
        let model = FakeModel::scripted([]).await;
        let mut talk = Talk::given(&["Write *report*", "Send report", "Buy milk"]);
        if command.starts_with('/') {
            talk.agent = Agent::new(config(&model)).unwrap();
        }
        let asked = talk.say(command).await;
        let options = asked.options().unwrap();
        assert!(matches!(&asked.meta().question, Some(Question::Choose { options: kept, .. }) if kept == options));
        let labels: Vec<_> = options.iter().map(|option| option.label.as_str()).collect();
        assert!(labels[0].contains("Write *report*") && labels[1].contains("Send report"), "{labels:?}");
        let (said, calls) = talk.turn(&options[message].message).await;
        assert_eq!(calls, call("complete_task", json!({ "task_id": message + 1 })), "{said}");
        model.assert_sound();
    }
    let mut talk = Talk::given(&["Cancel gym membership", "Buy milk"]);
    let asked = talk.say("cancel the gym").await;
    let options = asked.options().unwrap();
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
    assert_eq!(listed(&talk.say("delete the report").await), [4, 996]);
    assert_eq!(talk.turn("2").await.1, call("delete_task", json!({ "task_id": 996 })));
}

/// AGENT-24: a turn comes to its end.
#[tokio::test]
async fn a_turn_over_a_long_list_comes_to_its_end() {
    let mut talk = with_a_long_list();
    let ran = talk.say("complete write report").await;
    assert!(ran.meta().receipts_only);
    assert_eq!(ran.results().len(), 6, "five pages and the change");
}

/// AGENT-21: unknown words give help and call nothing, not even for the list.
#[tokio::test]
async fn unknown_words_call_nothing() {
    let mut talk = Talk::given(&["Buy groceries"]);
    for (words, outcome) in [
        ("should I delete task 2?", MessageOutcome::Help),
        ("what's the weather like?", MessageOutcome::Help),
        ("hello", MessageOutcome::Talk),
        ("thanks!", MessageOutcome::Talk),
        ("yes", MessageOutcome::Talk),
        ("what can you do?", MessageOutcome::Talk),
        ("/frobnicate 3", MessageOutcome::Help),
    ] {
        assert_eq!(talk.say(words).await.outcome(), Some(outcome), "{words}");
    }
    assert_eq!(talk.tools.log(), []);
}

/// AGENT-42: the examples are shown once in a conversation.
#[tokio::test]
async fn examples_are_shown_once() {
    for (first, second) in [("who won?", "help"), ("/help", "who won?"), ("who won?", "who's next?")] {
        let mut talk = Talk::given(&[]);
        let (with, without) = (talk.say(first).await, talk.say(second).await);
        let outcome =
            |words: &str| Some(if words.ends_with("help") { MessageOutcome::Talk } else { MessageOutcome::Help });
        assert_eq!((with.outcome(), with.meta().examples), (outcome(first), true), "{first}");
        assert_eq!((without.outcome(), without.meta().examples), (outcome(second), false), "{second}");
        assert!(without.answer().len() < with.answer().len());
    }
}

/// AGENT-42a: who asks for the examples by the command gets them again.
#[tokio::test]
async fn the_command_shows_the_examples_again() {
    let mut talk = Talk::given(&[]);
    for _ in 0..2 {
        assert!(talk.say("/help").await.meta().examples);
    }
}

/// AGENT-21: a task that is not there, and a tool that refuses, are said plainly.
#[tokio::test]
async fn failures_are_said() {
    let mut talk = Talk::given(&["Buy groceries"]);
    for words in ["delete task 99", "complete the spaceship task"] {
        let (said, calls) = talk.run(words).await;
        assert_eq!((said.outcome(), calls), (Some(MessageOutcome::Help), vec![]), "{words}");
    }
    let mut talk = Talk::new(TestTools::new(Mood::Refuses));
    assert!(talk.turn("add milk").await.0.contains("refused: try later"));
    assert!(talk.turn("delete task 1").await.0.contains("refused: try later"));
}

fn proposed(items: Value) -> Vec<ProposedTask> {
    serde_json::from_value(items).unwrap()
}

/// AGENT-43, AGENT-43a, AGENT-43b, AGENT-43c, AGENT-43d: an offer to add tasks is answered by yes or no, whichever model
/// there is; other words are another command.
#[tokio::test]
async fn an_offer_to_add_is_answered() {
    let items = proposed(json!([{ "title": "Dentist", "due": "2026-12-03T15:00:00+01:00" }]));
    let question = Some(Question::Add { items });
    let meta = MessageMeta { outcome: Some(MessageOutcome::Ask), question, ..MessageMeta::default() };
    let added = call("add_task", json!({ "title": "Dentist", "due": "2026-12-03T15:00:00+01:00" }));
    for (answer, minutes, expected) in [
        ("yes", 9, added.clone()),
        ("Yes please!", 1, added),
        ("yes", 11, vec![]),
        ("no", 1, vec![]),
        ("delete task 1", 1, call("delete_task", json!({ "task_id": 1 }))),
        ("add buy bread", 1, call("add_task", json!({ "title": "Buy bread" }))),
    ] {
        let model = FakeModel::scripted([]).await;
        let mut agents = vec![Agent::new(AgentConfig::new(ModelConfig::Offline)).unwrap()];
        // Another command is the model's.
        agents.extend(
            (!answer.contains("task") && !answer.contains("bread")).then(|| Agent::new(config(&model)).unwrap()),
        );
        for agent in agents {
            let mut talk = Talk::with(agent, TestTools::default());
            talk.tools.given("Buy milk", None, false);
            talk.history = vec![user("dentist"), assistant("Add it?", vec![])];
            let Some(HistoryItem::Assistant { meta: kept, .. }) = talk.history.last_mut() else { panic!() };
            kept.clone_from(&meta);
            talk.delay = Some(TimeDelta::minutes(minutes));
            assert_eq!(talk.run(answer).await.1, expected, "{answer} after {minutes} minutes");
        }
    }
}

/// AGENT-43e: the offer is sent with its two answers.
#[tokio::test]
async fn an_offer_to_add_has_two_answers() {
    let items = proposed(json!([{ "title": "Dentist" }]));
    let mut offer = assistant("Add it?", vec![]);
    let HistoryItem::Assistant { meta, .. } = &mut offer else { panic!() };
    meta.question = Some(Question::Add { items });
    let mut talk = Talk::given(&[]);
    talk.history = vec![user("dentist"), offer];
    let ran = run_with(&talk.agent, &talk.tools, talk.history.clone()).await;
    assert_eq!(ran.shape(), ["choice", "done"]);
    let messages: Vec<_> = ran.options().unwrap().iter().map(|option| option.message.as_str()).collect();
    assert_eq!(messages, ["yes", "no"]);
}

/// AGENT-22: "undo" reverses the last turn's changes; "it" is its task.
#[tokio::test]
async fn undo_and_pronouns() {
    let mut talk = Talk::given(&["Pay rent"]);
    talk.turn("add buy milk").await;
    assert_eq!(talk.turn("mark it as done").await.1, call("complete_task", json!({ "task_id": 2 })));
    assert_eq!(talk.turn("undo that").await.1, call("update_task", json!({ "task_id": 2, "completed": false })));
    assert_eq!(talk.turn("rename it to Buy oat milk").await.1[0].1["title"], "Buy oat milk");
    let (said, calls) = talk.run("undo").await;
    assert_eq!(calls, call("update_task", json!({ "task_id": 2, "title": "Buy milk" })));
    assert_eq!(said.meta().undo, Some(UndoKind::Undo));
    talk.turn("delete task 1").await;
    assert_eq!(talk.turn("undo").await.1, call("update_task", json!({ "task_id": 1, "deleted": false })));
    assert_eq!(talk.tools.tasks(), [(1, "Pay rent".into(), false), (2, "Buy milk".into(), false)]);
}

/// AGENT-22, AGENT-40: each "undo" goes one change further back and never takes back an undo; "redo" does. It goes by
/// the changes that are recorded, also where messages tell nothing of an undo.
#[tokio::test]
async fn undo_walks_back() {
    for forget_meta in [false, true] {
        walk_back(forget_meta).await;
    }
}

/// Makes the messages what versions before stored.
fn forget(history: &mut [HistoryItem]) {
    for item in history {
        if let HistoryItem::Assistant { meta, .. } = item {
            *meta = MessageMeta::default();
        }
    }
}

async fn walk_back(forget_meta: bool) {
    let mut talk = Talk::given(&["Pay rent"]);
    talk.turn("add buy milk").await;
    talk.turn("rename task 2 to Buy oat milk").await;
    talk.turn("delete task 1").await;
    let (undo, redo) = (Some(UndoKind::Undo), Some(UndoKind::Redo));
    for (words, kind, tasks) in [
        ("undo", undo, vec!["Pay rent", "Buy oat milk"]),
        ("undo", undo, vec!["Pay rent", "Buy milk"]),
        ("undo", undo, vec!["Pay rent"]),
        ("undo", None, vec!["Pay rent"]),
        ("redo", redo, vec!["Pay rent", "Buy milk"]),
        ("undo the undo", redo, vec!["Pay rent", "Buy oat milk"]),
        ("undo", undo, vec!["Pay rent", "Buy milk"]),
        ("complete task 1", None, vec!["Pay rent", "Buy milk"]),
        ("redo", None, vec!["Pay rent", "Buy milk"]),
        ("undo", undo, vec!["Pay rent", "Buy milk"]),
        ("undo", undo, vec!["Pay rent"]),
    ] {
        assert_eq!(talk.say(words).await.meta().undo, kind, "{words}");
        let titles: Vec<String> = talk.tools.tasks().into_iter().map(|(_, title, _)| title).collect();
        assert_eq!(titles, tasks, "{words}");
        if forget_meta {
            forget(&mut talk.history);
        }
    }
    // With another command it would be no step of its own.
    assert_eq!(talk.turn("undo that and add bread").await.1, []);
}

/// AGENT-33, AGENT-40: a receipt is taken back by its name, in any order; what it did and changed since is named and
/// left; also where messages tell nothing of an undo.
#[tokio::test]
async fn receipts_are_taken_back_by_name() {
    for forget_meta in [false, true] {
        take_back_by_name(forget_meta).await;
    }
}

async fn take_back_by_name(forget_meta: bool) {
    let mut talk = Talk::given(&["Pay rent", "Buy milk", "Call mom"]);
    let (undo, redo) = (Some(UndoKind::Undo), Some(UndoKind::Redo));
    let update = |fields: Value| call("update_task", fields);
    let complete = |id: i64| call("complete_task", json!({ "task_id": id }));
    for (turn, words, kind, calls) in [
        (1, "complete tasks 1 and 2", None, [complete(1), complete(2)].concat()),
        (2, "rename task 3 to Call dad", None, update(json!({ "task_id": 3, "title": "Call dad" }))),
        (3, "/undo turn 1 #2", undo, update(json!({ "task_id": 2, "completed": false }))),
        (4, "/undo turn 1 #2", None, vec![]),
        (5, "/undo turn 3", redo, complete(2)),
        (6, "/undo #3", undo, update(json!({ "task_id": 3, "title": "Call mom" }))),
        (7, "redo", redo, update(json!({ "task_id": 3, "title": "Call dad" }))),
        (8, "delete task 1", None, call("delete_task", json!({ "task_id": 1 }))),
        (9, "/undo turn 1", None, vec![]),
        (10, "/undo turn 6", None, vec![]),
        (11, "undo", undo, update(json!({ "task_id": 1, "deleted": false }))),
        (12, "/undo turn 99", None, vec![]),
        (13, "/undo turn 1", undo, update(json!({ "task_id": 1, "completed": false }))),
        (14, "/undo turn 11", None, vec![]),
    ] {
        talk.turn = turn;
        let (said, made) = talk.run(words).await;
        assert_eq!((said.meta().undo, made), (kind, calls), "{words}");
        if forget_meta {
            forget(&mut talk.history);
        }
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
    let (said, calls) = talk.run("/undo turn 7").await;
    assert_eq!(calls, call("update_task", json!({ "task_id": 1, "completed": false })));
    assert_eq!((said.meta().undo, said.meta().receipts_only), (Some(UndoKind::Undo), false));
    assert!(said.answer().contains("Buy milk"), "what is left is named");
}

/// AGENT-22: "undo" is exact whatever the model is, and takes back what that model did.
#[tokio::test]
async fn undo_goes_without_the_model() {
    let model = FakeModel::scripted([Reply::call("delete_task", json!({ "task_id": 1 })), Reply::text("Gone.")]).await;
    let mut talk = Talk::given(&["Pay rent"]);
    talk.agent = Agent::new(config(&model)).unwrap();
    talk.turn("I moved out").await;
    assert_eq!(talk.turn("undo that").await.1, call("update_task", json!({ "task_id": 1, "deleted": false })));
    model.assert_sound();
}

/// AGENT-22: without anything to undo, nothing is called but the list.
#[tokio::test]
async fn nothing_to_undo() {
    let mut talk = Talk::given(&["Pay rent"]);
    talk.turn("list my tasks").await;
    let (said, calls) = talk.run("undo").await;
    assert_eq!((said.outcome(), calls), (Some(MessageOutcome::Talk), vec![]));
}

/// AGENT-23: slash commands make no request to a model, and leave the rest to it.
#[tokio::test]
async fn slash_commands_need_no_model() {
    let model = FakeModel::scripted([Reply::text("Hello.")]).await;
    let tools = TestTools::default();
    let agent = Agent::new(config(&model)).unwrap();
    let ran = run_with(&agent, &tools, vec![user("/add Buy stamps")]).await;
    assert!(ran.meta().receipts_only);
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
