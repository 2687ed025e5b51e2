//! Every word of the page, in one place for each language.

mod urdu;

use saydo_contract::{ChangeVerb, CutReason, SlashCommand};

/// The languages of the page, by their tags and their own names.
pub(crate) const LANGUAGES: [(&str, &str); 2] = [("en", "English"), ("ur", "اردو")];

/// The words of the language with this tag; where it is none of ours, the English ones.
pub(crate) fn words(language: &str) -> &'static Words {
    if language == urdu::URDU.language { &urdu::URDU } else { &ENGLISH }
}

/// Which of our languages a browser asks for (RFC 9110, `Accept-Language`).
pub(crate) fn accepted(header: &str) -> &'static str {
    let wishes = header.split(',').filter_map(|wish| {
        let (tag, weight) = wish.split_once(";q=").unwrap_or((wish, "1"));
        let primary = tag.trim().split('-').next()?;
        let (known, _) = LANGUAGES.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(primary))?;
        Some((known, weight.trim().parse::<f32>().ok().filter(|weight| *weight > 0.0)?))
    });
    // Of equal weights the first counts.
    let best = wishes.reduce(|best, wish| if wish.1 > best.1 { wish } else { best });
    best.map_or(ENGLISH.language, |(language, _)| language)
}

/// Words that only the server writes: the browser's module is without them.
#[derive(Debug)]
pub(crate) struct ShellWords {
    pub(crate) description: &'static str,
    pub(crate) plain_page: &'static str,
    pub(crate) stuck: &'static str,
    pub(crate) load_again: &'static str,
}

/// Those of the language with this tag, as [`words`] has it.
pub(crate) fn shell_words(language: &str) -> &'static ShellWords {
    if language == urdu::URDU.language { &urdu::URDU_SHELL } else { &ENGLISH_SHELL }
}

pub(crate) static ENGLISH_SHELL: ShellWords = ShellWords {
    description: "Saydo is a to-do list that you talk to. Say it, and it's done.",
    plain_page: "Use the simple version",
    stuck: "Part of the page didn't load.",
    load_again: "Load it again",
};

