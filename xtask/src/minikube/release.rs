//! Bringing Saydo up and down.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::{Value, json};

use super::client;
use super::kubectl::{NAMESPACE, RELEASE, apply, get, kubectl, show, url};
use super::preflight;
use crate::command::{find_program, line_of, read};
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
    /// What `helm upgrade` gets besides: `-- --set backend.replicas=3`.
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
    let url = url()?;
    install(workspace, &tags, &url, &options.helm)?;
    wait_for_least()?;
    show(Command::new("helm").args(["test", RELEASE, "--namespace", NAMESPACE, "--kube-context", "minikube"]))?;
    if !cfg!(target_os = "linux") {
        println!("Open it with\n$ kubectl port-forward --namespace {NAMESPACE} service/saydo-frontend 8080:80");
    } else if !client::answers(&format!("{url}/sign-in")) {
        bail!(
            "Saydo runs, but {url} does not answer from here: `kubectl port-forward --namespace {NAMESPACE} service/saydo-frontend 8080:80`"
        );
    }
    println!("\nSaydo is up after {} s: {url}", begun.elapsed().as_secs());
    Ok(())
}

pub(super) fn down(_: &Workspace, volumes: bool) -> Result<()> {
    show(Command::new("helm").args([
        "uninstall",
        RELEASE,
        "--namespace",
        NAMESPACE,
        "--kube-context",
        "minikube",
        "--ignore-not-found",
        "--wait",
    ]))?;
    if volumes {
        show(&mut kubectl(["delete", "namespace", NAMESPACE, "--ignore-not-found"]))
    } else {
        println!("The data stays, and the Secret that opens it: `cargo xtask minikube down --volumes` removes them.");
        Ok(())
    }
}

/// Starts Minikube, unless it runs, with a network that enforces policies.
fn start() -> Result<()> {
    if read(Command::new("minikube").args(["status", "--format={{.Host}} {{.APIServer}}"]))
        .is_ok_and(|s| s == "Running Running")
    {
        println!("Minikube runs already.");
    } else {
        show(Command::new("minikube").args(["start", "--cni=calico", "--cpus=2", "--memory=3g"]))?;
    }
    show(Command::new("minikube").args(["addons", "enable", "metrics-server"]))
}

/// Loads the images under tags that name their content, so that a changed image is a changed release.
fn load(workspace: &Workspace, builder: &Builder, local_bases: bool) -> Result<Vec<(String, String)>> {
    let folder = workspace.cache().join("minikube");
    std::fs::create_dir_all(&folder)?;
    let here = read(Command::new("minikube").args(["image", "ls"])).unwrap_or_default();
    let load = |image: &str, archive: &str| -> Result<()> {
        if here.lines().any(|line| line.ends_with(image)) {
            return Ok(());
        }
        let archive = folder.join(archive);
        builder.save(image, &archive)?;
        show(Command::new("minikube").args(["image", "load"]).arg(&archive))?;
        Ok(std::fs::remove_file(archive)?)
    };
    let mut tags = Vec::new();
    for image in images::IMAGES {
        let built = images::reference(image);
        let tag = format!("{}-{}", env!("CARGO_PKG_VERSION"), builder.id(&built)?.chars().take(12).collect::<String>());
        let tagged = format!("{image}:{tag}");
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
    apply(&json!({
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": { "name": NAMESPACE, "labels": serde_json::Map::from_iter(labels) },
    }))?;
    let there = get(["secret", SECRET, "--ignore-not-found"]).unwrap_or(Value::Null);
    let mut data = there["data"].as_object().cloned().unwrap_or_default();
    let mut given = serde_json::Map::new();
    for name in ["BETTER_AUTH_SECRET", "POSTGRES_PASSWORD", "OPENAI_API_KEY"] {
        match std::env::var(name).ok().filter(|value| !value.is_empty()) {
            // The volume keeps the password that it was made with.
            Some(_) if name == "POSTGRES_PASSWORD" && data.contains_key(name) => {}
            Some(value) => drop(given.insert(name.to_owned(), value.into())),
            None if data.contains_key(name) || name == "OPENAI_API_KEY" => {}
            None => drop(given.insert(name.to_owned(), random()?.into())),
        }
    }
    if given.is_empty() {
        return Ok(());
    }
    data.retain(|name, _| !given.contains_key(name));
    apply(&json!({
        "apiVersion": "v1", "kind": "Secret", "type": "Opaque",
        "metadata": { "name": SECRET, "namespace": NAMESPACE },
        "data": data, "stringData": given,
    }))
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
    let mut helm = workspace.command("helm");
    helm.args(["upgrade", "--install", RELEASE, "helm/saydo", "--kube-context", "minikube", "--namespace", NAMESPACE]);
    helm.args(["--values", "helm/saydo/values-minikube.yaml", "--set", &format!("publicUrl={url}")]);
    for (role, tag) in tags {
        helm.args(["--set", &format!("{role}.image.tag={tag}")]);
    }
    // What somebody changed with kubectl is the chart's again.
    helm.args(["--force-conflicts", "--wait", "--wait-for-jobs", "--rollback-on-failure", "--timeout", "4m"])
        .args(more);
    println!("$ {}", line_of(&helm));
    // Jobs of earlier releases say nothing of this one.
    let jobs = get(["jobs"]).unwrap_or_default();
    let old: Vec<_> =
        jobs["items"].as_array().into_iter().flatten().map(|job| job["metadata"]["uid"].clone()).collect();
    let child =
        helm.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().context("running helm")?;
    let (status, why, said) = watch(child, &old)?;
    if status.success() {
        return Ok(());
    }
    match why {
        Some(why) => bail!("the release stays as it was: {why}"),
        None => bail!("the release stays as it was: {}", said.trim().lines().last().unwrap_or("helm failed")),
    }
}

/// Waits until each role runs as many pods as its autoscaler wants at least: helm is content with the first.
fn wait_for_least() -> Result<()> {
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

/// Waits for helm, and meanwhile looks why a pod does not start or the migrations fail: helm itself only says that time
/// is up. What can never succeed ends the wait.
fn watch(mut child: Child, old: &[Value]) -> Result<(ExitStatus, Option<String>, String)> {
    let mut why = None;
    let mut hopeless = 0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        match get(["pods,jobs"]).ok().and_then(|found| stuck(&found).or_else(|| failed(&found, old))) {
            Some(reason) => {
                hopeless += 1;
                why = Some(reason);
            }
            None => hopeless = 0,
        }
        // Interrupted, helm rolls back at once.
        if hopeless == 10 && find_program("kill").is_some() {
            read(Command::new("kill").args(["-INT", &child.id().to_string()]))?;
        }
        thread::sleep(Duration::from_secs(1));
    };
    let mut said = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        std::io::Read::read_to_string(&mut stderr, &mut said)?;
    }
    Ok((status, why, said))
}

