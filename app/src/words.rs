//! Every word of the page, in one place for each language.

mod urdu;

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
    description: "Saydo is a to-do list that you talk to. Say it, and it is done.",
    plain_page: "Go on without JavaScript",
    stuck: "This page could not be loaded as a whole.",
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
    pub(crate) keys_hint: &'static str,
    pub(crate) message_refused: &'static str,
    pub(crate) suggestions: &'static str,
    pub(crate) suggested: fn(usize) -> String,
    pub(crate) commands: [&'static str; 9],
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
    pub(crate) working: &'static str,
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
    pub(crate) turn_failed: &'static str,
    pub(crate) turn_failed_before: &'static str,
    pub(crate) connection_lost: &'static str,
    pub(crate) write_again: &'static str,
    pub(crate) choices: &'static str,
    pub(crate) lapsed: &'static str,
    pub(crate) answered: &'static str,
    pub(crate) confirm: &'static str,
    pub(crate) confirm_message: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) cancel_message: &'static str,

    pub(crate) created: &'static str,
    pub(crate) completed: &'static str,
    pub(crate) reopened: &'static str,
    pub(crate) updated: &'static str,
    pub(crate) deleted: &'static str,
    pub(crate) restored: &'static str,
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
    pub(crate) changed_since: fn(i64, &str) -> String,
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
    pub(crate) go_home: &'static str,
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

/// English.
pub(crate) static ENGLISH: Words = Words {
    language: "en",
    direction: "ltr",
    product: "Saydo",
    slogan: "Say it, and it is done.",

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
    email_wrong: "Enter an e-mail address such as ann@example.com.",
    name_wrong: "Use at most 120 characters, on one line.",
    password_missing: "Enter your password.",
    password_short: "Use at least 8 characters.",
    password_long: "Use at most 128 characters.",
    email_taken: "There is an account with this address already. Sign in instead.",
    credentials_wrong: "The e-mail address or the password is not right.",
    session_ended: "Your session has ended. Sign in to go on where you were.",

    offline: "Saydo cannot be reached. Check your connection and try again.",
    too_many: "Too many tries. Wait a few seconds and try again.",
    unavailable: "Saydo is not available at the moment. Try again in a minute.",
    failed: "Something went wrong on our side. Try again.",

    chat: "Chat",
    tasks: "Tasks",
    views: "View",
    conversations: "Conversations",
    open_conversations: "Show conversations",
    close_conversations: "Hide conversations",
    new_chat: "New chat",
    conversation: "Conversation",
    no_conversations: "What you talk about appears here.",
    conversations_failed: "Your conversations could not be loaded.",
    more_conversations: "Show more",
    search_conversations: "Search conversations",
    conversations_found: |count| counted(count as u64, "conversation found", "conversations found"),
    rename_conversation: |title| "Rename ".to_owned() + title,
    delete_conversation: |title| "Delete ".to_owned() + title,
    conversation_deleted: |title| "Deleted ".to_owned() + &quoted(title),
    not_renamed: "The conversation was not renamed.",
    not_deleted: "The conversation was not deleted.",
    offline_mode: "Offline mode: plain commands",
    offline_mode_hint: "No language model is set up. Commands such as “add buy milk tomorrow” work.",
    account: "Account",
    language_label: "Language",
    theme: "Theme",
    themes: ["System", "Light", "Dark"],
    density: "Density",
    densities: ["Comfortable", "Compact"],
    single_keys: "Single-key shortcuts",
    on_off: ["On", "Off"],
    palette: "Palette",
    palette_placeholder: "Go to a conversation, or do something",
    nothing_found: "Nothing found",
    close: "Close",
    keys_sheet: "Keyboard shortcuts",
    keys: [
        ("Enter", "Send the message, or edit the task"),
        ("Shift Enter", "Start a new line"),
        ("↑", "Write the last message again, in the empty message box"),
        ("/", "Go to the message box"),
        ("Esc", "Stop the answer, or close what is open"),
        ("1 – 9", "Choose an answer"),
        ("Ctrl Z", "Take the last change back"),
        ("Ctrl K", "Open the palette"),
        ("F6", "Go on to the messages, the tasks, the message box"),
        ("↑ ↓", "Move among the tasks"),
        ("Space", "Check a task"),
        ("Delete", "Delete a task"),
        ("?", "Show this sheet"),
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
    overdue_prompt: |count| count.to_string() + " overdue: reschedule for tomorrow?",
    overdue_message: "Move all overdue tasks to tomorrow",
    today_prompt: |count| count.to_string() + " due today: show",
    today_message: "What is due today?",

    message_label: "Message",
    message_placeholder: "Add, change or ask…",
    send: "Send",
    stop: "Stop",
    dictate: "Dictate",
    dictation_failed: "Nothing could be heard. Check that the microphone is allowed.",
    keys_hint: "Enter sends, Shift+Enter starts a new line",
    message_refused: "The message has characters that cannot be sent.",
    suggestions: "Suggestions",
    suggested: |count| counted(count as u64, "suggestion", "suggestions"),
    commands: [
        "Add a task",
        "Show the list",
        "Complete a task",
        "Delete a task",
        "Change a title",
        "Set a date",
        "Set a priority",
        "Take the last change back",
        "What can be said",
    ],
    too_long: |over| counted(over as u64, "character too long", "characters too long"),
    messages: "Messages",
    log: "Finished messages",
    you_said: "You",
    saydo_said: "Saydo",
    new_messages: "New messages",
    earlier_messages: "Show earlier messages",
    loading_messages: "Loading the conversation…",
    messages_failed: "The conversation could not be loaded.",

    away: "No connection. What you write is kept, and sent when Saydo can be reached again.",
    not_loaded: "This is shown when the connection is back.",
    queued: "Waiting to be sent",
    sending: "Sending…",
    waiting: "Waiting for the answer in another tab…",
    working: "Working…",
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
    step_failed: "One step did not work.",
    stopped: "Stopped. What was done stays done.",
    stopped_left: |left| counted(left as u64, "step was left out.", "steps were left out."),
    interrupted: "The answer was interrupted. What was done stays done.",
    turn_failed: "No answer came",
    turn_failed_before: "The model failed. Your message is kept.",
    connection_lost: "The connection was lost. Your message may have arrived; trying again repeats nothing.",
    write_again: "Write it again",
    choices: "Choices",
    lapsed: "This question has lapsed. Nothing was changed.",
    answered: "This question is settled.",
    confirm: "Yes, do it",
    confirm_message: "yes",
    cancel: "No, leave it",
    cancel_message: "no",

    created: "Added",
    completed: "Completed",
    reopened: "Reopened",
    updated: "Changed",
    deleted: "Deleted",
    restored: "Restored",
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
    changed_since: |number, title| {
        quoted(title) + " (#" + &number.to_string() + ") has changed since. Nothing was undone."
    },
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
    tasks_empty_lead: "Tell Saydo what needs doing and it appears here.",
    all_done: "All done. Nice.",
    tasks_failed: "Your tasks could not be loaded.",
    tasks_loading: "Loading your tasks…",
    more_tasks: "Show more",
    open_tasks: |count| counted(count as u64, "open task", "open tasks"),
    all_tasks: |count| counted(count, "task", "tasks"),

    page_missing: "There is no such page",
    page_missing_lead: "The address may be mistyped, or the page has moved.",
    conversation_missing: "There is no such conversation",
    conversation_missing_lead: "It may have been deleted, or it belongs to another account.",
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
