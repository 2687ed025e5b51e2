use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::command::{Output, line_of, read};

/// Where `up` installs, and under which name.
pub(super) const NAMESPACE: &str = "saydo";
pub(super) const RELEASE: &str = "saydo";
/// The port on the node, as in `values-minikube.yaml`.
const NODE_PORT: u16 = 30080;

/// A command on Minikube's cluster, in Saydo's namespace.
pub(super) fn kubectl<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = Command::new("kubectl");
    command.args(["--context", "minikube", "--namespace", NAMESPACE]).args(arguments);
    command
}

/// Prints a command and runs it.
pub(super) fn show(command: &mut Command) -> Result<()> {
    println!("$ {}", line_of(command));
    Output::Shown.run(command)
}

/// Applies objects. They pass through standard input, so that no secret is in an argument.
pub(super) fn apply(objects: &serde_json::Value) -> Result<()> {
    let mut command = kubectl(["apply", "--filename", "-"]);
    println!("$ {}", line_of(&command));
    let mut child = command.stdin(Stdio::piped()).spawn().context("running kubectl")?;
    child.stdin.take().context("kubectl takes no input")?.write_all(objects.to_string().as_bytes())?;
    let status = child.wait()?;
    if !status.success() {
        bail!("`kubectl apply` failed: {status}");
    }
    Ok(())
}

/// What the cluster says of some objects.
pub(super) fn get<const N: usize>(arguments: [&str; N]) -> Result<serde_json::Value> {
    let mut command = kubectl(["get", "--output=json"]);
    serde_json::from_str(&read(command.args(arguments))?).context("reading what kubectl says")
}

/// Where the frontend is reached: on the node where it can be, else through a forwarded port.
pub(super) fn url() -> Result<String> {
    if cfg!(target_os = "linux") {
        let node = read(Command::new("minikube").arg("ip"))?;
        Ok(format!("http://{node}:{NODE_PORT}"))
    } else {
        // Docker's virtual machine hides the node; `up` forwards this port.
        Ok("http://localhost:8080".to_owned())
    }
}
