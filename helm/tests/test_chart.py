"""The chart over its matrix of values, without a cluster."""

import base64
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.parse

import kubernetes_validate
import pytest
import yaml

from chart import CHART, LONG, VALUES, helm, named, of_kind, pods, render, template

ALL = pytest.mark.parametrize("values", VALUES)
# Objects whose definitions a cluster gets from elsewhere: `test_minikube.py` has its API server judge them.
ELSEWHERE = ("gateway.networking.k8s.io/", "monitoring.coreos.com/", "kagent.dev/")
ROLES = ("frontend", "backend")
ROOT = CHART.parent.parent
OPS = ROOT / "ops"
# The pods of an ingress controller, as `helm template --set` takes them.
CONTROLLER = "networkPolicy.backendFrom[0].podSelector.matchLabels.app=controller"


def test_dockerfiles():
    """DEPLOY-03: hadolint has nothing to say."""
    hadolint = pathlib.Path(sys.executable).parent / "hadolint"
    files = [ROOT / f"Dockerfile.{role}" for role in ROLES]
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
def test_test_pod(values):
    """DEPLOY-07: the pod of `helm test` tries again, because a network policy may come after it, and ends within a minute."""
    (pod,) = of_kind(render(values), "Pod")
    assert pod["spec"]["restartPolicy"] == "OnFailure"
    assert pod["spec"]["activeDeadlineSeconds"] == 60


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
        ("neon", "backend.service.type=NodePort", "backend/service"),
        ("neon", "ingress.enabled=true", "networkPolicy.backendFrom"),
        ("neon", "httpRoute.enabled=true,httpRoute.parentRefs[0].name=gateway", "networkPolicy.backendFrom"),
        ("neon", f"ingress.enabled=true,ingress.host=other.example.com,{CONTROLLER}", "ingress.host"),
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


def test_routes_accepted():
    """DEPLOY-08: routes are accepted once the controller is named, or where nothing is denied; publicUrl's port is no matter."""
    for sets in (CONTROLLER, "networkPolicy.enabled=false"):
        for route in ("ingress.enabled=true", "httpRoute.enabled=true,httpRoute.parentRefs[0].name=gateway"):
            done = template("neon", route, sets, "publicUrl=https://saydo.example.com:8443")
            assert done.returncode == 0, done.stderr


@ALL
def test_deterministic(values):
    """DEPLOY-09: two renderings are equal to the byte."""
    assert template(values).stdout == template(values).stdout != ""


@ALL
def test_names(values):
    """DEPLOY-09: names fit, and no namespace is written into an object."""
    for names in ({}, {"release": LONG}):
        for thing in render(values, **names):
            # A StatefulSet's pods carry its name, a dash and ten characters in a label.
            assert len(thing["metadata"]["name"]) <= (52 if thing["kind"] == "StatefulSet" else 63), thing["metadata"]["name"]
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


def ways(rules):
    """The peers and ports of each rule: a component of the release, a namespace, an address range or `all`."""
    def peer(each):
        labels = each.get("podSelector", {}).get("matchLabels", {})
        if component := labels.get("app.kubernetes.io/component"):
            assert each == {"podSelector": {"matchLabels": {
                "app.kubernetes.io/name": "saydo", "app.kubernetes.io/instance": "saydo", "app.kubernetes.io/component": component,
            }}}
            return component
        if "namespaceSelector" in each:
            assert each == {"namespaceSelector": {"matchLabels": each["namespaceSelector"]["matchLabels"]}}
            (item,) = each["namespaceSelector"]["matchLabels"].items()
            assert item[0] == "kubernetes.io/metadata.name"
            return f"namespace {item[1]}"
        return each["ipBlock"]["cidr"] if "ipBlock" in each else json.dumps(labels)

    return [
        (
            {peer(each) for each in rule["from" if "from" in rule else "to"]} if {"from", "to"} & rule.keys() else {"all"},
            {f"{port['port']}/{port['protocol']}" for port in rule["ports"]},
        )
        for rule in rules
    ]


