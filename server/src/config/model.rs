use reqwest::Url;
use saydo_agent::{AgentConfig, ModelConfig};
use secrecy::ExposeSecret;

use super::{ConfigError, Env};

/// Reads `SAYDO_CONFIRM_FROM`, and the model as [`model_from_env`] does.
///
/// # Errors
/// As [`model_from_env`], and where `SAYDO_CONFIRM_FROM` is no number from 1.
pub fn agent_from_env(env: &Env) -> Result<AgentConfig, ConfigError> {
    let mut agent = AgentConfig::new(model_from_env(env)?);
    let least = env.parsed("SAYDO_CONFIRM_FROM", "3", |text| match text.parse() {
        Ok(least @ 1..) => Ok(least),
        _ => Err("must be a number of tasks, 1 or more".to_owned()),
    })?;
    agent.limits.confirm_from = least.unwrap_or(agent.limits.confirm_from);
    Ok(agent)
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
    let api_key = env.secret("OPENAI_API_KEY");
    if api_key.as_ref().is_some_and(|key| !key.expose_secret().bytes().all(|byte| byte.is_ascii_graphic())) {
        return Err(ConfigError::new("OPENAI_API_KEY", "must be printable ASCII without spaces", "sk-…"));
    }
    let base_url = env.parsed("OPENAI_BASE_URL", "http://localhost:11434/v1", |text| {
        Url::parse(text)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .map(|_| text.trim_end_matches('/').to_owned())
            .ok_or_else(|| "must be an http or https URL".to_owned())
    })?;
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
            base_url: base_url.unwrap_or_else(|| "https://api.openai.com/v1".to_owned()),
            api_key,
            model: env.text("OPENAI_MODEL").unwrap_or("gpt-4.1-mini").to_owned(),
        }),
    }
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
        assert!(matches!(model(&[("OPENAI_BASE_URL", "http://localhost:1/v1/")]),
            Ok(ModelConfig::OpenAi { base_url, .. }) if base_url == "http://localhost:1/v1"));
        assert!(model(&[("SAYDO_MODEL", "openai")]).unwrap_err().to_string().starts_with("OPENAI_API_KEY"));
        assert!(model(&[("SAYDO_MODEL", "magic")]).is_err());
    }
}
