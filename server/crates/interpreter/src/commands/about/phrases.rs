//! What people ask and say about the app: a table of topics and phrases for each way of asking.

use crate::{
    Topic,
    text::pattern::{Patterns, patterns},
};

/// What asks, before what is asked about.
pub(super) const ASKING: &Patterns = patterns![
    "how do|can|could|would|should i|we|you",
    "how to",
    "how does one|saydo|this|it",
    "how is|are the? my?",
    "can|could|may|will|would i|we|you|saydo|it|this please? also?",
    "do|does|did you|saydo|it|this|we also? have|support|offer|do|know|allow?",
    "can|do|does|are|will my? tasks|task|lists also? be?",
    "are|is there a|an|any? way|option|possibility? to|for?",
    "is it possible to",
    "where do|can|could|should i|we find|see|get|change|set|switch?",
    "where is|are the|my?",
    "what is|are the|your?",
    "what about",
    "is|are the|my|your?",
    "have you got",
    "show|tell|give me the|your|about?",
];

/// What is done with the app, in words that no task has.
pub(super) const ACTIONS: &[(Topic, &Patterns)] = &[
    (
        Topic::DeleteAccount,
        patterns![
            "delete|remove|close|deactivate|erase|cancel|terminate|wipe my|our|this|the account|profile|user",
            "delete|remove|close account",
            "unregister"
        ],
    ),
    (
        Topic::ForgottenPassword,
        patterns![
            "i? forgot|lost|forgotten|forget my? password",
            "i have forgotten|lost my password",
            "i do not remember|know my password",
            "i can not remember my password",
            "recover my|the? password|account",
            "i can not log|sign in",
        ],
    ),
    (
        Topic::ChangePassword,
        patterns![
            "change|reset|update|edit|set my|the|a? new? password",
            "password change|reset",
            "use a new|different|another password"
        ],
    ),
    (
        Topic::ChangeEmail,
        patterns![
            "change|update|edit my|the? email|e-mail|mail address?",
            "use a new|different|another email|e-mail address?",
            "change|update|edit my login|username|name",
        ],
    ),
    (
        Topic::Settings,
        patterns![
            "open|show|go to? me? the|my? settings|preferences|options|profile|account",
            "settings|preferences",
            "account settings",
            "change|edit my|the? settings|profile|preferences"
        ],
    ),
    (
        Topic::Export,
        patterns![
            "export|download|print all? my|the|of? all|the|my? data|tasks|task|list|lists|todos|everything|it|them list? as|to? csv|json|pdf|excel|markdown?",
            "get my data|tasks out",
        ],
    ),
    (
        Topic::Import,
        patterns![
            "import|migrate|transfer|bring|move my|the|some|in|over|a|all|old|existing? tasks|list|lists|data|todos|everything from|out? of? my|another|other|a? todoist|trello|asana|excel|csv|app|apps|tick|ticktick|notion|file|wunderlist|microsoft|google|apple|evernote|spreadsheet list|todo|tasks|reminders|keep|app|file?",
            "upload|import a? csv file?",
            "import from todoist|trello|asana|notion|ticktick|evernote|excel|csv|google|microsoft|apple|another|keep tasks|keep|reminders|app?",
        ],
    ),
    (
        Topic::DarkMode,
        patterns![
            "turn|switch|put on? to? the? dark|night mode|theme on?",
            "enable|activate|use|set|want|have|go|change|start|show to? the? a? dark|night mode|theme",
            "turn|switch off|from the? light mode|theme",
            "change|switch|set the? theme|app|page|colors|colours|mode|appearance to dark",
            "dark mode|theme please?",
            "make it|everything|the dark|darker",
            "turn|switch it dark",
            "disable light mode|theme",
        ],
    ),
    (
        Topic::LightMode,
        patterns![
            "turn|switch|put on? to? the? light|day mode|theme on?",
            "enable|activate|use|set|want|have|go|change to? the? a? light|day|bright mode|theme",
            "turn|switch|disable off|from? the? dark|night mode|theme off?",
            "change|switch|set the? theme|app|page|colors|colours|mode|appearance to light",
            "light mode|theme please?",
        ],
    ),
    (
        Topic::Reminders,
        patterns![
            "turn|switch on|off the|my|all|push|email? notifications|notification|reminders|alerts",
            "turn|switch the|my|all|push|email? notifications|reminders|alerts on|off",
            "enable|disable|activate|mute|stop the|my|all|push|email? notifications|alerts|reminders",
        ],
    ),
    (
        Topic::Settings,
        patterns![
            "make the text|font|letters|buttons bigger|larger|smaller",
            "increase|decrease|change|set the? font|text size|color|colour?",
            "change the? font",
        ],
    ),
    (
        Topic::SystemTheme,
        patterns![
            "change|switch|set the|my|a? theme|themes|appearance",
            "change|switch|set|use to? the? system|default|auto|automatic theme|mode|appearance",
            "change|switch|set the? theme|appearance to system|auto|automatic",
        ],
    ),
    (
        Topic::Language,
        patterns![
            "change|switch|set|choose the|my|your? language to? german|english|french|spanish|urdu|arabic|hindi|italian|dutch|turkish?",
            "switch|change|talk|speak|answer|reply|write to|in german|english|french|spanish|urdu|arabic|hindi|italian|dutch|turkish",
            "speak|understand|talk|know german|english|french|spanish|urdu|arabic|hindi|italian|dutch|turkish|chinese|japanese",
            "use saydo|it|this in german|english|french|spanish|urdu|arabic|hindi|italian|dutch|turkish",
        ],
    ),
    (
        Topic::SignOut,
        patterns![
            "sign|log me? out|off",
            "log|sign me? out|off of? everywhere|all? devices?",
            "logout|signout|logoff",
            "end my session",
            "switch|change account|accounts|user",
        ],
    ),
];

