//! `saydo check`: looks at each part of a deployment and says what to do about its faults. It changes nothing.

use std::time::Duration;

use reqwest::Url;
use saydo_agent::{Agent, Depth};
use saydo_store::{DatabaseConfig, Store, StoreError, UnsupportedPooler};
use secrecy::ExposeSecret;

use super::{Fault, embedded_file, site};
use crate::{
    causes::chain,
    config::{AuthConfig, ConfigError, Env, ListenConfig, Origin, agent_from_env, database_from_env},
    finding::Finding,
    model_report,
};

/// How long a database or a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Looks at everything, prints one line each.
///
/// # Errors
/// Where there is a fault.
pub async fn check(env: &Env) -> Result<(), Fault> {
    let listen = ListenConfig::from_env(env);
    let mut faults = 0;
    let mut tell = |part: &str, finding: Finding| {
        faults += usize::from(matches!(finding, Finding::Fault { .. }));
        print(part, finding);
    };
    tell("secret", secret(env));
    tell("database", database(env).await);
    if let Some(found) = site::look(env) {
        tell("site", found);
    }
    match &listen {
        Ok(listen) => tell("address", public_url(listen).await),
        Err(fault) => tell("address", setting(fault)),
    }
    tell("model", model(env).await);
    if faults == 0 { Ok(()) } else { Err(Fault::Check(faults)) }
}

#[expect(clippy::print_stdout, reason = "the output of a command")]
fn print(part: &str, finding: Finding) {
    match finding {
        Finding::Fine(found) => println!("ok     {part}: {found}"),
        Finding::Fault { found, fix } => println!("fault  {part}: {found}. {fix}."),
    }
}

/// A setting that is wrong names itself, its fault and an example.
pub(super) fn setting(fault: &ConfigError) -> Finding {
    Finding::Fault { found: fault.to_string(), fix: "Set it and start again".to_owned() }
}

fn secret(env: &Env) -> Finding {
    let kept = database_from_env(env).ok().and_then(|config| embedded_file(config.url.expose_secret()));
    let kept = kept.map(|file| file.with_file_name("better-auth.secret"));
    match (AuthConfig::from_env(env), kept) {
        (Ok(_), _) => Finding::Fine("BETTER_AUTH_SECRET is long enough".to_owned()),
        (Err(_), Some(file)) if !env.has("BETTER_AUTH_SECRET") => {
            let when = if file.exists() { "is kept" } else { "is made at the first start and kept" };
            Finding::Fine(format!("it {when} in {}", file.display()))
        }
        (Err(fault), _) => setting(&fault),
    }
}

async fn database(env: &Env) -> Finding {
    let config = match database_from_env(env) {
        Ok(config) => DatabaseConfig { acquire_timeout: PATIENCE, statement_timeout: PATIENCE, ..config },
        Err(fault) => return setting(&fault),
    };
    let url = config.url.expose_secret();
    let place = match embedded_file(url) {
        Some(file) if !file.exists() => {
            return Finding::Fine(format!("{} is made at the first start", file.display()));
        }
        Some(file) => file.display().to_string(),
        None => shown(url),
    };
    match state(&config).await {
        Ok(DatabaseState::Current) => Finding::Fine(format!("{place} answers and has the current schema")),
        Ok(DatabaseState::BehindOldPooler(fault)) => Finding::Fault {
            found: fault.to_string(),
            fix: "Change the pooler or DATABASE_URL, and start again".to_owned(),
        },
        Ok(DatabaseState::Outdated) => Finding::Fault {
            found: format!("{place} answers and lacks the current schema"),
            fix: "Run `saydo migrate`; `saydo` alone does so at its start".to_owned(),
        },
        Err(fault) => Finding::Fault {
            found: format!("{place}: {}", chain(&fault)),
            fix: "Start it, or check host, port, name, user and password in DATABASE_URL".to_owned(),
        },
    }
}

/// What a database that answers is.
enum DatabaseState {
    Current,
    /// It lacks a migration.
    Outdated,
    BehindOldPooler(UnsupportedPooler),
}

/// Looks at the pooler before the schema, whose statements an old one loses.
async fn state(config: &DatabaseConfig) -> Result<DatabaseState, StoreError> {
    let store = Store::connect(config).await?;
    store.ping().await?;
    let state = match store.check_pooler().await {
        Err(fault) => Ok(DatabaseState::BehindOldPooler(fault)),
        Ok(()) => match store.has_schema().await {
            Ok(true) => Ok(DatabaseState::Current),
            // A database without any schema says so as an error of a statement.
            Ok(false) | Err(StoreError::Internal(_)) => Ok(DatabaseState::Outdated),
            Err(fault) => Err(fault),
        },
    };
    store.close().await;
    state
}

/// An address without its user, password and query.
fn shown(url: &str) -> String {
    let Ok(mut url) = Url::parse(url) else { return String::new() };
    // Neither fails on a URL with a host.
    let _ = (url.set_username(""), url.set_password(None));
    url.set_query(None);
    url.to_string()
}

/// Whether people reach the server at its public address, as far as can be seen from here.
async fn public_url(listen: &ListenConfig) -> Finding {
    if let Some(missing) = listen.missing_public_url() {
        return Finding::Fault { found: missing, fix: "People on other machines need it".to_owned() };
    }
    let public = listen.public.as_str();
    let own = asked(&Origin::of(listen.local_address())).await;
    let cookies = if public.starts_with("https:") { "cookies are sent over TLS alone" } else { "without TLS" };
    match (asked(&listen.public).await, own) {
        (Answers::Saydo, _) => Finding::Fine(format!("Saydo answers at {public}, {cookies}")),
        (Answers::Nothing, Answers::Nothing) => {
            Finding::Fine(format!("{public}, {cookies}; no server runs at {} now", listen.address))
        }
        (Answers::Nothing, _) => Finding::Fault {
            found: format!("nothing answers at {public}, while a server runs at {}", listen.address),
            fix: "Check SAYDO_PUBLIC_URL, and the proxy and name behind it".to_owned(),
        },
        (Answers::Another, _) => Finding::Fault {
            found: format!("what answers at {public} is not Saydo"),
            fix: "Check SAYDO_PUBLIC_URL, and where the proxy there sends requests".to_owned(),
        },
    }
}

enum Answers {
    Saydo,
    Another,
    Nothing,
}

/// Who answers at an origin. Saydo sends back the id that a request names.
async fn asked(origin: &Origin) -> Answers {
    let id = format!("check-{:032x}", rand::random::<u128>());
    let client = reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none()).no_proxy();
    let Ok(client) = client.build() else { return Answers::Nothing };
    let request = client.get(format!("{}/api/auth/ok", origin.as_str())).header("x-request-id", &id);
    match request.send().await {
        Ok(answer) if answer.headers().get("x-request-id").is_some_and(|sent| sent == id.as_str()) => Answers::Saydo,
        Ok(_) => Answers::Another,
        Err(_) => Answers::Nothing,
    }
}

async fn model(env: &Env) -> Finding {
    let agent = match agent_from_env(env) {
        Ok(config) => Agent::new(config),
        Err(fault) => return setting(&fault),
    };
    match agent {
        Ok(agent) => match agent.probe(Depth::Answer).await {
            Some(probe) => model_report::report(&probe),
            None => Finding::Fine("none is set: the built-in interpreter answers".to_owned()),
        },
        Err(fault) => {
            Finding::Fault { found: chain(&fault), fix: "Check OPENAI_BASE_URL and OPENAI_API_KEY".to_owned() }
        }
    }
}
