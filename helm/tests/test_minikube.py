"""Saydo in Minikube: what `cargo xtask minikube up` makes, used, upgraded, broken and mended. The tests build on each other."""

import base64
import json
import os
import threading
import time

import pytest
import yaml

from chart import CHART, VALUES, template
from cluster import Connections, Person, call, came_back, get, helm, kill, kubectl, pods, restarts, rolled_out, run

ROOT = CHART.parent.parent
# Published definitions of kagent, the Gateway API and the Prometheus operator.
DEFINITIONS = os.environ.get("SAYDO_DEFINITIONS")
# People and messages come faster here than from people.
UP = ("up", *os.environ.get("SAYDO_UP", "").split(), "--", "--set", "backend.rateLimit=false")


def xtask(*arguments, **options):
    return run("cargo", "xtask", "minikube", *arguments, cwd=ROOT, timeout=1200, **options)


def ask(person):
    """One question of the API, which needs the database."""
    return call("GET", f"/api/{person.id}/conversations", bearer=person.token)


def answered(person, seconds=90):
    deadline = time.monotonic() + seconds
    while (status := ask(person)[0]) != 200:
        assert time.monotonic() < deadline, status
        time.sleep(0.5)


@pytest.fixture(scope="module", autouse=True)
def release():
    # The last lines tell how long it took, and where Saydo is.
    print(xtask(*UP).stdout.strip().splitlines()[-1])


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
    """DEPLOY-24: sign-up, chat and replay through the frontend's Service, whichever pod answers; one killed, all killed, three."""
    person = Person()
    status, _, text = person.chat("Add a task to water the plants")
    assert status == 200, text
    conversation = json.loads(text)["conversation_id"]
    before = person.messages(conversation)
    started = restarts("backend")
    kill(pods("backend")[0])
    for _ in range(200):
        status, _, text = ask(person)
        assert status == 200, text
    came_back("backend", started, 1)
    started = restarts("backend")
    for pod in pods("backend"):
        kill(pod)
    answered(person)
    assert person.messages(conversation) == before
    came_back("backend", started, len(started))
    xtask("smoke")
    status, _, text = person.chat("What's pending?", conversation)
    assert status == 200 and b"Water the plants" in text


