"""Both images and the Compose stack, with the Docker engine of this machine. `cargo xtask images` made the images."""

import json
import os
import secrets
import shutil
import subprocess
import tarfile
import urllib.request

import pytest

from chart import CHART

ROOT = CHART.parent.parent
VERSION = "0.1.0"
IMAGES = {"frontend": "web", "backend": "api"}
PORT = 18080


def docker(*arguments, check=True, **options):
    done = subprocess.run(["docker", *map(str, arguments)], capture_output=True, text=True, timeout=300, cwd=ROOT, **options)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.mark.parametrize("role", IMAGES)
def test_image(role, tmp_path):
    """DEPLOY-01: the user, the labels, no shell, and no secret or source in a layer."""
    name = f"saydo-{role}:{VERSION}"
    config = json.loads(docker("image", "inspect", name).stdout)[0]["Config"]
    assert config["User"] == "65532:65532"
    assert config["Entrypoint"] == ["/app/saydo"] and config["Cmd"] == [IMAGES[role]]
    labels = {f"org.opencontainers.image.{label}" for label in ("title", "description", "licenses", "version", "revision")}
    assert labels <= config["Labels"].keys()
    assert not any(word in variable for variable in config["Env"] for word in ("SECRET", "KEY", "PASSWORD", "DATABASE_URL"))

    docker("save", "--output", tmp_path / "image.tar", name)
    with tarfile.open(tmp_path / "image.tar") as archive:
        archive.extractall(tmp_path, filter="data")
    files = set()
    for layer in json.loads((tmp_path / "manifest.json").read_text())[0]["Layers"]:
        with tarfile.open(tmp_path / layer) as archive:
            files |= {member.name.removeprefix("./") for member in archive if member.isfile()}
    assert "app/saydo" in files
    assert ("app/site/manifest.json" in files) == (role == "frontend")
    assert not files & {"bin/sh", "bin/bash", "usr/bin/sh", "usr/bin/dash", "bin/busybox"}
    assert not any(file.endswith((".rs", ".env", ".db", ".secret", "Cargo.lock")) for file in files)


@pytest.mark.parametrize("role", IMAGES)
def test_confined(role):
    """DEPLOY-01: it runs with a read-only root, without capabilities and without new privileges."""
    confined = ("--rm", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--network=none")
    assert docker("run", *confined, f"saydo-{role}:{VERSION}", "--version").stdout.startswith("saydo ")
    # Roles of the other image are not in this one.
    assert docker("run", *confined, f"saydo-{role}:{VERSION}", *(set(IMAGES.values()) - {IMAGES[role]}), check=False).returncode == 2


def test_measures():
    """DEPLOY-02: content, time to ready and memory at rest are within their bars."""
    command = ["cargo", "xtask", "images", "--measure", *os.environ.get("SAYDO_IMAGES", "").split()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=3000, cwd=ROOT)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.fixture
def stack():
    environment = os.environ | {
        "COMPOSE_PROJECT_NAME": "saydo-test",
        "BETTER_AUTH_SECRET": secrets.token_hex(32),
        "POSTGRES_PASSWORD": secrets.token_hex(24),
        "SAYDO_PORT": str(PORT),
        "SAYDO_PUBLIC_URL": f"http://localhost:{PORT}",
    }
    compose = lambda *arguments: docker("compose", *arguments, env=environment)
    try:
        compose("up", "--detach", "--no-build", "--wait", "--wait-timeout", "180")
        yield compose, environment
    finally:
        compose("down", "--volumes", "--timeout", "5")


def call(method, path, body=None, bearer=None):
    request = urllib.request.Request(f"http://localhost:{PORT}{path}", method=method, data=json.dumps(body).encode() if body else None)
    request.add_header("content-type", "application/json")
    if bearer:
        request.add_header("authorization", f"Bearer {bearer}")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


@pytest.mark.skipif(not shutil.which("docker"), reason="needs the Docker engine")
def test_compose(stack):
    """DEPLOY-04: the stack comes up confined, and a person signs up and chats through the frontend."""
    compose, environment = stack
    for service in ("postgres", "backend", "frontend"):
        container = json.loads(docker("inspect", compose("ps", "--quiet", service).stdout.strip()).stdout)[0]
        host = container["HostConfig"]
        assert host["ReadonlyRootfs"] and host["CapDrop"] == ["ALL"] and not host["Privileged"], service
        assert host["SecurityOpt"] == ["no-new-privileges:true"] and container["Config"]["User"].split(":")[0] not in ("", "0")
    assert b"<html" in call("GET", "/sign-in")
    signed = json.loads(call("POST", "/api/auth/sign-up/email", {"name": "Ann", "email": "ann@example.com", "password": "correct horse"}))
    token = json.loads(call("GET", "/api/auth/token", bearer=signed["token"]))["token"]
    path = f"/api/{signed['user']['id']}"
    first = json.loads(call("POST", f"{path}/chat", {"message": "Add a task to buy groceries"}, token))
    assert first["tool_calls"][0]["tool"] == "add_task"
    compose("restart", "--timeout", "40", "backend")
    compose("up", "--detach", "--no-build", "--wait", "--wait-timeout", "60")
    replay = json.loads(call("GET", f"{path}/conversations/{first['conversation_id']}/messages", bearer=token))["items"]
    assert replay[0]["content"] == "Add a task to buy groceries" and replay[-1]["content"] == first["response"]
    logs = compose("logs").stdout
    assert environment["BETTER_AUTH_SECRET"] not in logs and environment["POSTGRES_PASSWORD"] not in logs
