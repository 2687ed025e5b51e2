//! Rule 8: what is asked of an assistant that can act: "can you buy milk?", "wake me up", "play some music".

use super::{offer, refused};
use crate::{
    Context, Intent,
    text::lexicon::{Class, is_action, is_task_noun, word_class},
    text::pattern::{Pattern, pattern, patterns},
    text::span::Words,
    text::stems::undoubled,
};

static MEDIA: Class = word_class!("media");
static GAMES: Class = word_class!("games");
static DEVICES: Class = word_class!("devices");

fn names(words: Words<'_>, class: &Class) -> bool {
    words.tokens().iter().any(|token| class.contains(token.text.as_str()))
}

/// What follows "can you" and its like.
pub(crate) fn asked_politely(words: Words<'_>) -> Option<Words<'_>> {
    let start = words.eat_any(0, patterns!["hey|hi|hello|ok|okay|please|so|saydo ,? saydo? ,?"]).unwrap_or(0);
    let words = words.from(start);
    let end = words.eat_any(
        0,
        patterns![
            "can|could|would|will you please|kindly|just|maybe|possibly? please?",
            "would|do you mind",
            "would you be able to",
            "would you be so kind as|and? to?",
            "is there any? way you can|could",
            "i was wondering|hoping if|that? you can|could|would",
        ],
    )?;
    Some(words.from(end))
}

/// What is offered where the words after "can you" are something to do.
pub(crate) fn offered(rest: Words<'_>, context: &Context) -> Option<Intent> {
    let first = rest.text(0);
    let gerund = first.strip_suffix("ing").is_some_and(|base| {
        is_action(base) || is_action(&format!("{base}e")) || base.len() > 3 && is_action(undoubled(base))
    });
    let acts = is_action(first) || gerund || is_meant(rest);
    if !acts
        || refused::is_command_verb(rest)
        || refused::holds_command(rest)
        || rest.eat_any(0, patterns!["tell|show|give me|us", "explain|help|do"]).is_some()
    {
        return None;
    }
    offer(without_me(rest), context)
}

/// "buy milk for me" stays; only the question's mark goes.
fn without_me(words: Words<'_>) -> Words<'_> {
    words.trim_end()
}

/// Whether the words ask an assistant to act, without a "can you".
pub(crate) fn is_meant(words: Words<'_>) -> bool {
    for_me(words) || plays(words) || composes(words) || sets_alarm(words) || switches(words)
}

/// "wake me up", "book me a flight".
fn for_me(words: Words<'_>) -> bool {
    let verb = words.text(0);
    let acts = is_action(verb)
        || matches!(
            verb,
            "sing"
                | "fetch"
                | "pour"
                | "translate"
                | "recommend"
                | "suggest"
                | "navigate"
                | "entertain"
                | "hug"
                | "draw"
        );
    // "Read me my list" asks for it.
    let asks_for_list = words.has(&["list", "tasks", "todos", "agenda", "schedule"]);
    acts && !asks_for_list
        && matches!(words.text(1), "me" | "us")
        && words.text(2) != "and"
        && !matches!(verb, "remind" | "add" | "help")
}

/// "play some music", "put on some jazz".
fn plays(words: Words<'_>) -> bool {
    if words.text(0) == "play" {
        return words.len() > 1
            && (words.has(&["music", "song", "songs"]) && !words.has(&["with"]) || !names(words, &GAMES));
    }
    let on = words
        .eat(0, pattern!("put|turn|switch on"))
        .or_else(|| words.eat(0, pattern!("stream|shuffle|pause|skip|resume")));
    match on {
        Some(at) => names(words.from(at), &MEDIA),
        None => {
            words.is_any(patterns!["next|previous|skip song|track", "volume up|down", "louder|quieter", "sing a? song"])
                || words.text(0) == "sing" && words.has(&["song", "birthday", "me"])
        }
    }
}

/// "write a poem about cats", "tell a joke".
fn composes(words: Words<'_>) -> bool {
    let verb = words.eat(0, pattern!("write|compose|create|make|generate|invent|tell|read|draw|sing|rap|recite up?"));
    verb.is_some_and(|at| {
        words
            .eat_any(
                at,
                patterns!["me? a|an|another|some|the? short|long|funny|little|silly|good|nice|new|love|sad|romantic|bedtime? poem|poems|song|songs|story|stories|joke|jokes|haiku|limerick|rap|riddle|lyrics|verse|sonnet|ballad|tale|rhyme|pun"],
            )
            .is_some()
    })
}

/// "set a timer for 10 minutes", "alarm at 7".
fn sets_alarm(words: Words<'_>) -> bool {
    let verb = words.eat(0, pattern!("set|start|create|make|stop|cancel|turn|snooze|put off|on? my|an|a|the?"));
    let end = verb.unwrap_or(0);
    // "A 10 minute timer".
    let thing = (end..end + 5)
        .find(|&i| matches!(words.text(i), "alarm" | "alarms" | "timer" | "timers" | "stopwatch" | "countdown"));
    let plain = thing.is_some_and(|at| {
        verb.is_some() || at == 0 && words.len() > 1 && !is_action(words.text(1)) && words.text(1) != "clock"
    });
    plain
        && !words.tokens().iter().any(|token| is_task_noun(&token.text))
        && !words.has(&["clock", "system", "company", "battery", "batteries"])
}

/// What follows a device that is to be switched.
const BEHIND_DEVICE: &Pattern =
    pattern!("in|at|to|on|off|up|down|by|please|now|tonight|tomorrow|for|conditioning|conditioner|everywhere|when");

/// "turn off the lights", "dim the lamp".
fn switches(words: Words<'_>) -> bool {
    let verb = words.eat_any(
        0,
        patterns![
            "turn|switch on|off|up|down",
            "turn|switch the? lights|light|lamp|volume|heating|tv|television|heater|ac|fan|music|radio",
            "dim|mute|unmute|raise|lower",
            "lights|light on|off|out",
            "increase|decrease|reduce"
        ],
    );
    let Some(at) = verb else { return false };
    if matches!(words.text(0), "lights" | "light") {
        return words.trim_end().len() == at;
    }
    // The device ends the sentence, or a place or a time follows: "turn off the tv subscription" is something else.
    names(words, &DEVICES)
        && (at.saturating_sub(1)..words.len()).any(|i| {
            DEVICES.contains(&words.text(i))
                && (i + 1 >= words.trim_end().len() || words.eat(i + 1, BEHIND_DEVICE).is_some())
        })
}
