//! A message as tokens: words in lower case, punctuation marks and quoted texts, each with its place in the source.

use std::sync::LazyLock;

use crate::text::lexicon::{Map, word_map};
use crate::text::stems;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word or number.
    Word,
    /// Punctuation; the token's text is one of `, : ; . ? ! - ( ) \n *` or [`EMOJI`].
    Mark,
    /// A quoted text; the token's text is `"`.
    Quoted,
}

/// The text of a check mark, which is a word: "done".
pub(crate) const CHECK: &str = "✓";
/// The text of an emoji token that only decorates. Emoji that show things are words.
pub(crate) const EMOJI: &str = "☺";

/// One token.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// Lower case, with contractions written out.
    pub(crate) text: String,
    /// First byte in the source; with the quote, for a quoted text.
    pub(crate) start: usize,
    /// Byte after the last in the source.
    pub(crate) end: usize,
}

/// What says nothing: a stray quote.
const SILENT: &str = "";

/// Writes "its urgent" at the beginning of a message as "it is urgent"; "its cage" stays.
fn write_out_its(tokens: &mut Vec<Token>) {
    let [its, state, ..] = &tokens[..] else { return };
    if its.text != "its" || !matches!(state.text.as_str(), "urgent" | "important" | "due" | "overdue" | "done" | "high")
    {
        return;
    }
    let end = its.end;
    tokens[0].text = "it".to_owned();
    tokens.insert(1, Token { kind: Kind::Word, text: "is".to_owned(), start: end, end });
}

/// Writes "the rent's paid" as "the rent is paid"; "mom's cake" stays.
pub(crate) fn write_out_is(source: &str, tokens: &mut Vec<Token>) {
    write_out_its(tokens);
    let is_said_of = |text: &str| {
        matches!(
            text,
            "done" | "finished" | "completed" | "complete" | "been" | "all" | "already" | "now" | "due" | "overdue"
        ) || stems::is_past(text)
    };
    let mut i = 0;
    while i + 1 < tokens.len() {
        let owner = tokens[i]
            .text
            .strip_suffix("'s")
            .filter(|_| tokens[i].kind == Kind::Word && is_said_of(&tokens[i + 1].text));
        if let Some(owner) = owner.map(str::to_owned) {
            let (start, end) = (tokens[i].start, tokens[i].end);
            // The apostrophe may be typographic, of three bytes.
            let apostrophe = source.get(start..end).and_then(|word| word.rfind(['\'', '’', '‘']));
            tokens[i].text = owner;
            tokens[i].end = apostrophe.map_or(end, |at| start + at);
            tokens.insert(i + 1, Token { kind: Kind::Word, text: "is".to_owned(), start: end, end });
            i += 1;
        }
        i += 1;
    }
}

/// How far a closing quote may be from the opening one, in bytes.
const LONGEST_QUOTE: usize = 600;

/// Splits a message into tokens, in time linear in its length.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(source.len() / 4 + 4);
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        let next = at + c.len_utf8();
        if c == '\n' {
            push_mark(&mut tokens, "\n", at, next);
            at = next;
        } else if c.is_whitespace() || c.is_control() || is_joiner(c) {
            at = next;
        } else if let Some(end) = smiley(source, at) {
            push_mark(&mut tokens, EMOJI, at, end);
            at = end;
        } else if let Some(end) = quoted(source, at, c) {
            tokens.push(Token { kind: Kind::Quoted, text: "\"".to_owned(), start: at, end });
            at = end;
        } else if let Some(mark) = single_mark(c) {
            push_mark(&mut tokens, mark, at, next);
            at = next;
        } else if is_emoji(c) {
            let text = emoji_text(c);
            // Its form and its skin are part of it.
            let tail = source[next..].chars().take_while(|&c| is_joiner(c) && !is_invisible(c));
            let next = next + tail.map(char::len_utf8).sum::<usize>();
            match text {
                EMOJI => push_mark(&mut tokens, text, at, next),
                CHECK => tokens.push(Token { kind: Kind::Word, text: text.to_owned(), start: at, end: next }),
                _ => tokens.push(Token { kind: Kind::Word, text: c.to_string(), start: at, end: next }),
            }
            at = next;
        } else {
            let end = chunk_end(source, at);
            split_chunk(source, at, end, &mut tokens);
            at = end;
        }
    }
    tokens
}

