// A double click acts once, and never on what moved under the pointer.

import type { Locator, Page } from "@playwright/test";
import { expect, messages, open, receipt, reload, say, tasks, test } from "../support/browser.ts";
import { box, group, row, said } from "../support/pane.ts";

async function middle(locator: Locator): Promise<{ x: number; y: number }> {
  const at = (await locator.boundingBox())!;
  return { x: at.x + at.width / 2, y: at.y + at.height / 2 };
}

/** What lies under the pointer. */
const under = (page: Page, { x, y }: { x: number; y: number }, selector: string) =>
  page.evaluate(([x, y, selector]) => document.elementFromPoint(x, y)?.closest(selector) != null, [x, y, selector] as const);

async function three(page: Page): Promise<void> {
  for (const title of ["Apples", "Bread", "Cheese"]) await say(page, `/add ${title}`);
  await expect(tasks(page).getByRole("checkbox")).toHaveCount(3);
}

test("UI-80: a double click on a check completes one task", async ({ home: page }) => {
  await three(page);
  const sent = said(page);
  await box(page, "Apples").dblclick();
  await expect(receipt(page, "Completed", "Apples")).toHaveCount(1);
  await expect(group(page, "No date").getByRole("checkbox")).toHaveCount(2);
  await say(page, "/list");
  expect(sent).toEqual(["/done #1", "/list"]);
});

test("UI-80a, UI-80e: a checked row stays for a moment, and a second click takes the check back", async ({ home: page }) => {
  // The moment is over when the test says so.
  await page.clock.install();
  await three(page);
  const sent = said(page);
  const at = await middle(box(page, "Apples"));
  await page.mouse.click(at.x, at.y);
  await expect(box(page, "Apples")).toBeChecked();
  expect(await middle(box(page, "Apples"))).toEqual(at);
  await page.mouse.click(at.x, at.y);
  await expect(box(page, "Apples")).not.toBeChecked();
  await expect(receipt(page, "Reopened", "Apples")).toHaveCount(1);
  await expect(group(page, "Done")).toHaveCount(0);
  expect(sent).toEqual(["/done #1", "/reopen #1"]);

  // Then it goes where it belongs, and the same holds there.
  await page.mouse.click(at.x, at.y);
  await expect(box(page, "Apples")).toBeChecked();
  await expect(group(page, "No date").getByRole("checkbox")).toHaveCount(3);
  await page.clock.runFor(2_000);
  await expect(group(page, "No date").getByRole("checkbox")).toHaveCount(2);
  await group(page, "Done").locator("summary").click();
  await box(page, "Apples").click();
  await box(page, "Apples").click();
  await expect(group(page, "Done").getByRole("checkbox")).toBeChecked();
});

test("UI-80, UI-80d: a double click on a bin deletes one task, and no bin lies under the pointer", async ({ home: page }) => {
  // The guard of a deletion ends with time, which stands still here.
  await page.clock.install();
  await three(page);
  const sent = said(page);
  await row(page, "Apples").hover();
  const at = await middle(page.getByRole("button", { name: "Delete Apples" }));
  await page.mouse.dblclick(at.x, at.y);
  await expect(receipt(page, "Deleted", "Apples")).toHaveCount(1);
  expect(await under(page, at, ".task-delete")).toBe(false);
  await page.mouse.click(at.x, at.y);
  await say(page, "/list");
  expect(sent).toEqual(["/delete #1", "/list"]);
  // A pointer that moves finds the next one.
  await row(page, "Bread").hover();
  await page.getByRole("button", { name: "Delete Bread" }).click();
  await expect(receipt(page, "Deleted", "Bread")).toHaveCount(1);
});

