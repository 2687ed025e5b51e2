//! The messages as the server writes them: where there is no script, and before it is there.

use leptos::prelude::ArcRwSignal;
use saydo_contract::{Cursor, CutReason};

use super::{
    MessagePage,
    meta::Choice,
    questions::settled_view,
    receipts::{receipts, verb},
    steps::{cut_view, thought_view, turn_class},
    turn::{State, Step, ToolOutcome, Turn, past_turns},
};
use crate::{
    app::Page,
    html::{Element, Node, el},
    markdown::markdown,
    task_number::task_number,
    words::Words,
};

/// The messages of a page of the API's.
pub(crate) struct PlainMessages {
    /// Where older ones are.
    pub(crate) older: Option<Cursor>,
    pub(crate) turns: Node,
    /// Whether the last answer was cut and can be continued.
    pub(crate) can_go_on: bool,
}

/// Reads and writes them. There are none where it is no such page.
pub(crate) fn plain_messages(json: &str, words: &'static Words) -> PlainMessages {
    let Ok(page) = serde_json::from_str::<MessagePage>(json) else {
        return PlainMessages { older: None, turns: Node::Empty, can_go_on: false };
    };
    let turns = past_turns(page.items, words);
    let is_cut = |turn: &Turn| turn.state == State::Completed && turn.cut() == Some(CutReason::Length);
    PlainMessages {
        older: page.next_cursor,
        can_go_on: turns.last().is_some_and(is_cut),
        turns: Node::all(turns.into_iter().map(|turn| turn_view(turn, None, Written::Plain(words)))),
    }
}

/// The same, as the page will show them once it knows the time zone, and what still runs or can be tried again.
pub(super) fn early_messages(json: &str, page: Page) -> Node {
    let Ok(MessagePage { items, .. }) = serde_json::from_str(json) else { return Node::Empty };
    let turns = past_turns(items, page.words);
    let said: Vec<String> = turns.iter().skip(1).map(|turn| turn.said.clone()).collect();
    let next = said.iter().map(|said| Some(said.as_str())).chain([None]);
    Node::all(turns.into_iter().zip(next).map(|(turn, next)| turn_view(turn, next, Written::Early(&page))))
}

/// What a turn is written for.
#[derive(Clone, Copy)]
enum Written<'a> {
    /// A page without a script.
    Plain(&'static Words),
    /// One whose script comes.
    Early(&'a Page),
}

impl Written<'_> {
    fn words(self) -> &'static Words {
        match self {
            Self::Plain(words) => words,
            Self::Early(page) => page.words,
        }
    }
}

/// One turn. `next` is what the person said after it.
fn turn_view(turn: Turn, next: Option<&str>, written: Written<'_>) -> Element {
    let words = written.words();
    let class = if matches!(written, Written::Early(_)) { turn_class(&turn) } else { "turn" };
    let whole = ArcRwSignal::new(turn.clone());
    let said = (!turn.said.is_empty()).then(|| {
        let heading = el("h2").class("visually-hidden").add(words.you_said);
        el("div").class("said").add(heading).add(el("p").class("bubble").attr("dir", "auto").add(turn.said))
    });
    let outcome = match turn.state {
        State::Running(_) | State::Queued => Some(words.thinking.to_owned()),
        State::Stopped { .. } => Some(words.stopped.to_owned()),
        State::Failed(failure) => Some(failure.message),
        State::Completed => None,
    };
    let answer = el("div")
        .class("answer")
        .add(el("h2").class("visually-hidden").add(words.saydo_said))
        .add(Node::all(turn.steps.into_iter().map(|step| step_view(step, &whole, next, written))))
        .add(outcome.map(|text| el("p").class("quiet").add(text)));
    el("article").class(class).add(said).add(answer)
}

fn step_view(step: Step, turn: &ArcRwSignal<Turn>, next: Option<&str>, written: Written<'_>) -> Node {
    let words = written.words();
    match step {
        Step::Message { text, .. } => markdown(move || text.clone()).into(),
        Step::Tool(tool) => match tool.outcome {
            Some(ToolOutcome::Changes(changes)) if !changes.is_empty() => {
                if let Written::Early(page) = written {
                    return receipts(*page, turn, &changes).into();
                }
                let line = |change: saydo_contract::TaskChange| {
                    el("li")
                        .add(verb(change.verb, words).0)
                        .add(" ")
                        .add(el("bdi").add(change.title.as_str().to_owned()))
                        .add(" ")
                        .add(task_number(change.task_id))
                };
                el("ul").class("plain-changes").add(Node::all(changes.into_iter().map(line))).into()
            }
            Some(ToolOutcome::Failed) => el("p").class("quiet").add(words.step_failed).into(),
            _ => Node::Empty,
        },
        Step::Thought(seconds) => thought_view(words, seconds).into(),
        Step::Cut(reason) => cut_view(words, reason).into(),
        // The answer says the same in words. What is open comes with the script.
        Step::Choice(choice) => settled(written, next, Some(&choice)),
        Step::Confirmation(_) => settled(written, next, None),
    }
}

/// A question that was answered, where the page will show it.
fn settled(written: Written<'_>, next: Option<&str>, choice: Option<&Choice>) -> Node {
    match (written, next) {
        (Written::Early(page), Some(said)) => settled_view(page.words, said, choice).into(),
        _ => Node::Empty,
    }
}
