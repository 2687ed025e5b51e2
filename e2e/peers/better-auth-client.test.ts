// Better Auth's own client, unchanged, against Saydo.

import { expect, test } from "@playwright/test";
import { createAuthClient } from "better-auth/client";
import { jwtClient } from "better-auth/client/plugins";
import { browserLike } from "../support/cookies.ts";
import { Saydo } from "../support/saydo.ts";

const PERSON = { name: "Ann Example", email: "ann@example.com", password: "correct horse battery" };

let saydo: Saydo;

test.beforeAll(async () => {
  saydo = await Saydo.start();
});

test.afterAll(async () => {
  await saydo.stop();
});

/** The client as a page of this origin would have it. */
function client() {
  const { fetch: customFetchImpl, cookies } = browserLike(saydo.origin);
  const auth = createAuthClient({ baseURL: saydo.origin, plugins: [jwtClient()], fetchOptions: { customFetchImpl } });
  return { auth, cookies };
}

/** What the API says to a token. */
async function status(user: string, token: string): Promise<number> {
  const answer = await fetch(`${saydo.origin}/api/${user}/conversations`, { headers: { authorization: `Bearer ${token}` } });
  return answer.status;
}

test("AUTH-19: the client signs up, signs in, reads its session, gets a token that the API takes, and signs out", async () => {
  const { auth, cookies } = client();
  const signedUp = await auth.signUp.email(PERSON);
  expect(signedUp.error).toBeNull();
  expect(signedUp.data?.user).toMatchObject({ name: PERSON.name, email: PERSON.email });
  await auth.signOut();
  expect(cookies.size).toBe(0);

  const signedIn = await auth.signIn.email({ email: PERSON.email, password: PERSON.password });
  expect(signedIn.error).toBeNull();
  expect(signedIn.data?.user.id).toBe(signedUp.data?.user.id);

  const session = await auth.getSession();
  expect(session.error).toBeNull();
  expect(session.data?.user.email).toBe(PERSON.email);
  expect(session.data?.session.userId).toBe(session.data?.user.id);
  expect(new Date(session.data!.session.expiresAt).getTime()).toBeGreaterThan(Date.now());

  const token = await auth.token();
  expect(token.error).toBeNull();
  const user = session.data!.user.id;
  expect(await status(user, token.data!.token)).toBe(200);
  expect(await status("somebody-else", token.data!.token)).toBe(403);
  expect(await status(user, "nonsense")).toBe(401);

  const out = await auth.signOut();
  expect(out.error).toBeNull();
  expect((await auth.getSession()).data).toBeNull();
  expect((await auth.token()).error?.status).toBe(401);
});

test("AUTH-25: the client reads the session's dates as the moments that they are", async () => {
  const { auth } = client();
  const before = Date.now();
  await auth.signUp.email({ ...PERSON, email: "eve@example.com" });
  const { session, user } = (await auth.getSession()).data!;
  const after = Date.now();
  for (const date of [session.createdAt, session.updatedAt, user.createdAt, user.updatedAt]) {
    expect(date.getTime()).toBeGreaterThanOrEqual(before);
    expect(date.getTime()).toBeLessThanOrEqual(after);
  }
  expect(Math.abs(session.expiresAt.getTime() - session.createdAt.getTime() - 7 * 24 * 3_600_000)).toBeLessThan(after - before + 1);
});

test("AUTH-19: the client works with the signed session token as bearer, without cookies", async () => {
  const person = { ...PERSON, email: "bob@example.com" };
  let bearer = "";
  const auth = createAuthClient({
    baseURL: saydo.origin,
    plugins: [jwtClient()],
    fetchOptions: {
      auth: { type: "Bearer", token: () => bearer },
      onSuccess: ({ response }) => {
        bearer = response.headers.get("set-auth-token") ?? bearer;
      },
    },
  });
  await auth.signUp.email(person);
  expect(bearer).not.toBe("");
  const session = await auth.getSession();
  expect(session.data?.user.email).toBe(person.email);
  const token = await auth.token();
  expect(await status(session.data!.user.id, token.data!.token)).toBe(200);
});

test("AUTH-20: the client gets Better Auth's codes for what is refused", async () => {
  const { auth } = client();
  const person = { ...PERSON, email: "cem@example.com" };
  const code = (answer: { error: { code?: string; status: number } | null }) => [answer.error?.status, answer.error?.code];
  await auth.signUp.email(person);
  expect(code(await auth.signUp.email(person))).toEqual([422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"]);
  expect(code(await auth.signUp.email({ ...person, email: "dee@example.com", password: "short" }))).toEqual([400, "PASSWORD_TOO_SHORT"]);
  expect(code(await auth.signIn.email({ email: person.email, password: "something else" }))).toEqual([401, "INVALID_EMAIL_OR_PASSWORD"]);
  expect(code(await auth.signIn.email({ email: "nobody@example.com", password: "something else" }))).toEqual([401, "INVALID_EMAIL_OR_PASSWORD"]);
});