/// What a question may ask to do. Without the question these are things to do: "invite friends".
pub(super) const ASKED_ACTIONS: &[(Topic, &Patterns)] = &[
    (
        Topic::Import,
        patterns![
            "import|migrate|transfer|switch|move over? from todoist|trello|asana|notion|excel|ticktick|evernote|another|other|google|microsoft|apple|csv app|apps|keep|tasks|todo|reminders|file?",
            "import"
        ],
    ),
    (Topic::Share, patterns!["invite|add friends|people|others|users|members|family"]),
    (
        Topic::Export,
        patterns![
            "back up my|the|all? data|tasks|list|everything",
            "backup|save|keep my|the data|tasks|list|lists|everything"
        ],
    ),
    (
        Topic::Repeat,
        patterns![
            "repeat|recur tasks|task|todos|reminders|things|it|them|itself? every|each? day|week|month?",
            "repeat a|my|the|some task|tasks|todo",
            "make|have|let|get a|my|the|some|this? task|tasks|todo|reminder|it repeat|recur|recurring every? day|week|month|daily|weekly|monthly?",
            "make|create|add|have|set|set up? a? task|tasks|it repeat|repeating|recurring|recur task|tasks|reminder|reminders?",
            "make|create|add|have|set|schedule up? a? recurring|repeating|repeated|repetitive task|tasks|todos|reminder|reminders",
        ],
    ),
    (
        Topic::Reminders,
        patterns![
            "send|give|show me? a? push|email|browser|phone? notifications|notification|reminders|alerts|emails",
            "send me an? sms|text|email|mail|push",
            "turn|switch on|off the|my|all? notifications|notification|reminders|alerts on|off?",
            "enable|disable|activate|mute|get|receive|have|stop|set up? the|my|all|push|email? notifications|alerts",
            "notify|alert|ping me",
            "really|actually remind me",
            "remind me",
            "remind|notify|alert|message|text me by|via|with|through|over|on email|e-mail|mail|sms|text|phone|push|notification|notifications|whatsapp|telegram|slack|discord",
        ],
    ),
    (
        Topic::Undo,
        patterns![
            "undo|revert something|changes|things|a|my|mistakes|mistake|anything|stuff change|mistake|deletion?",
            "take something|things|a back change?",
            "undo|revert a|my|the|that|this|last? last? delete|deletion|completion|edit|action|change"
        ],
    ),
    (
        Topic::Trash,
        patterns![
            "restore|recover|find|see|get|undelete|bring back? my|a|the|old? deleted task|tasks|item|items|ones back?",
            "show|open|see|empty|find me? the|my? trash|bin can?",
            "show|see|list me? the|my? deleted tasks|items|ones",
        ],
    ),
    (
        Topic::Subtasks,
        patterns![
            "have|add|create|make|use a? subtasks|sub-tasks|subtask|sub-task|checklists|checklist|steps to|in|for? a|my? task|tasks?",
            "nest|group tasks"
        ],
    ),
    (
        Topic::Share,
        patterns![
            "share|send|sync my|a|the|this? todo|to-do|task|shopping? list|lists|tasks|account|todos with|to|between? my|a? wife|husband|someone|others|somebody|people|family|friend|friends|team|partner|another|other? person|people?",
            "invite|add|assign a|my|other|another|someone|somebody|people|tasks|task|others friend|wife|husband|user|users|person|people|member|members|to? someone|others|people|anyone?",
            "collaborate with? others|people|someone?",
            "work together|with others|someone|people? on? a? list|lists?",
        ],
    ),
    (
        Topic::Attachments,
        patterns![
            "attach|upload|add|include a|an|my|some? file|files|photo|photos|picture|pictures|image|images|document|documents|attachment|attachments|pdf to? a|my|the? task|tasks?"
        ],
    ),
    (
        Topic::Calendar,
        patterns![
            "sync|connect|integrate|link|use|add|show saydo|it|this|tasks|everything|my? tasks? with|to|in|on? my|a|the? google|outlook|apple|ical|phone? calendar",
            "integrate|sync|connect|work with|to? google|outlook|slack|notion|gmail|alexa|siri|zapier|todoist",
        ],
    ),
    (
        Topic::Tags,
        patterns![
            "use|add|have|create|make|group tasks? with|into|in|by|a|more|several|multiple|different|new? tags|tag|labels|projects|project|folders|folder|categories|lists|sections|boards",
            "have|create|make|keep more than one list",
            "tag|categorize|categorise|group|organize|sort|color my|the? tasks",
        ],
    ),
    (
        Topic::Voice,
        patterns![
            "talk|speak|dictate to? you|it?",
            "use|turn my|the|on? voice|microphone|mic|speech|dictation|siri|alexa input|on?",
            "hear|listen me|to me?"
        ],
    ),
    (
        Topic::Apps,
        patterns![
            "install|get|download|use saydo|this|the|an|a|it? app|on|as? an? my|a|the? app|phone|iphone|android|desktop|tablet|ipad|computer|mobile|mac|windows|linux app?",
            "work|run on? my|a|the? phone|iphone|android|desktop|tablet|ipad|computer|mobile|mac|windows",
            "sync|synchronize|synchronise my|the|all? tasks|data|list|lists|everything|it? between|across|on|with|to my|all|the|several|multiple|two|other|different? devices|device|computers|phones|phone|laptop|computer|tablet and? my? phone|laptop|computer|tablet?",
            "sync|synchronize|synchronise",
            "use|open|see|have saydo|it|this|my? tasks|list|account? on two|several|multiple|many|other|another|all|more|both than? one? of? my? devices|device|computers|computer|phones|phone",
        ],
    ),
    (
        Topic::Offline,
        patterns![
            "work|use|works|function|run saydo|it|this? offline",
            "work|use|works|run saydo|it|this? without a|an|any? internet|network|connection|wifi connection?"
        ],
    ),
    (
        Topic::Support,
        patterns![
            "contact|reach|call|email the|your|customer? support|team|developer|developers|you",
            "report|send|give a|an|some? bug|problem|issue|error|feedback",
            "talk|speak to a? human|person|support|someone",
        ],
    ),
    (
        Topic::Privacy,
        patterns![
            "sell|share|store|track|collect|encrypt my data|information|messages|chats",
            "track me",
            "delete|remove|erase|wipe all? of? my data|information|history",
        ],
    ),
    (
        Topic::Price,
        patterns![
            "cost|charge anything|something|money|much|me",
            "cost",
            "pay for saydo|this|it",
            "upgrade|subscribe to pro|premium plan?",
            "upgrade my plan"
        ],
    ),
];