/// The words of one language.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) language: &'static str,
    pub(crate) direction: &'static str,
    pub(crate) product: &'static str,
    pub(crate) slogan: &'static str,

    pub(crate) skip_to_message: &'static str,
    pub(crate) skip_to_form: &'static str,
    pub(crate) skip_to_content: &'static str,
    pub(crate) try_again: &'static str,
    pub(crate) dismiss: &'static str,
    pub(crate) undo: &'static str,

    pub(crate) sign_in: &'static str,
    pub(crate) sign_in_lead: &'static str,
    pub(crate) signing_in: &'static str,
    pub(crate) sign_up: &'static str,
    pub(crate) sign_up_lead: &'static str,
    pub(crate) signing_up: &'static str,
    pub(crate) sign_out: &'static str,
    pub(crate) no_account: &'static str,
    pub(crate) have_account: &'static str,
    pub(crate) name: &'static str,
    pub(crate) name_hint: &'static str,
    pub(crate) email: &'static str,
    pub(crate) password: &'static str,
    pub(crate) password_hint: &'static str,
    pub(crate) show_password: &'static str,
    pub(crate) email_wrong: &'static str,
    pub(crate) name_wrong: &'static str,
    pub(crate) password_missing: &'static str,
    pub(crate) password_short: &'static str,
    pub(crate) password_long: &'static str,
    pub(crate) email_taken: &'static str,
    pub(crate) credentials_wrong: &'static str,
    pub(crate) session_ended: &'static str,

    pub(crate) offline: &'static str,
    pub(crate) too_many: &'static str,
    pub(crate) unavailable: &'static str,
    pub(crate) failed: &'static str,

    pub(crate) chat: &'static str,
    pub(crate) tasks: &'static str,
    pub(crate) views: &'static str,
    pub(crate) conversations: &'static str,
    pub(crate) open_conversations: &'static str,
    pub(crate) close_conversations: &'static str,
    pub(crate) new_chat: &'static str,
    pub(crate) conversation: &'static str,
    pub(crate) no_conversations: &'static str,
    pub(crate) conversations_failed: &'static str,
    pub(crate) more_conversations: &'static str,
    pub(crate) search_conversations: &'static str,
    pub(crate) conversations_found: fn(usize) -> String,
    pub(crate) rename_conversation: fn(&str) -> String,
    pub(crate) delete_conversation: fn(&str) -> String,
    pub(crate) conversation_deleted: fn(&str) -> String,
    pub(crate) not_renamed: &'static str,
    pub(crate) not_deleted: &'static str,
    pub(crate) offline_mode: &'static str,
    pub(crate) offline_mode_hint: &'static str,
    pub(crate) account: &'static str,
    pub(crate) language_label: &'static str,
    pub(crate) theme: &'static str,
    pub(crate) themes: [&'static str; 3],
    pub(crate) density: &'static str,
    pub(crate) densities: [&'static str; 2],
    pub(crate) single_keys: &'static str,
    pub(crate) on_off: [&'static str; 2],
    pub(crate) palette: &'static str,
    pub(crate) palette_placeholder: &'static str,
    pub(crate) nothing_found: &'static str,
    pub(crate) close: &'static str,
    pub(crate) keys_sheet: &'static str,
    pub(crate) keys: [(&'static str, &'static str); 13],

    pub(crate) greeting: &'static str,
    pub(crate) greeting_lead: &'static str,
    pub(crate) prompts_label: &'static str,
    /// What can be asked at a click, and what is said for it; what ends in a space is to be completed.
    pub(crate) prompts: [(&'static str, &'static str); 4],
    pub(crate) overdue_prompt: fn(usize) -> String,
    pub(crate) overdue_message: &'static str,
    pub(crate) today_prompt: fn(usize) -> String,
    pub(crate) today_message: &'static str,

    pub(crate) message_label: &'static str,
    pub(crate) message_placeholder: &'static str,
    pub(crate) send: &'static str,
    pub(crate) stop: &'static str,
    pub(crate) dictate: &'static str,
    pub(crate) dictation_failed: &'static str,
    pub(crate) zone_unknown: &'static str,
    pub(crate) keys_hint: &'static str,
    pub(crate) message_refused: &'static str,
    pub(crate) suggestions: &'static str,
    pub(crate) suggested: fn(usize) -> String,
    /// What each slash command does, in their order.
    pub(crate) commands: [&'static str; SlashCommand::ALL.len()],
    pub(crate) too_long: fn(usize) -> String,
    pub(crate) messages: &'static str,
    pub(crate) log: &'static str,
    pub(crate) you_said: &'static str,
    pub(crate) saydo_said: &'static str,
    pub(crate) new_messages: &'static str,
    pub(crate) earlier_messages: &'static str,
    pub(crate) loading_messages: &'static str,
    pub(crate) messages_failed: &'static str,

    pub(crate) away: &'static str,
    pub(crate) not_loaded: &'static str,
    pub(crate) queued: &'static str,
    pub(crate) sending: &'static str,
    pub(crate) waiting: &'static str,
    pub(crate) thinking: &'static str,
    pub(crate) seconds: fn(usize) -> String,
    pub(crate) thought: fn(u32) -> String,
    pub(crate) looking: &'static str,
    pub(crate) adding: &'static str,
    pub(crate) completing: &'static str,
    pub(crate) deleting: &'static str,
    pub(crate) updating: &'static str,
    pub(crate) reconnecting: &'static str,
    pub(crate) stopping: &'static str,
    pub(crate) found: fn(u64) -> String,
    pub(crate) step_failed: &'static str,
    pub(crate) stopped: &'static str,
    pub(crate) stopped_left: fn(usize) -> String,
    pub(crate) interrupted: &'static str,
    /// Below an answer that its model's limit cut, and one whose rest a content filter withheld.
    pub(crate) cut: [&'static str; 2],
    pub(crate) go_on: &'static str,
    pub(crate) go_on_message: &'static str,
    pub(crate) turn_failed: &'static str,
    pub(crate) turn_failed_before: &'static str,
    pub(crate) connection_lost: &'static str,
    pub(crate) write_again: &'static str,
    pub(crate) choices: &'static str,
    /// The answers to an offer to add tasks.
    pub(crate) offer: [&'static str; 2],
    pub(crate) lapsed: &'static str,
    pub(crate) said_yes: &'static str,
    pub(crate) said_no: &'static str,
    /// Any other answer to a question.
    pub(crate) said: fn(&str) -> String,
    /// The option of a choice that was taken.
    pub(crate) chose: fn(&str) -> String,
    /// The button that does what a confirmation names: the verb where all tasks have the same, and how many they are.
    pub(crate) confirm: fn(Option<ChangeVerb>, usize) -> String,
    pub(crate) confirm_message: &'static str,
    /// The button that leaves those tasks as they are.
    pub(crate) cancel: fn(Option<ChangeVerb>, usize) -> String,
    pub(crate) cancel_message: &'static str,

    pub(crate) created: &'static str,
    pub(crate) completed: &'static str,
    pub(crate) reopened: &'static str,
    pub(crate) updated: &'static str,
    pub(crate) deleted: &'static str,
    pub(crate) restored: &'static str,
    /// Below a receipt: what it doesn't show.
    pub(crate) unread_date: fn(&str) -> String,
    pub(crate) no_reminder: &'static str,
    pub(crate) no_repeat: &'static str,
    pub(crate) same_title: &'static str,
    pub(crate) done_already: &'static str,
    pub(crate) split_into: fn(usize) -> String,
    pub(crate) title: &'static str,
    pub(crate) notes: &'static str,
    pub(crate) due: &'static str,
    pub(crate) date: &'static str,
    pub(crate) time: &'static str,
    pub(crate) set_date: &'static str,
    pub(crate) change_date: &'static str,
    pub(crate) leave: &'static str,
    pub(crate) edit: &'static str,
    pub(crate) delete_task: fn(&str) -> String,
    pub(crate) not_changed: fn(i64, &str) -> String,
    pub(crate) see_answer: &'static str,
    pub(crate) changed_since: fn(&str) -> String,
    pub(crate) undone: &'static str,
    /// What Ctrl+Z took back: the verb of its receipt, and the task's title.
    pub(crate) undone_change: fn(&str, &str) -> String,
    pub(crate) undone_changes: fn(usize) -> String,
    pub(crate) nothing_to_undo: &'static str,
    pub(crate) priority: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) changed_to: &'static str,
    /// None, low, medium, high.
    pub(crate) priorities: [&'static str; 4],

    /// Between the parts of a date.
    pub(crate) comma: &'static str,
    /// From Monday on, and from January on, short.
    pub(crate) weekdays: [&'static str; 7],
    pub(crate) months: [&'static str; 12],
    /// Before and after noon.
    pub(crate) day_halves: [&'static str; 2],
    pub(crate) overdue: &'static str,
    pub(crate) today: &'static str,
    pub(crate) upcoming: &'static str,
    pub(crate) no_date: &'static str,
    pub(crate) done: &'static str,
    pub(crate) tasks_empty: &'static str,
    pub(crate) tasks_empty_lead: &'static str,
    pub(crate) all_done: &'static str,
    pub(crate) tasks_failed: &'static str,
    pub(crate) tasks_loading: &'static str,
    pub(crate) more_tasks: &'static str,
    pub(crate) open_tasks: fn(usize) -> String,
    pub(crate) all_tasks: fn(u64) -> String,

    pub(crate) page_missing: &'static str,
    pub(crate) page_missing_lead: &'static str,
    pub(crate) conversation_missing: &'static str,
    pub(crate) conversation_missing_lead: &'static str,
    pub(crate) send_in_new_chat: &'static str,
    pub(crate) go_home: &'static str,
}

impl Words {
    /// That an answer was cut, and why.
    pub(crate) fn cut(&self, reason: CutReason) -> &'static str {
        let [length, filter] = self.cut;
        if reason == CutReason::Length { length } else { filter }
    }
}

/// A title in a sentence. The marks keep one of another direction apart from it.
fn quoted(title: &str) -> String {
    "“\u{2068}".to_owned() + title + "\u{2069}”"
}

fn counted(count: u64, one: &str, many: &str) -> String {
    let mut out = count.to_string();
    out.push(' ');
    out.push_str(if count == 1 { one } else { many });
    out
}

/// "Delete 15 tasks"
fn confirm_label(verb: Option<ChangeVerb>, count: usize) -> String {
    let verb = match verb {
        Some(ChangeVerb::Created) => "Add ",
        Some(ChangeVerb::Completed) => "Complete ",
        Some(ChangeVerb::Reopened) => "Reopen ",
        Some(ChangeVerb::Deleted) => "Delete ",
        Some(ChangeVerb::Restored) => "Restore ",
        Some(ChangeVerb::Updated) | None => "Change ",
    };
    verb.to_owned() + &counted(count as u64, "task", "tasks")
}

/// "Keep them"
fn cancel_label(verb: Option<ChangeVerb>, count: usize) -> String {
    let what = if count == 1 { "it" } else { "them" };
    match verb {
        Some(ChangeVerb::Deleted) => "Keep ".to_owned() + what,
        _ => "Leave ".to_owned() + what + " as is",
    }
}

/// English.
pub(crate) static ENGLISH: Words = Words {
    language: "en",
    direction: "ltr",
    product: "Saydo",
    slogan: "Say it, and it's done.",

    skip_to_message: "Skip to the message box",
    skip_to_form: "Skip to the form",
    skip_to_content: "Skip to the content",
    try_again: "Try again",
    dismiss: "Dismiss",
    undo: "Undo",

    sign_in: "Sign in",
    sign_in_lead: "Good to see you. Your list is where you left it.",
    signing_in: "Signing in…",
    sign_up: "Create account",
    sign_up_lead: "A to-do list that you talk to. It takes half a minute.",
    signing_up: "Creating your account…",
    sign_out: "Sign out",
    no_account: "New here?",
    have_account: "Already have an account?",
    name: "Name",
    name_hint: "What Saydo calls you.",
    email: "E-mail",
    password: "Password",
    password_hint: "At least 8 characters.",
    show_password: "Show password",
    email_wrong: "Enter an email address like ann@example.com.",
    name_wrong: "Use at most 120 characters, on one line.",
    password_missing: "Enter your password.",
    password_short: "Use at least 8 characters.",
    password_long: "Use at most 128 characters.",
    email_taken: "This email already has an account. Sign in?",
    credentials_wrong: "Wrong email or password.",
    session_ended: "Your session has ended. Sign in to go on where you were.",

    offline: "Can't reach Saydo. Check your connection and try again.",
    too_many: "Too many attempts. Wait a few seconds and try again.",
    unavailable: "Saydo isn't available right now. Try again in a minute.",
    failed: "Something went wrong. Try again.",

    chat: "Chat",
    tasks: "Tasks",
    views: "View",
    conversations: "Conversations",
    open_conversations: "Show conversations",
    close_conversations: "Hide conversations",
    new_chat: "New chat",
    conversation: "Conversation",
    no_conversations: "No conversations yet",
    conversations_failed: "Couldn't load your conversations.",
    more_conversations: "Show more",
    search_conversations: "Search conversations",
    conversations_found: |count| counted(count as u64, "conversation found", "conversations found"),
    rename_conversation: |title| "Rename ".to_owned() + title,
    delete_conversation: |title| "Delete ".to_owned() + title,
    conversation_deleted: |title| "Deleted ".to_owned() + &quoted(title),
    not_renamed: "Couldn't rename the conversation.",
    not_deleted: "Couldn't delete the conversation.",
    offline_mode: "Basic mode",
    offline_mode_hint: "No AI model is connected, so Saydo understands simple sentences.",
    account: "Account",
    language_label: "Language",
    theme: "Theme",
    themes: ["System", "Light", "Dark"],
    density: "Density",
    densities: ["Comfortable", "Compact"],
    single_keys: "Single-key shortcuts",
    on_off: ["On", "Off"],
    palette: "Command menu",
    palette_placeholder: "Search or type a command",
    nothing_found: "Nothing found",
    close: "Close",
    keys_sheet: "Keyboard shortcuts",
    keys: [
        ("Enter", "Send the message, or edit the task"),
        ("Shift Enter", "Start a new line"),
        ("↑", "Recall your last message"),
        ("/", "Go to the message box"),
        ("Esc", "Close what's open, stop the answer, or say no"),
        ("1 – 9", "Choose an answer"),
        ("Ctrl Z", "Undo"),
        ("Ctrl K", "Open the command menu"),
        ("F6", "Move between the message box, messages and tasks"),
        ("↑ ↓", "Move through tasks"),
        ("Space", "Complete"),
        ("Delete", "Delete"),
        ("?", "Show these shortcuts"),
    ],

    greeting: "What needs doing?",
    greeting_lead: "Say it in your own words. Saydo keeps the list.",
    prompts_label: "Things to say",
    prompts: [
        ("What is on my list?", "What is on my list?"),
        ("What is due this week?", "What is due this week?"),
        ("Add a task called…", "Add a task called "),
        ("Remind me tomorrow to…", "Remind me tomorrow to "),
    ],
    overdue_prompt: |count| "Move ".to_owned() + &count.to_string() + " overdue to tomorrow",
    overdue_message: "Move all overdue tasks to tomorrow",
    today_prompt: |count| "Show today (".to_owned() + &count.to_string() + ")",
    today_message: "What is due today?",

    message_label: "Message",
    message_placeholder: "Add, change or ask…",
    send: "Send",
    stop: "Stop",
    dictate: "Dictate",
    dictation_failed: "Didn't catch that. Is the microphone allowed?",
    zone_unknown: "Your browser doesn't say its time zone. Saydo uses the one it last knew, or UTC.",
    keys_hint: "Enter sends, Shift+Enter starts a new line",
    message_refused: "Saydo can't send some of these characters.",
    suggestions: "Suggestions",
    suggested: |count| counted(count as u64, "suggestion", "suggestions"),
    commands: [
        "Add a task",
        "Show the list",
        "Find tasks",
        "Complete a task",
        "Reopen a task",
        "Delete a task",
        "Restore a task",
        "Change a title",
        "Set a date",
        "Set a priority",
        "Set a note",
        "Split a task",
        "Undo",
        "Redo",
        "Help",
    ],
    too_long: |over| counted(over as u64, "character too long", "characters too long"),
    messages: "Messages",
    log: "Finished messages",
    you_said: "You",
    saydo_said: "Saydo",
    new_messages: "New messages",
    earlier_messages: "Show earlier messages",
    loading_messages: "Loading the conversation…",
    messages_failed: "Couldn't load the conversation.",

    away: "You're offline. Messages will be sent when you're back.",
    not_loaded: "Available when you're back online.",
    queued: "Queued",
    sending: "Sending…",
    waiting: "Waiting for the answer in another tab…",
    thinking: "Thinking…",
    seconds: |count| count.to_string() + " s",
    thought: |count| "Thought for ".to_owned() + &count.to_string() + " s",
    looking: "Looking through your tasks…",
    adding: "Adding a task…",
    completing: "Completing a task…",
    deleting: "Deleting a task…",
    updating: "Changing a task…",
    reconnecting: "Connection lost. Reconnecting…",
    stopping: "Stopping…",
    found: |count| {
        let mut out = "Found ".to_owned();
        out.push_str(&counted(count, "task", "tasks"));
        out
    },
    step_failed: "One step didn't work.",
    stopped: "Stopped. Finished steps are kept.",
    stopped_left: |left| "Skipped ".to_owned() + &counted(left as u64, "step.", "steps."),
    interrupted: "The answer stopped early. Finished steps are kept.",
    cut: ["The answer was cut off.", "The rest was withheld by the model's content filter."],
    go_on: "Continue",
    go_on_message: "Continue",
    turn_failed: "No answer",
    turn_failed_before: "Something went wrong. Saydo kept your message.",
    connection_lost: "Connection lost. Your message may have arrived. It's safe to try again.",
    write_again: "Write it again",
    choices: "Choices",
    offer: ["Add", "No"],
    lapsed: "No longer valid.",
    said_yes: "You said yes.",
    said_no: "You said no.",
    said: |answer| "You said ".to_owned() + &quoted(answer) + ".",
    chose: |option| "You chose ".to_owned() + &quoted(option) + ".",
    confirm: |verb, count| confirm_label(verb, count),
    confirm_message: "yes",
    cancel: |verb, count| cancel_label(verb, count),
    cancel_message: "no",

    created: "Added",
    completed: "Completed",
    reopened: "Reopened",
    updated: "Changed",
    deleted: "Deleted",
    restored: "Restored",
    unread_date: |text| "Couldn't read ".to_owned() + &quoted(text) + " as a date",
    no_reminder: "Saydo doesn't notify yet",
    no_repeat: "Saydo can't repeat tasks yet",
    same_title: "Already on your list",
    done_already: "It was done before",
    split_into: |count| "Split into ".to_owned() + &count.to_string(),
    title: "Title",
    notes: "Notes",
    due: "Due",
    date: "Date",
    time: "Time",
    set_date: "Set date",
    change_date: "Change the date",
    leave: "Cancel",
    edit: "Edit",
    delete_task: |title| "Delete ".to_owned() + title,
    not_changed: |number, reason| "Task #".to_owned() + &number.to_string() + " was not changed. " + reason,
    see_answer: "The answer in the chat says why.",
    changed_since: |title| quoted(title) + " was changed later, so this can't be undone.",
    undone: "Undone",
    undone_change: |verb, title| "Undone: ".to_owned() + verb + " " + &quoted(title),
    undone_changes: |count| "Undone: ".to_owned() + &count.to_string() + " changes",
    nothing_to_undo: "Nothing to undo",
    priority: "Priority",
    nothing: "none",
    changed_to: "changed to",
    priorities: ["None", "Low", "Medium", "High"],

    comma: ", ",
    weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    day_halves: ["AM", "PM"],
    overdue: "Overdue",
    today: "Today",
    upcoming: "Upcoming",
    no_date: "No date",
    done: "Done",
    tasks_empty: "Nothing on your list",
    tasks_empty_lead: "Add your first task below.",
    all_done: "All done. Nice.",
    tasks_failed: "Couldn't load your tasks.",
    tasks_loading: "Loading your tasks…",
    more_tasks: "Show more",
    open_tasks: |count| counted(count as u64, "open task", "open tasks"),
    all_tasks: |count| counted(count, "task", "tasks"),

    page_missing: "Page not found",
    page_missing_lead: "The address may have a typo, or the page moved.",
    conversation_missing: "Conversation not found",
    conversation_missing_lead: "Someone deleted it, or it belongs to another account.",
    send_in_new_chat: "Send in a new chat",
    go_home: "Go to the chat",
};

#[cfg(test)]
mod tests {
    use super::*;

    /// UI-68: the language that the browser wants most, of those that there are.
    #[test]
    fn the_browser_asks_for_a_language() {
        for (header, language) in [
            ("", "en"),
            ("de-DE,de;q=0.9", "en"),
            ("ur-PK,ur;q=0.9,en;q=0.8", "ur"),
            ("en-GB,ur;q=0.9", "en"),
            ("en;q=0.5,ur;q=0.7", "ur"),
            ("ur;q=0,en;q=0.1", "en"),
            ("UR", "ur"),
            ("ur;q=x", "en"),
        ] {
            assert_eq!(accepted(header), language, "{header}");
        }
        assert_eq!((words("ur").direction, words("en").direction, words("xx").language), ("rtl", "ltr", "en"));
    }
}
