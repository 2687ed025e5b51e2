// Keys belong to the field that has the focus; outside fields Ctrl+Z takes back what this tab did.

import type { Page } from "@playwright/test";
import { composer, expect, messages, open, receipt, reload, say, tasks, test } from "../support/browser.ts";
import { box, row, said } from "../support/pane.ts";

/** Presses a key and holds it: the browser repeats it. */
async function hold(page: Page, key: string): Promise<void> {
  const parts = key.split("+");
  const last = parts.pop()!;
  for (const modifier of parts) await page.keyboard.down(modifier);
  for (let times = 0; times < 6; times++) await page.keyboard.down(last);
  await page.keyboard.up(last);
  for (const modifier of parts.reverse()) await page.keyboard.up(modifier);
}

const KEYS = ["Control+z", "Meta+z", "Control+y", "Delete", "Backspace", "Control+Shift+z"];

/** Every field of the page in which something can be typed or chosen, and how to get into it. */
const FIELDS: Record<string, (page: Page) => Promise<void>> = {
  "the empty message box": (page) => composer(page).focus(),
  "the message box": (page) => composer(page).pressSequentially("Some words"),
  "a task's title": (page) => row(page, "Apples").getByRole("button", { name: "Edit Apples" }).click(),
  "a due date": async (page) => {
    await row(page, "Apples").hover();
    await row(page, "Apples").locator(".task-actions").getByRole("button", { name: "Set date" }).click();
    await expect(page.getByLabel("Date", { exact: true })).toBeFocused();
  },
  "a due time": async (page) => {
    await row(page, "Apples").hover();
    await row(page, "Apples").locator(".task-actions").getByRole("button", { name: "Set date" }).click();
    await page.getByLabel("Time").focus();
  },
  "the search": (page) => page.getByRole("searchbox", { name: "Search conversations" }).pressSequentially("app"),
  "the empty search": (page) => page.getByRole("searchbox", { name: "Search conversations" }).focus(),
  "a conversation's title": async (page) => {
    const list = page.getByRole("navigation", { name: "Conversations" });
    await list.getByRole("listitem").hover();
    await list.getByRole("button", { name: /^Rename/ }).click();
  },
  "the command menu": async (page) => {
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  },
  "a priority": (page) => row(page, "Apples").getByLabel("Priority").focus(),
};

for (const [name, enter] of Object.entries(FIELDS)) {
  test(`UI-79: Ctrl+Z, Delete and Backspace held down in ${name} change no task`, async ({ home: page }) => {
    await say(page, "/add Apples");
    await say(page, "/add Bread");
    await expect(tasks(page).getByRole("checkbox")).toHaveCount(2);
    const sent = said(page);
    for (const key of KEYS) {
      await enter(page);
      await hold(page, key);
      await page.keyboard.press("Escape");
      // Its content goes with the event that tells of the closing; a key before that would be the dialog's.
      await expect(page.locator("dialog > *")).toHaveCount(0);
    }
    // What is sent next is sent behind all that those keys might have sent.
    await open(page, "/");
    await say(page, "/list");
    expect(sent).toEqual(["/list"]);
    await expect(tasks(page).getByRole("checkbox")).toHaveCount(2);
  });
}

test("UI-79: a field that can be edited in place keeps its keys too", async ({ home: page }) => {
  await say(page, "/add Apples");
  const sent = said(page);
  await page.evaluate(() => {
    const field = document.createElement("div");
    field.contentEditable = "true";
    field.textContent = "Some words";
    document.querySelector("#main")!.append(field);
    field.focus();
  });
  for (const key of [...KEYS, "1", "/", "?"]) await hold(page, key);
  await say(page, "/list");
  expect(sent).toEqual(["/list"]);
});

test("UI-79a: Ctrl+Z outside fields takes back what this tab did, once, and says so", async ({ home: page }) => {
  await say(page, "/add Apples");
  await say(page, "/add Bread");
  await messages(page).focus();
  await hold(page, "Control+z");
  await expect(page.getByRole("status").filter({ hasText: "Undone: Added “\u2068Bread\u2069”" })).toBeVisible();
  await expect(receipt(page, "Deleted", "Bread")).toHaveCount(1);
  await expect(box(page, "Apples")).toBeVisible();

  // The one before it, not the one that was just made.
  await page.keyboard.press("Meta+z");
  await expect(receipt(page, "Deleted", "Apples")).toHaveCount(1);
  await expect(tasks(page).getByText("Nothing on your list")).toBeVisible();
  const sent = said(page);
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("status").filter({ hasText: "Nothing to undo" })).toBeVisible();
  expect(sent).toEqual([]);
});

