//! The model: where it is, how long it is waited for, and what it may do without asking.

use std::time::Duration;

use saydo_agent::{AgentConfig, ModelConfig, ServerAddress, Timeouts};
use secrecy::{ExposeSecret, SecretString};

use super::{ConfigError, Env, url};

/// The longest wait that can be set, in seconds.
const LONGEST_WAIT: u64 = 3_600;
const BASE_URL: &str = "http://localhost:11434/v1";

/// Reads `SAYDO_CONFIRM_FROM`, `SAYDO_MODEL_FIRST_BYTE` and `SAYDO_MODEL_IDLE`, and the model as [`model_from_env`]
/// does. The waits for a model on this machine or in its network are long where they are not set.
///
/// # Errors
/// As [`model_from_env`], and where `SAYDO_CONFIRM_FROM` is no number from 1 or a wait is no number of seconds.
pub fn agent_from_env(env: &Env) -> Result<AgentConfig, ConfigError> {
    let mut agent = AgentConfig::new(model_from_env(env)?);
    agent.timeouts = timeouts(env, &agent.model)?;
    let least = env.parsed("SAYDO_CONFIRM_FROM", "3", |text| match text.parse() {
        Ok(least @ 1..) => Ok(least),
        _ => Err("must be a number of tasks, 1 or more".to_owned()),
    })?;
    agent.limits.confirm_from = least.unwrap_or(agent.limits.confirm_from);
    Ok(agent)
}

fn timeouts(env: &Env, model: &ModelConfig) -> Result<Timeouts, ConfigError> {
    let is_local = match model {
        ModelConfig::Offline => false,
        ModelConfig::OpenAi { base_url, .. } => ServerAddress::parse(base_url).is_ok_and(|address| address.is_local()),
    };
    let default = if is_local { Timeouts::local() } else { Timeouts::default() };
    let seconds = |name, example| {
        env.parsed(name, example, |text| match text.parse() {
            Ok(seconds @ 1..=LONGEST_WAIT) => Ok(Duration::from_secs(seconds)),
            _ => Err(format!("must be whole seconds from 1 to {LONGEST_WAIT}")),
        })
    };
    let first_byte = seconds("SAYDO_MODEL_FIRST_BYTE", "300")?.unwrap_or(default.first_byte);
    let idle = seconds("SAYDO_MODEL_IDLE", "120")?.unwrap_or(default.idle);
    Ok(Timeouts::waiting(first_byte, idle))
}

/// Reads `SAYDO_MODEL`, `OPENAI_API_KEY`, `OPENAI_BASE_URL` and `OPENAI_MODEL`.
///
/// `auto` takes an OpenAI-compatible model where a key or a base URL is given, else the offline interpreter.
///
/// # Errors
/// Where a value is not of its form, or `openai` is asked for with neither a key nor a base URL.
pub fn model_from_env(env: &Env) -> Result<ModelConfig, ConfigError> {
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Choice {
        Auto,
        Openai,
        Offline,
    }
    let choice = env
        .parsed("SAYDO_MODEL", "offline", |text| match text {
            "auto" => Ok(Choice::Auto),
            "openai" => Ok(Choice::Openai),
            "offline" => Ok(Choice::Offline),
            _ => Err("must be `auto`, `openai` or `offline`".to_owned()),
        })?
        .unwrap_or(Choice::Auto);
    // A line of an env file keeps the quotes around its value.
    let unquoted =
        |name| env.text(name).map(|text| text.trim_matches(['"', '\'']).trim()).filter(|text| !text.is_empty());
    let api_key = unquoted("OPENAI_API_KEY").map(SecretString::from);
    if api_key.as_ref().is_some_and(|key| !key.expose_secret().bytes().all(|byte| byte.is_ascii_graphic())) {
        return Err(ConfigError::new("OPENAI_API_KEY", "must be printable ASCII without spaces", "sk-…"));
    }
    let base_url = unquoted("OPENAI_BASE_URL");
    if let Some(text) = base_url {
        check_address(text, api_key.is_some())?;
    }
    let remote = api_key.is_some() || base_url.is_some();
    match choice {
        Choice::Offline => Ok(ModelConfig::Offline),
        Choice::Auto if !remote => Ok(ModelConfig::Offline),
        Choice::Openai if !remote => Err(ConfigError::new(
            "OPENAI_API_KEY",
            "is needed for SAYDO_MODEL=openai, or OPENAI_BASE_URL of a server that needs no key",
            "sk-…",
        )),
        Choice::Auto | Choice::Openai => Ok(ModelConfig::OpenAi {
            base_url: base_url.unwrap_or("https://api.openai.com/v1").to_owned(),
            api_key,
            model: unquoted("OPENAI_MODEL").unwrap_or("gpt-4.1-mini").to_owned(),
        }),
    }
}

