//! Every sentence that a turn itself says to the person. Nothing parses them.

use std::time::Duration;

use saydo_agent::{AgentError, ModelError, Refusal, Unreached, Waiting};

pub(super) const STOPPED: &str = "Stopped.";
pub(super) const INTERRUPTED: &str = "The server that worked on this went away. Send it again to go on.";
pub(super) const TOO_MUCH_SAID: &str = "Too much was said since. Send it as a new message.";
pub(super) const NO_ANSWER: &str = "The turn ended without an answer.";
pub(super) const TOOLS_AWAY: &str = "The tools couldn't be reached. Send the message again to go on.";
pub(super) const DATABASE_AWAY: &str = "The database is away for a moment. Send the message again to go on.";
const IN_CIRCLES: &str = "The model went round in circles. Say it in smaller steps.";

/// Why a turn failed, and what to do. `model`: the model's name.
pub(super) fn failure(fault: &AgentError, model: &str) -> String {
    match fault {
        AgentError::TooManySteps(_) => IN_CIRCLES.to_owned(),
        AgentError::Tools(_) => TOOLS_AWAY.to_owned(),
        AgentError::ModelRefused(error) | AgentError::ModelFailed(error) | AgentError::ModelTimeout(error) => {
            model_failure(error, model)
        }
    }
}

fn model_failure(error: &ModelError, model: &str) -> String {
    const AGAIN: &str = "Your message is kept; try again.";
    let again = |said: &str| format!("{said} {AGAIN}");
    if let Some(refusal) = error.refusal() {
        return refused(refusal, model);
    }
    match error {
        ModelError::Timeout(Waiting::Connect) => again("The model's server can't be reached."),
        ModelError::Timeout(Waiting::FirstByte) => again("The model didn't begin to answer in time."),
        ModelError::Timeout(Waiting::More) => again("The model fell silent in the middle of its answer."),
        ModelError::Timeout(Waiting::End) => again("The model didn't finish its answer in time."),
        ModelError::Connection(_) if error.unreached() == Some(Unreached::Tls) => {
            "No secure connection to the model's server can be made. Whoever runs Saydo must check OPENAI_BASE_URL."
                .to_owned()
        }
        ModelError::Connection(_) => again("The model's server can't be reached."),
        ModelError::Closed => again("The model's server closed the connection without an answer."),
        ModelError::Broken(_) | ModelError::Unfinished => again("The model's answer broke off."),
        ModelError::Empty => again("The model gave an empty answer."),
        ModelError::CutShort => {
            "The model reached its limit before it said anything. Say it in smaller steps.".to_owned()
        }
        ModelError::CallAsText => refused(Refusal::NoTools, model),
        ModelError::TooLarge(_) => again("The model's answer was too long."),
        _ => again("The model's answer couldn't be read."),
    }
}

fn refused(refusal: Refusal, model: &str) -> String {
    let said = match refusal {
        Refusal::Key => "The model's server didn't accept its key. Whoever runs Saydo must check OPENAI_API_KEY.",
        Refusal::Credit => {
            "The account at the model's provider is out of credit. Whoever runs Saydo must add some or choose another \
             model."
        }
        Refusal::RateLimit(wait) => return rate_limited(wait),
        Refusal::UnknownModel => {
            return format!(
                "The model “{model}” isn't available on its server. Whoever runs Saydo must check OPENAI_MODEL."
            );
        }
        Refusal::ContextTooLong => "This conversation is too long for the model. Start a new one.",
        Refusal::NoTools => {
            return format!(
                "The model “{model}” can't call tools, so it can't work on your list. Whoever runs Saydo must choose \
                 another one (OPENAI_MODEL)."
            );
        }
        Refusal::Address => {
            "There's no model at the address that Saydo asks. Whoever runs Saydo must check OPENAI_BASE_URL."
        }
        Refusal::Filtered => "The model's server withheld the answer: its content filter objects. Say it differently.",
        Refusal::Loading => "The model is still being loaded. Your message is kept; try again in a minute.",
        Refusal::Overloaded => "The model's server failed. Your message is kept; try again.",
        Refusal::Feature(_) | Refusal::Other => {
            "The model's server refused the request. Whoever runs Saydo finds the reason in its log."
        }
    };
    said.to_owned()
}

fn rate_limited(wait: Option<Duration>) -> String {
    let when = match wait.map_or(0, |wait| wait.as_secs()) {
        0 => "in a moment".to_owned(),
        1 => "in a second".to_owned(),
        seconds @ 2..120 => format!("in {seconds} seconds"),
        seconds => format!("in {} minutes", seconds.div_ceil(60)),
    };
    format!("The model's server takes no more requests for now. Your message is kept; try again {when}.")
}
