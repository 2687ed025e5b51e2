//! What the agent says and does in one turn.

use leptos::prelude::*;
use saydo_contract::CutReason;

use super::{
    Cell, Chat,
    commands::is_compact,
    questions::{choice_view, confirmation_view, suggestions},
    receipts::receipts,
    turn::{State, Step, ToolOutcome, Turn},
};
use crate::{
    app::Page,
    browser,
    html::{Element, Node, dynamic, each, effect, el},
    markdown::markdown,
    notice::{again_button, notice, spoken},
    words::Words,
};

/// One turn: what was said, and what came of it.
pub(super) fn turn_view(page: Page, cell: Cell) -> Element {
    let words = page.words;
    let said = {
        let turn = cell.turn.clone();
        let said = Memo::new(move |_| turn.with(|turn| turn.said.clone()));
        move || {
            said.with(|said| !said.is_empty()).then(|| {
                let heading = el("h3").class("visually-hidden").add(words.you_said);
                el("div").class("said").add(heading).add(el("p").class("bubble").attr("dir", "auto").add(said.get()))
            })
        }
    };
    let steps = {
        let turn = cell.turn.clone();
        move || turn.with(|turn| (0..turn.steps.len()).map(|at| (key(turn.run, at), at)).collect())
    };
    let step = {
        let turn = cell.turn.clone();
        move |at| step_view(page, &turn, at)
    };
    let class = {
        let turn = cell.turn.clone();
        let class = Memo::new(move |_| turn.with(turn_class));
        move || Some(class.get())
    };
    let next = suggestions(page, &cell);
    let outcome = {
        let turn = cell.turn.clone();
        let state = Memo::new(move |_| turn.with(|turn| turn.state.clone()));
        // Only what fails while it is shown is spoken.
        let was_at_work = StoredValue::new(false);
        move || {
            let state = state.get();
            let failed = matches!(state, State::Failed(_));
            let is_new = was_at_work.try_update_value(|was| std::mem::replace(was, !failed)) == Some(true);
            let view = outcome_view(page, &cell, state);
            if failed && is_new { view.map(spoken) } else { view }
        }
    };
    let answer = el("div")
        .class("answer")
        .add(el("h3").class("visually-hidden").add(words.saydo_said))
        .add(each(steps, step))
        .add_fn(outcome)
        .add(next);
    el("article").attr_fn("class", class).add_fn(said).add(answer)
}

/// How much of a turn is shown: words that only repeat the receipts are there for those who listen.
pub(super) fn turn_class(turn: &Turn) -> &'static str {
    if is_compact(turn) {
        "turn is-compact"
    } else if turn.is_in_receipts() {
        "turn is-in-receipts"
    } else {
        "turn"
    }
}

/// A step's key: its place, and the run of the turn that it belongs to.
fn key(run: u32, at: usize) -> u64 {
    u64::from(run) << 32 | at as u64
}

/// What kind of step stands at a place never changes: only its content is followed.
fn step_view(page: Page, turn: &ArcRwSignal<Turn>, at: usize) -> Node {
    match turn.with_untracked(|turn| turn.steps.get(at).cloned()) {
        Some(Step::Message { .. }) => {
            let followed = turn.clone();
            let text = Memo::new(move |_| {
                followed.with(|turn| match turn.steps.get(at) {
                    Some(Step::Message { text, .. }) => text.clone(),
                    _ => String::new(),
                })
            });
            markdown(move || text.get()).into()
        }
        Some(Step::Tool(_)) => {
            let (turn, followed) = (turn.clone(), turn.clone());
            let outcome = Memo::new(move |_| {
                followed.with(|turn| match turn.steps.get(at) {
                    Some(Step::Tool(tool)) => tool.outcome.clone(),
                    _ => None,
                })
            });
            dynamic(move || match outcome.get() {
                Some(ToolOutcome::Changes(changes)) if !changes.is_empty() => Some(receipts(page, &turn, &changes)),
                Some(ToolOutcome::Failed) => Some(el("p").class("quiet").add(page.words.step_failed)),
                _ => None,
            })
        }
        Some(Step::Thought(seconds)) => thought_view(page.words, seconds).into(),
        Some(Step::Cut(reason)) => cut_view(page.words, reason).into(),
        Some(Step::Choice(choice)) => choice_view(page, turn, choice).into(),
        Some(Step::Confirmation(confirmation)) => confirmation_view(page, turn, confirmation).into(),
        None => Node::Empty,
    }
}