fn check_address(text: &str, has_key: bool) -> Result<(), ConfigError> {
    let fault = |fault: &str| ConfigError::new("OPENAI_BASE_URL", fault, BASE_URL);
    if let Some(raw) = url::raw_password(text) {
        return Err(fault(raw));
    }
    let address = ServerAddress::parse(text).map_err(|_| fault("must be an http or https URL"))?;
    if has_key && address.has_user() {
        return Err(fault("has a user and password, and OPENAI_API_KEY is set: a request carries only one of them"));
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn model(pairs: &[(&str, &str)]) -> Result<ModelConfig, ConfigError> {
        model_from_env(&pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    /// AGENT-26: from how many tasks on a yes is asked for is a setting.
    #[test]
    fn the_threshold_is_a_setting() {
        let least =
            |text: &str| agent_from_env(&[("SAYDO_CONFIRM_FROM".to_owned(), text.to_owned())].into_iter().collect());
        assert_eq!(agent_from_env(&Env::default()).unwrap().limits.confirm_from, 3);
        assert_eq!(least("10").unwrap().limits.confirm_from, 10);
        for wrong in ["0", "-1", "many"] {
            assert!(least(wrong).unwrap_err().to_string().starts_with("SAYDO_CONFIRM_FROM"), "{wrong}");
        }
    }

    /// CONTRACT-18: without a key the offline interpreter answers; a key or a base URL brings a model.
    #[test]
    fn the_model_follows_what_is_given() {
        assert!(matches!(model(&[]), Ok(ModelConfig::Offline)));
        assert!(matches!(model(&[("OPENAI_API_KEY", "k"), ("SAYDO_MODEL", "offline")]), Ok(ModelConfig::Offline)));
        assert!(matches!(model(&[("OPENAI_BASE_URL", "http://localhost:1/v1/")]), Ok(ModelConfig::OpenAi { .. })));
        assert!(model(&[("SAYDO_MODEL", "openai")]).unwrap_err().to_string().starts_with("OPENAI_API_KEY"));
        assert!(model(&[("SAYDO_MODEL", "magic")]).is_err());
    }

    /// AGENT-117: how long a model is waited for is a setting, and long for one that is near.
    #[test]
    fn waits_follow_the_address_and_the_settings() {
        let waits = |pairs: &[(&str, &str)]| {
            let env = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            agent_from_env(&env).map(|agent| (agent.timeouts.first_byte.as_secs(), agent.timeouts.idle.as_secs()))
        };
        let near = ("OPENAI_BASE_URL", "http://ollama:11434/v1");
        assert_eq!(waits(&[("OPENAI_API_KEY", "k")]), Ok((60, 30)));
        assert_eq!(waits(&[near]), Ok((300, 120)));
        assert_eq!(waits(&[near, ("SAYDO_MODEL_FIRST_BYTE", "900")]), Ok((900, 120)));
        assert_eq!(waits(&[("OPENAI_API_KEY", "k"), ("SAYDO_MODEL_IDLE", "45")]), Ok((60, 45)));
        for (name, wrong) in [("SAYDO_MODEL_FIRST_BYTE", "0"), ("SAYDO_MODEL_IDLE", "1m"), ("SAYDO_MODEL_IDLE", "9999")]
        {
            assert!(waits(&[(name, wrong)]).unwrap_err().to_string().starts_with(name), "{wrong}");
        }
    }

    /// AGENT-118: quotes that an env file leaves around a value are no part of it.
    #[test]
    fn quotes_are_no_part_of_a_value() {
        let quoted =
            [("OPENAI_BASE_URL", " \"http://h/v1\" "), ("OPENAI_API_KEY", "'sk-1'"), ("OPENAI_MODEL", "\"qwen3\"")];
        let Ok(ModelConfig::OpenAi { base_url, api_key, model }) = model(&quoted) else { panic!("no model") };
        assert_eq!((base_url.as_str(), model.as_str()), ("http://h/v1", "qwen3"));
        assert_eq!(api_key.unwrap().expose_secret(), "sk-1");
    }

    /// AGENT-122: a password that was not encoded, and a user beside a key, are reported in one line without either.
    #[test]
    fn credentials_in_an_address_are_checked() {
        for address in ["http://me:planted/w#rd@host/v1", "http://me:p@planted/w@host/v1"] {
            let message = model(&[("OPENAI_BASE_URL", address)]).unwrap_err().to_string();
            assert!(message.contains("percent-encoded") && !message.contains("planted"), "{message}");
        }
        assert!(model(&[("OPENAI_BASE_URL", "http://me:p%40planted@host/v1")]).is_ok());
        let two = model(&[("OPENAI_BASE_URL", "http://me:planted@host/v1"), ("OPENAI_API_KEY", "sk")]).unwrap_err();
        assert!(two.to_string().contains("only one") && !two.to_string().contains("planted"), "{two}");
    }
}
