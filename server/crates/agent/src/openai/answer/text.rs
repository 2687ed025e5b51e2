//! The words of a message without what is not for the person: thoughts, and calls that are written as text.
//!
//! No character outside these is lost, and none is held back longer than it takes to see that no mark begins there.
//! In code, marks are text.

use super::markers::{FIRST, Marker, Match, find, position};

/// Characters within which a call in a code fence begins.
const LONGEST_BEGINNING: usize = 64;
/// Bytes that are read at once: each mark copies what is behind it.
const LONGEST_PART: usize = 256;

/// Takes the text of a message in pieces.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// What the person reads.
    text: String,
    /// What may be the beginning of a mark.
    pending: String,
    state: State,
    code: Code,
    /// Whether thoughts have ended, empty ones too.
    has_tags: bool,
    has_thoughts: bool,
    /// Whether the thoughts that are read now are more than spaces.
    is_filled: bool,
    /// Whether more than spaces was visible, in all and on this line.
    has_words: bool,
    line_has_words: bool,
}

#[derive(Debug, Default, PartialEq)]
enum State {
    #[default]
    Words,
    Thoughts {
        end: &'static str,
        /// What is given back where the mark in a line of words is never closed: then it was a word.
        line: Option<String>,
    },
    /// From here on, all is a call. The mark goes along.
    Call(String),
}

/// What a message ends with.
#[derive(Debug, PartialEq)]
pub(super) struct Ended {
    /// What the person reads.
    pub(super) text: String,
    /// A call that is written behind it, perhaps.
    pub(super) call: Option<String>,
}

impl Words {
    /// The words that became visible.
    pub(super) fn push(&mut self, mut piece: &str) -> String {
        let mut visible = String::new();
        while !piece.is_empty() {
            let (part, rest) = piece.split_at(piece.floor_char_boundary(LONGEST_PART));
            self.pending.push_str(part);
            piece = rest;
            while !self.read(&mut visible) {}
        }
        visible
    }

    /// Reads what is pending up to a mark. `true` where more text is needed.
    fn read(&mut self, visible: &mut String) -> bool {
        match &mut self.state {
            State::Words => self.read_words(visible),
            State::Thoughts { end, .. } => {
                let end = *end;
                self.read_thoughts(end)
            }
            State::Call(call) => {
                call.push_str(&std::mem::take(&mut self.pending));
                true
            }
        }
    }

    /// The end of the message. Where it `is_cut`, so are thoughts without an end.
    pub(super) fn finish(mut self, is_cut: bool) -> Ended {
        let pending = std::mem::take(&mut self.pending);
        match self.state {
            State::Words => {
                // Half a mark is text, but what may be the beginning of a call is read as one.
                let call = !self.has_words && pending.trim_start().starts_with(['`', '[']);
                if call {
                    return Ended { text: self.text, call: Some(pending) };
                }
                self.text.push_str(&pending);
            }
            State::Thoughts { line: Some(line), .. } if !is_cut => {
                self.text.push_str(&line);
                self.text.push_str(&pending);
            }
            State::Thoughts { .. } => {}
            State::Call(call) => return Ended { text: self.text, call: Some(call) },
        }
        Ended { text: self.text, call: None }
    }

    /// What the person has read so far.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Bytes that are kept.
    pub(super) fn bytes(&self) -> usize {
        let kept = match &self.state {
            State::Call(text) | State::Thoughts { line: Some(text), .. } => text.len(),
            _ => 0,
        };
        self.text.len() + self.pending.len() + kept
    }

    /// Whether thoughts are what comes now.
    pub(super) const fn is_thinking(&self) -> bool {
        matches!(self.state, State::Thoughts { .. })
    }

    /// Whether there were thoughts.
    pub(super) const fn has_thoughts(&self) -> bool {
        self.has_thoughts
    }

