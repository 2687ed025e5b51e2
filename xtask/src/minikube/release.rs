//! Bringing Saydo up and down.

use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::{Map, Value, json};

use super::kubectl::{RELEASE, feed, find, get, helm, kubectl, minikube, show};
use super::{NAMESPACE, address, preflight, volumes, watch};
use crate::command::{line_of, read};
use crate::images::{self, Builder};
use crate::workspace::Workspace;

/// How long the autoscaler may take to notice a new release, and its pods to start.
const PATIENCE: Duration = Duration::from_secs(90);

/// The Secret that `up` makes.
const SECRET: &str = "saydo";

#[derive(Args)]
pub(super) struct Options {
    /// Make base images and PostgreSQL's from Debian's packages, where no registry can be reached.
    #[arg(long)]
    local_bases: bool,
    /// What `helm upgrade` gets besides: `-- --set backend.autoscaling.minReplicas=3`.
    #[arg(last = true)]
    helm: Vec<String>,
}

pub(super) fn up(workspace: &Workspace, options: &Options) -> Result<()> {
    let begun = Instant::now();
    preflight::check()?;
    start()?;
    let builder = images::build(workspace, options.local_bases)?;
    let tags = load(workspace, &builder, options.local_bases)?;
    make_namespace_and_secret()?;
    let public = address::public_url()?;
    install(workspace, &tags, &public, &options.helm)?;
    wait_for_least()?;
    show(&mut helm(["test", RELEASE]))?;
    let reached = address::reach()?;
    println!("\nSaydo is up after {} s: {}", begun.elapsed().as_secs(), address::how_to_open(&reached.url, &public));
    Ok(())
}

pub(super) fn down(volumes: bool) -> Result<()> {
    show(&mut helm(["uninstall", RELEASE, "--ignore-not-found", "--wait"]))?;
    if volumes {
        volumes::remove()
    } else {
        println!("The data stays, and the Secret that opens it: `cargo xtask minikube down --volumes` removes them.");
        Ok(())
    }
}

/// Starts Minikube, unless it runs, with a network that enforces policies.
fn start() -> Result<()> {
    if super::runs() {
        println!("Minikube runs already.");
    } else {
        show(&mut minikube(["start", "--cni=calico", "--cpus=2", "--memory=3g"]))?;
    }
    let mut calico = kubectl(["get", "daemonset/calico-node", "--ignore-not-found", "--output=name"]);
    if read(calico.args(["--namespace", "kube-system"])).is_ok_and(|name| name.is_empty()) {
        println!("This Minikube has no Calico: network policies are accepted, but not enforced.");
    }
    show(&mut minikube(["addons", "enable", "metrics-server"]))
}

/// Loads the images under tags that name their content, so that a changed image is a changed release.
fn load(workspace: &Workspace, builder: &Builder, local_bases: bool) -> Result<Vec<(String, String)>> {
    let folder = workspace.cache().join("minikube");
    std::fs::create_dir_all(&folder)?;
    let here = read(&mut minikube(["image", "ls"])).unwrap_or_default();
    let load = |image: &str, archive: &str| -> Result<()> {
        if here.lines().any(|line| line.trim() == image) {
            return Ok(());
        }
        let archive = folder.join(archive);
        builder.save(image, &archive)?;
        show(minikube(["image", "load"]).arg(&archive))?;
        Ok(std::fs::remove_file(archive)?)
    };
    let mut tags = Vec::new();
    for image in images::IMAGES {
        let built = images::reference(image);
        let tag = format!("{}-{}", env!("CARGO_PKG_VERSION"), builder.id(&built)?.chars().take(12).collect::<String>());
        // The whole name: for the same short one the node's runtime and podman think of different registries.
        let tagged = format!("docker.io/library/{image}:{tag}");
        show(&mut builder.command(["tag", &built, &tagged]))?;
        load(&tagged, &format!("{image}.tar"))?;
        tags.push((image.trim_start_matches("saydo-").to_owned(), tag));
    }
    if local_bases {
        load(images::POSTGRES, "postgres.tar")?;
    }
    Ok(tags)
}

/// The namespace enforces the restricted profile. What the Secret has stays, what the environment names replaces it.
fn make_namespace_and_secret() -> Result<()> {
    let labels =
        ["enforce", "warn", "audit"].map(|mode| (format!("pod-security.kubernetes.io/{mode}"), json!("restricted")));
    feed(
        &mut kubectl(["apply", "--filename", "-"]),
        &json!({
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": { "name": NAMESPACE, "labels": Map::from_iter(labels) },
        }),
    )?;
    let there = find(["secret", SECRET])?;
    let given = given(there.as_ref(), |name| std::env::var(name).ok())?;
    if given.is_empty() {
        return Ok(());
    }
    // Not `apply`, which would copy the values into an annotation.
    if there.is_some() {
        feed(
            &mut kubectl(["patch", "secret", SECRET, "--type=merge", "--patch-file=/dev/stdin"]),
            &json!({ "stringData": given }),
        )
    } else {
        feed(
            &mut kubectl(["create", "--filename", "-"]),
            &json!({
                "apiVersion": "v1", "kind": "Secret", "type": "Opaque",
                "metadata": { "name": SECRET, "namespace": NAMESPACE }, "stringData": given,
            }),
        )
    }
}

