//! The binary `saydo`: one `match` of roles.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use saydo::{config::Env, roles};

/// A to-do list that you talk to.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    role: Option<Role>,
}

#[derive(Subcommand)]
enum Role {
    /// The pages, the API and the database in one process (default)
    #[cfg(all(feature = "api", feature = "web"))]
    All,
    /// The pages and a proxy to the api role; no database, no secrets
    #[cfg(feature = "web")]
    Web,
    /// The API, the MCP endpoint and the agent
    #[cfg(feature = "api")]
    Api,
    /// Runs the pending database migrations and exits
    #[cfg(feature = "api")]
    Migrate,
    /// Checks settings, database, pages, address and model, and says what to do about each fault
    #[cfg(feature = "api")]
    Check,
    /// Copies the SQLite database to a new file, also while a server uses it
    #[cfg(feature = "api")]
    Backup {
        /// The file to write; it must not exist
        file: std::path::PathBuf,
    },
    /// Asks the server on this machine, or these addresses, whether they are ready; for containers
    Healthcheck {
        /// Addresses that must all answer with success
        urls: Vec<String>,
    },
}

fn main() -> ExitCode {
    let role = Cli::parse().role.unwrap_or(DEFAULT);
    let env = Env::process();
    let outcome = roles::start(&env, async |env| match role {
        #[cfg(all(feature = "api", feature = "web"))]
        Role::All => roles::all(env).await,
        #[cfg(feature = "web")]
        Role::Web => roles::web(env).await,
        #[cfg(feature = "api")]
        Role::Api => roles::api(env).await,
        #[cfg(feature = "api")]
        Role::Migrate => roles::migrate(env).await,
        #[cfg(feature = "api")]
        Role::Check => roles::check(env).await,
        #[cfg(feature = "api")]
        Role::Backup { file } => roles::backup(env, &file).await,
        Role::Healthcheck { urls } => roles::healthcheck(env, urls).await,
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => fault.tell(),
    }
}

#[cfg(all(feature = "api", feature = "web"))]
const DEFAULT: Role = Role::All;
#[cfg(all(feature = "api", not(feature = "web")))]
const DEFAULT: Role = Role::Api;
#[cfg(all(feature = "web", not(feature = "api")))]
const DEFAULT: Role = Role::Web;
