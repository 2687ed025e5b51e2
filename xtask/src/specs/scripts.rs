//! TypeScript and Python tests and the criteria that their titles and first lines name.

use super::Claim;
use super::criteria::leading_ids;

/// The claims of a TypeScript or JavaScript file: ids that begin the title of a `test(…)`, or of one with fixtures of its
/// own, `testWithModel(…)`.
pub(crate) fn claims_of_typescript(text: &str) -> Vec<Claim> {
    let mut claims = Vec::new();
    for (at, name) in text.match_indices("test") {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|before| before.is_alphanumeric() || before == '.' || before == '_') {
            continue;
        }
        let rest = text[at + name.len()..].trim_start_matches(char::is_alphanumeric);
        let Some(title) = rest.strip_prefix('(').map(str::trim_start) else { continue };
        let Some(quote) = title.chars().next().filter(|quote| ['"', '\'', '`'].contains(quote)) else { continue };
        let title = title[1..].split(quote).next().unwrap_or_default();
        claims.extend(leading_ids(title).into_iter().map(|id| Claim { id, line: line_at(text, at) }));
    }
    claims
}

/// The claims of a Python file: ids that begin the docstring of a `def test…`.
pub(crate) fn claims_of_python(text: &str) -> Vec<Claim> {
    let mut claims = Vec::new();
    for (at, _) in text.match_indices("def test") {
        let Some((_, body)) = text[at..].split_once(":\n") else { continue };
        let Some(docstring) = body.trim_start().strip_prefix("\"\"\"") else { continue };
        claims.extend(leading_ids(docstring).into_iter().map(|id| Claim { id, line: line_at(text, at) }));
    }
    claims
}

fn line_at(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(id: &str, line: usize) -> Claim {
        Claim { id: id.to_owned(), line }
    }

    /// DEV-02: a title names criteria, in any quotes and on the next line; a skipped test and other calls do not.
    #[test]
    fn typescript_titles() {
        let text = "test(\"UI-01: x\", run);\ntest(\n  `UI-02, UI-03: y ${z}`,\n);\ntest.skip(\"UI-04: z\");\nlatest('UI-05: w');\ntestWithModel(\"UI-06: v\", run);\n";
        assert_eq!(
            claims_of_typescript(text),
            [claim("UI-01", 1), claim("UI-02", 2), claim("UI-03", 2), claim("UI-06", 7)]
        );
    }

    /// DEV-02: the first line of a docstring names criteria.
    #[test]
    fn python_docstrings() {
        let text = "class A:\n    async def test_a(self) -> None:\n        \"\"\"TOOL-01: x.\"\"\"\n\n    def test_b(self):\n        pass\n    def setup(self):\n        \"\"\"TOOL-02: y.\"\"\"\n";
        assert_eq!(claims_of_python(text), [claim("TOOL-01", 2)]);
    }
}
