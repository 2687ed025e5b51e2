"""The release that `cargo xtask minikube up` made, in the running Minikube."""

import base64
import json
import os
import threading
import time

import pytest
import yaml

from chart import CHART, VALUES, template
from cluster import Person, call, get, helm, kubectl, rolled_out, run

ROOT = CHART.parent.parent
# Published definitions of kagent, the Gateway API and the Prometheus operator.
DEFINITIONS = os.environ.get("SAYDO_DEFINITIONS")


def xtask(*arguments, **options):
    return run("cargo", "xtask", "minikube", *arguments, cwd=ROOT, timeout=1200, **options)


def test_up():
    """DEPLOY-23: two ready replicas of each role, in a namespace that enforces the restricted profile; tests pass."""
    labels = json.loads(run("kubectl", "--context", "minikube", "get", "namespace", "saydo", "--output=json").stdout)["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    for role in ("frontend", "backend"):
        rolled_out(role)
        assert get(f"deployment/saydo-{role}")["status"]["readyReplicas"] >= 2
    helm("test", "saydo")
    status, _, page = call("GET", "/sign-in")
    assert status == 200 and b"<html" in page


def test_use_and_replay():
    """DEPLOY-24: sign-up, chat and replay through the frontend's Service, whichever pod answers; three backends."""
    person = Person()
    status, _, text = person.chat("Add a task to water the plants")
    assert status == 200, text
    conversation = json.loads(text)["conversation_id"]
    before = person.messages(conversation)
    pod = get("pods", "--selector=app.kubernetes.io/component=backend")["items"][0]["metadata"]["name"]
    kubectl("delete", "pod", pod, "--grace-period=0", "--force")
    kubectl("rollout", "restart", "deployment/saydo-backend")
    rolled_out("backend")
    assert person.messages(conversation) == before
    scale("backend", 3)
    status, _, text = person.chat("What's pending?", conversation)
    assert status == 200 and b"water the plants" in text
    scale("backend", 2)


def scale(role, replicas):
    kubectl("patch", f"horizontalpodautoscaler/saydo-{role}", "--type=merge", "--patch", json.dumps({"spec": {"minReplicas": replicas}}))
    kubectl("scale", f"deployment/saydo-{role}", f"--replicas={replicas}")
    rolled_out(role)


class Load:
    """20 chats a second, each by a thread of its own, from people who take turns; what each was answered."""

    def __init__(self, rate=20, people=30):
        self.people = [Person(f"load{number}") for number in range(people)]
        self.rate, self.answers, self.going = rate, [], True
        self.threads = []
        self.clock = threading.Thread(target=self.run)

    def __enter__(self):
        self.clock.start()
        return self

    def run(self):
        number, next_at = 0, time.monotonic()
        while self.going:
            thread = threading.Thread(target=self.one, args=(number,))
            thread.start()
            self.threads.append(thread)
            number, next_at = number + 1, next_at + 1 / self.rate
            time.sleep(max(0, next_at - time.monotonic()))

    def one(self, number):
        person = self.people[number % len(self.people)]
        status, _, text = person.chat(f"Add a task to visit place {number}")
        self.answers.append((number, person, status, text))

    def __exit__(self, *_):
        self.going = False
        self.clock.join()
        for thread in self.threads:
            thread.join()


def test_load():
    """DEPLOY-25: upgrade, rollback, restarts, deleted pods and scaling fail no request and lose no message."""
    with Load() as load:
        time.sleep(2)
        helm("upgrade", "saydo", CHART, "--reuse-values", "--set", "log.filter=warn", "--wait", "--wait-for-jobs", "--timeout=5m")
        helm("rollback", "saydo", "--wait", "--timeout=5m")
        for role in ("frontend", "backend"):
            kubectl("rollout", "restart", f"deployment/saydo-{role}")
            rolled_out(role)
        for role in ("frontend", "backend"):
            pod = get("pods", f"--selector=app.kubernetes.io/component={role}")["items"][0]["metadata"]["name"]
            kubectl("delete", "pod", pod)
            rolled_out(role)
        scale("backend", 3)
        scale("backend", 2)
    failed = [(number, status, text[:300]) for number, _, status, text in load.answers if status != 200]
    assert not failed, f"{len(failed)} of {len(load.answers)} failed: {failed[:5]}"
    assert len(load.answers) > 100
    for number, person, _, text in load.answers:
        said = [message["content"] for message in person.messages(json.loads(text)["conversation_id"])]
        assert f"Add a task to visit place {number}" in said


def test_wrong_tag():
    """DEPLOY-26: a wrong image tag is refused with its reason in one line, and the pods stay."""
    before = {pod["metadata"]["uid"] for pod in get("pods", "--selector=app.kubernetes.io/component=backend")["items"]}
    done = xtask("up", *os.environ.get("SAYDO_UP", "").split(), "--", "--set", "backend.image.tag=does-not-exist", check=False)
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert "does-not-exist" in last and "stays as it was" in last, last
    rolled_out("backend")
    after = {pod["metadata"]["uid"] for pod in get("pods", "--selector=app.kubernetes.io/component=backend")["items"]}
    assert before <= after or before == after


def test_database_away():
    """DEPLOY-27: without PostgreSQL the answer is 503 with Retry-After; afterwards all is as before, without a restart."""
    person = Person()
    status, _, text = person.chat("Add a task to back up")
    assert status == 200
    conversation = json.loads(text)["conversation_id"]
    before = person.messages(conversation)
    restarts = {pod["metadata"]["uid"] for pod in get("pods", "--selector=app.kubernetes.io/component=backend")["items"]}
    kubectl("scale", "statefulset/saydo-postgresql", "--replicas=0")
    kubectl("wait", "--for=delete", "pod/saydo-postgresql-0", "--timeout=90s")
    status, headers, text = call("GET", f"/api/{person.id}/conversations", bearer=person.token)
    assert status == 503 and headers.get("retry-after"), (status, text)
    kubectl("scale", "statefulset/saydo-postgresql", "--replicas=1")
    kubectl("rollout", "status", "statefulset/saydo-postgresql", "--timeout=120s")
    rolled_out("backend")
    deadline = time.monotonic() + 60
    while call("GET", f"/api/{person.id}/conversations", bearer=person.token)[0] != 200:
        assert time.monotonic() < deadline
        time.sleep(0.5)
    assert person.messages(conversation) == before
    assert restarts == {pod["metadata"]["uid"] for pod in get("pods", "--selector=app.kubernetes.io/component=backend")["items"]}


def test_no_secret_leaks():
    """DEPLOY-10: what the Secret holds is in no log, no ConfigMap and no pod's description."""
    secrets = [base64.b64decode(value).decode() for value in get("secret/saydo")["data"].values()]
    said = kubectl("logs", "--selector=app.kubernetes.io/part-of=saydo", "--all-containers", "--tail=-1", "--max-log-requests=50").stdout
    said += kubectl("get", "configmaps,pods,deployments,jobs,statefulsets", "--output=yaml").stdout
    for secret in secrets:
        assert secret not in said


def test_kits():
    """DEPLOY-28: the API server accepts kagent's objects and the chart's optional parts in strict mode."""
    if not DEFINITIONS:
        pytest.fail("SAYDO_DEFINITIONS must name a folder with the published definitions")
    run("kubectl", "--context", "minikube", "apply", "--server-side", "--filename", DEFINITIONS)
    for name in ("agents.kagent.dev", "modelconfigs.kagent.dev", "remotemcpservers.kagent.dev", "httproutes.gateway.networking.k8s.io", "servicemonitors.monitoring.coreos.com"):
        run("kubectl", "--context", "minikube", "wait", "--for=condition=Established", f"crd/{name}", "--timeout=60s")
    dry = ("apply", "--dry-run=server", "--validate=strict", "--filename")
    for file in sorted((ROOT / "ops/kagent").glob("*.yaml")):
        kubectl(*dry, file)
    for values in VALUES:
        rendered = template(values, release="strict", namespace="saydo")
        # A port on the node can be taken once.
        objects = rendered.stdout.replace("nodePort: 30080", "nodePort: 30081")
        done = kubectl("apply", "--dry-run=server", "--validate=strict", "--filename", "-", input=objects, check=False)
        assert done.returncode == 0, (values, done.stderr)
    bad = (ROOT / "ops/kagent/tasks.yaml").read_text().replace("requireApproval: [delete_task]", "requireApproval: [drop_tables]")
    assert kubectl(*dry, "-", input=bad, check=False).returncode != 0


def test_form_of_kits():
    """DEPLOY-28: kubectl-ai's and Gordon's files have the form that those programs read."""
    ops = ROOT / "ops"
    (server,) = yaml.safe_load((ops / "kubectl-ai/mcp.yaml").read_text())["servers"]
    assert server["name"] == "saydo" and server["url"].endswith("/mcp") and server["auth"] == {"type": "bearer"}
    (tool,) = yaml.safe_load((ops / "kubectl-ai/tools.yaml").read_text())
    assert tool.keys() == {"name", "description", "command", "command_desc"} and tool["name"] == "helm"
    for file, entry in (("catalog.yaml", lambda text: text["registry"]["saydo"]), ("saydo-server.yaml", lambda text: text)):
        remote = entry(yaml.safe_load((ops / "gordon" / file).read_text()))
        assert remote["type"] == "remote" and remote["remote"]["transport_type"] == "streamable-http"
        assert remote["remote"]["headers"]["Authorization"].startswith("Bearer ")
    assert list(yaml.safe_load((ops / "gordon/gordon-mcp.yml").read_text())) == ["services"]
    run("bash", "-n", ops / "kubectl-ai/demo.sh")


def test_down_and_up_again():
    """DEPLOY-23: a second `up` is an upgrade; `down` keeps the data."""
    person = Person()
    status, _, text = person.chat("Add a task to stay")
    assert status == 200
    conversation = json.loads(text)["conversation_id"]
    options = os.environ.get("SAYDO_UP", "").split()
    revision = lambda: max(each["revision"] for each in json.loads(helm("history", "saydo", "--output=json").stdout))
    before = revision()
    xtask("up", *options)
    assert revision() == before + 1
    xtask("down")
    assert not get("deployments")["items"]
    xtask("up", *options)
    assert any("stay" in message["content"] for message in person.messages(conversation))
