// Toasts leave, and cover nothing.

import type { Page } from "@playwright/test";
import { composer, expect, messages, open, say, tasks, test } from "../support/browser.ts";
import { Gate } from "../support/gate.ts";
import { box } from "../support/pane.ts";

const toast = (page: Page) => page.locator(".toast");

async function deleteConversation(page: Page, title: string): Promise<void> {
  const list = page.getByRole("navigation", { name: "Conversations" });
  await list.getByRole("link", { name: title }).hover();
  await list.getByRole("button", { name: `Delete ${title}` }).click();
  await expect(toast(page)).toBeVisible();
}

test("UI-81: a toast leaves after six seconds, and what it offered can no longer be taken back", async ({ home: page }) => {
  await page.clock.install();
  await say(page, "/add Apples");
  const gone = page.waitForRequest((request) => request.method() === "DELETE");
  await deleteConversation(page, "/add Apples");
  await page.mouse.move(1, 1);
  await page.clock.runFor(5_500);
  await expect(toast(page)).toBeVisible();
  await page.clock.runFor(1_000);
  await expect(toast(page)).toHaveCount(0);
  await gone;
});

test("UI-81c: a toast leaves with the next action", async ({ home: page }) => {
  // Time stands still: no toast leaves by itself.
  await page.clock.install();
  await say(page, "/add Apples");
  await page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: "New chat" }).click();
  await say(page, "/add Bread");
  await deleteConversation(page, "/add Apples");
  await say(page, "/add Cheese");
  await expect(toast(page)).toHaveCount(0);
  await deleteConversation(page, "/add Bread");
  await box(page, "Cheese").click();
  await expect(toast(page)).toHaveCount(0);
});

test("UI-81d: a toast that is pointed at stays", async ({ home: page }) => {
  await page.clock.install();
  await say(page, "/add Apples");
  await deleteConversation(page, "/add Apples");
  await toast(page).hover();
  await page.clock.runFor(13_000);
  await expect(toast(page)).toBeVisible();
  await page.mouse.move(1, 1);
  await page.clock.runFor(6_500);
  await expect(toast(page)).toHaveCount(0);
});

test("UI-81a, UI-81f: a toast sits in the chat's column and covers neither the newest line nor the composer", async ({ home: page }) => {
  for (let times = 0; times < 12; times++) await say(page, `/add Something ${times}`);
  await page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: "New chat" }).click();
  await say(page, "/add Other");
  await page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: "/add Something 0" }).click();
  await expect(messages(page).getByText("/add Something 11", { exact: true })).toBeVisible();
  await deleteConversation(page, "/add Other");
  for (const width of [1440, 900, 360]) {
    await page.setViewportSize({ width, height: 740 });
    await expect(messages(page).getByRole("listitem").last()).toBeInViewport();
    const [it, chat, form] = await Promise.all([toast(page).boundingBox(), page.locator(".chat").boundingBox(), page.locator(".composer").boundingBox()]);
    const newest = await messages(page).getByRole("listitem").last().boundingBox();
    expect(it!.x).toBeGreaterThanOrEqual(chat!.x);
    expect(it!.x + it!.width).toBeLessThanOrEqual(chat!.x + chat!.width);
    expect(it!.y + it!.height).toBeLessThanOrEqual(form!.y);
    expect(it!.y).toBeGreaterThanOrEqual(newest!.y + newest!.height);
  }
});

test("UI-81b: what was deleted elsewhere is no longer offered", async ({ home: page, context }) => {
  await page.clock.install();
  await say(page, "/add Apples");
  await expect(page).toHaveURL(/\/c\/\d+$/);
  const address = page.url();
  const other = await context.newPage();
  await open(other, address);
  await deleteConversation(page, "/add Apples");
  const path = new URL(address).pathname.replace("/c/", "/conversations/");
  const gone = await other.evaluate(async (path) => {
    const { token } = (await (await fetch("/api/auth/token")).json()) as { token: string };
    const { user } = (await (await fetch("/api/auth/get-session")).json()) as { user: { id: string } };
    return (await fetch(`/api/${user.id}${path}`, { method: "DELETE", headers: { authorization: `Bearer ${token}` } })).status;
  }, path);
  expect(gone).toBeLessThan(300);
  await expect(toast(page)).toHaveCount(0);
});

test.describe("a server that refuses", () => {
  test.use({ expected: [/status of 503/] });

  test("UI-81: an alert leaves too, and is seen in the view of tasks on a phone", async ({ home: page }) => {
    await page.clock.install();
    await say(page, "/add Apples");
    await page.route("**/api/*/chat", (route) => route.fulfill({ status: 503, body: "" }));
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole("button", { name: /^Tasks/ }).click();
    await tasks(page).getByRole("checkbox").click();
    await expect(page.getByRole("alert").filter({ hasText: "was not changed" })).toBeVisible();
    await expect(composer(page)).toBeHidden();
    await page.mouse.move(1, 1);
    await page.clock.runFor(6_500);
    await expect(toast(page)).toHaveCount(0);
  });

  test("UI-81e: an alert does not lengthen the time of an offer", async ({ home: page }) => {
    await page.clock.install();
    await say(page, "/add Apples");
    await page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: "New chat" }).click();
    await say(page, "/add Bread");
    const gate = new Gate();
    await page.route("**/api/*/chat", async (route) => {
      await gate.opened;
      await route.fulfill({ status: 503, body: "" });
    });
    await box(page, "Apples").click();
    await deleteConversation(page, "/add Apples");
    await page.mouse.move(1, 1);
    await page.clock.runFor(4_000);
    gate.open();
    const alert = page.getByRole("alert").filter({ hasText: "was not changed" });
    await expect(alert).toBeVisible();
    await page.clock.runFor(2_500);
    await expect(page.getByRole("status").getByRole("button", { name: "Undo" })).toHaveCount(0);
    await expect(alert).toBeVisible();
    await page.clock.runFor(4_000);
    await expect(toast(page)).toHaveCount(0);
  });
});
