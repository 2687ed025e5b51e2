//! The stages, cheapest first.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::deployment;
use super::first_page;
use super::need::Need;
use super::openapi;
use super::report::Outcome;
use super::session::Session;
use crate::command::{Output, retry};
use crate::site::{self, Flavour};
use crate::workspace::Workspace;
use crate::{chaos, leptos, pgbouncer, specs, tools};

/// How long one stage's program may take where nobody watches.
const LIMIT: Duration = Duration::from_secs(40 * 60);

/// The two lines of the Python SDK that clients in the field use.
pub(super) const MCP: [(&str, &str); 2] = [("mcp-2", "mcp>=2.3,<3"), ("mcp-1", "mcp>=1.26,<2")];

/// Pinned, so that a newer one finds nothing new on its own.
const CARGO_DENY: &str = "0.20.2";

/// One part of the test command.
pub(crate) struct Stage {
    /// What `--only` calls it.
    pub(crate) name: &'static str,
    /// In a few words, for the person who waits.
    pub(crate) what: &'static str,
    /// Whether only `--full` runs it.
    pub(crate) full: bool,
    /// The stages whose results it uses.
    pub(crate) after: &'static [&'static str],
    /// The tools that it uses.
    pub(crate) needs: &'static [Need],
    /// What it does.
    pub(crate) run: fn(&Session, &Output) -> Result<Outcome>,
}

/// The stage that runs beside the others from the beginning: it uses nothing of theirs, and one core at most.
pub(crate) const BESIDE: &str = "chart";

pub(crate) const STAGES: &[Stage] = &[
    Stage {
        name: "specs",
        what: "every criterion has a test, every test a criterion",
        full: false,
        after: &[],
        needs: &[],
        run: |session, _| specs::check(&session.workspace.root).map(Outcome::Passed),
    },
    Stage {
        name: "fmt",
        what: "rustfmt",
        full: false,
        after: &[],
        needs: &[],
        run: |session, output| cargo(session, output, &["fmt", "--all", "--check", "--", "--color=never"]),
    },
    Stage {
        name: "clippy-wasm",
        what: "clippy on the page as the browser gets it",
        full: false,
        after: &[],
        needs: &[],
        run: |session, output| {
            let mut command = session.workspace.cargo(["clippy", "--package=saydo-app", "--package=saydo-frontend"]);
            site::for_wasm(command.arg("--features=saydo-app/hydrate"), output)?;
            perform(session, output, command.args(["--", "-Dwarnings"]))?;
            Ok(Outcome::Passed(String::new()))
        },
    },
    Stage {
        name: "clippy",
        what: "clippy on everything else, tests too",
        full: false,
        after: &[],
        needs: &[],
        run: |session, output| {
            let arguments = ["clippy", "--workspace", "--exclude=saydo-frontend", "--all-targets", "--", "-Dwarnings"];
            cargo(session, output, &arguments)
        },
    },
    Stage {
        name: "types",
        what: "the types of the browser tests (tsc)",
        full: false,
        after: &[],
        needs: &[Need::Npm],
        run: |session, output| {
            let mut command = session.workspace.command("npx");
            command.args(["--no-install", "tsc", "--noEmit"]).current_dir(session.workspace.root.join("e2e"));
            perform(session, output, &mut command)?;
            Ok(Outcome::Passed(String::new()))
        },
    },
    Stage {
        name: "dates",
        what: "the interpreter's dates beside the specification and chrono-node",
        full: false,
        after: &[],
        needs: &[Need::Npm],
        run: dates,
    },
    Stage {
        name: "site",
        what: "the site as it ships, and the size of its first page",
        full: false,
        after: &[],
        needs: &[],
        run: |session, output| {
            site::build(&session.workspace, Flavour::Release, output)?;
            site::report(&session.workspace, None, output)?;
            Ok(Outcome::Passed(last_line(output, "first page")))
        },
    },
    Stage {
        name: "unit",
        what: "unit, integration and documentation tests on SQLite and PostgreSQL",
        full: false,
        after: &[],
        needs: &[Need::Postgres],
        run: unit,
    },
    Stage {
        name: "server",
        what: "the server, as `cargo xtask run` builds it",
        full: false,
        after: &[],
        needs: &[],
        run: |session, output| cargo(session, output, &["build", "--package=saydo"]),
    },
    Stage {
        name: "chaos",
        what: "40 kills on SQLite and on PostgreSQL, and an absent database, under chats",
        full: false,
        after: &["server"],
        needs: &[Need::Postgres],
        run: chaos,
    },
    Stage {
        name: "mcp",
        what: "the Python MCP client, 2.x and 1.x, at /mcp",
        full: false,
        after: &["server"],
        needs: &[Need::Python],
        run: mcp,
    },
    Stage {
        name: "openapi",
        what: "the OpenAPI document: three linters, and two generated clients that chat",
        full: false,
        after: &["site", "server"],
        needs: &[Need::Npm, Need::OpenApi],
        run: |session, output| playwright(session, output, "openapi", Database::Sqlite),
    },
    Stage {
        name: "better-auth",
        what: "Better Auth's client, and its server's keys",
        full: false,
        after: &["site", "server"],
        needs: &[Need::Npm],
        run: |session, output| playwright(session, output, "peers", Database::Sqlite),
    },
    Stage {
        name: "browser-sqlite",
        what: "the page in Chromium without windows, on SQLite",
        full: false,
        after: &["site", "server"],
        needs: &[Need::Npm, Need::Chromium],
        run: |session, output| playwright(session, output, "browser", Database::Sqlite),
    },
    Stage {
        name: "browser-postgres",
        what: "what the page keeps, in Chromium, on PostgreSQL",
        full: false,
        after: &["site", "server"],
        needs: &[Need::Npm, Need::Postgres, Need::Chromium],
        run: |session, output| playwright(session, output, "postgres", Database::Postgres),
    },
    Stage {
        name: "chart",
        what: "the chart over its matrix of values; hadolint",
        full: false,
        after: &[],
        needs: &[Need::Helm],
        run: deployment::chart,
    },
    Stage {
        name: "run",
        what: "`cargo xtask run` to the first page, twice",
        full: true,
        after: &["site"],
        needs: &[],
        run: |session, output| first_page::twice(session, output).map(Outcome::Passed),
    },
    Stage {
        name: "deny",
        what: "licences, sources and banned crates (cargo-deny)",
        full: true,
        after: &[],
        needs: &[],
        run: deny,
    },
    Stage {
        name: "leptos",
        what: "cargo leptos build, installed once",
        full: true,
        after: &[],
        needs: &[],
        run: |session, output| {
            leptos::build(&session.workspace, output)?;
            Ok(Outcome::Passed(String::new()))
        },
    },
    Stage {
        name: "images",
        what: "both images: built, inspected, measured",
        full: true,
        after: &[],
        needs: &[Need::Helm],
        run: deployment::images,
    },
    Stage {
        name: "compose",
        what: "the Compose stack, and the page in Chromium against it",
        full: true,
        after: &["images"],
        needs: &[Need::Npm, Need::Chromium, Need::Helm],
        run: deployment::compose,
    },
    Stage {
        name: "minikube",
        what: "Saydo in Minikube, from an empty one: use, upgrade, break, mend",
        full: true,
        after: &["images"],
        needs: &[Need::Helm],
        run: deployment::minikube,
    },
];

