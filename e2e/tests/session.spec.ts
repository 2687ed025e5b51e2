import { composer, expect, open, reload, say, signIn, signOut, tasks, test } from "../support/browser.ts";
import { look } from "../support/look.ts";

test.describe("a wrong password", () => {
  test.use({ expected: [/status of 401/] });

  test("E2E-03: a wrong password says so, the right one leads back to the list", async ({ page, person }) => {
    await say(page, "Add a task to call Mum");
    await signOut(page);

    await signIn(page, { ...person, password: "not the password" });
    await expect(page.getByText("Wrong email or password.")).toBeVisible();
    await expect(page.getByLabel("E-mail")).toHaveValue(person.email);

    await signIn(page, person);
    await expect(tasks(page).getByRole("listitem").filter({ hasText: /call Mum/i })).toHaveCount(1);
  });

  test("UI-04: an answer to a form that has gone changes nothing", async ({ page, person }) => {
    await signOut(page);
    let answered = () => {};
    const gate = new Promise<void>((resolve) => (answered = resolve));
    await page.route("**/api/auth/sign-in/email", async (route) => {
      await gate;
      await route.continue();
    });
    await signIn(page, { ...person, password: "not the password" });
    await page.getByRole("link", { name: "Create account" }).click();
    await expect(page.getByRole("heading", { name: "Create account", level: 1 })).toBeVisible();
    const answer = page.waitForResponse("**/api/auth/sign-in/email");
    answered();
    await (await answer).finished();
    await page.getByLabel("E-mail").fill("new@example.com");
    await expect(page.getByText("Wrong email or password.")).toHaveCount(0);
  });
});

test("E2E-03: signed out, a chat's address leads to sign-in and then to the chat", async ({ page, person }) => {
  await say(page, "Add a task to call Mum");
  await expect(page).toHaveURL(/\/c\/\d+$/);
  const chat = page.url();
  await signOut(page);

  await open(page, chat);
  await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
  await signIn(page, person);
  await expect(composer(page)).toBeVisible();
  await expect(page).toHaveURL(chat);
});

test.describe("a session that ends", () => {
  test.use({ expected: [/status of 401/] });

  test("E2E-04: sign-in leads back to the draft when the session ended while it was written", async ({ page, context, person }) => {
    await say(page, "Add a task to call Mum");
    await expect(page).toHaveURL(/\/c\/\d+$/);
    const chat = page.url();

    // The session is gone, and so is the token that the page still has.
    await context.clearCookies();
    await page.route("**/api/*/chat", (route) =>
      route.fulfill({
        status: 401,
        contentType: "application/problem+json",
        headers: { "www-authenticate": "Bearer" },
        body: JSON.stringify({
          type: "/problems/unauthenticated",
          title: "Not signed in",
          status: 401,
          detail: "Sign in and try again.",
          request_id: "test",
        }),
      }),
    );
    await composer(page).fill("Remind me to water the plants");
    await composer(page).press("Enter");

    await expect(page.getByText("Your session has ended. Sign in to go on where you were.")).toBeVisible();
    await look(page, "session-ended");
    await page.unrouteAll();
    await signIn(page, person);
    await expect(page).toHaveURL(chat);
    await expect(composer(page)).toHaveValue("Remind me to water the plants");
  });

  test("E2E-04: a reload without a session keeps the draft too", async ({ page, context, person }) => {
    await composer(page).fill("Remind me to water the plants");
    await context.clearCookies();
    await reload(page);
    await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
    await signIn(page, person);
    await expect(composer(page)).toHaveValue("Remind me to water the plants");
  });
});
