//! Lines into blocks. Each level of nesting reads its lines once, and the depth is bounded, so the whole is linear.

use super::{Block, Inline, Item, MAX_DEPTH, inline};

/// Parses a whole text.
pub(crate) fn parse(text: &str) -> Vec<Block> {
    let spaced;
    let text = if text.contains('\t') {
        spaced = text.replace('\t', "    ");
        &spaced
    } else {
        text
    };
    let lines: Vec<&str> = text.lines().collect();
    blocks(&lines, 0)
}

/// What a line begins.
enum Start<'a> {
    Blank,
    Fence { mark: char, width: usize, indent: usize },
    Heading(u8, &'a str),
    Rule,
    Quote,
    Item(Marker<'a>),
    Text,
}

/// The marker of a list's item.
#[derive(Clone, Copy)]
struct Marker<'a> {
    indent: usize,
    /// Where the item's text begins.
    content: usize,
    /// `-`, `*`, `+`, `.` or `)`: another sign begins another list.
    sign: char,
    number: Option<u32>,
    text: &'a str,
}

fn blocks(lines: &[&str], depth: usize) -> Vec<Block> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let (block, next) = match start(lines[at]) {
            Start::Blank => {
                at += 1;
                continue;
            }
            Start::Fence { mark, width, indent } => code(lines, at, mark, width, indent),
            Start::Heading(level, text) => (Block::Heading(level, inline::parse(text)), at + 1),
            Start::Rule => (Block::Rule, at + 1),
            Start::Quote if depth < MAX_DEPTH => quote(lines, at, depth),
            Start::Item(marker) if depth < MAX_DEPTH => list(lines, at, marker, depth),
            _ => table(lines, at).unwrap_or_else(|| paragraph(lines, at, depth)),
        };
        out.push(block);
        at = next;
    }
    out
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn start(line: &str) -> Start<'_> {
    let spaces = indent(line);
    let text = line[spaces..].trim_end();
    let Some(first) = text.chars().next() else { return Start::Blank };
    match first {
        '`' | '~' => {
            let width = text.len() - text.trim_start_matches(first).len();
            if width >= 3 && !text[width..].contains('`') {
                return Start::Fence { mark: first, width, indent: spaces };
            }
        }
        '#' => {
            let level = text.len() - text.trim_start_matches('#').len();
            let rest = &text[level..];
            if let (1..=6, Ok(number)) = (level, u8::try_from(level))
                && (rest.is_empty() || rest.starts_with(' '))
            {
                return Start::Heading(number, rest.trim().trim_end_matches('#').trim_end());
            }
        }
        '>' => return Start::Quote,
        '-' | '*' | '_' | '+' if is_rule(text, first) => return Start::Rule,
        _ => {}
    }
    marker(line, spaces).map_or(Start::Text, Start::Item)
}

fn is_rule(text: &str, mark: char) -> bool {
    mark != '+' && text.chars().all(|c| c == mark || c == ' ') && text.matches(mark).count() >= 3
}

fn marker(line: &str, indent: usize) -> Option<Marker<'_>> {
    let rest = &line[indent..];
    let digits = rest.bytes().take(10).take_while(u8::is_ascii_digit).count();
    let sign = rest[digits..].chars().next()?;
    let number = match (digits, sign) {
        (0, '-' | '*' | '+') => None,
        (1..=9, '.' | ')') => Some(rest[..digits].parse().ok()?),
        _ => return None,
    };
    let text = &rest[digits + 1..];
    let spaces = text.len() - text.trim_start_matches(' ').len();
    if spaces == 0 && !text.is_empty() {
        return None;
    }
    // More than four spaces belong to the text, as in CommonMark.
    let gap = if text.trim().is_empty() || spaces > 4 { 1 } else { spaces };
    let content = indent + digits + 1 + gap;
    Some(Marker { indent, content, sign, number, text: line.get(content..).unwrap_or("") })
}

fn code(lines: &[&str], at: usize, mark: char, width: usize, indent_of_fence: usize) -> (Block, usize) {
    let mut text = String::new();
    let mut next = at + 1;
    while next < lines.len() {
        let line = lines[next];
        next += 1;
        let inside = line.trim();
        if inside.len() >= width && inside.chars().all(|c| c == mark) {
            break;
        }
        text.push_str(&line[indent(line).min(indent_of_fence)..]);
        text.push('\n');
    }
    text.pop();
    (Block::Code(text), next)
}

/// Whether a line goes on with the paragraph before it, though it lacks that paragraph's indent or `>`.
fn is_lazy(line: &str) -> bool {
    matches!(start(line), Start::Text)
}

