// The first five minutes of somebody new: what they type without having read anything, and the list that they expect.

import type { Page } from "@playwright/test";
import { expect, messages, say, tasks, test } from "../support/browser.ts";
import { look } from "../support/look.ts";

test.describe.configure({ timeout: 120_000 });

const ZONE = "Europe/Berlin";

/** A task, as `list_tasks` gives it; `due` is a date, or a date and a time on the person's clock. */
interface Expected {
  title: string;
  due?: string;
  priority?: "high";
}

/** Today in the person's zone, and days after it, as ISO dates. */
function dayAfter(days: number): string {
  const day = new Date(Date.now() + days * 86_400_000);
  return new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, dateStyle: "short" }).format(day);
}

/** The next such weekday after today, 0 for Sunday. */
function next(weekday: number): string {
  const days = [1, 2, 3, 4, 5, 6, 7].find((days) => new Date(`${dayAfter(days)}T12:00:00Z`).getUTCDay() === weekday);
  return dayAfter(days ?? 7);
}

/** Each sentence with the tasks that it adds. */
function sentences(): [string, Expected[]][] {
  return [
    ["Buy milk", [{ title: "Buy milk" }]],
    ["call the plumber asap", [{ title: "Call the plumber asap", priority: "high" }]],
    ["water plants every monday", [{ title: "Water plants every monday" }]],
    ["buy: apples, pears", [{ title: "Buy apples" }, { title: "Buy pears" }]],
    ["flour\nyeast\nwalnuts", [{ title: "Flour" }, { title: "Yeast" }, { title: "Walnuts" }]],
    ["read chapter 5 tomorrow", [{ title: "Read chapter 5", due: dayAfter(1) }]],
    ["watch episode 7 on friday", [{ title: "Watch episode 7", due: next(5) }]],
    ["pay invoice 12 tomorrow", [{ title: "Pay invoice 12", due: dayAfter(1) }]],
    ["do workout 3 today", [{ title: "Do workout 3", due: dayAfter(0) }]],
    ["bus 18", [{ title: "Bus 18" }]],
    ["watch Friday the 13th", [{ title: "Watch Friday the 13th" }]],
    ["present for May", [{ title: "Present for May" }]],
    ["order a pizza", [{ title: "Order a pizza" }]],
    ["dentist p1 tomorrow", [{ title: "Dentist", due: dayAfter(1), priority: "high" }]],
    ["eggs, bread and butter", [{ title: "Eggs, bread and butter" }]],
    ["dentist thursday 3pm", [{ title: "Dentist", due: `${next(4)}T15:00` }]],
    ["Meeting with Tom on Friday at 10", [{ title: "Meeting with Tom", due: `${next(5)}T10:00` }]],
  ];
}

/** The list as an assistant of somebody else's reads it, in the order in which it was added. */
async function list(page: Page): Promise<Expected[]> {
  const { token } = (await (await page.request.get("/api/auth/token")).json()) as { token: string };
  // Not the page's own request: tools are for clients without cookies.
  const answer = await fetch(new URL("/mcp", page.url()), {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
      "mcp-protocol-version": "2025-11-25",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "list_tasks", arguments: { limit: 200 } },
    }),
  });
  const { result } = (await answer.json()) as {
    result: { structuredContent: { tasks: { id: number; title: string; due: string | null; priority: string }[] } };
  };
  return result.structuredContent.tasks
    .sort((one, other) => one.id - other.id)
    .map(({ title, due, priority }) => ({
      title,
      ...(due ? { due: due.slice(0, due.includes("T") ? 16 : 10) } : {}),
      ...(priority === "none" ? {} : { priority: priority as "high" }),
    }));
}

/** Whether today is this weekday: a time of it may be today or in a week then. */
function isToday(weekday: number): boolean {
  return new Date(`${dayAfter(0)}T12:00:00Z`).getUTCDay() === weekday;
}

test("E2E-14: what somebody new types becomes the list that they expect", async ({ home: page }) => {
  const expected: Expected[] = [];
  for (const [sentence, added] of sentences()) {
    // "Thursday 3pm" said on a Thursday morning is today.
    if ((sentence.includes("thursday") && isToday(4)) || (sentence.includes("on Friday at") && isToday(5))) continue;
    await say(page, sentence);
    expected.push(...added);
    await expect.poll(() => list(page), { message: sentence }).toEqual(expected);
  }
  await look(page, "first-minutes");
  await expect(tasks(page).getByText("Bus 18")).toBeVisible();
});

test("E2E-15: what is no task adds none, and what is in doubt is asked in one line", async ({ home: page }) => {
  for (const question of [
    "can you repeat tasks?",
    "how do I delete my account?",
    "change my password",
    "export my tasks",
    "turn on dark mode",
    "hello!",
    "what's the weather like?",
    "don't buy milk",
  ]) {
    await say(page, question);
    expect(await list(page), question).toEqual([]);
  }
  await say(page, "asdkjh qwe");
  await expect(messages(page).getByRole("button", { name: "Add", exact: true })).toBeVisible();
  expect(await list(page)).toEqual([]);
  await look(page, "asked");
  await messages(page).getByRole("button", { name: "No", exact: true }).click();
  await expect(messages(page).getByRole("button", { name: "Add", exact: true })).toHaveCount(0);
  expect(await list(page)).toEqual([]);

  await say(page, "comprar leche mañana");
  await messages(page).getByRole("button", { name: "Add", exact: true }).click();
  await expect.poll(async () => (await list(page)).length).toBe(1);
});
