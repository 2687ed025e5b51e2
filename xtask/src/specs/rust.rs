//! Rust tests and the criteria that their documentation names.

use super::Claim;
use super::criteria::leading_ids;

/// The claims of a Rust file: ids in the documentation of a function with a test attribute, or of a macro call (tests
/// that run on several databases are written as one). Ignored tests claim nothing.
pub(crate) fn claims(text: &str) -> Vec<Claim> {
    let mut claims = Vec::new();
    let mut above = Above::default();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if above.takes(line) {
            continue;
        }
        if above.is_test(line) {
            claims.extend(above.ids.drain(..).map(|id| Claim { id, line: index + 1 }));
        }
        above = Above::default();
    }
    claims
}

/// What stands directly above an item.
#[derive(Default)]
struct Above {
    ids: Vec<String>,
    /// Words inside an attribute that goes on over several lines.
    open: String,
    test: bool,
    ignored: bool,
}

impl Above {
    /// Whether a line is documentation, an attribute or a comment, and so belongs to the item below it.
    fn takes(&mut self, line: &str) -> bool {
        if !self.open.is_empty() || line.starts_with("#[") {
            self.open.push_str(line);
            if balanced(&self.open) {
                let attribute = std::mem::take(&mut self.open);
                let path = attribute.trim_start_matches("#[").split(['(', ']', '=', ' ']).next().unwrap_or_default();
                self.test |= path.contains("test");
                self.ignored |= path == "ignore";
            }
            true
        } else if let Some(sentence) = line.strip_prefix("///") {
            self.ids.extend(leading_ids(sentence.trim()));
            true
        } else {
            line.starts_with("//")
        }
    }

    fn is_test(&self, line: &str) -> bool {
        let function = line.split(' ').take(4).any(|word| word == "fn");
        !self.ignored && (if function { self.test } else { is_macro_call(line) })
    }
}

/// `name! {`, `name!(`: an item made by a macro.
fn is_macro_call(line: &str) -> bool {
    let Some((path, rest)) = line.split_once('!') else { return false };
    let is_path =
        !path.is_empty() && path.chars().all(|each| each.is_ascii_alphanumeric() || each == '_' || each == ':');
    is_path && path != "macro_rules" && rest.trim_start().starts_with(['(', '{', '['])
}

/// Whether every bracket is closed. Brackets in strings count too, which costs a claim and never gives one.
fn balanced(text: &str) -> bool {
    text.matches('[').count() == text.matches(']').count() && text.matches('(').count() == text.matches(')').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<String> {
        claims(text).into_iter().map(|claim| claim.id).collect()
    }

    /// DEV-02: any attribute whose path has `test` in it makes a test, on one line or several.
    #[test]
    fn test_attributes() {
        assert_eq!(ids("/// A-01: x.\n#[test]\nfn a() {}"), ["A-01"]);
        assert_eq!(
            ids("/// A-01: x.\n/// More words.\n#[tokio::test(\n  flavor = \"multi_thread\"\n)]\nasync fn a() {}"),
            ["A-01"]
        );
        assert_eq!(ids("/// A-01: x.\n#[wasm_bindgen_test]\n#[allow(clippy::panic)]\npub async fn a() {}"), ["A-01"]);
        assert_eq!(ids("#[test]\n/// A-01: x.\n// why\nfn a() {}"), ["A-01"]);
    }

    /// DEV-02: a test inside a macro, and a macro call that makes tests, claim what their documentation names.
    #[test]
    fn tests_by_macros() {
        let text = "proptest! {\n    /// A-01: x.\n    #[test]\n    fn a(x in 0..9) {}\n}\n";
        assert_eq!(ids(text), ["A-01"]);
        assert_eq!(ids("/// A-01: x.\non_each_database!(adds, |db| async move {\n});"), ["A-01"]);
        assert_eq!(ids("/// A-01: x.\nsupport::on_each_database! {\n"), ["A-01"]);
    }

    /// DEV-02: documentation of what is no test, of an ignored test, or apart from its test claims nothing.
    #[test]
    fn not_tests() {
        assert!(ids("/// A-01: x.\nfn a() {}").is_empty());
        assert!(ids("/// A-01: x.\n#[cfg(test)]\nmod tests {}").is_empty());
        assert!(ids("/// A-01: x.\n#[test]\n#[ignore = \"slow\"]\nfn a() {}").is_empty());
        assert!(ids("/// A-01: x.\n\n#[test]\nfn a() {}").is_empty());
        assert!(ids("/// A-01: x.\nmacro_rules! a {\n").is_empty());
    }
}
