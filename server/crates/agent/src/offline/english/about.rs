//! Answers to questions about the app: what it does today, with a link that does it where the page can.

use saydo_contract::PageAction;
use saydo_interpreter::Topic;

/// Where the API is described.
const API: &str = "[API](/api/docs)";

pub(super) fn answer(topic: Topic) -> String {
    let act = |words: &str, action: PageAction| format!("[{words}]({})", action.address());
    match topic {
        Topic::Repeat => "Saydo can't repeat tasks yet. The words stay in the title.".to_owned(),
        Topic::Reminders => "Saydo doesn't notify yet. A task keeps its date and time.".to_owned(),
        Topic::DeleteAccount => format!("You can't delete your account on the page yet, only with the {API}."),
        Topic::ChangePassword => "You can't change your password in Saydo yet.".to_owned(),
        Topic::ForgottenPassword => "Saydo can't reset a forgotten password yet.".to_owned(),
        Topic::ChangeEmail => "You can't change your email or name in Saydo yet.".to_owned(),
        Topic::Settings => format!(
            "There's no settings page yet. You can choose the theme ({}, {} or {}) and the {}.",
            act("dark", PageAction::DarkMode),
            act("light", PageAction::LightMode),
            act("as your system", PageAction::SystemTheme),
            act("language", PageAction::Language),
        ),
        Topic::Export => format!("{} with your tasks and conversations.", act("Save a file", PageAction::Export)),
        Topic::Import => "Saydo can't read files of other apps. Paste your tasks, one on each line.".to_owned(),
        Topic::DarkMode => format!("{}.", act("Turn on dark mode", PageAction::DarkMode)),
        Topic::LightMode => format!("{}.", act("Turn on light mode", PageAction::LightMode)),
        Topic::SystemTheme => format!("{}.", act("Use the theme of your system", PageAction::SystemTheme)),
        Topic::Language => format!("{}: English or Urdu.", act("Choose the page's language", PageAction::Language)),
        Topic::Shortcuts => format!("{}.", act("Show the keyboard shortcuts", PageAction::Shortcuts)),
        Topic::SignOut => format!("{}.", act("Sign out", PageAction::SignOut)),
        Topic::Undo => "Say “undo”, or click Undo on a receipt.".to_owned(),
        Topic::Trash => "Say “restore” and the title of a task that you deleted in this chat.".to_owned(),
        Topic::Subtasks => "Saydo has no subtasks. A task can have a note: “/note 3 …”.".to_owned(),
        Topic::Share => "Saydo can't share lists. Each account has its own.".to_owned(),
        Topic::Attachments => "Saydo can't attach files. A note can hold a link.".to_owned(),
        Topic::Calendar => "Saydo can't connect to calendars yet.".to_owned(),
        Topic::Tags => "Saydo has one list, and no tags yet. Words like #home stay in the title.".to_owned(),
        Topic::Voice => "If your browser can, click the microphone in the message box and speak.".to_owned(),
        Topic::Apps => "Saydo runs in the browser, on phones too, and your browser may install it.".to_owned(),
        Topic::Privacy => {
            "Your list is kept on this Saydo server, and its operator can read it. If an AI model is connected, it gets \
             your messages and tasks."
                .to_owned()
        }
        Topic::Offline => "Without a network the page opens, keeps what you write, and sends it later.".to_owned(),
        Topic::Price => "Saydo is free and open source.".to_owned(),
        Topic::Support => "Tell whoever runs this Saydo server.".to_owned(),
        Topic::Assistant => format!(
            "Without an AI model, Saydo understands simple sentences. {}.",
            act("See what you can say", PageAction::Help),
        ),
    }
}
