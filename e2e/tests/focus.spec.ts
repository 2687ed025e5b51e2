// Where the focus is when a button that was pressed goes.

import { composer, expect, messages, reload, say, send, signUp, somebody, tasks, test, testWithModel } from "../support/browser.ts";
import { Gate } from "../support/gate.ts";

test("UI-77: what answers at a click leaves the focus in the messages", async ({ home: page }) => {
  const prompt = page.getByRole("list", { name: "Things to say" }).getByRole("button").first();
  await prompt.click();
  await expect(prompt).toHaveCount(0);
  await expect(messages(page)).toBeFocused();
  await say(page, "/add Buy milk");
  await say(page, "/add Buy bread");
  await say(page, "delete everything");
  const no = messages(page).getByRole("button", { name: "Keep them" });
  await no.focus();
  await page.keyboard.press("Enter");
  await expect(messages(page).getByText("You said no.")).toBeVisible();
  await expect(messages(page)).toBeFocused();
});

test("UI-77a: who answers with a pointer goes on writing", async ({ home: page }) => {
  await say(page, "/add Buy milk");
  await say(page, "/add Buy bread");
  await say(page, "delete everything");
  await messages(page).getByRole("button", { name: "Keep them" }).click();
  await expect(messages(page).getByText("You said no.")).toBeVisible();
  await expect(composer(page)).toBeFocused();
});

test("UI-77: a notice that is dismissed leaves the focus in the messages", async ({ home: page }) => {
  await say(page, "/add Buy milk");
  const list = page.getByRole("navigation", { name: "Conversations" });
  await list.getByRole("link", { name: "/add Buy milk" }).hover();
  await list.getByRole("button", { name: "Delete /add Buy milk" }).click();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(page.getByRole("button", { name: "Dismiss" })).toHaveCount(0);
  await expect(messages(page)).toBeFocused();
});

testWithModel("UI-77: the button that stops is the one that sends afterwards", async ({ page, model }) => {
  await signUp(page, somebody());
  const gate = new Gate();
  model.says("Bread ", gate, "and butter.");
  await send(page, "What should I buy?");
  const stop = page.getByRole("button", { name: "Stop" });
  await stop.focus();
  gate.open();
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeFocused();
});

test.describe("a server that is away for a moment", () => {
  test.use({ expected: [/status of 503/] });

  test("UI-77: who tries again stays in the pane", async ({ home: page }) => {
    const fail = (pattern: RegExp) => page.route(pattern, (route) => route.fulfill({ status: 503, body: "" }));
    const again = page.getByRole("button", { name: "Try again" });
    await fail(/\/chat$/);
    await composer(page).fill("/add Buy milk");
    await composer(page).press("Enter");
    await expect(messages(page).getByRole("alert")).toBeVisible();
    await page.unrouteAll();
    await again.click();
    await expect(tasks(page).getByRole("checkbox", { name: "Buy milk" })).toBeVisible();
    await expect(messages(page)).toBeFocused();

    await fail(/\/mcp$/);
    await fail(/\/conversations(\?.*)?$/);
    await reload(page);
    await expect(again).toHaveCount(2);
    await page.unrouteAll();
    await tasks(page).getByRole("button", { name: "Try again" }).click();
    await expect(tasks(page).getByRole("checkbox", { name: "Buy milk" })).toBeVisible();
    await expect(page.locator("#task-list")).toBeFocused();
    await again.click();
    await expect(page.getByRole("navigation").getByRole("listitem")).toHaveCount(1);
    await expect(page.locator(".conversation-list")).toBeFocused();

    await fail(/\/get-session$/);
    await reload(page);
    await expect(again.first()).toBeVisible();
    await page.unrouteAll();
    await messages(page).getByRole("button", { name: "Try again" }).click();
    await expect(again).toHaveCount(0);
    await expect(messages(page)).toBeFocused();
  });

  test("UI-77: a notice on a narrow page leaves the focus in the pane that is in view", async ({ home: page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await say(page, "/add Buy milk");
    await page.route("**/api/*/chat", (route) => route.fulfill({ status: 503, body: "" }));
    await page.getByRole("button", { name: "Tasks" }).click();
    await tasks(page).getByRole("button", { name: "Delete Buy milk" }).click();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await expect(page.locator("#task-list")).toBeFocused();
  });
});