/// How long the model thought before the words above.
pub(super) fn thought_view(words: &Words, seconds: u32) -> Element {
    el("p").class("quiet").add((words.thought)(seconds))
}

/// That the words above are not all.
pub(super) fn cut_view(words: &'static Words, reason: CutReason) -> Element {
    el("p").class("quiet").add(words.cut(reason))
}

fn outcome_view(page: Page, cell: &Cell, state: State) -> Option<Element> {
    let Page { words, chat, .. } = page;
    match state {
        State::Running(_) | State::Completed => None,
        State::Queued => Some(el("p").class("quiet").add(words.queued)),
        State::Stopped { left } => {
            let left = (left > 0).then(|| " ".to_owned() + &(words.stopped_left)(left));
            Some(el("p").class("quiet").add(words.stopped).add(left))
        }
        State::Failed(failure) => {
            let cell = cell.clone();
            let retry = move || {
                let is_last = chat.cells.with(|cells| cells.last().is_some_and(|last| last.key == cell.key));
                // What never arrived comes after all that did.
                let can_move = cell.turn.with(|turn| turn.id.is_none());
                let cell = cell.clone();
                (failure.retryable && (is_last || can_move)).then(|| {
                    if cell.can_retry() {
                        return again_button(words).on("click", move |_| chat.retry(&cell));
                    }
                    let write = move |_| chat.suggested.set(Some(cell.turn.with_untracked(|turn| turn.said.clone())));
                    el("button").attr("type", "button").class("button").on("click", write).add(words.write_again)
                })
            };
            let what = Node::all([el("p").class("notice-title").add(words.turn_failed), el("p").add(failure.message)]);
            Some(notice(what, dynamic(retry)))
        }
    }
}

/// What the agent does now, also for screen readers. They do not hear the seconds.
pub(super) fn progress(page: Page) -> Element {
    let Page { words, chat, .. } = page;
    let seconds = seconds_of_thinking(chat);
    let line = Memo::new(move |_| {
        let is_long = seconds.get() >= LONG;
        let turn_line = move |turn: &Turn| if is_long { Some(words.thinking.to_owned()) } else { turn.progress(words) };
        chat.at_work().and_then(|cell| cell.turn.with(turn_line))
    });
    let count = move || Some(seconds.get()).filter(|seconds| *seconds >= LONG).map(words.seconds);
    el("div")
        .attr_fn("class", move || Some(if line.with(Option::is_some) { "progress" } else { "progress is-idle" }))
        .add(el("span").attr("role", "status").add_fn(move || line.get()))
        .add(" ")
        .add(el("span").attr("aria-hidden", "true").add_fn(count))
}

/// From so many seconds on it is shown how long the agent thinks.
const LONG: usize = 3;

/// For how long the agent has been at work without showing anything, in seconds.
fn seconds_of_thinking(chat: Chat) -> RwSignal<usize> {
    let seconds = RwSignal::new(0);
    // The event after which it thinks.
    let since = Memo::new(move |_| {
        let last = |turn: &Turn| turn.is_thinking().then(|| turn.last.map(|id| id.to_string()).unwrap_or_default());
        chat.at_work()?.turn.with(last)
    });
    effect(move || {
        if since.with(Option::is_none) {
            return;
        }
        count(seconds, browser::now(), since, since.get_untracked());
        on_cleanup(move || _ = seconds.try_set(0));
    });
    seconds
}

