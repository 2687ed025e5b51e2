"""The official Python client of MCP, 2.x or 1.x, at /mcp of a running Saydo."""

import asyncio
import contextlib
import http.cookiejar
import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from importlib.metadata import version

import anyio
from mcp.client.streamable_http import streamable_http_client

MAJOR = int(version("mcp").split(".")[0])
if MAJOR == 1:
    import httpx
    from mcp import ClientSession
else:
    import httpx2 as httpx
    from mcp import Client

PATIENCE_S = 20
TOOLS = {"add_task", "list_tasks", "complete_task", "delete_task", "update_task"}


class Saydo:
    """A running server with a database of its own, and a person with an account."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        self.origin = f"http://{address}"
        self.folder = tempfile.mkdtemp(prefix="saydo-mcp-")
        environment = {
            "PATH": os.environ["PATH"],
            "BETTER_AUTH_SECRET": secrets.token_urlsafe(32),
            "DATABASE_URL": f"sqlite://{self.folder}/saydo.db?mode=rwc",
            "SAYDO_LISTEN": address,
            "SAYDO_MODEL": "offline",
            "SAYDO_RATE_LIMIT": "off",
            "SAYDO_SITE": os.environ.get("SAYDO_E2E_SITE", self.folder),
        }
        self.log = open(f"{self.folder}/log", "wb")
        self.process = subprocess.Popen(
            [os.environ["SAYDO_E2E_BINARY"]], env=environment, stdout=self.log, stderr=self.log
        )
        self._wait_until_ready()

    def token(self, name):
        """A token of a new person."""
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        person = {"name": name, "email": f"{name}@example.com", "password": "correct horse battery"}
        headers = {"content-type": "application/json", "origin": self.origin}
        sign_up = urllib.request.Request(
            f"{self.origin}/api/auth/sign-up/email", json.dumps(person).encode(), headers
        )
        opener.open(sign_up, timeout=PATIENCE_S).close()
        with opener.open(f"{self.origin}/api/auth/token", timeout=PATIENCE_S) as answer:
            return json.load(answer)["token"]

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE_S)
        self.log.close()
        shutil.rmtree(self.folder)

    def _wait_until_ready(self):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.origin}/readyz", timeout=1).close()
                return
            time.sleep(0.02)
        with open(self.log.name, encoding="utf-8") as log:
            raise RuntimeError(f"the server did not become ready: {log.read()}")


@contextlib.asynccontextmanager
async def session(url, token):
    """A client of either line of the SDK, with a Bearer token: 2.x speaks the newest revision, 1.x the one before."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(headers=headers, timeout=PATIENCE_S) as http_client:
        transport = streamable_http_client(url, http_client=http_client)
        if MAJOR == 1:
            async with transport as streams, ClientSession(streams[0], streams[1]) as opened:
                await opened.initialize()
                yield opened
        else:
            async with Client(transport) as opened:
                yield opened


def field(result, camel, snake):
    """The SDK's lines spell the same field differently."""
    return getattr(result, snake) if hasattr(result, snake) else getattr(result, camel)


class Mcp(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.saydo = Saydo()
        cls.url = f"{cls.saydo.origin}/mcp"

    @classmethod
    def tearDownClass(cls):
        cls.saydo.stop()

    async def token(self, name):
        return await asyncio.to_thread(self.saydo.token, name)

    async def call(self, opened, tool, **arguments):
        result = await opened.call_tool(tool, arguments)
        return field(result, "isError", "is_error"), field(result, "structuredContent", "structured_content"), result

    async def test_lists_the_five_tools(self):
        """E2E-13, TOOL-01: the client lists exactly the five tools, each with a schema and a description."""
        async with session(self.url, await self.token("lister")) as opened:
            if MAJOR == 2:
                self.assertEqual(opened.protocol_version, "2026-07-28")
            tools = (await opened.list_tools()).tools
        self.assertEqual({tool.name for tool in tools}, TOOLS)
        for tool in tools:
            self.assertTrue(tool.description)
            self.assertEqual(field(tool, "inputSchema", "input_schema")["type"], "object")

    async def test_uses_each_tool(self):
        """E2E-13, TOOL-18: the client adds, lists, updates, completes and deletes a task."""
        async with session(self.url, await self.token("user")) as opened:
            failed, added, _ = await self.call(opened, "add_task", title="Buy milk", due="2026-11-30")
            self.assertFalse(failed)
            self.assertEqual((added["task_id"], added["status"], added["title"]), (1, "created", "Buy milk"))

            failed, updated, _ = await self.call(opened, "update_task", task_id=1, title="Buy oat milk")
            self.assertFalse(failed)
            self.assertEqual((updated["status"], updated["title"]), ("updated", "Buy oat milk"))

            failed, done, _ = await self.call(opened, "complete_task", task_id=1)
            self.assertEqual((failed, done["status"]), (False, "completed"))

            failed, listed, result = await self.call(opened, "list_tasks", status="completed")
            self.assertFalse(failed)
            self.assertEqual([task["title"] for task in listed["tasks"]], ["Buy oat milk"])
            read = json.loads(result.content[0].text)
            self.assertEqual([task["id"] for task in read], [task["id"] for task in listed["tasks"]])

            failed, gone, _ = await self.call(opened, "delete_task", task_id=1)
            self.assertEqual((failed, gone["status"]), (False, "deleted"))
            _, listed, _ = await self.call(opened, "list_tasks")
            self.assertEqual(listed["total"], 0)

    async def test_sees_only_its_own(self):
        """E2E-13, TOOL-14: another person's task is an in-band error, and stays as it was."""
        async with session(self.url, await self.token("owner")) as owner:
            await self.call(owner, "add_task", title="Mine")
            async with session(self.url, await self.token("other")) as other:
                failed, _, result = await self.call(other, "complete_task", task_id=1)
                self.assertTrue(failed)
                self.assertIn("list_tasks", result.content[0].text)
            _, listed, _ = await self.call(owner, "list_tasks", status="pending")
            self.assertEqual([task["title"] for task in listed["tasks"]], ["Mine"])

    async def test_is_refused_without_a_token(self):
        """E2E-13: without a token, or with a wrong one, the answer is 401 with a challenge, and the client gets nothing."""
        for headers in ({}, {"authorization": "Bearer nonsense"}):
            request = urllib.request.Request(
                self.url,
                b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
                {"content-type": "application/json", "accept": "application/json, text/event-stream", **headers},
            )
            with self.assertRaises(urllib.error.HTTPError) as refused:
                await asyncio.to_thread(urllib.request.urlopen, request, timeout=PATIENCE_S)
            self.assertEqual(refused.exception.code, 401)
            self.assertTrue(refused.exception.headers["www-authenticate"].startswith("Bearer"))
            refused.exception.close()
        with self.assertRaises(BaseException):
            with anyio.fail_after(PATIENCE_S):
                async with session(self.url, None) as opened:
                    await opened.list_tools()


if __name__ == "__main__":
    unittest.main()
