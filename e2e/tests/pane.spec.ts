import { composer, expect, messages, ready, receipt, reload, say, send, signUp, somebody, tasks, test, testWithModel } from "../support/browser.ts";
import { Gate } from "../support/gate.ts";
import { box, group, row, said } from "../support/pane.ts";

test("UI-30: each change in the pane is an exact command, with a receipt in the conversation", async ({ home: page }) => {
  await say(page, "/add Buy milk");
  const sent = said(page);

  await box(page, "Buy milk").click();
  await expect(receipt(page, "Completed", "Buy milk")).toHaveCount(1);
  await group(page, "Done").locator("summary").click();
  await box(page, "Buy milk").click();
  await expect(receipt(page, "Reopened", "Buy milk")).toHaveCount(1);

  await row(page, "Buy milk").getByRole("button", { name: "Edit Buy milk" }).click();
  await expect(page.getByRole("textbox", { name: "Title" })).toBeFocused();
  await page.keyboard.type("Buy oat milk, 2 litres");
  await page.keyboard.press("Enter");
  await expect(receipt(page, "Changed", "Buy oat milk, 2 litres")).toHaveCount(1);

  await row(page, "Buy oat milk").hover();
  await row(page, "Buy oat milk").getByRole("button", { name: "Set date" }).click();
  const form = row(page, "#1").getByRole("form", { name: "Due" });
  await form.getByLabel("Date", { exact: true }).fill("2031-11-28");
  await form.getByLabel("Time").fill("17:30");
  await form.getByRole("button", { name: "Set date" }).click();
  await expect(group(page, "Upcoming").getByRole("listitem")).toHaveText(/Fri, 28 Nov 2031, 17:30/);

  await row(page, "Buy oat milk").getByLabel("Priority").selectOption("High");
  await expect(messages(page).getByRole("listitem").filter({ hasText: /Priority\s*none\s*→.*High/ })).toHaveCount(1);

  await row(page, "Buy oat milk").getByRole("button", { name: "Delete Buy oat milk" }).click();
  await expect(receipt(page, "Deleted", "Buy oat milk")).toHaveCount(1);
  await expect(tasks(page).getByText("Nothing on your list")).toBeVisible();
  expect(sent).toEqual([
    "/done #1",
    "/reopen #1",
    "/edit #1 Buy oat milk, 2 litres",
    "/due #1 2031-11-28 17:30",
    "/priority #1 high",
    "/delete #1",
  ]);
  await expect(page.getByRole("alert").filter({ hasText: /./ })).toHaveCount(0);
});

test("UI-32: a change from the pane is a compact receipt, also after a reload", async ({ home: page }) => {
  await say(page, "/add Buy milk");
  await box(page, "Buy milk").click();
  const compact = async () => {
    await expect(receipt(page, "Completed", "Buy milk")).toHaveCount(1);
    const turn = messages(page).getByRole("article").filter({ hasText: "/done #1" });
    await expect(turn.getByRole("listitem")).toBeVisible();
    await expect(turn.locator(".markdown")).toBeHidden();
  };
  await compact();
  await reload(page);
  await compact();
});

test.describe("a change that fails", () => {
  test.use({ expected: [/status of 503/] });

  test("UI-31: a change is shown at once, and taken back with a notice where it fails", async ({ home: page }) => {
    await say(page, "/add Buy milk");
    let fail = () => {};
    const failing = new Promise<void>((resolve) => {
      fail = resolve;
    });
    await page.route("**/api/*/chat", async (route) => {
      await failing;
      const problem = { type: "/problems/unavailable", title: "Away", status: 503, detail: "Away for a moment.", request_id: "test" };
      await route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify(problem) });
    });
    await box(page, "Buy milk").click();
    await expect(group(page, "Done").locator("summary")).toBeVisible();
    await expect(group(page, "No date")).toHaveCount(0);
    fail();
    await expect(page.getByRole("alert").filter({ hasText: "Task #1 was not changed. Away for a moment." })).toBeVisible();
    await expect(group(page, "No date").getByRole("checkbox", { name: "Buy milk" })).not.toBeChecked();
    await expect(group(page, "Done")).toHaveCount(0);

    await page.unrouteAll();
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(receipt(page, "Completed", "Buy milk")).toHaveCount(1);
    await expect(group(page, "No date")).toHaveCount(0);
  });
});

test.describe("a message that is refused", () => {
  test.use({ expected: [/status of 503/] });

  test("UI-31: a change that waits behind the message that was to begin its conversation is taken back with it", async ({ home: page }) => {
    await say(page, "/add Buy milk");
    await page.getByRole("link", { name: "New chat" }).click();
    const gate = new Gate();
    await page.route("**/api/*/chat", async (route) => {
      await gate.opened;
      await route.fulfill({ status: 503, body: "" });
    });
    await send(page, "Hello");
    await box(page, "Buy milk").click();
    await expect(group(page, "Done").locator("summary")).toBeVisible();
    gate.open();
    await expect(page.getByRole("alert").filter({ hasText: "Task #1 was not changed." })).toBeVisible();
    await expect(group(page, "No date").getByRole("checkbox", { name: "Buy milk" })).not.toBeChecked();
  });
});

test("UI-31: a change that was not made although the turn ended is told too", async ({ home: page, context }) => {
  await say(page, "/add Buy milk");
  // Deleted elsewhere, while this page does not hear of it: its request is never answered.
  await page.route("**/api/*/events", () => {});
  await reload(page);
  await expect(box(page, "Buy milk")).toBeVisible();
  const other = await context.newPage();
  await other.goto("/");
  await ready(other);
  await say(other, "/delete #1");
  await expect(receipt(other, "Deleted", "Buy milk")).toHaveCount(1);
  await page.evaluate(() => {
    const check = document.querySelector<HTMLInputElement>("#task-1");
    check?.click();
  });
  await expect(page.getByRole("alert").filter({ hasText: "Task #1 was not changed. The answer in the chat says why." })).toBeVisible();
  await expect(row(page, "Buy milk")).toHaveCount(0);
});

