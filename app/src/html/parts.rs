//! Parts of the page that are hydrated one after the other, each in a task of its own.

use std::{cell::RefCell, time::Duration};

use leptos::prelude::set_timeout;

use crate::browser;

type Work = Box<dyn FnOnce()>;

#[derive(Default)]
struct Queue {
    waiting: Vec<Work>,
    /// How much the work that is being done has put before what waits; `None` between two.
    begun: Option<usize>,
    /// A task is on its way.
    is_awake: bool,
}

thread_local! {
    static QUEUE: RefCell<Queue> = RefCell::default();
}

impl Queue {
    /// Adds work: at the end, but before all that waits where it comes up in other work. Whether a task is needed.
    fn add(&mut self, work: Work) -> bool {
        match &mut self.begun {
            Some(at) => {
                self.waiting.insert(*at, work);
                *at += 1;
            }
            None => self.waiting.push(work),
        }
        !std::mem::replace(&mut self.is_awake, true)
    }

    fn take(&mut self) -> Option<Work> {
        let work = (!self.waiting.is_empty()).then(|| self.waiting.remove(0));
        self.is_awake = work.is_some();
        self.begun = work.is_some().then_some(0);
        work
    }
}

/// Does this in a task of its own, behind all that waits; what comes up in it is done before that.
pub(crate) fn later(work: impl FnOnce() + 'static) {
    fn boxed(work: Work) {
        if QUEUE.with_borrow_mut(|queue| queue.add(work)) {
            set_timeout(next, Duration::ZERO);
        }
    }
    boxed(Box::new(work));
}

fn next() {
    if let Some(work) = QUEUE.with_borrow_mut(Queue::take) {
        // First: work that fails must not hold up the rest.
        set_timeout(next, Duration::ZERO);
        work();
        QUEUE.with_borrow_mut(|queue| queue.begun = None);
    }
}

/// Waits until nothing waits any more.
pub(crate) async fn all_hydrated() {
    while QUEUE.with_borrow(|queue| queue.is_awake) {
        browser::wait(0).await;
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, rc::Rc};

    use super::*;

    /// UI-74: work waits for what was there before, and what comes up in it goes before what waits.
    #[test]
    fn work_is_done_in_order() {
        let done = Rc::new(RefCell::new(Vec::new()));
        let queue = Rc::new(RefCell::new(Queue::default()));
        let note = |name: &'static str| -> Work {
            let done = Rc::clone(&done);
            Box::new(move || done.borrow_mut().push(name))
        };
        let (frame, end) = (note("frame"), [note("head"), note("list")]);
        let (into, parts) = (Rc::clone(&queue), Cell::new(Some(end)));
        let frame_with_parts = Box::new(move || {
            frame();
            parts.take().into_iter().flatten().for_each(|part| _ = into.borrow_mut().add(part));
        });
        assert!(queue.borrow_mut().add(frame_with_parts), "the first needs a task");
        assert!(!queue.borrow_mut().add(note("start")), "the next has it");
        while let Some(work) = { queue.borrow_mut().take() } {
            work();
            queue.borrow_mut().begun = None;
        }
        assert_eq!(*done.borrow(), ["frame", "head", "list", "start"]);
        assert!(queue.borrow_mut().add(note("again")), "nothing was under way");
    }
}