/// The end of a smiley in signs that stands by itself: ":)", ";-)", "<3".
fn smiley(source: &str, at: usize) -> Option<usize> {
    const SMILEYS: [&str; 17] =
        [":-)", ";-)", ":-(", ":')", ":)", ";)", ":(", "=)", ":]", ":D", ":P", ":p", ";P", ":/", "<3", "^^", ":o"];
    let rest = &source[at..];
    if !rest.starts_with([':', ';', '=', '<', '^']) || source[..at].ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let sign = SMILEYS.iter().find(|sign| rest.starts_with(**sign))?;
    let behind = rest[sign.len()..].trim_start_matches([')', '(', '!', '.']);
    (behind.is_empty() || behind.starts_with(char::is_whitespace)).then_some(at + sign.len())
}

fn push_mark(tokens: &mut Vec<Token>, text: &str, start: usize, end: usize) {
    if text == SILENT {
        return;
    }
    tokens.push(Token { kind: Kind::Mark, text: text.to_owned(), start, end });
}

fn single_mark(c: char) -> Option<&'static str> {
    Some(match c {
        ',' | '،' | '、' | '，' => ",",
        ';' => ";",
        '(' | '{' => "(",
        ')' | '}' => ")",
        '—' | '→' => "-",
        '•' | '●' | '◦' | '▪' | '‣' => "*",
        '…' => ".",
        '"' | '“' | '”' | '„' | '«' | '»' | '`' => SILENT,
        _ => return None,
    })
}

fn is_joiner(c: char) -> bool {
    is_invisible(c) || matches!(c, '\u{fe0e}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// Invisible marks: joiners, directions, and spaces without a width.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{61c}'
        | '\u{feff}' | '\u{ad}')
}

/// Without invisible marks at the edges, and without directions of which only one end is left.
pub(crate) fn without_edge_marks(text: &str) -> String {
    let is_edge = |c: char| is_invisible(c) || c.is_whitespace();
    let text = text.trim_matches(is_edge);
    let open =
        text.matches(|c| matches!(c, '\u{2066}'..='\u{2068}' | '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}'));
    let closed = text.matches(['\u{2069}', '\u{202c}']);
    if open.count() == closed.count() {
        return text.to_owned();
    }
    text.replace(|c| matches!(c, '\u{2066}'..='\u{2069}' | '\u{202a}'..='\u{202e}'), "")
}

/// The digit of another script as one of ours, and a full-width sign of a time or date as the narrow one.
fn narrow(c: char) -> char {
    for zero in ['\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}', '\u{ff10}'] {
        let value = u32::from(c).wrapping_sub(u32::from(zero));
        if let Some(digit) = char::from_digit(value, 10).filter(|_| value < 10) {
            return digit;
        }
    }
    match c {
        '：' => ':',
        '／' => '/',
        '＃' => '#',
        '＋' => '+',
        c => c,
    }
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{25a0}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}'
        | '\u{1f000}'..='\u{1faff}')
}

/// Check marks, decoration, or the name of nothing in particular for an emoji that shows a thing.
fn emoji_text(c: char) -> &'static str {
    match c {
        '✓' | '✔' | '✅' | '☑' | '🗹' => CHECK,
        '\u{1f600}'..='\u{1f64f}'
        | '\u{1f910}'..='\u{1f92f}'
        | '\u{1f970}'..='\u{1f97a}'
        | '\u{1f440}'..='\u{1f450}'
        | '\u{1f490}'..='\u{1f4a0}'
        | '\u{2600}'..='\u{26ff}'
        | '\u{2728}'
        | '\u{2757}'
        | '\u{2764}'
        | '\u{1f389}'
        | '\u{1f38a}'
        | '\u{1f4aa}'
        | '\u{1f4af}'
        | '\u{1f525}'
        | '\u{1f680}'
        | '\u{1f4dd}'
        | '\u{1f6a8}' => EMOJI,
        _ => "",
    }
}

