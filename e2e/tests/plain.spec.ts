// Everything that forms can do, for a browser that runs no script.

import { composer, expect, open, signUp, somebody, test } from "../support/browser.ts";
import { look } from "../support/look.ts";

test.describe.configure({ timeout: 90_000 });

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false, expected: [/status of (401|403|404|409|422)/] });

  test("UI-62: an account, a conversation, and signing out and in again, by forms alone", async ({ page }) => {
    const person = somebody();
    await page.goto("/");
    await expect(page).toHaveURL(/\/plain\/sign-in$/);
    await page.getByRole("link", { name: "Create account" }).click();
    await page.getByLabel("Name").fill(person.name);
    await page.getByLabel("E-mail").fill(person.email);
    await page.getByLabel("Password").fill(person.password);
    await page.getByRole("button", { name: "Create account" }).click();

    await expect(page).toHaveURL(/\/plain$/);
    await composer(page).fill("Add a task to buy groceries");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await expect(page).toHaveURL(/\/plain\/c\/\d+#message$/);
    await expect(page.getByText("Add a task to buy groceries", { exact: true }).first()).toBeVisible();
    await expect(page.locator(".plain-changes")).toContainText(/Added buy groceries/i);
    await composer(page).fill("show my tasks");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await expect(page.getByRole("article")).toHaveCount(2);
    await expect(page.getByRole("article").last().locator(".markdown")).toContainText(/groceries/i);
    const chat = new URL(page.url()).pathname;

    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL(/\/plain\/sign-in$/);
    await page.goto(chat);
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await page.getByLabel("E-mail").fill(person.email);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("Wrong email or password.")).toBeVisible();
    await expect(page.getByLabel("E-mail")).toHaveValue(person.email);
    await page.getByLabel("Password").fill(person.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(chat);
    await expect(page.getByRole("article")).toHaveCount(2);
    await expect(page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: /groceries/ })).toBeVisible();
  });

  test("UI-63: what cannot be sent stays in the form, and a form that is sent twice does nothing twice", async ({ page, context }) => {
    const person = somebody();
    await page.goto("/plain/sign-up");
    await page.getByLabel("Name").fill(person.name);
    await page.getByLabel("E-mail").fill(person.email);
    await page.getByLabel("Password").fill(person.password);
    await page.getByRole("button", { name: "Create account" }).click();
    const long = "x".repeat(8001);
    await composer(page).fill(long);
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    await expect(composer(page)).toHaveValue(long);

    // What is sent where there is no conversation can be sent in a new one.
    await page.goto("/plain/c/999999");
    await composer(page).fill("/list");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await expect(page.getByRole("alert")).toHaveText("Conversation not found");
    await expect(composer(page)).toHaveValue("/list");
    await page.getByRole("button", { name: "Send in a new chat" }).click();
    await expect(page.getByRole("article")).toHaveCount(1);

    await page.goto("/plain");
    const key = await page.locator("input[name=key]").inputValue();
    const origin = new URL(page.url()).origin;
    const form = { message: "/add Buy milk", key };
    const first = await context.request.post("/plain", { form, headers: { origin }, maxRedirects: 0 });
    const again = await context.request.post("/plain", { form, headers: { origin }, maxRedirects: 0 });
    expect([first.status(), again.status()]).toEqual([303, 303]);
    expect(again.headers()["location"]).toBe(first.headers()["location"]);
    await page.goto(first.headers()["location"]!);
    await expect(page.getByRole("article")).toHaveCount(1);
  });

  test("UI-64: a form that another site sends does nothing", async ({ page, context }) => {
    const person = somebody();
    await page.goto("/plain/sign-up");
    const origin = new URL(page.url()).origin;
    const form = { name: person.name, email: person.email, password: person.password };
    const made = await context.request.post("/plain/sign-up", { form, headers: { origin }, maxRedirects: 0 });
    expect(made.status()).toBe(303);
    for (const foreign of [{ origin: "https://evil.example" }, { origin: "null" }, {} as Record<string, string>]) {
      for (const [path, fields] of [["/plain", { message: "/add Evil", key: "k" }], ["/plain/sign-out", {}]] as const) {
        const answer = await context.request.post(path, { form: fields, headers: foreign, maxRedirects: 0 });
        expect(answer.status(), `${path} ${JSON.stringify(foreign)}`).toBe(403);
      }
    }
    await page.goto("/plain");
    await expect(page.getByText("No conversations yet")).toBeVisible();
  });
});

test("UI-62: the page with scripts shows nothing of it", async ({ page }) => {
  await signUp(page, somebody());
  await open(page, "/");
  expect(new URL(page.url()).pathname).toBe("/");
  await expect(page.getByText("Use the simple version").filter({ visible: true })).toHaveCount(0);
});

test("UI-62: the pages without scripts are accessible and fit", async ({ home: page }) => {
  await page.goto("/plain/sign-up");
  await look(page, "plain-sign-up");
  await page.goto("/plain");
  await composer(page).fill("Add a task to buy groceries");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByRole("article")).toHaveCount(1);
  await look(page, "plain-answered");
});
