//! Acceptance criteria in a page, and the ids that a test's words begin with.

/// One criterion of a page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Criterion {
    /// Its id, for example `STORE-01`.
    pub(crate) id: String,
    /// Its line, from 1.
    pub(crate) line: usize,
}

/// The criteria of a page: list items that begin with an id in bold.
pub(crate) fn of_page(text: &str) -> Vec<Criterion> {
    text.lines()
        .enumerate()
        .filter_map(|(index, line)| {
            let item = line.trim_start();
            let (id, _) = item.strip_prefix("* **").or_else(|| item.strip_prefix("- **"))?.split_once("**")?;
            is_id(id).then(|| Criterion { id: id.to_owned(), line: index + 1 })
        })
        .collect()
}

/// The ids that a sentence begins with: `A-01: …`, `A-01, A-02: …` or `A-01 and B-02: …`.
pub(crate) fn leading_ids(sentence: &str) -> Vec<String> {
    let Some((head, _)) = sentence.split_once(':') else { return Vec::new() };
    let words: Vec<_> = head.split([' ', ',']).filter(|word| !word.is_empty() && *word != "and").collect();
    if words.iter().all(|word| is_id(word)) { words.into_iter().map(str::to_owned).collect() } else { Vec::new() }
}

/// Capital letters and digits, a hyphen, two or more digits, and a small letter where a criterion was added behind another.
fn is_id(word: &str) -> bool {
    let Some((page, number)) = word.split_once('-') else { return false };
    let number = number.strip_suffix(|last: char| last.is_ascii_lowercase()).unwrap_or(number);
    page.starts_with(|first: char| first.is_ascii_uppercase())
        && page.chars().all(|each| each.is_ascii_uppercase() || each.is_ascii_digit())
        && number.len() >= 2
        && number.chars().all(|each| each.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// DEV-01: criteria are list items that begin with an id; an id inside a sentence or a table is not one.
    #[test]
    fn criteria_are_list_items() {
        let page = "# A\n* **A-01** One.\n* **A-01b** More.\n  * **A-02** Two.\nSee **A-03**.\n| A-04 | given |\n* **not an id** x\n";
        let found: Vec<_> = of_page(page).into_iter().map(|criterion| (criterion.id, criterion.line)).collect();
        assert_eq!(found, [("A-01".to_owned(), 2), ("A-01b".to_owned(), 3), ("A-02".to_owned(), 4)]);
    }

    /// DEV-01: a sentence names ids only at its beginning and only before a colon.
    #[test]
    fn ids_lead_a_sentence() {
        assert_eq!(leading_ids("UI-01: one."), ["UI-01"]);
        assert_eq!(leading_ids("UI-01, UI-02 and AUTH-10: three."), ["UI-01", "UI-02", "AUTH-10"]);
        assert!(leading_ids("As UI-01: says").is_empty());
        assert!(leading_ids("UTF-8: the encoding").is_empty());
        assert!(leading_ids("UI-01 without a colon").is_empty());
    }
}
