//! A task's number, `#17`, which reads the same between words of either direction.

use saydo_contract::TaskId;

use crate::html::{Element, el};

/// The number as an element.
pub(crate) fn task_number(id: TaskId) -> Element {
    number("#".to_owned() + &id.to_string())
}

/// What is already written as a number.
pub(crate) fn number(text: String) -> Element {
    el("bdi").class("number").attr("dir", "ltr").add(text)
}