/// The names for `--only`.
pub(crate) fn names() -> Vec<&'static str> {
    STAGES.iter().map(|stage| stage.name).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Database {
    Sqlite,
    Postgres,
}

impl Database {
    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

fn cargo(session: &Session, output: &Output, arguments: &[&str]) -> Result<Outcome> {
    let mut command = session.workspace.command("cargo");
    perform(session, output, command.args(arguments))?;
    Ok(Outcome::Passed(String::new()))
}

/// Where nobody can press Ctrl-C, a program that hangs is ended.
pub(super) fn perform(session: &Session, output: &Output, command: &mut Command) -> Result<()> {
    if session.in_ci() { output.run_within(LIMIT, command) } else { output.run(command) }
}

/// Optional everywhere: it takes longer to build than all of ours, and what it guards changes with `Cargo.lock` only.
fn deny(session: &Session, output: &Output) -> Result<Outcome> {
    tools::cargo_program(&session.workspace, "cargo-deny", CARGO_DENY, output)?;
    // It looks at what other platforms need too, which no build has downloaded.
    retry(|| output.run(&mut session.workspace.cargo(["fetch", "--locked"])))?;
    cargo(session, output, &["deny", "--offline", "check", "bans", "licenses", "sources"])
}

fn unit(session: &Session, output: &Output) -> Result<Outcome> {
    let database = session.postgres()?;
    let pgbouncer = match pgbouncer::programs(&session.workspace, output) {
        Err(fault) if session.in_ci() => return Err(fault),
        found => found.ok(),
    };
    // The site's bundler apart, as `cargo xtask site` builds it: together, cargo would build its dependencies twice.
    let apart = ["--workspace", "--exclude=saydo-frontend", "--exclude=saydo-site"];
    for packages in [&apart[..], &["--package=saydo-site"]] {
        let mut command = session.workspace.cargo(["test", "--no-fail-fast"]);
        command.args(packages).env("SAYDO_TEST_POSTGRES", &database);
        command.envs(pgbouncer.iter().map(|folder| (pgbouncer::VARIABLE, folder)));
        // Most of them wait for a server, a model or a database.
        if std::env::var_os("RUST_TEST_THREADS").is_none() {
            command.env("RUST_TEST_THREADS", "4");
        }
        // A person does not wait for as many.
        if session.in_ci() {
            command.env("SAYDO_HISTORIES", "100000");
        }
        perform(session, output, &mut command)?;
    }
    let passed: usize = log_lines(output, "test result: ok. ").iter().filter_map(|line| first_number(line)).sum();
    let without = if pgbouncer.is_none() { ", none with PgBouncer, which could not be built" } else { "" };
    Ok(Outcome::Passed(format!("{passed} tests{without}")))
}

fn dates(session: &Session, output: &Output) -> Result<Outcome> {
    cargo(session, output, &["build", "--package=saydo-interpreter", "--example=dates"])?;
    let mut command = session.workspace.command("node");
    command.args(["--test", "dates/dates.test.mjs"]).current_dir(session.workspace.root.join("e2e"));
    perform(session, output, &mut command)?;
    Ok(Outcome::Passed(last_line(output, "chrono-node reads")))
}

fn chaos(session: &Session, output: &Output) -> Result<Outcome> {
    // PostgreSQL's programs, not a server: this starts and stops its own.
    tools::postgres(output)?;
    perform(session, output, &mut chaos::tests(&session.workspace, &server(&session.workspace)))?;
    let cut = log_lines(output, "times cut off").len();
    Ok(Outcome::Passed(format!("{cut} runs")))
}

fn mcp(session: &Session, output: &Output) -> Result<Outcome> {
    for (name, package) in MCP {
        let python = tools::python(&session.workspace, name, &[package], output)?;
        let mut command = session.workspace.command(python);
        command.args(["-m", "unittest", "-v", "test_mcp"]).current_dir(session.workspace.root.join("e2e/peers"));
        perform(session, output, command.env("SAYDO_E2E_BINARY", server(&session.workspace)))?;
    }
    let ran: usize = log_lines(output, "Ran ").iter().filter_map(|line| first_number(line)).sum();
    Ok(Outcome::Passed(format!("{ran} tests")))
}

fn playwright(session: &Session, output: &Output, project: &str, database: Database) -> Result<Outcome> {
    let mut command = session.workspace.command("npx");
    command.args(["--no-install", "playwright", "test", "--project", project]);
    // A folder for each run: it empties its own when it begins.
    command.arg("--output").arg(format!("test-results/{project}-{}", database.name()));
    command.current_dir(session.workspace.root.join("e2e"));
    command.env("SAYDO_E2E_BINARY", server(&session.workspace)).env("SAYDO_E2E_SITE", session.workspace.site());
    if database == Database::Postgres {
        command.env("SAYDO_E2E_POSTGRES", session.postgres()?);
    }
    // Everything without windows, and what is kept in the whole browser.
    match project {
        "browser" => _ = command.env("SAYDO_CHROMIUM", tools::chromium_without_windows(output)?),
        "postgres" => _ = command.env("SAYDO_CHROMIUM", tools::chromium(output)?),
        "openapi" => _ = command.env("SAYDO_OPENAPI_PYTHON", openapi::programs(&session.workspace, output)?),
        _ => {}
    }
    perform(session, output, &mut command)?;
    Ok(Outcome::Passed(last_line(output, " passed")))
}

fn server(workspace: &Workspace) -> PathBuf {
    workspace.target.join("debug/saydo")
}

/// The last line of a stage's log that has these words in it.
pub(super) fn last_line(output: &Output, words: &str) -> String {
    let split = |line: String| line.split_whitespace().collect::<Vec<_>>().join(" ");
    log_lines(output, words).pop().map(split).unwrap_or_default()
}

pub(super) fn log_lines(output: &Output, words: &str) -> Vec<String> {
    let Output::Log(path) = output else { return Vec::new() };
    let text = read(path).unwrap_or_default();
    text.lines().filter(|line| line.contains(words)).map(str::to_owned).collect()
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

pub(super) fn first_number(line: &str) -> Option<usize> {
    line.split_whitespace().find_map(|word| word.parse().ok())
}