/// What the Secret is to be given: what the environment names, and something random for what it lacks.
fn given(there: Option<&Value>, environment: impl Fn(&str) -> Option<String>) -> Result<Map<String, Value>> {
    let has = |name: &str| there.is_some_and(|secret| secret["data"].get(name).is_some());
    let mut given = Map::new();
    for name in ["BETTER_AUTH_SECRET", "POSTGRES_PASSWORD", "OPENAI_API_KEY"] {
        match environment(name).filter(|value| !value.is_empty()) {
            // The volume keeps the password that it was made with.
            Some(_) if name == "POSTGRES_PASSWORD" && has(name) => {}
            Some(value) => drop(given.insert(name.to_owned(), value.into())),
            None if has(name) || name == "OPENAI_API_KEY" => {}
            None => drop(given.insert(name.to_owned(), random()?.into())),
        }
    }
    Ok(given)
}

/// 32 bytes of the system's randomness, in hexadecimal.
fn random() -> Result<String> {
    let how = "set BETTER_AUTH_SECRET and POSTGRES_PASSWORD: this system's randomness cannot be read";
    let mut bytes = [0; 32];
    let mut source = std::fs::File::open("/dev/urandom").context(how)?;
    std::io::Read::read_exact(&mut source, &mut bytes).context(how)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn install(workspace: &Workspace, tags: &[(String, String)], url: &str, more: &[String]) -> Result<()> {
    let mut upgrade = helm(["upgrade", "--install", RELEASE, "helm/saydo"]);
    upgrade.current_dir(&workspace.root);
    upgrade.args(["--values", "helm/saydo/values-minikube.yaml", "--set", &format!("publicUrl={url}")]);
    for (role, tag) in tags {
        upgrade.args(["--set", &format!("{role}.image.tag={tag}")]);
    }
    // What somebody changed with kubectl is the chart's again.
    upgrade
        .args(["--force-conflicts", "--wait", "--wait-for-jobs", "--rollback-on-failure", "--timeout", "4m"])
        .args(more);
    let before = read(&mut helm(["status", RELEASE])).is_ok();
    println!("$ {}", line_of(&upgrade));
    let old = watch::jobs();
    let child =
        upgrade.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().context("running helm")?;
    match watch::watch(child, &old)? {
        None => Ok(()),
        Some(why) if before => bail!("the release stays as it was: {why}"),
        Some(why) => bail!("nothing was installed: {why}"),
    }
}

/// Waits until each role runs as many pods as its autoscaler wants at least: helm is content with the first.
pub(super) fn wait_for_least() -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let found = get(["deployments,horizontalpodautoscalers"])?;
        let Some(role) = lacking(&found) else { return Ok(()) };
        if Instant::now() > deadline {
            bail!("{role} has fewer pods than its autoscaler wants: `cargo xtask minikube status`");
        }
        thread::sleep(Duration::from_millis(500));
    }
}

/// The first deployment with fewer ready pods than its autoscaler's least.
fn lacking(found: &Value) -> Option<String> {
    let items = found["items"].as_array()?;
    let of_kind = |kind: &str| items.iter().filter(move |each| each["kind"] == kind).collect::<Vec<_>>();
    let deployments = of_kind("Deployment");
    of_kind("HorizontalPodAutoscaler").into_iter().find_map(|scaler| {
        let name = &scaler["spec"]["scaleTargetRef"]["name"];
        let least = scaler["spec"]["minReplicas"].as_u64().unwrap_or(1);
        let deployment = deployments.iter().find(|each| each["metadata"]["name"] == *name)?;
        let ready = deployment["status"]["readyReplicas"].as_u64().unwrap_or(0);
        (ready < least).then(|| name.as_str().unwrap_or_default().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// DEPLOY-23: `up` is not done before each role has as many ready pods as its autoscaler wants.
    #[test]
    fn a_role_that_lacks_pods_is_found() {
        let found = |ready: Option<u64>| {
            json!({ "items": [
                { "kind": "Deployment", "metadata": { "name": "a" }, "status": { "readyReplicas": ready } },
                { "kind": "HorizontalPodAutoscaler", "spec": { "minReplicas": 2, "scaleTargetRef": { "name": "a" } } },
            ] })
        };
        assert_eq!(lacking(&found(Some(2))), None);
        assert_eq!(lacking(&found(Some(3))), None);
        assert_eq!(lacking(&found(Some(1))).as_deref(), Some("a"));
        assert_eq!(lacking(&found(None)).as_deref(), Some("a"));
    }

    /// DEPLOY-23: a second `up` keeps the secrets that are there, replaces what the environment names, and never the
    /// database's password.
    #[test]
    fn what_the_secret_has_stays() -> Result<()> {
        let names = |given: &Map<String, Value>| given.keys().cloned().collect::<Vec<_>>();
        let nothing = |_: &str| None;
        let everything = |name: &str| Some(format!("my {name}"));
        assert_eq!(names(&given(None, nothing)?), ["BETTER_AUTH_SECRET", "POSTGRES_PASSWORD"]);
        let there = json!({ "data": { "BETTER_AUTH_SECRET": "eA==", "POSTGRES_PASSWORD": "eA==" } });
        assert!(given(Some(&there), nothing)?.is_empty());
        assert!(given(Some(&there), |_| Some(String::new()))?.is_empty());
        let replaced = given(Some(&there), everything)?;
        assert_eq!(names(&replaced), ["BETTER_AUTH_SECRET", "OPENAI_API_KEY"]);
        assert_eq!(replaced["OPENAI_API_KEY"], "my OPENAI_API_KEY");
        let half = json!({ "data": { "BETTER_AUTH_SECRET": "eA==" } });
        assert_eq!(names(&given(Some(&half), nothing)?), ["POSTGRES_PASSWORD"]);
        Ok(())
    }

    #[test]
    fn random_secrets_are_long_and_differ() -> Result<()> {
        let (one, two) = (random()?, random()?);
        assert!(one.len() == 64 && one != two);
        Ok(())
    }
}
