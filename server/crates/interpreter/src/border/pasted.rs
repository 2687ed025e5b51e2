//! Rule 3: text of somebody else, or for another program: code, mails, dialogues, markup, instructions to a model.

use crate::text::{pattern::patterns, span::Words};

/// Whether the message is no message of the person.
pub(crate) fn is_foreign_text(words: Words<'_>) -> bool {
    let source = words.source();
    is_code(source) || is_mail(source) || is_dialogue(source) || names_tool(words) || instructs_model(words)
}

fn is_code(source: &str) -> bool {
    let text = source.trim();
    let fenced = text.starts_with("```") || text.contains("\n```");
    let json = (text.starts_with('{') && text.ends_with('}') || text.starts_with("[{"))
        && text.contains('"')
        && text.contains(':');
    let markup = text.starts_with('<') && text.contains('>')
        || ["</", "<script", "[/INST]", "<|"].iter().any(|mark| text.contains(mark));
    fenced || json || markup || is_call(text) || is_query(text) || is_shell(text) || is_program(text)
}

/// "delete_task(1)", "print("x")".
fn is_call(text: &str) -> bool {
    let Some(at) = text.find('(') else { return false };
    let name = &text[..at];
    let own = name.rsplit(char::is_whitespace).next().unwrap_or_default();
    let dotted = own.contains('_') || own.contains('.') && !own.ends_with('.') && !own.contains("://");
    let bare =
        !name.is_empty() && own == name && (text[at..].contains(['"', '\'', '=']) || text[at..].starts_with("()"));
    text.ends_with([')', ';', '}']) && (dotted || bare)
}

/// SQL.
fn is_query(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let is = |verb: &str, with: &str| lower.starts_with(verb) && lower.contains(with);
    is("select ", " from ")
        || is("delete from ", ";")
        || is("delete from ", " where ")
        || is("insert into ", "values")
        || is("update ", " set ") && text.contains('=')
        || ["drop table", "truncate table", "alter table"].iter().any(|verb| lower.starts_with(verb))
}

fn is_shell(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    text.starts_with("$ ")
        || text.starts_with("#!/")
        || match first {
            "sudo" | "curl" => true,
            "rm" => text.contains(" -"),
            "git" => text.contains("--"),
            "npm" => text.contains("install"),
            _ => false,
        }
}

fn is_program(text: &str) -> bool {
    const STARTS: [&str; 12] = [
        "def ",
        "function ",
        "import ",
        "const ",
        "let ",
        "var ",
        "public ",
        "class ",
        "fn ",
        "async ",
        "return ",
        "while (",
    ];
    const MARKS: [&str; 8] = ["();", "=>", "){", ") {", "};", "; }", " == ", " != "];
    STARTS.iter().any(|start| text.starts_with(start)) && text.contains(['{', ';', '=', '('])
        || MARKS.iter().any(|mark| text.contains(mark)) && text.contains(['(', '{', ';', '='])
}

/// The name of a tool, or the label of a call: "tool_call: …".
fn names_tool(words: Words<'_>) -> bool {
    const TOOLS: [&str; 9] = [
        "add_task",
        "list_tasks",
        "complete_task",
        "update_task",
        "delete_task",
        "tool_call",
        "tool_calls",
        "function_call",
        "tool_use",
    ];
    words.has(&TOOLS)
}

/// The headers of a mail: "Subject:", "From:", "Dear …" over a text.
fn is_mail(source: &str) -> bool {
    let header = |line: &str| {
        let line = line.trim_start().to_ascii_lowercase();
        [
            "from: ",
            "to: ",
            "subject:",
            "cc: ",
            "bcc: ",
            "reply-to: ",
            "sent: ",
            "fwd:",
            "re: fwd",
            "-----original",
            "date: ",
        ]
        .iter()
        .any(|name| line.starts_with(name))
    };
    let headers = source.lines().take(12).filter(|line| header(line)).count();
    let subject = source.lines().take(12).any(|line| {
        let line = line.trim_start();
        line.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("subject:"))
    });
    headers > 1 || subject || is_signed(source) || is_letter(source)
}

/// "Hi Ann," over several lines with a closing.
fn is_signed(source: &str) -> bool {
    source.lines().count() > 2
        && source.lines().next().is_some_and(|line| {
            let line = line.trim().to_ascii_lowercase();
            (line.starts_with("dear ")
                || line.starts_with("hi ")
                || line.starts_with("hey ")
                || line.starts_with("hello "))
                && line.ends_with([',', ':'])
        })
        && source.lines().skip(1).any(|line| {
            let line = line.trim().to_ascii_lowercase();
            ["best", "regards", "kind regards", "sincerely", "cheers", "thanks", "yours", "best regards"]
                .iter()
                .any(|end| line.trim_end_matches(',') == *end)
        })
}

/// "Dear user," over several lines.
fn is_letter(source: &str) -> bool {
    let mut lines = source.lines().map(str::trim).filter(|line| !line.is_empty());
    let salutation = lines.next().is_some_and(|line| {
        line.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("dear ")) && line.ends_with([',', ':', '!'])
            || line.to_ascii_lowercase().starts_with("to whom it may concern")
    });
    salutation && lines.next().is_some()
}

/// "User: …", "System: …".
fn is_dialogue(source: &str) -> bool {
    let role = |line: &str| {
        let line = line.trim_start().trim_start_matches(['#', '*', '[', '<', '>', ' ']);
        [
            "system",
            "assistant",
            "user",
            "human",
            "ai",
            "bot",
            "developer",
            "instruction",
            "instructions",
            "prompt",
            "saydo",
        ]
        .iter()
        .any(|name| {
            line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
                && line
                    .get(name.len()..)
                    .is_some_and(|rest| rest.trim_start_matches([']', '*', ' ', '>']).starts_with(':'))
        })
    };
    let spoken = source.lines().filter(|line| role(line)).count();
    // "Saydo: buy milk" speaks to us.
    let own = source.trim_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("saydo"));
    spoken > 0 && !(own && spoken == 1)
}

/// Instructions to a model.
fn instructs_model(words: Words<'_>) -> bool {
    (0..words.len().min(400)).any(|i| {
        words
            .eat_any(
                i,
                patterns![
                    "ignore|disregard|forget|override|bypass all? of? the|your|my|any|these? previous|prior|earlier|above|preceding|former|system|safety instructions|instruction|rules|prompt|prompts|messages|message|commands|directions|guidelines|text|context",
                    "ignore|disregard|forget|override all? your|the|of? my|the|your? instructions|rules|prompt|programming|training|guidelines",
                    "ignore|disregard everything|anything|all above|before|previous",
                    "you are now a|an|in|the|no|free|dan|not|my",
                    "pretend to|you|that to? be|are|you",
                    "act as|like if? a|an|my|you|the",
                    "new instructions :",
                    "system|developer prompt|message|override|instruction :?",
                    "your system prompt",
                    "reveal|print|repeat|show|output your|the system? prompt|instructions",
                    "jailbreak",
                    "developer mode",
                    "call the tool",
                    "use the tool|function",
                    "execute the following",
                    "as an? ai|llm|admin|administrator|root",
                    "previous assistant|model|message",
                    "the assistant|ai|system|model should|must|will|said",
                    "end of prompt|instructions|message",
                ],
            )
            .is_some()
    })
}