testWithModel("UI-33: while an answer streams the pane can be used; what is changed is sent when the answer has ended", async ({ page, model }) => {
  await signUp(page, somebody());
  await say(page, "/add Buy milk");
  await say(page, "/add Call Mum");
  const gate = new Gate();
  model.says("Let me think. ", gate, "Done.");
  await send(page, "What should I do first?");
  await expect(messages(page).getByText("Let me think.", { exact: true })).toBeVisible();

  const sent = said(page);
  await box(page, "Buy milk").click();
  await box(page, "Call Mum").click();
  await expect(tasks(page).getByText("All done. Nice.")).toBeVisible();
  // What is said then comes behind them.
  await composer(page).fill("/add Eggs");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(messages(page).getByText("Queued")).toHaveCount(3);
  expect(sent).toEqual([]);
  gate.open();
  await expect(receipt(page, "Completed", "Call Mum")).toHaveCount(1);
  await expect(receipt(page, "Added", "Eggs")).toHaveCount(1);
  expect(sent).toEqual(["/done #1", "/done #2", "/add Eggs"]);
  await expect(page.getByRole("alert").filter({ hasText: /./ })).toHaveCount(0);
  expect(model.requests).toHaveLength(1);
});

test("UI-35: rows are reached by arrows, edited by Enter, checked by Space and deleted by Delete", async ({ home: page }) => {
  await say(page, "/add Apples");
  await say(page, "/add Bread");
  await say(page, "/add Cheese");
  await expect(tasks(page).getByRole("checkbox")).toHaveCount(3);

  await composer(page).focus();
  await page.keyboard.press("F6");
  await page.keyboard.press("F6");
  await expect(box(page, "Apples")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(box(page, "Bread")).toBeFocused();
  await page.keyboard.press("End");
  await expect(box(page, "Cheese")).toBeFocused();
  await page.keyboard.press("ArrowUp");

  // What is typed right behind the key is meant for the field, over which no button lies.
  await page.keyboard.press("Enter");
  await page.keyboard.type("Brown bread");
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue("Brown bread");
  await expect(page.getByRole("button", { name: "Delete Bread" })).toBeHidden();
  await page.keyboard.press("Enter");
  await expect(receipt(page, "Changed", "Brown bread")).toHaveCount(1);
  await expect(box(page, "Brown bread")).toBeFocused();

  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Title" })).toBeFocused();
  await page.keyboard.type("White");
  await page.keyboard.press("Escape");
  await expect(box(page, "Brown bread")).toBeFocused();

  await page.keyboard.press("Space");
  await expect(box(page, "Cheese")).toBeFocused();
  await expect(receipt(page, "Completed", "Brown bread")).toHaveCount(1);
  await expect(box(page, "Cheese")).toBeFocused();
  await page.keyboard.press("Delete");
  await expect(box(page, "Apples")).toBeFocused();
  await expect(receipt(page, "Deleted", "Cheese")).toHaveCount(1);
  await expect(box(page, "Apples")).toBeFocused();

  // Tab reaches the row's own controls, and Shift+Tab leads back.
  await page.keyboard.press("Tab");
  await expect(row(page, "Apples").getByRole("button", { name: "Edit Apples" })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(box(page, "Apples")).toBeFocused();
});

test("UI-34: a receipt's Undo takes that change back, and Ctrl+Z the last", async ({ home: page }) => {
  await say(page, "/add Buy milk");
  await say(page, "/edit #1 Buy oat milk");
  await say(page, "/add Call Mum");
  const undo = (name: string) => messages(page).getByRole("button", { name });

  // Its task was changed later.
  await expect(undo("Undo: Changed Buy oat milk")).toBeVisible();
  await expect(undo("Undo: Added Buy milk")).toHaveCount(0);
  await reload(page);
  await expect(undo("Undo: Changed Buy oat milk")).toBeVisible();
  await expect(undo("Undo: Added Buy milk")).toHaveCount(0);
  await undo("Undo: Changed Buy oat milk").click();
  await expect(row(page, "Buy milk")).toHaveCount(1);
  await expect(receipt(page, "Changed", "Buy milk")).toHaveCount(1);
  await undo("Undo: Added Call Mum").click();
  await expect(receipt(page, "Deleted", "Call Mum")).toHaveCount(1);
  await expect(row(page, "Call Mum")).toHaveCount(0);

  await messages(page).focus();
  await page.keyboard.press("Control+z");
  await expect(receipt(page, "Restored", "Call Mum")).toHaveCount(1);
  await expect(row(page, "Call Mum")).toHaveCount(1);
});

test("UI-36: the date that was understood is shown in full, and changed at a click", async ({ home: page }) => {
  await say(page, "Remind me to pay rent on 28 November 2031");
  const date = receipt(page, "Added", "pay rent").getByRole("button", { name: "Fri, 28 Nov 2031" });
  await date.click();
  await receipt(page, "Added", "pay rent").getByLabel("Date", { exact: true }).fill("2031-12-01");
  await page.keyboard.press("Enter");
  await expect(messages(page).getByRole("button", { name: "Mon, 1 Dec 2031" })).toBeVisible();
  await expect(tasks(page).getByText("Mon, 1 Dec 2031")).toBeVisible();
});
