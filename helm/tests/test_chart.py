"""The chart over its matrix of values, without a cluster."""

import base64
import json
import pathlib
import re
import subprocess
import sys

import kubernetes_validate
import pytest
import yaml

from chart import CHART, LONG, VALUES, helm, named, of_kind, pods, render, template

ALL = pytest.mark.parametrize("values", VALUES)
# Objects whose definitions a cluster gets from elsewhere: `test_minikube.py` has its API server judge them.
ELSEWHERE = ("gateway.networking.k8s.io/", "monitoring.coreos.com/", "kagent.dev/")
ROLES = ("frontend", "backend")


def test_dockerfiles():
    """DEPLOY-03: hadolint has nothing to say."""
    hadolint = pathlib.Path(sys.executable).parent / "hadolint"
    files = [CHART.parent.parent / f"Dockerfile.{role}" for role in ROLES]
    done = subprocess.run([hadolint, *files], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


@ALL
def test_lint(values):
    """DEPLOY-05: helm has nothing to say."""
    done = helm("lint", "--strict", CHART, "--values", VALUES[values])
    assert done.returncode == 0, done.stdout + done.stderr


@ALL
@pytest.mark.parametrize("version", ["1.33", "1.34", "1.35", "1.36"])
def test_valid(values, version):
    """DEPLOY-05: every object is of its schema, and has no field that it does not know."""
    for thing in render(values):
        if not thing["apiVersion"].startswith(ELSEWHERE):
            kubernetes_validate.validate(thing, version, strict=True)


@ALL
def test_restricted(values):
    """DEPLOY-06: the restricted profile, a read-only root, no token, and resources."""
    seen = 0
    for owner, _, pod in pods(render(values)):
        where = f"{owner['kind']} {owner['metadata']['name']}"
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys(), where
        assert pod["automountServiceAccountToken"] is False, where
        assert pod["securityContext"]["runAsNonRoot"] is True and pod["securityContext"]["runAsUser"] > 0, where
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, where
        assert all(volume.keys() & {"emptyDir", "configMap", "secret"} for volume in pod.get("volumes", [])), where
        for container in pod["containers"] + pod.get("initContainers", []):
            seen += 1
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, where
            for bound in ("requests", "limits"):
                assert container["resources"][bound].keys() == {"cpu", "memory"}, where
            assert not any("hostPort" in port for port in container.get("ports", [])), where
            assert ":latest" not in container["image"] and re.search(r"[:@]", container["image"]), where
    for account in of_kind(render(values), "ServiceAccount"):
        assert account["automountServiceAccountToken"] is False
    assert seen >= 3


@ALL
def test_owners(values):
    """DEPLOY-07: no bare Pod but the one of `helm test`."""
    for owner, _, _ in pods(render(values)):
        assert owner["kind"] in ("Deployment", "StatefulSet", "Job", "Pod")
        if owner["kind"] == "Pod":
            assert owner["metadata"]["annotations"]["helm.sh/hook"] == "test"


@pytest.mark.parametrize(
    ("values", "wrong", "told"),
    [
        ("neon", "replica=3", "replica"),
        ("neon", "backend.replicaCount=3", "replicaCount"),
        ("neon", "backend.replicas=many", "backend/replicas"),
        ("neon", "backend.replicas=-1", "backend/replicas"),
        ("neon", "backend.image.pullPolicy=Sometimes", "backend/image/pullPolicy"),
        ("neon", "backend.image.digest=sha256:1", "backend/image/digest"),
        ("neon", "frontend.service.type=ExternalName", "frontend/service/type"),
        ("neon", "frontend.service.port=0", "frontend/service/port"),
        ("neon", "frontend.resources.limits.memory=lots", "frontend/resources/limits/memory"),
        ("neon", "frontend.service.nodePort=30080", "frontend.service.nodePort"),
        ("neon", "publicUrl=saydo.example.com", "publicUrl"),
        ("neon", "publicUrl=https://saydo.example.com/app", "publicUrl"),
        ("neon", "log.format=xml", "log/format"),
        ("neon", "model.mode=magic", "model/mode"),
        ("neon", "auth.existingSecret=", "auth.existingSecret"),
        ("neon", "externalDatabase.existingSecret=", "externalDatabase.existingSecret"),
        ("neon", "postgresql.bundled=true", "postgresql.bundled"),
        ("neon", "httpRoute.enabled=true", "httpRoute.parentRefs"),
        ("neon", "backend.terminationGracePeriodSeconds=30", "backend.terminationGracePeriodSeconds"),
        ("neon", "backend.autoscaling.minReplicas=9", "backend.autoscaling.minReplicas"),
        ("explicit", "auth.secret=short", "auth/secret"),
        ("explicit", "externalDatabase.url=mysql://db", "externalDatabase/url"),
        ("bundled", "postgresql.password=", "postgresql.existingSecret"),
        ("bundled", "postgresql.password=short", "postgresql/password"),
        ("bundled", "postgresql.password=with@signs/and:colons", "postgresql/password"),
        ("bundled", "model.mode=openai", "model.existingSecret"),
    ],
)
def test_refused(values, wrong, told):
    """DEPLOY-08: the message names the value."""
    done = template(values, wrong)
    assert done.returncode != 0
    assert told in done.stderr, done.stderr


@ALL
def test_deterministic(values):
    """DEPLOY-09: two renderings are equal to the byte."""
    assert template(values).stdout == template(values).stdout != ""


@ALL
def test_names(values):
    """DEPLOY-09: names fit, and no namespace is written into an object."""
    for names in ({}, {"release": LONG}):
        for thing in render(values, **names):
            assert len(thing["metadata"]["name"]) <= 63, thing["metadata"]["name"]
            assert "namespace" not in thing["metadata"]
            for label in thing["metadata"]["labels"].values():
                assert len(label) <= 63
        assert len({(thing["kind"], thing["metadata"]["name"]) for thing in render(values, **names)}) == len(render(values, **names))


def test_selectors():
    """DEPLOY-09: whatever values change, selectors stay, and they select their own pods alone."""
    def selectors(objects):
        return {
            (thing["kind"], thing["metadata"]["name"]): json.dumps(thing["spec"]["selector"], sort_keys=True)
            for thing in of_kind(objects, "Deployment", "StatefulSet", "Service", "PodDisruptionBudget")
        }

    seen = {}
    for values in VALUES:
        for key, selector in selectors(render(values)).items():
            assert seen.setdefault(key, selector) == selector, key
    assert len(set(seen[("Deployment", f"saydo-{role}")] for role in ROLES)) == 2
    for values in VALUES:
        for owner, metadata, _ in pods(render(values)):
            if owner["kind"] in ("Deployment", "StatefulSet"):
                assert owner["spec"]["selector"]["matchLabels"].items() <= metadata["labels"].items()


@pytest.mark.parametrize("values", ["explicit", "bundled"])
def test_secrets(values):
    """DEPLOY-10: planted values are in Secrets, and nowhere else."""
    planted = ["planted-auth-secret", "planted-database-password", "planted-model-key"]
    found = set()
    for thing in render(values):
        if thing["kind"] == "Secret":
            text = " ".join(base64.b64decode(value).decode() for value in thing["data"].values())
            found |= {secret for secret in planted if secret in text}
        else:
            text = yaml.safe_dump(thing)
            for secret in planted:
                assert secret not in text and base64.b64encode(secret.encode()).decode()[:20] not in text, thing["kind"]
    assert found == set(planted if values == "explicit" else planted[:2])


@ALL
def test_secret_references(values):
    """DEPLOY-10: every Secret that a container reads is the person's own or the chart's."""
    objects = render(values)
    made = {thing["metadata"]["name"]: thing["data"] for thing in of_kind(objects, "Secret")}
    own = {"neon", "all", "least"} | ({"saydo"} if values == "minikube" else set())
    for owner, _, pod in pods(objects):
        for variable in (variable for container in pod["containers"] for variable in container.get("env", [])):
            reference = variable.get("valueFrom", {}).get("secretKeyRef")
            if reference and reference["name"] not in own and not reference.get("optional"):
                assert reference["key"] in made[reference["name"]], (owner["metadata"]["name"], reference)


@ALL
def test_updates(values):
    """DEPLOY-11: nothing goes before its successor is there, and a drain always passes."""
    objects = render(values)
    autoscaled = {thing["spec"]["scaleTargetRef"]["name"] for thing in of_kind(objects, "HorizontalPodAutoscaler")}
    for deployment in of_kind(objects, "Deployment"):
        spec = deployment["spec"]
        assert spec["strategy"] == {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}
        assert ("replicas" in spec) != (deployment["metadata"]["name"] in autoscaled)
        pod = spec["template"]["spec"]
        assert pod["topologySpreadConstraints"][0]["whenUnsatisfiable"] == "ScheduleAnyway"
        (container,) = pod["containers"]
        assert {"startupProbe", "livenessProbe", "readinessProbe"} <= container.keys()
        assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
        assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
        config = named(objects, "ConfigMap", deployment["metadata"]["name"])["data"]
        drain = container["lifecycle"]["preStop"]["sleep"]["seconds"] + int(config["SAYDO_LINGER"]) + 25
        assert drain < pod["terminationGracePeriodSeconds"]
    for budget in of_kind(objects, "PodDisruptionBudget"):
        assert budget["spec"]["maxUnavailable"] == 1 and "minAvailable" not in budget["spec"]


@pytest.mark.parametrize("values", [values for values in VALUES if values != "least"])
def test_network(values):
    """DEPLOY-12: all is denied, then each way is opened to named pods and ports."""
    objects = render(values)
    policies = {thing["metadata"]["name"]: thing["spec"] for thing in of_kind(objects, "NetworkPolicy")}
    deny = policies.pop("saydo-deny-all")
    assert deny["policyTypes"] == ["Ingress", "Egress"] and not {"ingress", "egress"} & deny.keys()
    for _, metadata, _ in pods(objects):
        assert deny["podSelector"]["matchLabels"].items() <= metadata["labels"].items()
        assert any(each["podSelector"]["matchLabels"].items() <= metadata["labels"].items() for each in policies.values())
    for name, policy in policies.items():
        for rule in policy.get("ingress", []) + policy.get("egress", []):
            assert rule["ports"], name
    component = lambda peer: peer.get("podSelector", {}).get("matchLabels", {}).get("app.kubernetes.io/component")
    callers = {component(peer) for rule in policies["saydo-backend"]["ingress"] for peer in rule["from"]}
    assert {"frontend", "test"} <= callers
    assert [component(rule["to"][0]) for rule in policies["saydo-frontend"]["egress"]] == [None, "backend"]
    if values in ("bundled", "minikube"):
        assert {component(peer) for peer in policies["saydo-postgresql"]["ingress"][0]["from"]} == {"backend", "migrations"}
        assert "egress" not in policies["saydo-postgresql"]
    open_ports = {port["port"] for rule in policies["saydo-backend"]["egress"] for port in rule["ports"]}
    assert (443 in open_ports) == (values != "bundled"), "the offline model needs no way out"
    if values == "everything":
        assert "from" in policies["saydo-frontend"]["ingress"][0]
        spaces = yaml.safe_dump(policies["saydo-backend"]["ingress"])
        assert all(space in spaces for space in ("kagent", "monitoring", "ingress-nginx"))


def test_migrations():
    """DEPLOY-13: a hook on the direct URL outside, a Job of each revision inside."""
    for values, job in (("neon", "saydo-migrate"), ("explicit", "saydo-migrate")):
        objects = render(values)
        hook = named(objects, "Job", job)
        assert hook["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
        container = hook["spec"]["template"]["spec"]["containers"][0]
        assert container["args"] == ["migrate"]
        assert {"DATABASE_URL", "DATABASE_DIRECT_URL"} <= {variable["name"] for variable in container["env"]}
    carried = named(render("explicit"), "Secret", "saydo-migrate")
    assert carried["metadata"]["annotations"]["helm.sh/hook-weight"] == "-5"
    assert "BETTER_AUTH_SECRET" not in carried["data"]
    for values in ("bundled", "minikube"):
        plain = named(render(values), "Job", "saydo-migrate-1")
        assert "annotations" not in plain["metadata"]
    assert not of_kind(render("least"), "Job")


def test_routes():
    """DEPLOY-14: Ingress and HTTPRoute send the API's paths to the backend, the rest to the frontend."""
    expected = {"/api": "saydo-backend", "/mcp": "saydo-backend", "/.well-known/oauth-protected-resource": "saydo-backend", "/": "saydo-frontend"}
    objects = render("everything")
    ingress = named(objects, "Ingress", "saydo")["spec"]
    paths = ingress["rules"][0]["http"]["paths"]
    assert {path["path"]: path["backend"]["service"]["name"] for path in paths} == expected
    assert ingress["tls"] == [{"hosts": ["saydo.example.com"], "secretName": "tls"}]
    rules = named(objects, "HTTPRoute", "saydo")["spec"]["rules"]
    assert {match["path"]["value"]: rule["backendRefs"][0]["name"] for rule in rules for match in rule["matches"]} == expected
    assert not of_kind(render("neon"), "Ingress", "HTTPRoute", "ServiceMonitor", "Agent", "ModelConfig", "RemoteMCPServer")


def test_documented():
    """DEPLOY-15: each value of values.yaml is in the schema, with a description, and in the README with its default."""
    schema = json.loads((CHART / "values.schema.json").read_text())
    rows = dict(re.findall(r"^\| `([^`]+)` \| (`[^|]*`) \|", (CHART / "README.md").read_text(), re.MULTILINE))
    leaves = {}

    def walk(values, part, path):
        assert part["description"], path
        if "properties" in part and isinstance(values, dict):
            assert part["additionalProperties"] is False and values.keys() == part["properties"].keys(), path
            for key, value in values.items():
                walk(value, part["properties"][key], [*path, key])
        else:
            leaves[".".join(path)] = values

    for key, value in yaml.safe_load((CHART / "values.yaml").read_text()).items():
        walk(value, schema["properties"][key], [key])
    assert rows.keys() == leaves.keys()
    for name, value in leaves.items():
        shown = value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
        assert rows[name] == f"`{shown}`", name


@pytest.mark.parametrize(
    ("change", "rolled"),
    [
        ("log.filter=debug", {"frontend", "backend"}),
        ("model.name=other", {"backend"}),
        ("auth.secret=another-secret-that-is-long-enough-0123", {"backend"}),
        ("frontend.lingerSeconds=4", {"frontend"}),
        ("frontend.replicas=3", set()),
        ("ingress.enabled=true", set()),
    ],
)
def test_rolls(change, rolled):
    """DEPLOY-16: a change rolls the pods that read it, and no others."""
    before, after = ({d["metadata"]["name"]: d["spec"]["template"] for d in of_kind(render("explicit", *sets), "Deployment")} for sets in ((), (change,)))
    assert {role for role in ROLES if before[f"saydo-{role}"] != after[f"saydo-{role}"]} == rolled