class Load:
    """Chats at a rate, each by a thread of its own, from people who take turns; what each was answered. Every second person
    uses connections again, and a quarter of the chats are streams."""

    def __init__(self, rate=int(os.environ.get("SAYDO_LOAD_RATE", "20"))):
        # Nobody talks faster than the limit for one person.
        self.people = [Person(f"load{number}") for number in range(rate * 3 // 2)]
        self.kept = [Connections() for _ in self.people]
        self.rate, self.answers, self.going, self.took = rate, [], True, 0.0
        self.begun = time.monotonic()
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
        place = number % len(self.people)
        connections = self.kept[place] if place % 2 == 0 else Connections()
        try:
            answer = self.people[place].say(f"Add a task to visit place {number}", connections, stream=number % 8 < 2)
        except Exception as fault:
            answer = 0, repr(fault).encode()
        self.answers.append((number, self.people[place], *answer))

    def __exit__(self, *_):
        self.going, self.took = False, time.monotonic() - self.begun
        self.clock.join()
        for thread in self.threads:
            thread.join()


def test_load():
    """DEPLOY-25: upgrade, rollback, restarts, deleted pods and scaling fail no request and lose no message."""
    with Load() as load:
        time.sleep(2)
        helm("upgrade", "saydo", CHART, "--reset-then-reuse-values", "--set", "log.filter=warn", "--wait", "--wait-for-jobs", "--timeout=5m")
        helm("rollback", "saydo", "--wait", "--timeout=5m")
        for role in ("frontend", "backend"):
            kubectl("rollout", "restart", f"deployment/saydo-{role}")
            rolled_out(role)
        for role in ("frontend", "backend"):
            kubectl("delete", "pod", pods(role)[0]["metadata"]["name"])
            rolled_out(role)
        for role in ("frontend", "backend"):
            for replicas in (3, 2):
                kubectl("scale", f"deployment/saydo-{role}", f"--replicas={replicas}")
                rolled_out(role)
                time.sleep(3)
    failed = [(number, status, text[:300]) for number, _, status, text in load.answers if status != 200]
    assert not failed, f"{len(failed)} of {len(load.answers)} failed: {failed[:5]}"
    reused = sum(connections.reused for connections in load.kept)
    print(f"{len(load.answers)} chats in {load.took:.0f} s, {reused} of them on a connection that was used before")
    assert len(load.answers) >= 0.9 * load.rate * load.took
    # Half of the chats may be: with less than half of those, draining was hardly seen.
    assert reused >= len(load.answers) / 4
    for number, person, _, text in load.answers:
        said = [message["content"] for message in person.messages(json.loads(text)["conversation_id"])]
        assert f"Add a task to visit place {number}" in said


def test_wrong_tag():
    """DEPLOY-26: a wrong image tag is refused with its reason in one line, and the pods stay."""
    before = {pod["metadata"]["uid"] for pod in pods("backend")}
    done = xtask(*UP, "--set", "backend.image.tag=does-not-exist", check=False)
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert "does-not-exist" in last and "stays as it was" in last, last
    rolled_out("backend")
    assert before & {pod["metadata"]["uid"] for pod in pods("backend")}
    status, _, _ = call("GET", "/sign-in")
    assert status == 200


def test_database_away():
    """DEPLOY-27: without PostgreSQL the answer is 503 with Retry-After; afterwards all is as before, without a restart."""
    person = Person()
    status, _, text = person.chat("Add a task to back up")
    assert status == 200
    conversation = json.loads(text)["conversation_id"]
    before = person.messages(conversation)
    started = restarts("backend")
    # Its pod deleted: every answer until the next one serves is right, or asks to come again.
    kubectl("delete", "pod", "saydo-postgresql-0", "--wait=false")
    seen = []
    while 503 not in seen or seen[-1] != 200:
        status, headers, text = ask(person)
        seen.append(status)
        assert status == 200 or (status == 503 and headers.get("retry-after")), (status, text)
        assert len(seen) < 2000
        time.sleep(0.02)
    # Gone for longer.
    kubectl("scale", "statefulset/saydo-postgresql", "--replicas=0")
    kubectl("wait", "--for=delete", "pod/saydo-postgresql-0", "--timeout=90s")
    for _ in range(20):
        status, headers, text = ask(person)
        assert status == 503 and headers.get("retry-after"), (status, text)
        time.sleep(0.5)
    kubectl("scale", "statefulset/saydo-postgresql", "--replicas=1")
    answered(person)
    rolled_out("backend")
    assert person.messages(conversation) == before
    ended = restarts("backend")
    assert started.keys() & ended.keys() and all(count == started.get(pod, 0) for pod, count in ended.items()), (started, ended)


def test_figures():
    """DEPLOY-29: the metrics server and the autoscalers have figures of every pod."""
    deadline = time.monotonic() + 240
    while True:
        top = kubectl("top", "pods", "--no-headers", check=False).stdout
        metrics = [metric for scaler in get("horizontalpodautoscalers")["items"] for metric in scaler["status"].get("currentMetrics") or []]
        figures = [metric["resource"]["current"].get("averageUtilization") for metric in metrics if "resource" in metric]
        if len(figures) == 2 and None not in figures and "saydo-backend" in top:
            break
        assert time.monotonic() < deadline, (top, figures)
        time.sleep(3)
    print(top)


def test_demo():
    """DEPLOY-30: the demonstration runs to its end and leaves a release that works."""
    xtask("demo")
    for role in ("frontend", "backend"):
        rolled_out(role)
    status, _, text = Person().chat("What's pending?")
    assert status == 200, text


def test_stop_and_start():
    """DEPLOY-31: after `minikube stop` and `start` data and sessions are there."""
    person = Person()
    status, _, text = person.chat("Add a task to survive the night")
    conversation = json.loads(text)["conversation_id"]
    before = person.messages(conversation)
    run("minikube", "stop")
    run("minikube", "start")
    answered(person, 300)
    person.token = person.new_token()
    assert person.messages(conversation) == before
    for role in ("frontend", "backend"):
        rolled_out(role)


def test_no_secret_leaks():
    """DEPLOY-10: what the Secret holds is in no log, no ConfigMap, no pod's description and no annotation of its own."""
    found = get("secret/saydo")
    annotations = json.dumps(found["metadata"].get("annotations", {}))
    assert not any(encoded in annotations for encoded in found["data"].values())
    secrets = [base64.b64decode(value).decode() for value in found["data"].values()]
    said = kubectl("logs", "--selector=app.kubernetes.io/part-of=saydo", "--all-containers", "--tail=-1", "--max-log-requests=50").stdout
    said += kubectl("get", "configmaps,pods,deployments,jobs,statefulsets", "--output=yaml").stdout
    for secret in secrets:
        assert secret not in said and secret not in annotations


def test_kits():
    """DEPLOY-28: the API server accepts kagent's objects and the chart's optional parts in strict mode."""
    if not DEFINITIONS:
        missing = pytest.fail if os.environ.get("CI", "false") not in ("", "false") else pytest.skip
        missing("SAYDO_DEFINITIONS must name a folder with the published definitions")
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


def test_down_and_up_again():
    """DEPLOY-23: a second `up` is an upgrade; `down` keeps the data, and removes it with `--volumes`."""
    person = Person()
    status, _, text = person.chat("Add a task to stay")
    assert status == 200
    conversation = json.loads(text)["conversation_id"]
    revision = lambda: max(each["revision"] for each in json.loads(helm("history", "saydo", "--output=json").stdout))
    before = revision()
    xtask(*UP)
    assert revision() == before + 1
    xtask("down")
    assert not get("deployments")["items"]
    xtask(*UP)
    assert any("stay" in message["content"] for message in person.messages(conversation))
    xtask("down", "--volumes")
    assert kubectl("get", "namespace", "saydo", check=False).returncode != 0
    # New secrets open an empty database, though the node was restarted since its volume was made.
    xtask(*UP)
    assert person.chat("What's pending?")[0] == 401
    xtask("down", "--volumes")
