//! Inside a paragraph: emphasis, code, links.
//!
//! Two passes, both linear. The first cuts the text into tokens and pairs openers with closers on one stack; each
//! opener is pushed and popped once. The second builds the tree from the pairs.

use saydo_contract::PageAction;

use super::Inline;

/// How deep emphasis and links nest; deeper markers vanish and their words stay.
const MAX_DEPTH: usize = 12;
/// The longest address of a link, in bytes.
const MAX_ADDRESS: usize = 1000;
/// Where the API is described.
const API_DOCS: &str = "/api/docs";
/// Longer runs of ticks are text.
const MAX_TICKS: usize = 8;

#[derive(Debug)]
enum Token<'a> {
    Text(&'a str),
    Code(&'a str),
    /// A whole link that shows its own address.
    Address(&'a str),
    Break,
    /// One of `*`, `_` (width 1 or 2) and `~` (width 2), or `[` as a single.
    Marker {
        text: &'a str,
        role: Role,
    },
    /// `](address)`
    LinkEnd {
        text: &'a str,
        href: &'a str,
        paired: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// No partner: stays text.
    Text,
    Opens {
        link: bool,
    },
    Closes,
}

/// Openers that wait for a closer.
#[derive(Default)]
struct Waiting<'a> {
    stack: Vec<(usize, &'a str)>,
    /// How many of each kind are on the stack, so that a closer without opener costs nothing.
    counts: [usize; 6],
}

fn kind(marker: &str) -> usize {
    match marker {
        "*" => 0,
        "**" => 1,
        "_" => 2,
        "__" => 3,
        "~~" => 4,
        _ => 5,
    }
}

impl<'a> Waiting<'a> {
    fn push(&mut self, index: usize, marker: &'a str) {
        self.counts[kind(marker)] += 1;
        self.stack.push((index, marker));
    }

    fn is_open(&self, marker: &str) -> bool {
        self.counts[kind(marker)] > 0
    }

    /// The nearest opener of this kind; those above it stay text.
    fn pop(&mut self, marker: &str) -> Option<usize> {
        if !self.is_open(marker) {
            return None;
        }
        while let Some((index, other)) = self.stack.pop() {
            self.counts[kind(other)] -= 1;
            if other == marker {
                return Some(index);
            }
        }
        None
    }

    /// Which width of a run of `mark` closes: the one opened last, of those that are open.
    fn nearest(&self, single: &'static str, double: &'static str, width: usize) -> Option<&'static str> {
        match (width >= 2 && self.is_open(double), self.is_open(single)) {
            (true, true) => {
                let inner = self.stack.iter().rev().find(|(_, marker)| *marker == single || *marker == double);
                Some(if inner.is_some_and(|(_, marker)| *marker == single) { single } else { double })
            }
            (true, false) => Some(double),
            (false, true) => Some(single),
            (false, false) => None,
        }
    }
}

/// Parses the text of one block.
pub(super) fn parse(text: &str) -> Vec<Inline> {
    build(tokens(text))
}

struct Scanner<'a> {
    text: &'a str,
    /// Where the plain text that is not yet a token begins.
    plain: usize,
    at: usize,
    tokens: Vec<Token<'a>>,
    waiting: Waiting<'a>,
    /// Runs of ticks of these lengths have no partner in the rest.
    lonely_ticks: [bool; MAX_TICKS + 1],
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut scanner = Scanner {
        text,
        plain: 0,
        at: 0,
        tokens: Vec::new(),
        waiting: Waiting::default(),
        lonely_ticks: [false; MAX_TICKS + 1],
    };
    while let Some(&byte) = text.as_bytes().get(scanner.at) {
        scanner.step(byte);
    }
    scanner.flush(text.len());
    scanner.tokens
}

impl<'a> Scanner<'a> {
    /// Ends the plain text before `end`.
    fn flush(&mut self, end: usize) {
        if self.plain < end {
            self.tokens.push(Token::Text(&self.text[self.plain..end]));
        }
        self.plain = end;
    }

    /// Adds a token that covers the text up to `end`.
    fn take(&mut self, token: Token<'a>, end: usize) {
        self.flush(self.at);
        self.tokens.push(token);
        self.at = end;
        self.plain = end;
    }

    fn step(&mut self, byte: u8) {
        match byte {
            b'\\' => self.escape(),
            b'\n' => self.line_break(),
            b'`' => self.ticks(),
            b'*' | b'_' | b'~' => self.markers(byte),
            b'[' => {
                self.flush(self.at);
                self.waiting.push(self.tokens.len(), "[");
                let marker = Token::Marker { text: &self.text[self.at..=self.at], role: Role::Text };
                self.take(marker, self.at + 1);
            }
            b']' => self.link_end(),
            b'h' | b'<' => self.address(byte),
            _ => self.at += 1,
        }
    }

    fn escape(&mut self) {
        match self.text.as_bytes().get(self.at + 1) {
            Some(b'\n') => {
                self.flush(self.at);
                self.at += 1;
                self.plain = self.at;
            }
            Some(next) if next.is_ascii_punctuation() => {
                self.flush(self.at);
                self.plain = self.at + 1;
                self.at += 2;
            }
            _ => self.at += 1,
        }
    }

    fn line_break(&mut self) {
        let shown = self.text[self.plain..self.at].trim_end_matches(' ').len();
        self.flush(self.plain + shown);
        self.plain = self.at;
        self.take(Token::Break, self.at + 1);
    }

    fn ticks(&mut self) {
        let rest = &self.text[self.at..];
        let width = rest.len() - rest.trim_start_matches('`').len();
        let inside = self.at + width;
        if width <= MAX_TICKS && !self.lonely_ticks[width] {
            if let Some(end) = closing_ticks(self.text, inside, width) {
                let code = &self.text[inside..end];
                let trimmed = code.strip_prefix([' ', '\n']).and_then(|code| code.strip_suffix([' ', '\n']));
                let code = trimmed.filter(|code| !code.trim().is_empty()).unwrap_or(code);
                return self.take(Token::Code(code), end + width);
            }
            self.lonely_ticks[width] = true;
        }
        self.at = inside;
    }

    fn markers(&mut self, byte: u8) {
        let rest = &self.text[self.at..];
        let width = rest.len() - rest.trim_start_matches(byte as char).len();
        let before = self.text[..self.at].chars().next_back();
        let after = rest[width..].chars().next();
        let (mut opens, mut closes) = flanks(before, after);
        if byte == b'_' {
            // Not inside a word: `snake_case` stays.
            opens &= !before.is_some_and(char::is_alphanumeric);
            closes &= !after.is_some_and(char::is_alphanumeric);
        }
        let fits = if byte == b'~' { width == 2 } else { width <= 3 };
        if !fits || !(opens || closes) {
            self.at += width;
            return;
        }
        self.flush(self.at);
        let (single, double) = match byte {
            b'*' => ("*", "**"),
            b'_' => ("_", "__"),
            _ => ("", "~~"),
        };
        let mut left = width;
        while closes && left > 0 {
            let Some(marker) = self.waiting.nearest(single, double, left) else { break };
            let Some(opener) = self.waiting.pop(marker) else { break };
            self.set_role(opener, Role::Opens { link: false });
            self.marker(marker.len(), Role::Closes);
            left -= marker.len();
        }
        while left > 0 {
            let size = if left >= 2 { 2 } else { 1 };
            if opens {
                let marker = &self.text[self.at..self.at + size];
                self.waiting.push(self.tokens.len(), marker);
            }
            self.marker(size, Role::Text);
            left -= size;
        }
    }

    fn marker(&mut self, size: usize, role: Role) {
        let end = self.at + size;
        self.take(Token::Marker { text: &self.text[self.at..end], role }, end);
    }

    fn set_role(&mut self, index: usize, new: Role) {
        if let Some(Token::Marker { role, .. }) = self.tokens.get_mut(index) {
            *role = new;
        }
    }

    fn link_end(&mut self) {
        // Looked for only where something was opened, which keeps many closers cheap.
        let target = if self.waiting.is_open("[") { destination(self.text, self.at + 1) } else { None };
        let Some(((href, end), opener)) = target.and_then(|target| Some((target, self.waiting.pop("[")?))) else {
            self.at += 1;
            return;
        };
        let paired = is_safe(href);
        if paired {
            self.set_role(opener, Role::Opens { link: true });
        }
        self.take(Token::LinkEnd { text: &self.text[self.at..end], href, paired }, end);
    }

    fn address(&mut self, byte: u8) {
        let start = if byte == b'<' { self.at + 1 } else { self.at };
        let inside_word = byte == b'h' && self.text[..self.at].chars().next_back().is_some_and(char::is_alphanumeric);
        let rest = &self.text[start..];
        if inside_word || !is_web(rest) {
            self.at += 1;
            return;
        }
        let length = rest.find(ends_address);
        let found = &rest[..length.unwrap_or(rest.len())];
        if byte == b'<' {
            let end = start + found.len();
            if self.text[end..].starts_with('>') {
                return self.take(Token::Address(found), end + 1);
            }
            self.at += 1;
            return;
        }
        let mut found = found;
        while let Some(last) = found.chars().next_back() {
            let unbalanced = last == ')' && !found.contains('(');
            if !unbalanced && !".,;:!?'*_~]\\".contains(last) {
                break;
            }
            found = &found[..found.len() - last.len_utf8()];
        }
        if is_web(found) {
            self.take(Token::Address(found), self.at + found.len());
        } else {
            self.at += 1;
        }
    }
}

fn closing_ticks(text: &str, from: usize, width: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        if bytes[at] != b'`' {
            at += 1;
            continue;
        }
        let run = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
        if run == width {
            return Some(at);
        }
        at += run;
    }
    None
}

