// Each state in both themes and at three widths: nothing for axe-core to find, no sideways scrolling, and a picture.

import type { Page } from "@playwright/test";
import { composer, expect, messages, open, ready, receipt, say, send, signUp, somebody, tasks, test, testWithModel } from "../support/browser.ts";
import { Gate, hold } from "../support/gate.ts";
import { look } from "../support/look.ts";

test.describe.configure({ timeout: 90_000 });

test("E2E-09: the entrance is accessible and fits", async ({ page }) => {
  await open(page, "/sign-in");
  await look(page, "sign-in");
});

test("E2E-09: the empty chat is accessible and fits", async ({ home: page }) => {
  await expect(tasks(page).getByText("Nothing on your list")).toBeVisible();
  await look(page, "empty");
});

test("E2E-09: an answered chat is accessible and fits", async ({ home: page }) => {
  await say(page, "Add a task to buy groceries");
  await say(page, "I need to remember to pay bills");
  await say(page, "Mark task 2 as complete");
  await expect(receipt(page, "Completed", "pay bills")).toHaveCount(1);
  await say(page, "Change task 1 to 'Buy groceries and fruits'");
  await say(page, "Remind me to call the dentist tomorrow at 5pm");
  await expect(receipt(page, "Added", "call the dentist")).toHaveCount(1);
  await look(page, "answered");
});

/** A list with something in each group, and dates that do not depend on the day. */
async function fill(page: Page): Promise<void> {
  await say(page, "/add Pay rent");
  await say(page, "/due #1 2020-01-31");
  await say(page, "/priority #1 high");
  await say(page, "/add Water the plants");
  await say(page, "/due #2 2031-11-28 17:30");
  await say(page, "/add Call Mum");
  await say(page, "/add Book the train to Hamburg for the two of us");
  await say(page, "/done #3");
  await expect(receipt(page, "Completed", "Call Mum")).toHaveCount(1);
}

test("UI-52: the pane and compact receipts are accessible and fit", async ({ home: page }) => {
  await fill(page);
  await look(page, "pane");
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole("button", { name: /^Tasks/ }).click();
  await tasks(page).getByRole("button", { name: "Edit Pay rent" }).click();
  await look(page, "pane-editing");
  await page.keyboard.press("Escape");
  await tasks(page).getByRole("button", { name: /^Due / }).first().click();
  await look(page, "pane-dating");
});

test("UI-52: what is being loaded is accessible and fits", async ({ home: page }) => {
  await say(page, "/add Buy milk");
  await expect(page).toHaveURL(/\/c\/\d+$/);
  const gate = await hold(page, /\/messages$|\/conversations\?|\/mcp$/);
  await page.reload();
  await ready(page);
  await expect(messages(page).getByText("Loading the conversation…")).toHaveCount(1);
  await look(page, "loading");
  await expect(messages(page).getByText("Loading the conversation…")).toHaveCount(1);
  gate.open();
  await expect(receipt(page, "Added", "Buy milk")).toHaveCount(1);
});

test("UI-52: the drawer of conversations is accessible and fits", async ({ home: page }) => {
  await say(page, "/add Buy milk");
  await page.getByRole("link", { name: "New chat" }).click();
  await say(page, "/add Buy bread");
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole("button", { name: "Show conversations" }).click();
  await expect(page.getByRole("button", { name: "Hide conversations" })).toBeFocused();
  await look(page, "drawer", 900);
});

testWithModel("UI-52: a streaming answer is accessible and fits", async ({ page, model }) => {
  await signUp(page, somebody());
  const gate = new Gate();
  model.says("## Today\n\n1. **Milk**\n2. `bread`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nAnd then ", gate, "done.");
  await send(page, "What should I buy?");
  await expect(messages(page).getByText("And then")).toBeVisible();
  await look(page, "streaming");
  gate.open();
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeVisible();
});

test("UI-52: a confirmation is accessible and fits", async ({ home: page }) => {
  await fill(page);
  await say(page, "delete everything");
  await expect(messages(page).getByRole("button", { name: "Delete 4 tasks" })).toBeVisible();
  await look(page, "confirmation");
});

test("UI-52: a choice is accessible and fits", async ({ home: page }) => {
  await say(page, "/add Write the report");
  await say(page, "/add Send the report");
  await say(page, "delete the report");
  await expect(messages(page).getByRole("list", { name: "Choices" }).getByRole("button")).toHaveCount(2);
  await look(page, "choice");
});

test.describe("an error", () => {
  test.use({ expected: [/status of 503/] });

  test("UI-52: an error and an alert are accessible and fit", async ({ home: page }) => {
    await say(page, "/add Buy milk");
    const problem = { type: "/problems/unavailable", title: "Away", status: 503, detail: "Away for a moment.", request_id: "test" };
    await page.route("**/api/*/chat", (route) =>
      route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify(problem) }),
    );
    await tasks(page).getByRole("checkbox", { name: "Buy milk" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "was not changed" })).toBeVisible();
    await look(page, "error");
  });
});

test("UI-52: the palette, the sheet, suggestions and the account's menu are accessible and fit", async ({ home: page }) => {
  await fill(page);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog", { name: "Command menu" })).toBeVisible();
  await look(page, "palette");
  await page.keyboard.press("Escape");
  await messages(page).focus();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await look(page, "sheet");
  await page.keyboard.press("Escape");
  await composer(page).pressSequentially("/");
  await expect(page.getByRole("listbox", { name: "Suggestions" }).getByRole("option", { selected: true })).toHaveText(/\/add/);
  await look(page, "suggestions");
  await composer(page).fill("");
  await page.getByRole("button", { name: "Account" }).click();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  await look(page, "account");
});