@pytest.mark.parametrize("values", [values for values in VALUES if values != "least"])
def test_network(values):
    """DEPLOY-12: all is denied, then each way is opened to named pods and ports, and no other."""
    objects = render(values)
    policies = {thing["metadata"]["name"]: thing["spec"] for thing in of_kind(objects, "NetworkPolicy")}
    deny = policies.pop("saydo-deny-all")
    assert deny["policyTypes"] == ["Ingress", "Egress"] and not {"ingress", "egress"} & deny.keys()
    for _, metadata, _ in pods(objects):
        assert deny["podSelector"]["matchLabels"].items() <= metadata["labels"].items()
        assert any(each["podSelector"]["matchLabels"].items() <= metadata["labels"].items() for each in policies.values())
    everything, bundled = values == "everything", values in ("bundled", "minikube")
    dns = ({"namespace kube-system"}, {"53/UDP", "53/TCP"})
    if bundled:
        database = ({"postgresql"}, {"postgresql/TCP"})
    else:
        database = ({"198.51.100.0/24" if everything else "all"}, {"5432/TCP"})
    # The offline model needs no way out. The model's URL of `everything` is plain http.
    model = [({"203.0.113.0/24"}, {"443/TCP", "8443/TCP", "80/TCP"})] if everything else [({"all"}, {"443/TCP"})] if values != "bundled" else []
    outside = {"namespace kagent", '{"app": "kagent"}', "namespace monitoring", "namespace ingress-nginx"} if everything else set()
    expected = {
        "saydo-frontend": (
            [({"test", "namespace ingress-nginx"} if everything else {"all"}, {"http/TCP"})],
            [dns, ({"backend"}, {"http/TCP"})],
        ),
        "saydo-backend": ([({"frontend", "test"} | outside, {"http/TCP"})], [dns, database, *model]),
        "saydo-migrations": ([], [dns, database]),
        "saydo-test": ([], [dns, ({"frontend", "backend"}, {"http/TCP"})]),
    }
    if bundled:
        expected["saydo-postgresql"] = ([({"backend", "migrations"}, {"postgresql/TCP"})], [])
    assert {name: (ways(policy.get("ingress", [])), ways(policy.get("egress", []))) for name, policy in policies.items()} == expected
    for name, policy in policies.items():
        assert policy["policyTypes"] == ["Ingress", "Egress"]
        assert policy["podSelector"]["matchLabels"]["app.kubernetes.io/component"] == name.removeprefix("saydo-")


@pytest.mark.parametrize(
    ("sets", "ports"),
    [
        (["model.baseUrl=http://ollama.models:11434/v1"], {443, 11434}),
        (["model.baseUrl=http://models.example.com/v1"], {443, 80}),
        (["model.baseUrl=https://[fd00::1]:8443/v1", "auth.jwksUrl=http://auth.example.com/jwks"], {443, 8443, 80}),
        (["model.baseUrl=https://[fd00::1]/v1"], {443}),
        (["model.baseUrl=http://models.example.com/v1", "model.mode=offline", "auth.jwksUrl=https://auth.example.com:9443/jwks"], {443, 9443}),
    ],
)
def test_ports_of_urls(sets, ports):
    """DEPLOY-12: the backend may call the ports that the model's and the key set's URLs name."""
    policy = named(render("neon", *sets), "NetworkPolicy", "saydo-backend")["spec"]
    opened = [port["port"] for port in policy["egress"][-1]["ports"]]
    assert sorted(opened) == sorted(ports)


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
    expected = {"/api": "saydo-backend", "/mcp": "saydo-backend", "/": "saydo-frontend"}
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
        while "$ref" in part:
            referred = schema["$defs"][part["$ref"].removeprefix("#/$defs/")]
            part = referred | {key: value for key, value in part.items() if key != "$ref"}
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
        ("networkPolicy.enabled=false", set()),
    ],
)
def test_rolls(change, rolled):
    """DEPLOY-16: a change rolls the pods that read it, and no others."""
    before, after = ({d["metadata"]["name"]: d["spec"]["template"] for d in of_kind(render("explicit", *sets), "Deployment")} for sets in ((), (change,)))
    assert {role for role in ROLES if before[f"saydo-{role}"] != after[f"saydo-{role}"]} == rolled


def test_database_stays(tmp_path):
    """DEPLOY-16: neither a new version nor the other parts' values restart the bundled database."""
    newer = tmp_path / "saydo"
    shutil.copytree(CHART, newer)
    chart = yaml.safe_load((newer / "Chart.yaml").read_text())
    (newer / "Chart.yaml").write_text(yaml.safe_dump(chart | {"version": "9.8.7", "appVersion": "9.8.7"}))
    changed = ("--set", "backend.image.tag=other,backend.replicas=3,frontend.podLabels.a=b,log.filter=debug,migrations.enabled=false")

    def database(chart, *options):
        done = helm("template", "saydo", chart, "--values", VALUES["bundled"], *options)
        assert done.returncode == 0, done.stderr
        objects = [thing for thing in yaml.safe_load_all(done.stdout) if thing]
        return named(objects, "StatefulSet", "saydo-postgresql")["spec"]

    assert database(newer, *changed) == database(CHART)


