//! Icons, drawn in the text's colour. They say nothing to a screen reader: a label stands beside each.

use crate::html::{Element, el};

/// A picture on a grid of 24.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    Logo,
    Menu,
    Close,
    Plus,
    Send,
    Stop,
    Eye,
    Check,
    Pencil,
    Trash,
    Undo,
    Down,
    Warning,
    Retry,
    Flag,
    Tick,
    Calendar,
    Microphone,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Logo => {
                "M5 4h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-6l-5 4v-4H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2ZM8 10.5l3 3 5-6"
            }
            Self::Menu => "M4 7h16M4 12h16M4 17h10",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Send => "M12 19V5M6 11l6-6 6 6",
            Self::Stop => "M8 8h8v8H8z",
            Self::Eye => {
                "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z"
            }
            Self::Check => "M5 12.5l4.5 4.5L19 7.5",
            Self::Pencil => "M4 20l1-4L16 5l3 3L8 19l-4 1Z",
            Self::Trash => "M4 7h16M10 7V4h4v3M6 7l1 13h10l1-13",
            Self::Undo => "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
            Self::Down => "M12 5v14M6 13l6 6 6-6",
            Self::Warning => "M12 4 2.8 19.5h18.4L12 4ZM12 10v4.5M12 17v.2",
            Self::Retry => "M20 12a8 8 0 1 1-2.4-5.7M20 3v4.5h-4.5",
            Self::Flag => "M6 21V4h11l-2 4 2 4H6",
            Self::Calendar => "M5 6h14v14H5zM5 10h14M9 3.5V7M15 3.5V7",
            Self::Microphone => "M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM5 11a7 7 0 0 0 14 0M12 18v3",
            Self::Tick => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8 12.3l2.7 2.7L16 9.5",
        }
    }
}

/// Draws it.
pub(crate) fn icon(icon: Icon) -> Element {
    el("svg")
        .class("icon")
        .attr("viewBox", "0 0 24 24")
        .attr("aria-hidden", "true")
        .add(el("path").attr("d", icon.path()))
}
