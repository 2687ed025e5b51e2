// The OpenAPI document as other people's programs read it: three that judge it, and two that make clients of it.

import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "@playwright/test";
import { Saydo } from "../support/saydo.ts";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const GENERATED = join(FOLDER, "generated");
const DOCUMENT = join(GENERATED, "openapi.json");
const CHAT = "Add a task to buy groceries";

// Each starts a program or three, on a machine that does other things too.
test.describe.configure({ timeout: 180_000 });

let saydo: Saydo;

test.beforeAll(async () => {
  saydo = await Saydo.start();
  rmSync(GENERATED, { recursive: true, force: true });
  mkdirSync(GENERATED);
  writeFileSync(DOCUMENT, await fetch(`${saydo.origin}/api/openapi.json`).then((answer) => answer.text()));
});

test.afterAll(async () => {
  await saydo.stop();
});

/** What a program prints; one that fails fails the test with all its output. */
async function output(program: string, programArguments: string[], environment: NodeJS.ProcessEnv = {}, cwd = FOLDER): Promise<string> {
  const options = { cwd, env: { ...process.env, ...environment }, maxBuffer: 2 ** 24 };
  try {
    return (await promisify(execFile)(program, programArguments, options)).stdout;
  } catch (fault) {
    const { stdout, stderr } = fault as { stdout: string; stderr: string };
    throw new Error(`${program} ${programArguments.join(" ")} failed:\n${stdout}\n${stderr}`, { cause: fault });
  }
}

/** A program of this folder's npm packages. */
async function npm(name: string, ...programArguments: string[]): Promise<string> {
  // Nothing is reported to their makers.
  const quiet = { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  return output(join(FOLDER, "node_modules/.bin", name), programArguments, quiet);
}

/** A new person: their id, and a token for the API. */
async function account(email: string): Promise<{ user: string; token: string }> {
  const person = { name: "Ann Example", email, password: "correct horse battery" };
  const headers = { "content-type": "application/json" };
  const signedUp = await fetch(`${saydo.origin}/api/auth/sign-up/email`, { method: "POST", headers, body: JSON.stringify(person) });
  const { token: session, user } = (await signedUp.json()) as { token: string; user: { id: string } };
  const answer = await fetch(`${saydo.origin}/api/auth/token`, { headers: { authorization: `Bearer ${session}` } });
  return { user: user.id, token: ((await answer.json()) as { token: string }).token };
}

/** A program of the Python environment, which leaves what it keeps among the generated files. */
async function python(name: string, ...programArguments: string[]): Promise<string> {
  const environment = process.env.SAYDO_OPENAPI_PYTHON;
  if (!environment) {
    throw new Error("SAYDO_OPENAPI_PYTHON must name the folder of Python's programs: `cargo xtask test --only openapi` does");
  }
  return output(join(environment, name), programArguments, { PATH: `${environment}:${process.env.PATH}`, PYTHONPATH: GENERATED }, GENERATED);
}

/** What a client's program says of its chat. */
function expectChat(printed: string): void {
  const { tools, conversation, listed, refused } = JSON.parse(printed);
  expect(tools).toEqual(["add_task"]);
  expect(listed).toEqual([{ id: conversation, title: CHAT }]);
  expect(refused).toBe("/problems/wrong-user");
}

test("CONTRACT-65: openapi-spec-validator finds nothing", async () => {
  expect(await python("openapi-spec-validator", DOCUMENT)).toContain("OK");
});

test("CONTRACT-65: redocly finds nothing, not even a warning", async () => {
  const { totals, problems } = JSON.parse(await npm("redocly", "lint", DOCUMENT, "--config", "redocly.yaml", "--format", "json"));
  expect(problems).toEqual([]);
  expect(totals).toMatchObject({ errors: 0, warnings: 0, ignored: 0 });
});

test("CONTRACT-65: spectral finds nothing, not even a hint", async () => {
  expect(await npm("spectral", "lint", DOCUMENT, "--ruleset", "spectral.yaml", "--fail-severity", "hint")).toContain("No results");
});

test("CONTRACT-68: the client that openapi-typescript makes type-checks and chats", async () => {
  await npm("openapi-typescript", DOCUMENT, "--output", join(GENERATED, "api.d.ts"));
  await npm("tsc", "--project", "clients");
  expectChat(await output("node", [join(GENERATED, "typescript/chat.js"), saydo.origin, CHAT]));
});

test("CONTRACT-69: the client that openapi-python-client makes chats", async () => {
  const folder = join(GENERATED, "saydo_client");
  await python("openapi-python-client", "generate", "--path", DOCUMENT, "--meta", "none", "--output-path", folder, "--config", "../python-client.yaml", "--fail-on-warning");
  expectChat(await python("python", "../clients/chat.py", saydo.origin, CHAT));
});

test("CONTRACT-70: schemathesis meets no answer that is not documented", async () => {
  const { user, token } = await account("schemathesis@example.com");
  process.env.SAYDO_OPENAPI_USER = user;
  process.env.SAYDO_OPENAPI_TOKEN = token;
  const printed = await python("st", "--config-file", "../schemathesis.toml", "run", DOCUMENT, "--url", saydo.origin, "--no-color");
  expect(Number(/(\d+) generated/.exec(printed)?.[1])).toBeGreaterThan(100);
});