def restricted_agents(objects):
    """The names of the agents, each of which asks for what the restricted profile wants of its pod."""
    agents = of_kind(objects, "Agent")
    for agent in agents:
        deployment = agent["spec"]["declarative"]["deployment"]
        assert deployment["podSecurityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
        assert deployment["securityContext"] == {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    return {agent["metadata"]["name"] for agent in agents}


def test_kagent():
    """DEPLOY-28: kagent's agents pass the restricted profile, and the backend answers to the name that kagent calls it by."""
    objects = render("everything")
    assert restricted_agents(objects) == {"saydo-kagent-tasks", "saydo-kagent-operations"}
    kit = [thing for file in sorted((OPS / "kagent").glob("*.yaml")) for thing in yaml.safe_load_all(file.read_text())]
    assert restricted_agents(kit) == {"saydo-tasks", "saydo-operations"}
    (server,), (other,) = of_kind(objects, "RemoteMCPServer"), of_kind(kit, "RemoteMCPServer")
    host = urllib.parse.urlsplit(server["spec"]["url"]).hostname
    assert host == "saydo-backend.demo"
    assert host in named(objects, "ConfigMap", "saydo-backend")["data"]["MCP_ALLOWED_HOSTS"].split(",")
    assert urllib.parse.urlsplit(other["spec"]["url"]).hostname == "saydo-backend.saydo"
    # Its own tools are in another namespace, which must let the agents in.
    assert '"allowedNamespaces"' in (OPS / "kagent/README.md").read_text()


def test_form_of_kits():
    """DEPLOY-28: kubectl-ai's and Gordon's files have the form that those programs read."""
    (server,) = yaml.safe_load((OPS / "kubectl-ai/mcp.yaml").read_text())["servers"]
    assert server["name"] == "saydo" and server["url"].endswith("/mcp") and server["auth"] == {"type": "bearer"}
    (tool,) = yaml.safe_load((OPS / "kubectl-ai/tools.yaml").read_text())
    assert tool.keys() == {"name", "description", "command", "command_desc"} and tool["name"] == "helm"
    backend = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["backend"]
    hosts = {"localhost", "127.0.0.1", *backend["environment"]["MCP_ALLOWED_HOSTS"].split(",")}
    assert urllib.parse.urlsplit(server["url"]).hostname in hosts
    compose = yaml.safe_load((OPS / "gordon/gordon-mcp.yml").read_text())
    (gateway,) = compose["services"].values()
    assert re.fullmatch(r"docker/mcp-gateway:v\d+\.\d+\.\d+", gateway["image"])
    for name, entry in (("catalog.yaml", lambda text: text["registry"]["saydo"]), ("saydo-server.yaml", lambda text: text)):
        part = entry(yaml.safe_load((OPS / "gordon" / name).read_text()))
        assert part["type"] == "remote" and part["remote"]["transport_type"] == "streamable-http"
        assert urllib.parse.urlsplit(part["remote"]["url"]).hostname in hosts, name
        assert part["remote"]["headers"]["Authorization"].startswith("Bearer ")
        used = set(re.findall(r"\$\{(\w+)\}", json.dumps(part["remote"])))
        assert used == {secret["env"] for secret in part["secrets"]}, name
        # The gateway's file of secrets has the one that the catalog names.
        assert compose["configs"]["token"]["content"].startswith(part["secrets"][0]["name"] + "=")


@pytest.mark.parametrize("context", ["production", "minikube"])
def test_demo_of_kubectl_ai(context, tmp_path):
    """DEPLOY-28: kubectl-ai's demonstration touches Minikube, and no other cluster."""
    for tool in ("kubectl", "helm", "kubectl-ai"):
        stub = tmp_path / tool
        stub.write_text(f'#!/bin/sh\n[ "$*" = "config current-context" ] && echo {context} && exit\necho "{tool} $*" >> "{tmp_path}/called"\n')
        stub.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run([OPS / "kubectl-ai/demo.sh", "--change"], capture_output=True, text=True, timeout=30, env=os.environ | {"PATH": path})
    called = (tmp_path / "called").read_text().splitlines() if (tmp_path / "called").exists() else []
    if context != "minikube":
        assert done.returncode == 1 and "production" in done.stderr and not called
        return
    assert done.returncode == 0, done.stderr
    assert sum(line.startswith("kubectl-ai ") for line in called) == 5
    assert [line for line in called if line.startswith("kubectl ") and "--context minikube" not in line] == []
    assert [line for line in called if line.startswith("helm ") and "--kube-context minikube" not in line] == []


def test_upgrades_of_kits():
    """DEPLOY-28: what the kits say upgrades keeps a person's values, knows new defaults, and wins over hand edits."""
    for file in ("kagent/README.md", "kubectl-ai/tools.yaml"):
        for command in re.findall(r"helm upgrade .*", (OPS / file).read_text()):
            assert "--reset-then-reuse-values" in command and "--force-conflicts" in command, file


def test_local_compose():
    """DEPLOY-04: Compose publishes the frontend to this machine alone, and nothing else."""
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"frontend": ["127.0.0.1:${SAYDO_PORT:-8080}:3000"]}


def test_one_version():
    """DEPLOY-01: the workspace, the chart, Compose and the images' tests name one version."""
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert {
        tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"],
        chart["version"],
        chart["appVersion"],
        *re.findall(r"SAYDO_VERSION:-([^}]+)", (ROOT / "compose.yaml").read_text()),
        *re.findall(r'^VERSION = "(.+)"', (ROOT / "helm/tests/test_images.py").read_text(), re.MULTILINE),
    } == {chart["version"]}