test("UI-79a: Ctrl+Z right behind a check takes that back, also where a row has the focus", async ({ home: page }) => {
  await say(page, "/add Apples");
  await say(page, "/add Bread");
  await box(page, "Apples").click();
  await page.keyboard.press("Control+z");
  await expect(receipt(page, "Reopened", "Apples")).toHaveCount(1);
  await expect(box(page, "Apples")).not.toBeChecked();
  await expect(box(page, "Bread")).toBeVisible();
});

test("UI-79b: Ctrl+Z takes back nothing older than a minute, and nothing of another tab", async ({ home: page, context }) => {
  await page.clock.install();
  await say(page, "/add Apples");
  const other = await context.newPage();
  await open(other, page.url());
  const sent = said(other);
  await messages(other).focus();
  await other.keyboard.press("Control+z");
  await expect(other.getByRole("status").filter({ hasText: "Nothing to undo" })).toBeVisible();
  expect(sent).toEqual([]);

  await page.clock.fastForward("01:05");
  await messages(page).focus();
  const ours = said(page);
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("status").filter({ hasText: "Nothing to undo" })).toBeVisible();
  expect(ours).toEqual([]);
  await expect(box(page, "Apples")).toBeVisible();
});

test("UI-79c: Delete held down in the list deletes one task", async ({ home: page }) => {
  for (const title of ["Apples", "Bread", "Cheese"]) await say(page, `/add ${title}`);
  const sent = said(page);
  await box(page, "Apples").focus();
  await hold(page, "Delete");
  await expect(receipt(page, "Deleted", "Apples")).toHaveCount(1);
  await expect(box(page, "Bread")).toBeFocused();
  await say(page, "/list");
  expect(sent).toEqual(["/delete #1", "/list"]);
});

test("UI-79d: Enter held down in the message box takes a suggestion and sends nothing", async ({ home: page }) => {
  await say(page, "/add Apples");
  const sent = said(page);
  await composer(page).pressSequentially("/und");
  await expect(page.getByRole("listbox").getByRole("option", { selected: true })).toHaveText(/\/undo/);
  await hold(page, "Enter");
  await expect(composer(page)).toHaveValue("/undo");
  expect(sent).toEqual([]);
});

test("UI-75a: what is typed outside a field before the script is there goes into the message box", async ({ home: page }) => {
  let go = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  await page.route("**/*.wasm", async (route) => {
    await gate;
    await route.continue();
  });
  await page.goto("/");
  await page.keyboard.type("Buy milk");
  await expect(composer(page)).toHaveValue("Buy milk");
  go();
  await expect(page.locator("html[data-ready]")).toBeAttached();
  await expect(composer(page)).toHaveValue("Buy milk");
  await page.unrouteAll();
  await reload(page);
});

test("UI-79e: Ctrl+Z takes back in one step what one message changed, also after a change of one of its tasks", async ({ home: page }) => {
  await say(page, "add: bread tomorrow; butter tomorrow; jam tomorrow");
  await expect(tasks(page).getByRole("checkbox")).toHaveCount(3);
  const before = await tasks(page).getByRole("listitem").allInnerTexts();
  await say(page, "move everything due tomorrow to 2031-12-05");
  await say(page, "yes");
  await expect(tasks(page).getByText("5 Dec 2031")).toHaveCount(3);
  await say(page, "/delete #1");
  await expect(tasks(page).getByRole("checkbox")).toHaveCount(2);
  await tasks(page).getByRole("heading", { name: "Tasks" }).click();
  await page.keyboard.press("Control+z");
  await expect(tasks(page).getByRole("checkbox")).toHaveCount(3);
  await page.keyboard.press("Control+z");
  await expect.poll(() => tasks(page).getByRole("listitem").allInnerTexts()).toEqual(before);
});

test("UI-79f: Ctrl+Z goes past an undo that was said", async ({ home: page }) => {
  await say(page, "/add Apples");
  await say(page, "/done #1");
  await say(page, "undo");
  await expect(box(page, "Apples")).not.toBeChecked();
  const sent = said(page);
  await tasks(page).getByRole("heading", { name: "Tasks" }).click();
  await page.keyboard.press("Control+z");
  await expect(tasks(page).getByRole("checkbox")).toHaveCount(0);
  expect(sent).toEqual(["/delete #1"]);
});
