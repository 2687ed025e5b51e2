//! The repository's own commands: `cargo xtask run|test|chaos|phrases|model-server|site|images|chart|minikube|specs`.
//!
//! What each promises stands in `specs/development.md`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "commands talk to the person at the terminal")]
#![allow(clippy::disallowed_methods, reason = "the environment is how a person configures these commands")]

mod chaos;
mod chart;
mod client;
mod command;
mod database;
mod fingerprint;
mod images;
mod leptos;
mod minikube;
mod model_server;
mod pgbouncer;
mod phrases;
mod run;
mod site;
mod specs;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use workspace::Workspace;

#[derive(Parser)]
#[command(about = "Saydo's own commands.", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the site and the server, then run it: http://127.0.0.1:3000 unless SAYDO_LISTEN says otherwise.
    Run(run::Options),
    /// Check and test everything, cheapest first.
    Test(test::Options),
    /// Kill the server at random moments while people chat, and check that nothing is lost or done twice.
    Chaos(chaos::Options),
    /// Say the labelled phrases of a file to the real server, and count what it does right.
    Phrases(phrases::Options),
    /// Build llama.cpp's server once, and chat over its wire with a small model. Not a part of the tests.
    ModelServer(model_server::Options),
    /// Build the WASM, scripts, styles and public files into `<target folder>/site`.
    Site(site::Options),
    /// Build the images `saydo-frontend` and `saydo-backend`.
    Images(images::Options),
    /// Check the Dockerfiles and the Helm chart over its matrix of values.
    Chart,
    /// Bring Saydo up in Minikube, look after it, take it down.
    Minikube(minikube::Options),
    /// Check that every acceptance criterion has a test and every test names a known criterion.
    Specs,
}

fn main() -> ExitCode {
    let command = Arguments::parse().command;
    let done = Workspace::locate().and_then(|workspace| match command {
        Task::Run(options) => run::run(&workspace, &options),
        Task::Test(options) => test::test(&workspace, &options),
        Task::Chaos(options) => chaos::chaos(&workspace, &options),
        Task::Phrases(options) => phrases::phrases(&workspace, &options),
        Task::ModelServer(options) => model_server::model_server(&workspace, &options),
        Task::Site(options) => site::site(&workspace, &options),
        Task::Images(options) => images::images(&workspace, &options),
        Task::Chart => chart::chart(&workspace),
        Task::Minikube(options) => minikube::minikube(&workspace, &options),
        Task::Specs => specs::check(&workspace.root).map(|summary| println!("{summary}")),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("error: {fault:#}");
            ExitCode::FAILURE
        }
    }
}
