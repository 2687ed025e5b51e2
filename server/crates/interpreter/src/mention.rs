//! Words of a message that the agent compares with the list, so that it reads no English itself.

/// The word that a number was said with, as a title would have it: "chore 1" of "delete chores 2 and 1".
#[must_use]
pub fn numbered_phrase(said: &str, number: i64) -> Option<String> {
    let text = plain_words(said);
    let parts: Vec<&str> = text.split(' ').collect();
    let at = parts.iter().position(|part| part.parse() == Ok(number))?;
    let noun = parts[..at].iter().rev().find(|part| **part != "and" && part.parse::<i64>().is_err())?;
    Some(format!("{} {number}", noun.strip_suffix('s').unwrap_or(noun)))
}

/// Whether such a phrase names a task by its number: "task 3".
#[must_use]
pub fn is_task_number(phrase: &str) -> bool {
    phrase.starts_with("task ")
}

/// The words in lower case with single spaces. "#1" stays one word.
#[must_use]
pub fn plain_words(text: &str) -> String {
    let text = text.to_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric() && c != '#').filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Whether two titles are the same, articles and case aside.
#[must_use]
pub fn is_same_title(one: &str, other: &str) -> bool {
    let words = |title: &str| {
        let lower = title.to_lowercase();
        let is_kept = |word: &&str| !matches!(*word, "a" | "an" | "the");
        lower.split_whitespace().filter(is_kept).map(str::to_owned).collect::<Vec<_>>()
    };
    words(one) == words(other)
}

/// Whether a message has a noun for a task or its title: then its new title is meant as a whole.
#[must_use]
pub fn has_task_noun(said: &str) -> bool {
    let noun = ["task", "todo", "item", "reminder", "title"];
    said.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|word| noun.contains(&word))
}

/// Whether a message begins with "undo" or "redo" rather than with other words for them.
#[must_use]
pub fn begins_with_undo(said: &str) -> bool {
    let first = said.split_whitespace().next().unwrap_or_default();
    ["undo", "redo"].iter().any(|command| command.eq_ignore_ascii_case(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AGENT-20: a number is said with the noun before it, in the singular.
    #[test]
    fn numbers_are_said_with_a_noun() {
        assert_eq!(numbered_phrase("delete chores 2 and 1", 1).as_deref(), Some("chore 1"));
        assert_eq!(numbered_phrase("finish Task 3!", 3).as_deref(), Some("task 3"));
        assert_eq!(numbered_phrase("finish 3", 4), None);
        assert!(is_task_number("task 3") && !is_task_number("chore 3"));
        assert_eq!(plain_words("Pay  rent, #1!"), "pay rent #1");
    }

    /// AGENT-49: articles and case make no other title.
    #[test]
    fn articles_make_no_other_title() {
        assert!(is_same_title("Call the Dentist", "call dentist"));
        assert!(!is_same_title("Call the dentist", "Call a dentist now"));
    }

    /// AGENT-21: a message that names the task or its title means all of the title.
    #[test]
    fn task_nouns_are_known() {
        assert!(has_task_noun("rename task 3 to Anne") && has_task_noun("Change the title"));
        assert!(!has_task_noun("change Anna to Anne"));
    }
}