    /// Reads words up to a mark. `true` where more text is needed.
    fn read_words(&mut self, visible: &mut String) -> bool {
        let pending = std::mem::take(&mut self.pending);
        let mut at = 0;
        while let Some(character) = pending.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = pending.get(at..).unwrap_or_default();
            let found = if !self.has_words { first_words(rest) } else { Match::No };
            let found = match found {
                Match::No if !self.code.is_open() && FIRST.contains(&character) => find(rest),
                found => found,
            };
            match found {
                Match::Whole(marker, length) => {
                    self.pending = rest.get(length..).unwrap_or_default().to_owned();
                    self.begin(marker, rest.get(..length).unwrap_or_default(), visible);
                    return false;
                }
                Match::Beginning => {
                    self.pending = rest.to_owned();
                    return true;
                }
                Match::No => {
                    // The empty lines behind thoughts.
                    let is_gap = self.has_tags && self.text.is_empty() && character.is_whitespace();
                    if !is_gap {
                        self.show(character);
                        visible.push(character);
                    }
                    at += character.len_utf8();
                }
            }
        }
        true
    }

    fn show(&mut self, character: char) {
        let is_word = !character.is_whitespace();
        self.has_words |= is_word;
        self.line_has_words = is_word || (self.line_has_words && character != '\n');
        self.code.push(character);
        self.text.push(character);
    }

    fn begin(&mut self, marker: Marker, mark: &str, visible: &mut String) {
        match marker {
            Marker::Thoughts(end) => {
                let line = self.line_has_words.then(|| mark.to_owned());
                self.state = State::Thoughts { end, line };
            }
            // Some servers leave out where the thoughts begin: all that came was one.
            Marker::ThoughtsEnd if !self.has_tags => {
                visible.clear();
                let pending = std::mem::take(&mut self.pending);
                *self = Self { pending, has_tags: true, has_thoughts: self.has_words, ..Self::default() };
            }
            Marker::ThoughtsEnd => {}
            Marker::Call => self.state = State::Call(mark.to_owned()),
        }
    }

    /// Passes over thoughts up to their end. `true` where more text is needed.
    fn read_thoughts(&mut self, end: &'static str) -> bool {
        let (at, found) = position(&self.pending, end);
        let rest = self.pending.split_off(at);
        let thoughts = std::mem::replace(&mut self.pending, rest);
        self.is_filled |= !thoughts.trim().is_empty();
        let State::Thoughts { line, .. } = &mut self.state else { return true };
        if let Some(line) = line {
            line.push_str(&thoughts);
        }
        // In a line of words, only the end shows that these are thoughts.
        let is_certain = line.is_none() || matches!(found, Match::Whole(..));
        self.has_thoughts |= self.is_filled && is_certain;
        if let Match::Whole(_, length) = found {
            self.pending.drain(..length);
            self.state = State::Words;
            self.has_tags = true;
            self.is_filled = false;
            return false;
        }
        true
    }
}

/// Whether a message that begins like this may be nothing but a call: JSON, or JSON in a code fence.
fn first_words(text: &str) -> Match {
    let long = text.char_indices().nth(LONGEST_BEGINNING);
    let found = call_alone(long.map_or(text, |(at, _)| text.get(..at).unwrap_or(text)));
    if found == Match::Beginning && long.is_some() { Match::No } else { found }
}

fn call_alone(text: &str) -> Match {
    let begins = |text: &str| match text.trim_start().chars().next() {
        None => Match::Beginning,
        Some('{') => Match::Whole(Marker::Call, 0),
        Some(_) => Match::No,
    };
    let list = |text: &str| match text.strip_prefix('[') {
        Some(rest) => begins(rest),
        None => Match::No,
    };
    if text.starts_with('{') {
        return Match::Whole(Marker::Call, 0);
    }
    if text.starts_with('[') {
        return list(text);
    }
    if "```".starts_with(text) {
        return Match::Beginning;
    }
    let Some(fenced) = text.strip_prefix("```") else { return Match::No };
    let fenced = fenced.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
    match fenced.trim_start() {
        "" => Match::Beginning,
        inner if inner.starts_with('[') => list(inner),
        inner if inner.starts_with('<') => match find(inner) {
            Match::Whole(Marker::Call, _) => Match::Whole(Marker::Call, 0),
            Match::Beginning => Match::Beginning,
            _ => Match::No,
        },
        inner => begins(inner),
    }
}

/// Where a text is code: between runs of backticks of the same length.
#[derive(Debug, Default)]
struct Code {
    /// The length of the run that began it; 0 outside.
    open: usize,
    /// The backticks that came last.
    run: usize,
    after_line: bool,
}

impl Code {
    /// Whether the next character is in code.
    fn is_open(&self) -> bool {
        match (self.open, self.run) {
            (open, 0) => open > 0,
            // A run that ends here begins code, or ends that of its length.
            (0, _) => true,
            (open, run) => open != run,
        }
    }

    fn push(&mut self, character: char) {
        if character == '`' {
            self.run += 1;
            self.after_line = false;
            return;
        }
        self.open = match (self.open, self.run) {
            (open, 0) => open,
            (0, run) => run,
            (open, run) if open == run => 0,
            (open, _) => open,
        };
        self.run = 0;
        // Code within a line ends with its paragraph.
        if character == '\n' && self.after_line && self.open < 3 {
            self.open = 0;
        }
        self.after_line = character == '\n';
    }
}