/// Whether a run of markers between these characters can open and can close (CommonMark's flanking rules).
fn flanks(before: Option<char>, after: Option<char>) -> (bool, bool) {
    let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let sign = |c: Option<char>| c.is_some_and(|c| !c.is_alphanumeric() && !c.is_whitespace());
    let opens = !blank(after) && (!sign(after) || blank(before) || sign(before));
    let closes = !blank(before) && (!sign(before) || blank(after) || sign(after));
    (opens, closes)
}

/// The address in `(address)` or `(address "title")` at `from`, and where it ends.
fn destination(text: &str, from: usize) -> Option<(&str, usize)> {
    let rest = text.get(from..)?.strip_prefix('(')?;
    let mut open = 0usize;
    let mut address_end = None;
    let mut quoted = false;
    for (at, c) in rest.char_indices().take_while(|(at, _)| *at <= MAX_ADDRESS) {
        match c {
            '\n' | '<' | '>' if !quoted => return None,
            '"' if address_end.is_some() => quoted = !quoted,
            _ if quoted => {}
            c if c.is_whitespace() => {
                address_end.get_or_insert(at);
            }
            ')' if open == 0 => {
                let address = &rest[..address_end.unwrap_or(at)];
                return Some((address, from + 1 + at + 1));
            }
            ')' => open -= 1,
            _ if address_end.is_some() => return None,
            '(' => open += 1,
            _ => {}
        }
    }
    None
}