/// What there may be in the app, where the words ask for it.
pub(super) const SUBJECTS: &[(Topic, &Patterns)] = &[
    (
        Topic::Shortcuts,
        patterns![
            "a|any|all? keyboard? shortcut|shortcuts|hotkey|hotkeys|keys",
            "keyboard commands|shortcuts",
            "a|any|the? keyboard? shortcut|shortcuts|hotkey|hotkeys for|to adding|creating|completing|deleting|editing|renaming|undoing|add|create|complete|delete|edit|rename|undo a|new|my? task|tasks|change|changes?"
        ],
    ),
    (
        Topic::Repeat,
        patterns![
            "repeat",
            "recurring|repeating|repeated tasks|task|todos|reminders",
            "recurrence|repetition",
            "be? recurring|repeated|repeating"
        ],
    ),
    (
        Topic::Reminders,
        patterns![
            "push|email? notifications|reminders|alerts",
            "notify|remind me|people|us?",
            "notification sounds|settings"
        ],
    ),
    (Topic::Subtasks, patterns!["subtasks|sub-tasks|checklists"]),
    (Topic::Share, patterns!["shared lists|tasks", "sharing|collaboration|teams", "be? shared"]),
    (Topic::Attachments, patterns!["attachments|files|images|photos"]),
    (Topic::Calendar, patterns!["a? google|outlook|apple? calendar sync|integration|view?", "integrations"]),
    (Topic::Tags, patterns!["tags|labels|projects|folders|categories", "multiple|several|different lists|projects"]),
    (Topic::Voice, patterns!["voice|speech input|control|commands|recognition?"]),
    (
        Topic::Apps,
        patterns![
            "a|an|the? mobile|phone|iphone|android|ios|desktop app|version",
            "an? app",
            "a widget",
            "on android|ios|iphone"
        ],
    ),
    (
        Topic::Privacy,
        patterns![
            "my? data|tasks|information|account|messages|list|everything|it safe|private|secure|encrypted|stored",
            "privacy policy?",
            "data privacy|protection|stored|kept|safe",
            "who can see my tasks|data|list"
        ],
    ),
    (Topic::Offline, patterns!["an? offline mode|support|version|access?"]),
    (
        Topic::Price,
        patterns![
            "saydo|it|this|the|app app? free|paid|expensive to? use?",
            "price|pricing|cost of? saydo|it|this?",
            "a free|paid|pro|premium version|plan|tier|trial",
            "free"
        ],
    ),
    (Topic::Language, patterns!["other|more|different? languages", "languages", "my? language|languages"]),
    (Topic::DarkMode, patterns!["a? dark|night mode|theme"]),
    (Topic::SystemTheme, patterns!["themes|theme|colors"]),
    (Topic::Export, patterns!["an? export|backup|backups function|option|button?"]),
    (Topic::Trash, patterns!["a? trash|bin|recycle bin?", "deleted tasks|items|ones"]),
    (Topic::Settings, patterns!["settings|preferences|options|profile|account page?"]),
    (Topic::Support, patterns!["customer? support email|address?", "a support team"]),
    (Topic::SignOut, patterns!["logout|log|sign out? button"]),
    (
        Topic::Apps,
        patterns![
            "a? sync|syncing|synchronization between|across? devices?",
            "synced across|between|on? all? my? devices?"
        ],
    ),
];

