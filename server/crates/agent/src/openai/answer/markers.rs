//! The marks that models write into their text: around thoughts, and before calls that their server did not read.

/// What a mark begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    /// Thoughts, up to this.
    Thoughts(&'static str),
    /// The end of thoughts.
    ThoughtsEnd,
    /// A call.
    Call,
}

/// How far a text is a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
    /// It begins with this mark, which is so long.
    Whole(Marker, usize),
    /// It is the beginning of one.
    Beginning,
    No,
}

const THOUGHTS: [(&str, &str); 6] = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
];

const CALLS: [&str; 10] = [
    "<tool_call>",
    "<tool_calls>",
    "<function=",
    "<function_call>",
    "<functioncall>",
    "[TOOL_CALLS]",
    "<|python_tag|>",
    "<|tool_call",
    "<｜tool▁call",
    "<|channel|>commentary to=",
];

/// Characters that a mark begins with.
pub(super) const FIRST: [char; 3] = ['<', '[', '◁'];

/// Compares the beginning of a text with every mark, whatever the case of its letters.
pub(super) fn find(text: &str) -> Match {
    let thoughts =
        THOUGHTS.into_iter().flat_map(|(begin, end)| [(begin, Marker::Thoughts(end)), (end, Marker::ThoughtsEnd)]);
    let calls = CALLS.into_iter().map(|mark| (mark, Marker::Call));
    let mut found = Match::No;
    for (mark, marker) in thoughts.chain(calls) {
        match compare(text, mark) {
            Match::Whole(_, length) => return Match::Whole(marker, length),
            Match::Beginning => found = Match::Beginning,
            Match::No => {}
        }
    }
    found
}

/// Where `mark` begins in the text, or may begin.
pub(super) fn position(text: &str, mark: &str) -> (usize, Match) {
    let first = mark.chars().next();
    let starts = text.char_indices().filter(|(_, character)| Some(*character) == first);
    let mut matches = starts.map(|(at, _)| (at, compare(text.get(at..).unwrap_or_default(), mark)));
    matches.find(|(_, found)| *found != Match::No).unwrap_or((text.len(), Match::No))
}

fn compare(text: &str, mark: &str) -> Match {
    let length = text.len().min(mark.len());
    let (Some(own), Some(other)) = (text.as_bytes().get(..length), mark.as_bytes().get(..length)) else {
        return Match::No;
    };
    match own.eq_ignore_ascii_case(other) {
        true if length == mark.len() => Match::Whole(Marker::Call, length),
        true => Match::Beginning,
        false => Match::No,
    }
}