/// The end of the quoted text that begins at `at`, if one does. A quote does not span lines.
fn quoted(source: &str, at: usize, open: char) -> Option<usize> {
    let close: &[char] = match open {
        '"' => &['"'],
        '“' | '„' => &['”', '“', '"'],
        '«' => &['»'],
        '`' => &['`'],
        '\'' => &['\''],
        '‘' => &['’'],
        _ => return None,
    };
    let inside = at + open.len_utf8();
    let mut empty = true;
    for (offset, c) in source[inside..].char_indices() {
        if offset > LONGEST_QUOTE || c == '\n' {
            return None;
        }
        if close.contains(&c) {
            let end = inside + offset + c.len_utf8();
            let single = matches!(open, '\'' | '‘');
            // An apostrophe inside a word closes nothing.
            if !single || !source[end..].chars().next().is_some_and(char::is_alphanumeric) {
                return (!empty).then_some(end);
            }
        }
        empty &= c.is_whitespace();
    }
    None
}

/// The end of a run without white space and without what is a token by itself.
fn chunk_end(source: &str, at: usize) -> usize {
    let mut previous = None;
    for (offset, c) in source[at..].char_indices() {
        let digits_around = c == ','
            && previous.is_some_and(|p: char| p.is_ascii_digit())
            && source.as_bytes()[at + offset + 1..].iter().take_while(|b| b.is_ascii_digit()).take(4).count() == 3;
        let stands_alone = single_mark(c).is_some() || is_emoji(c) || c.is_whitespace() || c.is_control();
        if offset > 0 && stands_alone && !digits_around {
            return at + offset;
        }
        previous = Some(c);
    }
    source.len()
}

/// Peels punctuation off both ends of a chunk, and writes contractions out.
fn split_chunk(source: &str, start: usize, end: usize, tokens: &mut Vec<Token>) {
    let chunk = source[start..end].trim_end_matches(is_invisible);
    let (mut from, mut to) = (start, start + chunk.len());
    let edge =
        |c: char| matches!(c, '.' | ':' | '?' | '!' | '-' | '–' | '\'' | '’' | '‘' | '*' | '~' | '[' | ']' | '|');
    let text_of = |c: char| match c {
        '.' => ".",
        ':' => ":",
        '?' => "?",
        '!' => "!",
        '[' => "(",
        ']' => ")",
        '*' => "*",
        '-' | '–' => "-",
        _ => SILENT,
    };
    while let Some(c) = source[from..to].chars().next().filter(|&c| edge(c) || is_invisible(c)) {
        let next = from + c.len_utf8();
        if is_invisible(c) {
            from = next;
            continue;
        }
        // "!high" keeps its mark.
        if c == '!' && source[next..to].starts_with(char::is_alphanumeric) {
            break;
        }
        // A number below nothing is no other number; at the beginning of a line the mark lists it.
        let is_below =
            matches!(c, '-' | '–') && from == start && !source[..start].trim_end_matches(' ').ends_with('\n');
        if is_below && source[next..to].starts_with(|c: char| c.is_ascii_digit()) {
            break;
        }
        push_mark(tokens, text_of(c), from, next);
        from = next;
    }
    let mut tail = Vec::new();
    while let Some(c) = source[from..to].chars().next_back().filter(|&c| edge(c) || is_invisible(c)) {
        to -= c.len_utf8();
        tail.push((if is_invisible(c) { SILENT } else { text_of(c) }, to, to + c.len_utf8()));
    }
    if from < to {
        let chunk = &source[from..to];
        if let Some(colon) = label_colon(chunk) {
            push_words(&chunk[..colon], from, tokens);
            push_mark(tokens, ":", from + colon, from + colon + 1);
            push_words(&chunk[colon + 1..], from + colon + 1, tokens);
        } else if let Some(sign) = time_sign(chunk) {
            push_words(&chunk[..sign], from, tokens);
            let at = from + sign;
            tokens.push(Token { kind: Kind::Word, text: "at".to_owned(), start: at, end: at + 1 });
            push_words(&chunk[sign + 1..], at + 1, tokens);
        } else {
            push_words(chunk, from, tokens);
        }
    }
    for (text, start, end) in tail.into_iter().rev() {
        push_mark(tokens, text, start, end);
    }
}

