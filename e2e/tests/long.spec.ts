import type { Page } from "@playwright/test";
import { composer, expect, fitWindow, messages, open, say, tasks, test } from "../support/browser.ts";
import { seen, watch } from "../support/seen.ts";
import type { Saydo } from "../support/saydo.ts";

test.describe.configure({ timeout: 240_000 });

/** Calls the server as the page's person. Thousands of times: Playwright's own requests would take minutes. */
async function api(page: Page, saydo: Saydo): Promise<(method: string, path: string, body: unknown) => Promise<string>> {
  const { token } = (await (await page.request.get("/api/auth/token")).json()) as { token: string };
  const { user } = (await (await page.request.get("/api/auth/get-session")).json()) as { user: { id: string } };
  const shared = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const mcp = { accept: "application/json, text/event-stream", "mcp-protocol-version": "2025-11-25" };
  return async (method, path, body) => {
    const headers = path === "/mcp" ? { ...shared, ...mcp } : shared;
    const answer = await fetch(saydo.origin + path.replace("{user_id}", user.id), { method, headers, body: JSON.stringify(body) });
    expect(answer.ok).toBe(true);
    return answer.text();
  };
}

/** How long the page takes from a key to the next frame, at worst. */
async function slowestKey(page: Page, text: string): Promise<number> {
  await fitWindow(page);
  await page.evaluate(() => {
    const slow = { worst: 0 };
    Object.assign(globalThis, { slow });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) slow.worst = Math.max(slow.worst, entry.duration);
    }).observe({ type: "event", durationThreshold: 16, buffered: false } as PerformanceObserverInit);
  });
  await composer(page).pressSequentially(text, { delay: 20 });
  await expect(composer(page)).toHaveValue(text);
  return page.evaluate(() => (globalThis as unknown as { slow: { worst: number } }).slow.worst);
}

/**
 * Waits until an element of this class has these words, with one look at each frame. `expect` describes the whole page each
 * time that it looks: with so many rows that takes a second, in which the page does nothing else.
 */
async function shows(page: Page, selector: string, words: string): Promise<void> {
  const has = ([selector, words]: [string, string]) => !!document.querySelector(selector)?.textContent?.includes(words);
  await page.waitForFunction(has, [selector, words] as [string, string]);
}

test("UI-53: two thousand tasks are listed, moved among and changed", async ({ home: page, saydo }) => {
  const call = await api(page, saydo);
  // Not while the page looks on: it would read the list again for each.
  await page.goto("about:blank");
  const add = async (at: number) => {
    const params = { name: "add_task", arguments: { title: `Task number ${at}` } };
    expect(await call("POST", "/mcp", { jsonrpc: "2.0", id: at, method: "tools/call", params })).toContain("created");
  };
  for (let at = 0; at < 2_000; at += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, more) => add(at + more)));
  }
  await open(page, "/");
  await expect(tasks(page).getByText("2000 tasks")).toBeVisible();
  const rows = tasks(page).locator(".task");
  await expect(rows).toHaveCount(200);
  for (let shown = 400; shown <= 2_000; shown += 200) {
    await page.locator("#more-tasks").click();
    await expect(rows).toHaveCount(shown);
  }
  console.log(`2,000 tasks: ${await slowestKey(page, "what is next on my list?")} ms for the slowest key`);
  await composer(page).fill("");

  await rows.first().locator(".task-check").focus();
  await page.keyboard.press("End");
  await expect(rows.last().locator(".task-check")).toBeFocused();
  await page.keyboard.press("Space");
  await shows(page, ".group.is-done summary", "Done");
  await shows(page, ".tasks-head", "1999 open tasks");
  await shows(page, ".receipt.is-completed", "Completed");
});

test("UI-53, UI-77: a long conversation is read page by page, from its end", async ({ home: page, saydo }) => {
  await say(page, "/add Apples");
  await expect(page).toHaveURL(/\/c\/\d+$/);
  const conversation = Number(page.url().split("/").pop());
  const call = await api(page, saydo);
  const chat = (message: string, conversation_id?: number) => call("POST", "/api/{user_id}/chat", { conversation_id, message });
  const rename = (title: string) => call("PATCH", `/api/{user_id}/conversations/${conversation}`, { title });
  const turns = 300;
  await page.goto("about:blank");
  for (let at = 1; at <= turns; at += 1) {
    await chat(`/help ${at}`, conversation);
  }
  // Thirty others push it off the page of the list that is loaded.
  await rename("Fruit");
  for (let at = 0; at < 30; at += 1) {
    await chat("/help");
  }
  await watch(page);
  await open(page, `/c/${conversation}`);
  await expect(page.getByRole("heading", { name: "Fruit", level: 1 })).toBeVisible();
  const listed = page.getByRole("navigation", { name: "Conversations" }).getByRole("listitem");
  await expect(listed).toHaveCount(30);
  await expect(listed.filter({ hasText: "Fruit" })).toHaveCount(0);
  // Its name is told also here, where it is not on the list.
  await rename("Vegetables");
  await expect(page.getByRole("heading", { name: "Vegetables", level: 1 })).toBeVisible();
  const articles = messages(page).getByRole("article");
  await expect(messages(page).getByText(`/help ${turns}`, { exact: true })).toBeInViewport();
  const first = await articles.count();
  expect(first).toBeLessThan(60);
  const more = messages(page).getByRole("button", { name: "Show earlier messages" });
  while (await more.isVisible()) {
    const before = await articles.count();
    await more.click();
    await expect.poll(() => articles.count()).toBeGreaterThan(before);
    if (await more.isVisible()) await expect(more).toBeFocused();
  }
  await expect(messages(page)).toBeFocused();
  await expect(articles).toHaveCount(turns + 1);
  await expect(messages(page).getByText("/add Apples", { exact: true })).toHaveCount(1);
  console.log(`${2 * turns} messages: ${await slowestKey(page, "what is next on my list?")} ms for the slowest key`);
  await composer(page).fill("");

  // One more turn makes another one of those that are not laid out: nothing is seen to move.
  const before = (await seen(page)).shifts.length;
  await say(page, "/help");
  // Its conversation moves to the top of the list, as it should.
  const isInList = ({ moved }: { moved: string[] }) => moved.every((what) => what.startsWith("conversation "));
  expect((await seen(page)).shifts.slice(before).filter((shift) => !isInList(shift))).toEqual([]);
});
