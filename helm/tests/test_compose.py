"""The Compose stack, with the images that `cargo xtask images` made."""

import json
import os
import secrets
import urllib.request

import pytest

from engine import ROOT, docker, run

PORT = 18080


@pytest.fixture(scope="module")
def stack():
    environment = os.environ | {
        "COMPOSE_PROJECT_NAME": "saydo-test",
        "BETTER_AUTH_SECRET": secrets.token_hex(32),
        "POSTGRES_PASSWORD": secrets.token_hex(24),
        "SAYDO_PORT": str(PORT),
        "SAYDO_PUBLIC_URL": f"http://localhost:{PORT}",
        # Everybody here comes from one address.
        "SAYDO_RATE_LIMIT": "off",
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


def test_browser(stack):
    """DEPLOY-04: the browser's journeys hold against the stack, whose backend is killed and started once."""
    _, environment = stack
    compose = f"docker compose --project-directory '{ROOT}'"
    deployed = environment | {
        "SAYDO_E2E_URL": f"http://localhost:{PORT}",
        "SAYDO_E2E_KILL_AND_START": f"{compose} kill --signal KILL backend && {compose} up --detach --no-build --wait",
        # The server's own settings are none of the stack's business.
        "SAYDO_E2E_POSTGRES": "",
    }
    specs = [f"tests/{name}.spec.ts" for name in ("spine", "conversations", "first-page", "session", "restart")]
    playwright = ["npx", "--no-install", "playwright", "test", "--project=browser", "--output=test-results/compose", *specs]
    print(run(playwright, cwd=ROOT / "e2e", env=deployed, timeout=900).stdout[-3000:])
