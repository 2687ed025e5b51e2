"""Saydo in the running Minikube, as a person and as an operator see it."""

import http.client
import json
import socket
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
    runtime, container = pod["status"]["containerStatuses"][0]["containerID"].split("://")
    if runtime == "docker":
        inspect = f"docker inspect --format '{{{{.State.Pid}}}}' {container}"
    else:
        inspect = f"crictl inspect --output go-template --template '{{{{.info.pid}}}}' {container}"
    line = f"sudo kill -9 $(sudo {inspect})"
    profiles = json.loads(run("minikube", "profile", "list", "--output=json").stdout)["valid"]
    (driver,) = [profile["Config"]["Driver"] for profile in profiles if profile["Name"] == "minikube"]
    # One string: what comes in several is put together again by another shell, without its quotes.
    run(*(("sh", "-c") if driver == "none" else ("minikube", "ssh", "--")), line)


def restarts(role):
    """How often each pod's container was started again, by the pod's unique id."""
    begun = [pod for pod in pods(role) if pod["status"].get("containerStatuses")]
    return {pod["metadata"]["uid"]: pod["status"]["containerStatuses"][0]["restartCount"] for pod in begun}


def came_back(role, before, killed):
    """Waits until so many containers were started again and the pods are ready: a dead one counts as ready until it is missed."""
    deadline = time.monotonic() + 120
    while True:
        now = restarts(role)
        if sum(now.get(pod, 0) > count for pod, count in before.items()) >= killed:
            break
        assert time.monotonic() < deadline, (before, now)
        time.sleep(0.5)
    kubectl("wait", "--for=condition=Ready", "pod", f"--selector=app.kubernetes.io/component={role}", "--timeout=120s")


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


class Connections:
    """Sends requests on connections that are used again, as a browser does."""

    def __init__(self):
        self.idle, self.reused = [], 0

    def send(self, method, path, body, headers):
        """The connection and its answer, whose body is not read yet. A connection that the server closed while it was idle,
        or before it sent any of its answer, is made anew once; any other fault is one."""
        body = json.dumps(body).encode() if body else None
        try:
            used = self.idle.pop()
        except IndexError:
            used = None
        if used:
            try:
                used.request(method, path, body, headers)
                begun = used.sock.recv(1, socket.MSG_PEEK)
            except (BrokenPipeError, ConnectionResetError):
                begun = b""
            if begun:
                self.reused += 1
                return used, used.getresponse()
            used.close()
        new = http.client.HTTPConnection(url_cached().removeprefix("http://"), timeout=30)
        new.request(method, path, body, headers)
        return new, new.getresponse()

    def keep(self, connection):
        """Takes a connection back whose answer was read to its end."""
        if connection.sock:
            self.idle.append(connection)


class Events:
    """What a stream of a turn told so far."""

    def __init__(self):
        self.last, self.conversation, self.completed = None, None, None

    def read(self, answer):
        """Reads on until the turn is over or the stream is cut."""
        event, seen, data = None, None, ""
        try:
            for line in answer:
                field, _, value = line.decode(errors="replace").rstrip("\r\n").partition(":")
                value = value.removeprefix(" ")
                if field == "event":
                    event = value
                elif field == "id":
                    seen = value
                elif field == "data":
                    data += value
                elif line.strip() == b"" and event:
                    self.last = seen or self.last
                    if event == "turn.started":
                        self.conversation = json.loads(data)["conversation_id"]
                    elif event == "turn.completed":
                        self.completed = data.encode()
                    elif event in ("turn.failed", "turn.stopped"):
                        raise AssertionError(f"{event}: {data}")
                    event, seen, data = None, None, ""
                    if self.completed:
                        return
        except (OSError, http.client.HTTPException):
            pass


def is_over(answer):
    """Whether nothing follows on a connection that can be used again."""
    try:
        return not answer.read().strip()
    except (OSError, http.client.HTTPException):
        return False


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

    def say(self, message, connections, stream):
        """(status, body) of a chat on these connections. A stream's body is its last event's data; where it is cut it is
        followed from the last event on."""
        bearer = {"authorization": f"Bearer {self.token}"}
        headers = bearer | {"content-type": "application/json", "idempotency-key": str(uuid.uuid4())}
        headers |= {"accept": "text/event-stream"} if stream else {}
        connection, answer = connections.send("POST", f"/api/{self.id}/chat", {"message": message}, headers)
        if not stream or answer.status != 200:
            text = answer.read()
            connections.keep(connection)
            return answer.status, text
        events, deadline = Events(), time.monotonic() + 60
        events.read(answer)
        if events.completed and is_over(answer):
            connections.keep(connection)
        while not events.completed:
            connection.close()
            assert events.conversation and time.monotonic() < deadline, "a stream was cut and cannot be followed"
            path = f"/api/{self.id}/conversations/{events.conversation}/events"
            connection, answer = Connections().send("GET", path, None, bearer | {"last-event-id": events.last})
            if answer.status != 200:
                return answer.status, answer.read()
            events.read(answer)
        return 200, events.completed

    def messages(self, conversation):
        items, cursor = [], ""
        while cursor is not None:
            path = f"/api/{self.id}/conversations/{conversation}/messages?limit=100" + (f"&cursor={cursor}" if cursor else "")
            status, _, text = call("GET", path, bearer=self.token)
            assert status == 200, text
            page = json.loads(text)
            items, cursor = items + page["items"], page["next_cursor"]
        return items
