//! Removing what the bundled PostgreSQL keeps.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::NAMESPACE;
use super::kubectl::{feed, get, kubectl, show};
use crate::images::POSTGRES;

/// The pod that empties a volume.
const POD: &str = "saydo-remove-data";

/// Empties the release's volumes and removes the namespace.
///
/// The namespace alone is not enough: Minikube's provisioner forgets its volumes when it restarts, leaves their files on
/// the node, and gives the next volume of the same name the same folder.
pub(super) fn remove() -> Result<()> {
    let claims = get(["persistentvolumeclaims", "--selector=app.kubernetes.io/instance=saydo"])?;
    for claim in claims["items"].as_array().into_iter().flatten() {
        let name = claim["metadata"]["name"].as_str().context("a volume claim has no name")?;
        let gone = feed(&mut kubectl(["create", "--filename", "-"]), &emptying(name)).and_then(|()| {
            let done = "--for=jsonpath={.status.phase}=Succeeded";
            show(&mut kubectl(["wait", done, &format!("pod/{POD}"), "--timeout=90s"]))
        });
        show(&mut kubectl(["delete", "pod", POD, "--ignore-not-found"]))?;
        gone.with_context(|| {
            format!("the data in `{name}` is still there: run `cargo xtask minikube down --volumes` again")
        })?;
    }
    show(&mut kubectl(["delete", "namespace", NAMESPACE, "--ignore-not-found"]))
}

/// A pod of PostgreSQL's image, whose files only PostgreSQL's user may remove.
fn emptying(claim: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": { "name": POD, "namespace": NAMESPACE },
        "spec": {
            "restartPolicy": "Never",
            "automountServiceAccountToken": false,
            "securityContext": {
                "runAsNonRoot": true, "runAsUser": 999, "runAsGroup": 999, "fsGroup": 999,
                "seccompProfile": { "type": "RuntimeDefault" },
            },
            "containers": [{
                "name": "remove", "image": POSTGRES, "imagePullPolicy": "IfNotPresent",
                "command": ["rm", "-rf", "/data/pgdata"],
                "securityContext": { "allowPrivilegeEscalation": false, "capabilities": { "drop": ["ALL"] } },
                "volumeMounts": [{ "name": "data", "mountPath": "/data" }],
            }],
            "volumes": [{ "name": "data", "persistentVolumeClaim": { "claimName": claim } }],
        },
    })
}
