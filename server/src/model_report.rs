//! What a probe of the model's server found, in words for whoever runs Saydo.

use saydo_agent::{Agent, Depth, Listing, ModelError, Probe, Refusal, Unreached};

use crate::{causes::chain, finding::Finding};

/// Asks the model's server what it is, and logs one line. A server that is not there yet delays nothing.
pub(crate) async fn log(agent: Agent) {
    let Some(probe) = agent.probe(Depth::List).await else { return };
    match report(&probe) {
        Finding::Fine(found) => tracing::info!("model: {found}"),
        Finding::Fault { found, fix } => tracing::warn!("model: {found}. {fix}"),
    }
}

/// What the probe found, and what to do where the model would not answer.
pub(crate) fn report(probe: &Probe) -> Finding {
    let Probe { address, model, .. } = probe;
    match &probe.fault {
        None => {
            let known =
                [(probe.streams, "streams", "answers in one piece"), (probe.tools, "takes tools", "takes no tools")];
            let known: String = known
                .into_iter()
                .filter_map(|(is, yes, no)| Some(format!(", {}", if is? { yes } else { no })))
                .collect();
            if probe.tools == Some(false) {
                let fix = fix_refusal(Refusal::NoTools, probe);
                return Finding::Fault { found: format!("{model} at {address}{known}"), fix };
            }
            let unlisted = match &probe.listing {
                Listing::Missing { .. } => ", though its list of models lacks that name",
                Listing::Listed | Listing::Unknown => "",
            };
            Finding::Fine(format!("{model} is at {address}{known}{unlisted}"))
        }
        Some(fault) => {
            let found = format!("{model} at {address} would not answer: {}", chain(fault));
            Finding::Fault { found, fix: fix(fault, probe) }
        }
    }
}

fn fix(fault: &ModelError, probe: &Probe) -> String {
    if let Some(refusal) = fault.refusal() {
        return fix_refusal(refusal, probe);
    }
    match (fault.unreached(), fault) {
        (Some(Unreached::Name), _) => "Check the host's name in OPENAI_BASE_URL: it has no address here",
        (Some(Unreached::Refused), _) => {
            "Start the model's server, or check host and port in OPENAI_BASE_URL (in a container, localhost is the \
             container itself: host.docker.internal is the machine)"
        }
        (Some(Unreached::Tls), _) => {
            "Check whether OPENAI_BASE_URL begins with http:// or https://, and the certificate"
        }
        (Some(Unreached::Other), _) => "Check OPENAI_BASE_URL, and whether the network lets requests out",
        (None, ModelError::Timeout(_)) => {
            "Check that the server is up; SAYDO_MODEL_FIRST_BYTE and SAYDO_MODEL_IDLE set how long it is waited for"
        }
        (None, _) => "Look at the log of the model's server",
    }
    .to_owned()
}

fn fix_refusal(refusal: Refusal, probe: &Probe) -> String {
    let fix = match refusal {
        Refusal::Key => "Check OPENAI_API_KEY",
        Refusal::Credit => "Add credit to the account at the provider, or use another one",
        Refusal::RateLimit(_) => "Wait, or raise the limit of the account",
        Refusal::UnknownModel => {
            return match &probe.listing {
                Listing::Missing { nearest } => {
                    format!("Set OPENAI_MODEL to a model of that server, such as {}", nearest.join(", "))
                }
                Listing::Listed | Listing::Unknown => "Set OPENAI_MODEL to a model of that server".to_owned(),
            };
        }
        Refusal::ContextTooLong => "Use a model with a longer context",
        Refusal::NoTools => {
            "Set OPENAI_MODEL to a model that calls tools, or start the server with tools switched on (vLLM: \
             --enable-auto-tool-choice, llama.cpp: --jinja)"
        }
        Refusal::Address => "Check OPENAI_BASE_URL: the API of chat completions is not there",
        Refusal::Loading => "Wait until the model is loaded",
        Refusal::Overloaded => "Look at the log of the model's server",
        Refusal::Filtered | Refusal::Feature(_) | Refusal::Other => {
            "Look at the log of the model's server: it refuses a plain request"
        }
    };
    fix.to_owned()
}