fn starts_with(text: &str, scheme: &str) -> bool {
    text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)) && text.len() > scheme.len()
}

fn is_web(text: &str) -> bool {
    starts_with(text, "https://") || starts_with(text, "http://")
}

/// Of the page's own paths, those that the agent links to.
fn is_own(address: &str) -> bool {
    PageAction::at(address).is_some() || address == API_DOCS
}

/// Whether a link may lead there: nowhere but `http`, `https`, `mailto` and a few addresses of our own.
fn is_safe(address: &str) -> bool {
    let is_known = is_web(address) || starts_with(address, "mailto:") || is_own(address);
    is_known && !address.chars().any(char::is_control)
}

/// An address as it was before its signs were escaped.
fn unescaped(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    let mut rest = address.chars().peekable();
    while let Some(c) = rest.next() {
        let is_escape = c == '\\' && rest.peek().is_some_and(char::is_ascii_punctuation);
        if !is_escape {
            out.push(c);
        } else if let Some(sign) = rest.next() {
            out.push(sign);
        }
    }
    out
}

/// Whether an address ends before this: a blank, a quote, a mark of direction.
fn ends_address(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{2066}'..='\u{2069}') || "<>\"`|“”„«»".contains(c)
}

/// What is being filled while the tree is built.
enum Frame<'a> {
    Marker(&'a str),
    Link,
    /// Opened too deep, or a link within a link: its words go to what is around it.
    Flat,
}

fn build(tokens: Vec<Token<'_>>) -> Vec<Inline> {
    let mut done: Vec<Vec<Inline>> = vec![Vec::new()];
    let mut frames: Vec<Frame<'_>> = Vec::new();
    let mut links = 0usize;
    let add = |done: &mut Vec<Vec<Inline>>, part: Inline| {
        let Some(line) = done.last_mut() else { return };
        match (line.last_mut(), part) {
            (Some(Inline::Text(text)), Inline::Text(more)) => text.push_str(&more),
            (_, part) => line.push(part),
        }
    };
    for token in tokens {
        match token {
            Token::Text(text)
            | Token::Marker { text, role: Role::Text }
            | Token::LinkEnd { text, paired: false, .. } => add(&mut done, Inline::Text(text.to_owned())),
            Token::Code(text) => add(&mut done, Inline::Code(text.to_owned())),
            Token::Break => add(&mut done, Inline::Break),
            Token::Address(text) if links > 0 => add(&mut done, Inline::Text(unescaped(text))),
            Token::Address(text) => {
                let children = vec![Inline::Text(unescaped(text))];
                add(&mut done, Inline::Link { href: unescaped(text), children });
            }
            Token::Marker { text, role: Role::Opens { link } } => {
                if done.len() > MAX_DEPTH || (link && links > 0) {
                    frames.push(Frame::Flat);
                } else {
                    frames.push(if link { Frame::Link } else { Frame::Marker(text) });
                    done.push(Vec::new());
                    links += usize::from(link);
                }
            }
            Token::Marker { role: Role::Closes, .. } | Token::LinkEnd { paired: true, .. } => {
                let Some(frame) = frames.pop() else { continue };
                if matches!(frame, Frame::Flat) {
                    continue;
                }
                let children = done.pop().unwrap_or_default();
                let part = match (frame, &token) {
                    (Frame::Link, Token::LinkEnd { href, .. }) => {
                        links -= 1;
                        Inline::Link { href: unescaped(href), children }
                    }
                    (Frame::Marker("~~"), _) => Inline::Struck(children),
                    (Frame::Marker("*" | "_"), _) => Inline::Emphasis(children),
                    _ => Inline::Strong(children),
                };
                add(&mut done, part);
            }
        }
    }
    done.swap_remove(0)
}