/// What a job that has given up said last.
fn failed(found: &Value, old: &[Value]) -> Option<String> {
    let job = given_up(found, old)?;
    let said = read(&mut kubectl(["logs", &format!("job/{job}"), "--tail=1"])).unwrap_or_default();
    Some(format!("job {job} failed: {said}"))
}

/// A job that has given up, if one has that is not among the old ones.
fn given_up<'a>(found: &'a Value, old: &[Value]) -> Option<&'a str> {
    let is_failed = |job: &&Value| {
        let conditions = job["status"]["conditions"].as_array();
        conditions.is_some_and(|all| all.iter().any(|each| each["type"] == "Failed" && each["status"] == "True"))
    };
    let jobs = found["items"]
        .as_array()?
        .iter()
        .filter(|each| each["kind"] == "Job" && !old.contains(&each["metadata"]["uid"]));
    jobs.filter(is_failed).find_map(|job| job["metadata"]["name"].as_str())
}

/// Why a pod cannot start, if one cannot.
fn stuck(pods: &Value) -> Option<String> {
    const REASONS: [&str; 5] =
        ["ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "CreateContainerConfigError"];
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for pod in list(&pods["items"]) {
        for container in list(&pod["status"]["containerStatuses"]) {
            let waiting = &container["state"]["waiting"];
            let reason = waiting["reason"].as_str().unwrap_or_default();
            if REASONS.contains(&reason) {
                let name = pod["metadata"]["name"].as_str().unwrap_or_default();
                let image = container["image"].as_str().unwrap_or_default();
                let message = waiting["message"].as_str().unwrap_or_default().replace('\n', " ");
                return Some(format!("pod {name} cannot start, image {image}: {reason}: {message}"));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// DEPLOY-26: the reason is one line that names the pod, the image and what the node says of it.
    #[test]
    fn a_pod_that_cannot_start_is_told_in_one_line() {
        let pod = |state: Value| {
            json!({ "items": [{
            "metadata": { "name": "saydo-backend-1" },
            "status": { "containerStatuses": [{ "image": "saydo-backend:nope", "state": state }] },
        }] })
        };
        assert_eq!(stuck(&json!({ "items": [] })), None);
        assert_eq!(stuck(&pod(json!({ "running": {} }))), None);
        assert_eq!(stuck(&pod(json!({ "waiting": { "reason": "ContainerCreating" } }))), None);
        let told = stuck(&pod(json!({ "waiting": { "reason": "ErrImagePull", "message": "not\nfound" } })));
        assert_eq!(
            told.unwrap_or_default(),
            "pod saydo-backend-1 cannot start, image saydo-backend:nope: ErrImagePull: not found"
        );
    }

    /// DEPLOY-26: a job that has given up is found, one that may try again is not.
    #[test]
    fn a_job_that_gave_up_is_found() {
        let job = |conditions: Value| {
            let status = json!({ "failed": 3, "conditions": conditions });
            json!({ "items": [{ "kind": "Job", "metadata": { "name": "saydo-migrate-1", "uid": "7" }, "status": status }] })
        };
        assert_eq!(given_up(&job(Value::Null), &[]), None);
        assert_eq!(given_up(&job(json!([{ "type": "Complete", "status": "True" }])), &[]), None);
        let gave_up = job(json!([{ "type": "Failed", "status": "True" }]));
        assert_eq!(given_up(&gave_up, &[]), Some("saydo-migrate-1"));
        assert_eq!(given_up(&gave_up, &[json!("7")]), None, "of an earlier release");
    }

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

    #[test]
    fn random_secrets_are_long_and_differ() -> Result<()> {
        let (one, two) = (random()?, random()?);
        assert!(one.len() == 64 && one != two);
        Ok(())
    }
}
