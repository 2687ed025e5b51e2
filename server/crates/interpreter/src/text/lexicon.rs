//! Classes of English words.

use std::{collections::HashSet, sync::LazyLock};

/// A class of words.
pub(crate) type Class = LazyLock<HashSet<&'static str>>;

/// The words of a text, which has spaces between.
pub(crate) fn class(words: &'static str) -> HashSet<&'static str> {
    words.split_ascii_whitespace().collect()
}

static TASK: Class =
    LazyLock::new(|| class("task todo to-do item reminder entry chore errand assignment taks tsk tast taask"));

/// What a to-do is called.
pub(crate) fn is_task_noun(word: &str) -> bool {
    TASK.contains(word) || is_task_plural(word)
}

static TASKS: Class = LazyLock::new(|| {
    class("tasks todos to-dos items reminders entries chores errands assignments things tsks taskss taks's")
});

/// What several to-dos are called.
pub(crate) fn is_task_plural(word: &str) -> bool {
    TASKS.contains(word)
}

static EMPTY: Class = LazyLock::new(|| {
    class(
        "the a an my our your this that these those some of to for about on in at with by and is are was be been \
         it its i me we us one ones task tasks todo todos to-do to-dos item reminder entry called named titled \
         please up regarding from which says saying 's",
    )
});

/// Words that a description of a task may hold without meaning anything.
pub(crate) fn is_empty_word(word: &str) -> bool {
    EMPTY.contains(word)
}

static HEDGES: Class = LazyLock::new(|| {
    class(
        "if unless except excluding besides but almost nearly partly partially half halfway maybe perhaps might \
         not never no wish hope hopefully think guess believe tried trying would could should will whether why \
         whenever without instead then barely hardly supposed forgot everyone someone somebody nobody",
    )
});

/// Words that make a sentence no plain command or report.
pub(crate) fn is_hedge(word: &str) -> bool {
    HEDGES.contains(word)
}

static ACTIONS: Class = LazyLock::new(|| {
    class(
        "answer apply arrange ask assemble attend back bake bathe bike book borrow bring brush build buy call \
         cancel catch change charge check choose clean clear close collect complete contact cook copy correct \
         create cut debug decide declutter decorate defrost deliver deploy deposit design discuss do donate \
         download draft draw drink drive drop dust eat edit email empty enroll exercise fax feed fetch file fill \
         film find finish fix fold follow get give go grab groom hand hang have hem help hire hug install invite \
         iron join jog knit launch learn leave lift listen lock look mail make measure meditate meet mend merge \
         message mop move mow negotiate notify open order organise organize pack paint park pay phone pick ping \
         plan plant play polish post practice practise prepare print proofread publish purchase push put read \
         rebook record refactor refill refund register release remind renew rent repair repay replace reply \
         repot request research reserve respond return review rewrite ring rsvp run save scan schedule scrub \
         search see sell send service set sew share shave ship shop shovel sign sketch skype sleep sort speak \
         spray start stop stretch study submit subscribe sweep swim switch take talk teach tell test text thank \
         think throw tidy touch train transfer translate travel treat trim try tune turn type unpack unsubscribe \
         update upgrade upload use vacuum verify visit vote wake walk wash watch water wear weed weigh wipe \
         withdraw work wrap write",
    )
});

/// Verbs for things that people put on lists.
pub(crate) fn is_action(word: &str) -> bool {
    ACTIONS.contains(word)
}

static EVENTS: Class = LazyLock::new(|| {
    class(
        "appointment appt meeting call interview exam class lesson flight deadline party date dinner lunch \
         breakfast brunch test presentation session checkup check-up reservation train game match concert \
         wedding conference webinar event birthday visit shift dentist doctor haircut workshop lecture standup \
         review rehearsal practice quiz demo",
    )
});

/// Events that people have at a time.
pub(crate) fn is_event(word: &str) -> bool {
    EVENTS.contains(word)
}

/// The number that a word or digits stand for.
pub(crate) fn number(word: &str) -> Option<i64> {
    if word.len() <= 18 && !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()) {
        return word.parse().ok();
    }
    const WORDS: [&str; 21] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    let small = |word: &str| WORDS.iter().position(|w| *w == word).map(|n| n as i64);
    small(word).or_else(|| {
        let (ten, unit) = word.split_once('-').unwrap_or((word, ""));
        let tens = match ten {
            "twenty" => 20,
            "thirty" => 30,
            "forty" => 40,
            "fifty" => 50,
            "sixty" => 60,
            "seventy" => 70,
            "eighty" => 80,
            "ninety" => 90,
            _ => return None,
        };
        if unit.is_empty() { Some(tens) } else { small(unit).filter(|n| (1..10).contains(n)).map(|n| tens + n) }
    })
}

/// The ordinal that a word ("third") or digits ("3rd") stand for, from 1.
pub(crate) fn ordinal(word: &str) -> Option<i64> {
    if let Some(digits) =
        ["st", "nd", "rd", "th"].iter().find_map(|suffix| word.strip_suffix(suffix)).filter(|d| d.len() <= 4)
        && !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
    {
        return digits.parse().ok().filter(|n| *n > 0);
    }
    const WORDS: [&str; 20] = [
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
    ];
    let small = |word: &str| WORDS.iter().position(|w| *w == word).map(|n| n as i64 + 1);
    small(word).or_else(|| match word {
        "thirtieth" => Some(30),
        "thirty-first" => Some(31),
        _ => word.strip_prefix("twenty-").and_then(small).filter(|n| *n < 10).map(|n| 20 + n),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ordinals() {
        for (word, expected) in [
            ("7", Some(7)),
            ("twelve", Some(12)),
            ("twenty-one", Some(21)),
            ("forty", Some(40)),
            ("12a", None),
            ("999999999999999999999", None),
            ("", None),
        ] {
            assert_eq!(number(word), expected, "{word}");
        }
        for (word, expected) in
            [("2nd", Some(2)), ("third", Some(3)), ("twenty-second", Some(22)), ("31st", Some(31)), ("th", None)]
        {
            assert_eq!(ordinal(word), expected, "{word}");
        }
    }
}