/// Counts on as long as nothing else happens.
fn count(seconds: RwSignal<usize>, began: f64, since: Memo<Option<String>>, event: Option<String>) {
    browser::after(1_000, move || {
        if since.try_get_untracked().as_ref() == Some(&event) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
            seconds.set(((browser::now() - began) / 1000.0) as usize);
            count(seconds, began, since, event);
        }
    });
}

#[cfg(test)]
mod tests {
    use leptos::prelude::{Owner, RenderHtml};

    use super::*;
    use crate::{PageRequest, chat::turn::Failure, words::ENGLISH};

    /// UI-50: a turn that failed before is not spoken as an alert when its conversation is opened.
    #[test]
    fn old_failures_are_silent() {
        let html = Owner::new().with(|| {
            let page = Page::new(&PageRequest { path: "/".into(), signed_in: true, ..PageRequest::default() });
            let state = State::Failed(Failure { message: "No.".into(), retryable: false });
            let turn = ArcRwSignal::new(Turn { state, ..Turn::sent("Add milk".into()) });
            let cell = Cell { key: 1, turn, idempotency: None, expected: None };
            Node::from(turn_view(page, cell)).to_html()
        });
        assert!(html.contains("No.") && !html.contains("alert"), "{html}");
    }

    fn answer(cell: &Cell, page: Page) -> String {
        Node::from(turn_view(page, cell.clone())).to_html()
    }

    /// UI-93, UI-93a, UI-93b, UI-93c: a cut answer says so, and goes on at a click where it is the newest.
    #[test]
    fn a_cut_answer_goes_on_at_a_click() {
        Owner::new().with(|| {
            let page = Page::new(&PageRequest { path: "/".into(), signed_in: true, ..PageRequest::default() });
            let cell = |key, reason| {
                let message = Step::Message { text: "Bread, butt".into(), whole: true };
                let steps = vec![message, Step::Cut(reason)];
                let turn = ArcRwSignal::new(Turn { steps, state: State::Completed, ..Turn::sent("Hi".into()) });
                Cell { key, turn, idempotency: None, expected: None }
            };
            let [first, filtered] = [cell(1, CutReason::Length), cell(2, CutReason::ContentFilter)];
            let button = "><bdi>Continue</bdi></button>";
            page.chat.cells.set(vec![first.clone()]);
            let newest = answer(&first, page);
            assert!(newest.contains("The answer was cut off.") && newest.contains(button), "{newest}");
            page.chat.cells.set(vec![first.clone(), filtered.clone()]);
            let older = answer(&first, page);
            assert!(older.contains("The answer was cut off.") && !older.contains(button), "{older}");
            let filtered = answer(&filtered, page);
            let said = "The rest was withheld by the model's content filter.";
            assert!(filtered.contains(said) && !filtered.contains(button), "{filtered}");
        });
    }

    /// UI-11: without its key a turn is not tried again, because what it did might be done twice.
    #[test]
    fn retry_needs_the_key() {
        let shown = |key: Option<&str>, retryable| {
            Owner::new().with(|| {
                let path = "/".into();
                let request = PageRequest { path, signed_in: true, ..PageRequest::default() };
                let page = Page::new(&request);
                let state = State::Failed(Failure { message: "No.".into(), retryable });
                let turn = ArcRwSignal::new(Turn { state: state.clone(), ..Turn::sent("Add milk".into()) });
                let cell = Cell { key: 1, turn, idempotency: key.map(str::to_owned), expected: None };
                page.chat.cells.set(vec![cell.clone()]);
                let html = Node::from(outcome_view(page, &cell, state)).to_html();
                (html.contains(ENGLISH.try_again), html.contains(ENGLISH.write_again))
            })
        };
        assert_eq!(shown(Some("key"), true), (true, false));
        assert_eq!(shown(None, true), (false, true));
        assert_eq!(shown(Some("key"), false), (false, false));
    }
}