test("UI-80d: the time of an earlier deletion does not end the guard of a later one", async ({ home: page }) => {
  await page.clock.install();
  await three(page);
  const sent = said(page);
  await row(page, "Cheese").hover();
  await page.getByRole("button", { name: "Delete Cheese" }).click();
  await expect(receipt(page, "Deleted", "Cheese")).toHaveCount(1);
  await page.clock.runFor(4_000);
  await row(page, "Apples").hover();
  const at = await middle(page.getByRole("button", { name: "Delete Apples" }));
  await page.mouse.click(at.x, at.y);
  await expect(receipt(page, "Deleted", "Apples")).toHaveCount(1);
  await page.clock.runFor(3_000);
  expect(await under(page, at, ".task-delete")).toBe(false);
  await page.mouse.click(at.x, at.y);
  await say(page, "/list");
  expect(sent).toEqual(["/delete #3", "/delete #1", "/list"]);
});

test("UI-80, UI-80d: a double click on a conversation's bin deletes one", async ({ home: page }) => {
  await page.clock.install();
  const list = page.getByRole("navigation", { name: "Conversations" });
  for (const title of ["Apples", "Bread", "Cheese"]) {
    await list.getByRole("link", { name: "New chat" }).click();
    await say(page, `/add ${title}`);
    await expect(page).toHaveURL(/\/c\/\d+$/);
  }
  await list.getByRole("link", { name: "New chat" }).click();
  await expect(list.getByRole("listitem")).toHaveCount(3);
  await list.getByRole("listitem").first().hover();
  const at = await middle(list.getByRole("button", { name: /^Delete/ }).first());
  await page.mouse.dblclick(at.x, at.y);
  await expect(list.getByRole("listitem")).toHaveCount(2);
  expect(await under(page, at, ".conversation-delete")).toBe(false);
  await page.mouse.click(at.x, at.y);
  await expect(list.getByRole("listitem")).toHaveCount(2);
  await expect(page.getByRole("status").getByRole("button", { name: "Undo" })).toBeVisible();
});

test("UI-80: a double click on Undo takes one change back", async ({ home: page }) => {
  await say(page, "/add Apples");
  await say(page, "/add Bread");
  await say(page, "/add Cheese");
  const sent = said(page);
  await messages(page).getByRole("button", { name: "Undo: Added Bread" }).dblclick();
  await expect(receipt(page, "Deleted", "Bread")).toHaveCount(1);
  await say(page, "/list");
  expect(sent).toEqual(["/delete #2", "/list"]);
});

test("UI-80: a double click on an answer answers once", async ({ home: page }) => {
  for (const title of ["Write the report", "Send the report", "Read the report"]) await say(page, `/add ${title}`);
  await say(page, "finish the report");
  const sent = said(page);
  await messages(page).getByRole("list", { name: "Choices" }).getByRole("button").nth(1).dblclick();
  await expect(receipt(page, "Completed", "")).toHaveCount(1);
  await say(page, "/list");
  expect(sent).toEqual(["2", "/list"]);

  await say(page, "delete everything");
  const answers = messages(page).locator(".card").last().getByRole("button");
  await answers.last().dblclick();
  await expect(answers).toHaveCount(0);
  await say(page, "/list");
  expect(sent.slice(2)).toEqual(["delete everything", "no", "/list"]);
});

test("UI-80, UI-80c: a double click in the command menu does nothing below it", async ({ home: page }) => {
  await three(page);
  const sent = said(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("help");
  const option = page.getByRole("dialog").getByRole("option").first();
  await expect(option).toHaveText(/\/help/);
  await option.dblclick();
  await expect(page.getByRole("dialog")).toBeHidden();
  await say(page, "/list");
  expect(sent).toEqual(["/help", "/list"]);
});

test("UI-80b: a click on the place where a button was sent from does not stop the answer", async ({ home: page }) => {
  await open(page, "/");
  const sent = said(page);
  await page.getByRole("textbox", { name: "Message" }).fill("/add Apples");
  await page.getByRole("button", { name: "Send", exact: true }).dblclick();
  await expect(receipt(page, "Added", "Apples")).toHaveCount(1);
  expect(sent).toEqual(["/add Apples"]);
  await reload(page);
  await expect(receipt(page, "Added", "Apples")).toHaveCount(1);
});
