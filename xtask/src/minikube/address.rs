//! Where the frontend is reached from here: on the node, or through a forwarded port.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

use super::kubectl::{kubectl, minikube};
use crate::client;
use crate::command::{line_of, read};

/// The port on the node, as in `values-minikube.yaml`.
const NODE_PORT: u16 = 30080;
/// Where the forwarded port is.
const FORWARDED: &str = "http://localhost:8080";

/// Where the frontend answers, for as long as this lives.
pub(super) struct Address {
    pub(super) url: String,
    _forward: Option<Forward>,
}

/// A `kubectl port-forward`, which ends with this.
struct Forward(Child);

impl Drop for Forward {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What Saydo is told of its own address, before it runs: Docker's virtual machine hides the node on other systems.
pub(super) fn public_url() -> Result<String> {
    if cfg!(target_os = "linux") { node() } else { Ok(FORWARDED.to_owned()) }
}

/// Finds the frontend on the node, else forwards a port to it.
pub(super) fn reach() -> Result<Address> {
    if let Ok(url) = node()
        && answers(&url)
    {
        return Ok(Address { url, _forward: None });
    }
    let forward = forward()?;
    if !answers(FORWARDED) {
        bail!("Saydo does not answer: `cargo xtask minikube logs` may show why");
    }
    Ok(Address { url: FORWARDED.to_owned(), _forward: Some(forward) })
}

/// How a person opens a release that was installed for the address `public` and was reached at `reached`.
pub(super) fn how_to_open(reached: &str, public: &str) -> String {
    if reached == public {
        return public.to_owned();
    }
    let mut told = format!("{FORWARDED}, while this runs:\n$ {}", line_of(&command()));
    if public != FORWARDED {
        told += &format!("\nIt was installed for {public}, which does not answer from here. Install it for the other:");
        told += &format!("\n$ cargo xtask minikube up -- --set publicUrl={FORWARDED}");
    }
    told
}

fn node() -> Result<String> {
    Ok(format!("http://{}:{NODE_PORT}", read(&mut minikube(["ip"]))?))
}

fn answers(url: &str) -> bool {
    client::answers(&format!("{url}/sign-in"))
}

fn command() -> std::process::Command {
    kubectl(["port-forward", "service/saydo-frontend", "8080:80"])
}

fn forward() -> Result<Forward> {
    let mut command = command();
    println!("$ {}", line_of(&command));
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("running kubectl")?;
    let mut forward = Forward(child);
    let mut said = BufReader::new(forward.0.stdout.take().context("kubectl says nothing")?);
    // Another program on the port would answer too: only kubectl's own word tells that the port is its.
    let mut line = String::new();
    said.read_line(&mut line)?;
    if !line.starts_with("Forwarding from") {
        bail!("port 8080 cannot be forwarded to Saydo: is it taken, or does no frontend run?");
    }
    // It tells of every connection, and ends where nobody listens.
    thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    Ok(forward)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// DEPLOY-23: the last words are a URL that works, or the command that makes one work.
    #[test]
    fn what_a_person_types_is_told() {
        let node = "http://192.168.49.2:30080";
        assert_eq!(how_to_open(node, node), node);
        let forwarding = "kubectl --context minikube --namespace saydo port-forward service/saydo-frontend 8080:80";
        for reached in [node, FORWARDED] {
            let told = how_to_open(reached, if reached == node { FORWARDED } else { node });
            assert!(told.starts_with("http://localhost:8080, while") && told.contains(forwarding), "{told}");
            assert_eq!(told.contains("up -- --set publicUrl=http://localhost:8080"), reached == FORWARDED, "{told}");
        }
    }
}