fn quote(lines: &[&str], at: usize, depth: usize) -> (Block, usize) {
    let mut inside = Vec::new();
    let mut next = at;
    let mut open = false;
    while next < lines.len() {
        let line = lines[next];
        if let Some(rest) = line.trim_start_matches(' ').strip_prefix('>') {
            let rest = rest.strip_prefix(' ').unwrap_or(rest);
            open = is_lazy(rest);
            inside.push(rest);
        } else if open && is_lazy(line) {
            inside.push(line);
        } else {
            break;
        }
        next += 1;
    }
    (Block::Quote(blocks(&inside, depth + 1)), next)
}

fn list(lines: &[&str], at: usize, first: Marker<'_>, depth: usize) -> (Block, usize) {
    let mut items = Vec::new();
    let mut next = at;
    let mut marker = Some(first);
    while let Some(current) = marker {
        let (mut inside, end) = item(lines, next, current);
        let checked = inside.first_mut().and_then(check_box);
        items.push(Item { checked, blocks: blocks(&inside, depth + 1) });
        next = end;
        marker = match lines.get(next).map(|line| start(line)) {
            Some(Start::Item(sibling))
                if sibling.sign == first.sign && sibling.number.is_some() == first.number.is_some() =>
            {
                Some(sibling)
            }
            _ => None,
        };
    }
    (Block::List { start: first.number, items }, next)
}

/// The lines of one item without their indent, and where the next thing begins.
fn item<'a>(lines: &[&'a str], at: usize, marker: Marker<'a>) -> (Vec<&'a str>, usize) {
    let mut inside = vec![marker.text];
    let mut next = at + 1;
    // Blank lines belong to the item only where more of it follows.
    let mut blanks = 0;
    let mut open = is_lazy(marker.text);
    while let Some(line) = lines.get(next) {
        let spaces = indent(line);
        if line.trim().is_empty() {
            blanks += 1;
            open = false;
        } else {
            // Two spaces are enough for what stands under an item, also under a number.
            let belongs = spaces >= marker.content.min(marker.indent + 2);
            if !(belongs || (open && is_lazy(line))) {
                break;
            }
            inside.extend(std::iter::repeat_n("", blanks));
            blanks = 0;
            let text = &line[spaces.min(marker.content)..];
            open = is_lazy(text) || open && !belongs;
            inside.push(text);
        }
        next += 1;
    }
    (inside, next)
}

/// Takes `[ ] ` or `[x] ` off an item's text.
fn check_box(text: &mut &str) -> Option<bool> {
    let (checked, rest) = match text.get(..4)? {
        "[ ] " => (false, &text[4..]),
        "[x] " | "[X] " => (true, &text[4..]),
        _ => return None,
    };
    *text = rest;
    Some(checked)
}

fn paragraph(lines: &[&str], at: usize, depth: usize) -> (Block, usize) {
    let mut text = lines[at].trim().to_owned();
    let mut next = at + 1;
    while let Some(line) = lines.get(next) {
        let goes_on = match start(line) {
            Start::Text => true,
            // "1986. A great year" in the middle of a paragraph is no list.
            Start::Item(marker) => {
                depth >= MAX_DEPTH || marker.number.is_some_and(|n| n != 1) || marker.text.is_empty()
            }
            Start::Quote => depth >= MAX_DEPTH,
            _ => false,
        };
        if !goes_on {
            break;
        }
        text.push('\n');
        text.push_str(line.trim_start());
        next += 1;
    }
    text.truncate(text.trim_end().len());
    (Block::Paragraph(inline::parse(&text)), next)
}

fn table(lines: &[&str], at: usize) -> Option<(Block, usize)> {
    if !lines[at].contains('|') {
        return None;
    }
    let rule = cells(lines.get(at + 1)?);
    let is_rule = |cell: &&str| {
        let dashes = cell.strip_prefix(':').unwrap_or(cell);
        let dashes = dashes.strip_suffix(':').unwrap_or(dashes);
        !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-')
    };
    let names = cells(lines[at]);
    if names.len() != rule.len() || !rule.iter().all(is_rule) {
        return None;
    }
    let parsed = |cells: Vec<&str>| cells.into_iter().map(inline::parse).collect::<Vec<Vec<Inline>>>();
    let mut rows = Vec::new();
    let mut next = at + 2;
    while let Some(line) = lines.get(next).filter(|line| line.contains('|') && !matches!(start(line), Start::Blank)) {
        let mut row = cells(line);
        row.resize(names.len(), "");
        rows.push(parsed(row));
        next += 1;
    }
    Some((Block::Table { head: parsed(names), rows }, next))
}

/// The cells of a table's row; `\|` is no border.
fn cells(line: &str) -> Vec<&str> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut out = Vec::new();
    let mut from = 0;
    let mut escaped = false;
    for (at, byte) in line.bytes().enumerate() {
        if byte == b'|' && !escaped {
            out.push(line[from..at].trim());
            from = at + 1;
        }
        escaped = byte == b'\\' && !escaped;
    }
    if from < line.len() {
        out.push(line[from..].trim());
    }
    out
}
