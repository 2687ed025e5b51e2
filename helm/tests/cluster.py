"""Saydo in the running Minikube, as a person and as an operator see it."""

import http.client
import json
import subprocess
import time
import urllib.error
import urllib.request
import uuid

NAMESPACE = "saydo"


def run(*command, timeout=600, check=True, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=timeout, **options)
    assert not check or done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}"
    return done


def kubectl(*arguments, **options):
    return run("kubectl", "--context", "minikube", "--namespace", NAMESPACE, *arguments, **options)


def helm(*arguments, **options):
    return run("helm", *arguments, "--namespace", NAMESPACE, "--kube-context", "minikube", **options)


def get(*arguments):
    return json.loads(kubectl("get", *arguments, "--output=json").stdout)


def url():
    return f"http://{run('minikube', 'ip').stdout.strip()}:30080"


def pods(role):
    """The pods of a role that are not on their way out."""
    found = get("pods", f"--selector=app.kubernetes.io/component={role}")["items"]
    return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]


def kill(pod):
    """Kills a pod's process as the kernel would: from the node, with signal 9."""
    container = pod["status"]["containerStatuses"][0]["containerID"].split("//")[1]
    driver = json.loads(run("minikube", "profile", "list", "--output=json").stdout)["valid"][0]["Config"]["Driver"]
    shell = ("sudo", "sh", "-c") if driver == "none" else ("minikube", "ssh", "--", "sudo", "sh", "-c")
    inspect = f"crictl inspect --output go-template --template '{{{{.info.pid}}}}' {container}"
    run(*shell, f"kill -9 $({inspect})")


def rolled_out(role):
    kubectl("rollout", "status", f"deployment/saydo-{role}", "--timeout=300s")


def call(method, path, body=None, bearer=None, headers=(), timeout=30):
    """(status, headers, body) of one request to the frontend."""
    request = urllib.request.Request(url_cached() + path, method=method, data=json.dumps(body).encode() if body else None)
    if body:
        request.add_header("content-type", "application/json")
    if bearer:
        request.add_header("authorization", f"Bearer {bearer}")
    for name, value in headers:
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as fault:
        return fault.code, fault.headers, fault.read()
    except (OSError, http.client.HTTPException) as fault:
        return 0, {}, repr(fault).encode()


_url = None


def url_cached():
    global _url
    _url = _url or url()
    return _url


class Person:
    def __init__(self, name="person"):
        self.email, self.password = f"{name}-{uuid.uuid4()}@example.com", "correct horse battery"
        body = {"name": name, "email": self.email, "password": self.password}
        for _ in range(10):
            status, _, text = call("POST", "/api/auth/sign-up/email", body)
            if status != 429:
                break
            time.sleep(4)
        assert status == 200, text
        signed = json.loads(text)
        self.id, self.session = signed["user"]["id"], signed["token"]
        self.token = self.new_token()

    def new_token(self):
        status, _, text = call("GET", "/api/auth/token", bearer=self.session)
        assert status == 200, text
        return json.loads(text)["token"]

    def chat(self, message, conversation=None, key=None):
        body = {"message": message} | ({"conversation_id": conversation} if conversation else {})
        return call("POST", f"/api/{self.id}/chat", body, self.token, [("idempotency-key", key)] if key else ())

    def messages(self, conversation):
        items, cursor = [], ""
        while cursor is not None:
            path = f"/api/{self.id}/conversations/{conversation}/messages?limit=100" + (f"&cursor={cursor}" if cursor else "")
            status, _, text = call("GET", path, bearer=self.token)
            assert status == 200, text
            page = json.loads(text)
            items, cursor = items + page["items"], page["next_cursor"]
        return items
