// Tokens of a real Better Auth server, accepted by its published keys.

import { once } from "node:events";
import { createServer } from "node:http";
import { expect, test } from "@playwright/test";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { createAuthClient } from "better-auth/client";
import { jwtClient } from "better-auth/client/plugins";
import { toNodeHandler } from "better-auth/node";
import { jwt } from "better-auth/plugins";
import { browserLike } from "../support/cookies.ts";
import { freePort, Saydo } from "../support/saydo.ts";

/** A Better Auth server with EdDSA keys, whose tokens are for `audience`, and a person who is signed in there. */
async function outside(port: number, audience: string) {
  const origin = `http://127.0.0.1:${port}`;
  const auth = betterAuth({
    baseURL: origin,
    secret: "a secret of thirty-two characters or more, for this test",
    database: memoryAdapter({ user: [], session: [], account: [], verification: [], jwks: [] }),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [jwt({ jwks: { keyPairConfig: { alg: "EdDSA", crv: "Ed25519" } }, jwt: { issuer: origin, audience } })],
  });
  const server = createServer(toNodeHandler(auth)).listen(port, "127.0.0.1");
  await once(server, "listening");
  const { fetch: customFetchImpl } = browserLike(origin);
  const client = createAuthClient({ baseURL: origin, plugins: [jwtClient()], fetchOptions: { customFetchImpl } });
  const signedUp = await client.signUp.email({ name: "Ann", email: "ann@example.com", password: "correct horse battery" });
  const user = signedUp.data!.user.id;
  const token = (await client.token()).data!.token;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin, user, token, stop };
}

test("E2E-12, AUTH-15: tokens of the configured Better Auth server open their subject's account, and no others do", async () => {
  const [saydoPort, ours, theirs] = [await freePort(), await freePort(), await freePort()];
  const publicUrl = `http://127.0.0.1:${saydoPort}`;
  const trusted = await outside(ours, publicUrl);
  const stranger = await outside(theirs, publicUrl);
  const elsewhere = await outside(await freePort(), "https://elsewhere.example");
  const saydo = await Saydo.start({
    SAYDO_LISTEN: `127.0.0.1:${saydoPort}`,
    SAYDO_PUBLIC_URL: publicUrl,
    BETTER_AUTH_JWKS_URL: `${trusted.origin}/api/auth/jwks`,
  });
  try {
    const ask = (user: string, token: string, body?: object) =>
      fetch(`${saydo.origin}/api/${user}/${body ? "chat" : "conversations"}`, {
        method: body ? "POST" : "GET",
        headers: { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });

    expect((await ask(trusted.user, trusted.token)).status).toBe(200);
    const chat = await ask(trusted.user, trusted.token, { message: "Add a task to buy groceries" });
    expect(chat.status).toBe(200);
    const answer = (await chat.json()) as { tool_calls: { tool: string }[] };
    expect(answer.tool_calls.map((call) => call.tool)).toEqual(["add_task"]);

    expect((await ask("somebody-else", trusted.token)).status).toBe(403);
    expect((await ask(stranger.user, stranger.token)).status).toBe(401);
    expect((await ask(elsewhere.user, elsewhere.token)).status).toBe(401);
    const [header, payload, signature] = trusted.token.split(".") as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as object;
    const other = Buffer.from(JSON.stringify({ ...claims, sub: stranger.user })).toString("base64url");
    expect((await ask(stranger.user, `${header}.${other}.${signature}`)).status).toBe(401);
  } finally {
    await saydo.stop();
    [trusted, stranger, elsewhere].forEach((server) => server.stop());
  }
});
