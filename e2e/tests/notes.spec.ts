// What a message carries beside its words: notes to its receipts, and what may be said next.

import { expect, messages, receipt, reload, say, tasks, test } from "../support/browser.ts";
import { look } from "../support/look.ts";
import { said } from "../support/pane.ts";

test("UI-32a, UI-32b: a receipt says what it doesn't show, and the words that repeat it are for those who listen", async ({ home: page }) => {
  await say(page, "Buy milk");
  await say(page, "Buy milk");
  const milk = receipt(page, "Added", "Buy milk");
  await expect(milk.last()).toContainText("Already on your list");
  await expect(milk.first()).not.toContainText("Already on your list");
  await say(page, "remind me to call Mum tomorrow at 5pm");
  await expect(receipt(page, "Added", "Call Mum")).toContainText("Saydo doesn't notify yet");
  await say(page, "water plants every monday");
  await expect(receipt(page, "Added", "Water plants every monday")).toContainText("Saydo can't repeat tasks yet");
  await reload(page);
  await expect(receipt(page, "Added", "Call Mum")).toContainText("Saydo doesn't notify yet");
  const words = messages(page).getByRole("article").last().locator(".markdown");
  await expect(words).toHaveCount(1);
  expect((await words.boundingBox())!.height).toBeLessThan(2);
});

test("UI-32c: a title that lists several things is split at a click, once", async ({ home: page }) => {
  await say(page, "eggs, bread and butter");
  const sent = said(page);
  const split = messages(page).getByRole("button", { name: "Split into 3" });
  await look(page, "notes", 900);
  await page.setViewportSize({ width: 1440, height: 900 });
  await split.click();
  await expect(tasks(page).getByRole("listitem")).toHaveText([/Eggs/, /Bread/, /Butter/]);
  expect(sent).toEqual([expect.stringMatching(/^\/split #?\d+$/)]);
  await expect(split).toBeHidden();
  await say(page, "undo");
  await expect(tasks(page).getByRole("listitem")).toHaveText([/Eggs, bread and butter/]);
});

test("UI-48a: what may be said next is below the newest answer, and is said at a click", async ({ home: page }) => {
  await say(page, "what's the weather like?");
  const next = messages(page).getByRole("list", { name: "Suggestions" }).getByRole("button");
  await expect(next).toHaveCount(1);
  await look(page, "next", 360);
  await page.setViewportSize({ width: 1440, height: 900 });
  await reload(page);
  await expect(next).toHaveText(/^Add “.*” as a task$/);
  await next.click();
  await expect(tasks(page).getByRole("listitem")).toHaveCount(1);
  await expect(next).toHaveCount(0);
});