/// Whole questions.
pub(super) const WHOLE: &[(Topic, &Patterns)] = &[
    (
        Topic::Language,
        patterns![
            "what|which languages do|can you|saydo|it|i speak|support|understand|know|use",
            "what|which languages are there|supported|available"
        ],
    ),
    (
        Topic::Price,
        patterns![
            "how much does|is saydo|this|it app? cost?",
            "what does saydo|this|it app? cost",
            "is saydo|this|it|the app? free|paid to? use?",
            "do i have|need to pay for? saydo|this|it?",
        ],
    ),
    (
        Topic::Privacy,
        patterns![
            "is my? data|information|everything|this|it safe|private|secure|encrypted",
            "are my tasks|messages|data|lists safe|private|secure|encrypted",
            "who can|else see|read|sees|reads my|this? tasks|data|list|messages",
            "where is|are my data|tasks stored|saved|kept",
            "what do you do with my data",
            "what happens to|with my data|tasks",
        ],
    ),
    (
        Topic::Assistant,
        patterns![
            "are you chatgpt|gpt|claude|gemini|llama|alexa|siri|an|a? llm|ai|model|assistant?",
            "what|which model|llm|ai are|is|do|does you|this|it|saydo use?",
            "is this|it|saydo chatgpt|gpt|claude|gemini|ai|an|a? llm|ai|bot|model?",
            "do you use ai|gpt|chatgpt|a|an? model|llm?",
            "what is|are you|your name|called?",
            "do you have a name",
            "what should|do|can i call you",
            "tell|give me your name",
        ],
    ),
    (
        Topic::Apps,
        patterns![
            "is|are there a|an|any? mobile|phone|iphone|android|ios|desktop|web? app|apps|version|widget|widgets for|on? my|the|an|a? iphone|android|ios|phone|phones|ipad|tablet|mac|windows|linux|desktop|computer|laptop|watch|mobile?"
        ],
    ),
    (Topic::Reminders, patterns!["when|how will|do|can you remind|notify me", "why did not you remind|notify me"]),
    (
        Topic::Trash,
        patterns![
            "where do deleted|removed tasks|items go",
            "what happens to|with deleted|removed tasks|items",
            "where are|is my|the? deleted|removed tasks|items|task",
        ],
    ),
    (
        Topic::Shortcuts,
        patterns!["keyboard shortcuts", "shortcuts|hotkeys", "show|list me? the|all? keyboard? shortcuts|hotkeys"],
    ),
    (Topic::Offline, patterns!["does it|saydo|this app? work offline", "do you work offline", "offline mode"]),
    (
        Topic::Support,
        patterns![
            "i found a bug",
            "contact|support",
            "report a bug|problem",
            "this|the|your|saydo|it app|page|site|website? is|does not|so|very|too|really|just|super|always? broken|buggy|slow|work|working|useless|terrible|annoying|frozen|laggy|awful|horrible",
            "this|the|your|saydo app|page|site|website? crashed|crashes|sucks|freezes|froze|hangs|lags",
            "i hate this|it|you|saydo app?",
            "you are so|very|really? useless|stupid|dumb|terrible|annoying|slow|broken|wrong|bad",
            "there is a bug|problem|error|glitch",
            "something is wrong|broken",
        ],
    ),
];
