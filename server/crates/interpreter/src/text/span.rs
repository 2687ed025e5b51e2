//! A view of consecutive tokens, and the matching of patterns against them.

use std::ops::Range;

use crate::text::{
    pattern::{Pattern, Patterns},
    token::{CHECK, EMOJI, Kind, Token},
};

/// Consecutive tokens of a message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words<'a> {
    source: &'a str,
    tokens: &'a [Token],
}

impl<'a> Words<'a> {
    pub(crate) const fn new(source: &'a str, tokens: &'a [Token]) -> Self {
        Self { source, tokens }
    }

    /// Some of the tokens of the same message.
    pub(crate) const fn of(self, tokens: &'a [Token]) -> Self {
        Self { source: self.source, tokens }
    }

    pub(crate) const fn source(self) -> &'a str {
        self.source
    }

    pub(crate) const fn tokens(self) -> &'a [Token] {
        self.tokens
    }

    pub(crate) const fn len(self) -> usize {
        self.tokens.len()
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.tokens.is_empty()
    }

    /// The text of a token; empty where there is none.
    pub(crate) fn text(self, i: usize) -> &'a str {
        self.tokens.get(i).map_or("", |token| token.text.as_str())
    }

    pub(crate) fn last(self) -> &'a str {
        self.tokens.last().map_or("", |token| token.text.as_str())
    }

    pub(crate) fn is_mark(self, i: usize) -> bool {
        self.tokens.get(i).is_some_and(|token| token.kind == Kind::Mark)
    }

    pub(crate) fn is_word(self, i: usize) -> bool {
        self.tokens.get(i).is_some_and(|token| token.kind == Kind::Word)
    }

    pub(crate) fn slice(self, range: Range<usize>) -> Self {
        let end = range.end.min(self.len());
        Self { source: self.source, tokens: &self.tokens[range.start.min(end)..end] }
    }

    pub(crate) fn from(self, i: usize) -> Self {
        self.slice(i..self.len())
    }

    pub(crate) fn to(self, i: usize) -> Self {
        self.slice(0..i)
    }

    /// The source from the first token to the last.
    pub(crate) fn raw(self) -> &'a str {
        match (self.tokens.first(), self.tokens.last()) {
            (Some(first), Some(last)) => self.source.get(first.start..last.end).unwrap_or_default(),
            _ => "",
        }
    }

    /// What the quotes enclose, where the token is a quoted text.
    pub(crate) fn quoted(self, i: usize) -> Option<&'a str> {
        let token = self.tokens.get(i).filter(|token| token.kind == Kind::Quoted)?;
        let mut chars = self.source.get(token.start..token.end)?.chars();
        chars.next();
        chars.next_back();
        Some(chars.as_str().trim())
    }

    /// What the quotes enclose, where the words are one quoted text and nothing else.
    pub(crate) fn only_quoted(self) -> Option<&'a str> {
        let trimmed = self.trim();
        if trimmed.len() == 1 { trimmed.quoted(0) } else { None }
    }

    /// Whether one of these is a word here.
    pub(crate) fn has(self, words: &[&str]) -> bool {
        self.tokens.iter().any(|token| words.contains(&token.text.as_str()))
    }

    /// Where the pattern ends, if it matches from `i` on.
    pub(crate) fn eat(self, i: usize, pattern: &Pattern) -> Option<usize> {
        pattern.matched(|distance| self.text(i + distance)).map(|taken| i + taken)
    }

    /// The farthest end of these patterns.
    pub(crate) fn eat_any(self, i: usize, patterns: &Patterns) -> Option<usize> {
        patterns.beginning(self.text(i)).filter_map(|pattern| self.eat(i, pattern)).max()
    }

    /// Where the pattern begins, if the words end with it.
    pub(crate) fn ends(self, pattern: &Pattern) -> Option<usize> {
        let earliest = self.len().saturating_sub(pattern.longest());
        (earliest..self.len()).find(|&i| self.eat(i, pattern) == Some(self.len()))
    }

    /// Where the earliest beginning of these patterns is, if the words end with one.
    pub(crate) fn ends_any(self, patterns: &Patterns) -> Option<usize> {
        patterns.iter().filter_map(|pattern| self.ends(pattern)).min()
    }

    /// Whether one of the patterns matches all the words.
    pub(crate) fn is_any(self, patterns: &Patterns) -> bool {
        patterns.beginning(self.text(0)).any(|pattern| self.eat(0, pattern) == Some(self.len()))
    }

    /// The first line, where it is no item of a list, and the lines after it.
    pub(crate) fn split_heading(self, line_end: usize) -> (Self, Self) {
        if self.is_mark(0) || line_end == 0 || self.text(0).bytes().all(|b| b.is_ascii_digit()) {
            (self.to(0), self)
        } else {
            (self.to(line_end), self.from(line_end))
        }
    }

    /// Without the marks at both ends.
    pub(crate) fn trim(self) -> Self {
        self.trim_start().trim_end()
    }

    pub(crate) fn trim_start(self) -> Self {
        let marks = (0..self.len()).take_while(|&i| self.is_mark(i) && self.text(i) != "(").count();
        self.from(marks)
    }

    pub(crate) fn trim_end(self) -> Self {
        let closed = |text: &str| text != ")";
        let keep = (0..self.len()).rev().find(|&i| !(self.is_mark(i) && closed(self.text(i)))).map_or(0, |i| i + 1);
        self.to(keep)
    }
}

/// Whether the token only decorates.
pub(crate) fn is_decoration(text: &str) -> bool {
    matches!(text, EMOJI | CHECK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{pattern::pattern, token::tokens};

    #[test]
    fn patterns_match_from_a_word_on_and_at_the_end() {
        let source = "please mark the second one as done!";
        let tokens = tokens(source);
        let words = Words::new(source, &tokens);
        assert_eq!(words.eat(0, pattern!("please? mark|set")), Some(2));
        assert_eq!(words.eat(1, pattern!("please? mark|set the a? second")), Some(4));
        assert_eq!(words.eat(0, pattern!("mark")), None);
        assert_eq!(words.trim().ends(pattern!("as? done|finished")), Some(5));
        assert_eq!(words.slice(2..5).raw(), "the second one");
        assert_eq!(words.from(99).raw(), "");
    }
}