/// The colon of "todo:milk"; not that of "17:00" or "http://".
fn label_colon(chunk: &str) -> Option<usize> {
    let colon = chunk.find(':')?;
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    (letter(chunk[..colon].chars().next_back()) && letter(chunk[colon + 1..].chars().next())).then_some(colon)
}

/// The sign of "@6pm" and "friday@16:30". An address such as `ann@163.com` has none.
fn time_sign(chunk: &str) -> Option<usize> {
    let sign = chunk.find('@')?;
    let time = normal(&chunk[sign + 1..]);
    let half = ["am", "pm", "a.m", "p.m"].iter().find_map(|half| time.strip_suffix(half)).unwrap_or(&time);
    let (hour, minute) = half.split_once([':', '.', 'h']).unwrap_or((half, "00"));
    let digits = |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let is_time = matches!(time.as_str(), "noon" | "midnight") || (digits(hour, 2) && digits(minute, 2));
    (is_time && chunk[..sign].chars().all(char::is_alphanumeric)).then_some(sign)
}

fn push_words(chunk: &str, start: usize, tokens: &mut Vec<Token>) {
    if chunk.is_empty() {
        return;
    }
    let end = start + chunk.len();
    let text = normal(chunk);
    // "2026-12-01T17:00": a date and a time.
    if text.len() <= 19
        && chunk.is_ascii()
        && text.as_bytes().get(10) == Some(&b't')
        && text.starts_with(char::is_numeric)
    {
        let (date, time) = (text[..10].to_owned(), text[11..].to_owned());
        tokens.push(Token { kind: Kind::Word, text: date, start, end: start + 10 });
        tokens.push(Token { kind: Kind::Word, text: time, start: start + 11, end });
        return;
    }
    let (first, second) = written_out(&text);
    if second.is_empty() {
        let text = if first == text { text } else { first.to_owned() };
        tokens.push(Token { kind: Kind::Word, text, start, end });
    } else {
        tokens.push(Token { kind: Kind::Word, text: first.to_owned(), start, end });
        tokens.push(Token { kind: Kind::Word, text: second.to_owned(), start, end });
    }
}

/// Lower case, with plain apostrophes and hyphens.
pub(crate) fn normal(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars()
        // Joiners inside a word are part of how it is written.
        .filter(|c| !is_invisible(*c) || matches!(c, '\u{200c}' | '\u{200d}'))
        .map(|c| match c {
            '’' | '‘' => '\'',
            '–' | '‑' | '−' => '-',
            c => narrow(c),
        })
        .flat_map(char::to_lowercase)
        .collect()
}

static SHORT_FORMS: Map = LazyLock::new(|| word_map!("short_forms"));

/// A contraction or a common short form as plain words.
fn written_out(word: &str) -> (&str, &str) {
    let plain = SHORT_FORMS.get(word).copied().unwrap_or(word);
    plain.split_once(' ').unwrap_or((plain, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        tokens(source).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn words_marks_and_quotes_part() {
        assert_eq!(texts("Don't forget: milk,eggs!"), ["do", "not", "forget", ":", "milk", ",", "eggs", "!"]);
        assert_eq!(texts("at 5:30 p.m., #3"), ["at", "5:30", "p.m", ".", ",", "#3"]);
        assert_eq!(texts("change 1 to 'Call mom’s sister'"), ["change", "1", "to", "\""]);
        assert_eq!(texts("it’s mom's"), ["it", "is", "mom's"]);
        assert_eq!(texts("todo:milk http://x.y 1,000"), ["todo", ":", "milk", "http://x.y", "1,000"]);
        assert_eq!(texts("✅ done 🙏🏽 🥛"), [CHECK, "done", EMOJI, "🥛"]);
    }
}
