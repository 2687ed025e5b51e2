//! Answers are Markdown; what they quote is not.

/// The longest name of a character entity, such as `&CounterClockwiseContourIntegral;`.
const LONGEST_ENTITY: usize = 32;

/// A title is data: it must not turn into markup. Line breaks become spaces, so that it cannot begin a line either.
/// What an address is made of stays as it is: a backslash within it would lead elsewhere.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut address_end = 0;
    for (at, c) in text.char_indices() {
        if at >= address_end {
            address_end = at + address_length(&text[at..]);
        }
        match c {
            '_' | '~' if at < address_end => safe.push(c),
            '&' if !begins_entity(&text[at..]) => safe.push(c),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '|' | '&' => safe.extend(['\\', c]),
            '\n' | '\r' => safe.push(' '),
            _ => safe.push(c),
        }
    }
    safe
}

/// How long the address is that the text begins with, if it begins with one.
fn address_length(text: &str) -> usize {
    let is_address = ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme));
    let end = || text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '`' | '*' | '[' | ']' | '|' | '\\'));
    if is_address { end().unwrap_or(text.len()) } else { 0 }
}

/// Whether the text begins with what Markdown reads as another character, such as `&amp;`.
fn begins_entity(text: &str) -> bool {
    let mut name = text.bytes().skip(1).take(LONGEST_ENTITY);
    name.find(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#') == Some(b';')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AGENT-44: markup in a title is shown as it is, and an address keeps every character.
    #[test]
    fn markup_is_shown_and_addresses_stay() {
        for (title, shown) in [
            ("*a* [b](c) <d> `e` ~f~ g|h", r"\*a\* \[b\](c) \<d\> \`e\` \~f\~ g\|h"),
            ("a\nb", "a b"),
            ("R&D at AT&T", "R&D at AT&T"),
            ("1 &lt; 2 &#60; 3", r"1 \&lt; 2 \&#60; 3"),
            ("Pay https://pay.example/x_y~z?a=b&c=d now_", r"Pay https://pay.example/x_y~z?a=b&c=d now\_"),
            ("https://a.example/?x=&lt;*", r"https://a.example/?x=\&lt;\*"),
            ("snake_case", r"snake\_case"),
            ("", ""),
        ] {
            assert_eq!(escaped(title), shown);
        }
    }
}
