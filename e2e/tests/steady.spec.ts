// How steady and how quick the page is under a person's hands.

import { composer, expect, fitWindow, messages, receipt, reload, say, send, signUp, somebody, tasks, test, testWithModel } from "../support/browser.ts";
import { Gate, hold } from "../support/gate.ts";
import { isUnasked, seen, watch } from "../support/seen.ts";

/** Interaction to Next Paint: the slowest, but for one in fifty. */
function inp(took: Record<number, number>): number {
  const slowest = Object.values(took).sort((one, other) => other - one);
  return slowest[Math.floor(slowest.length / 50)] ?? 0;
}

test("UI-70: nothing moves by itself while a person uses the page, and each interaction is drawn", async ({ page }) => {
  await watch(page);
  await fitWindow(page);
  await signUp(page, somebody());
  const answers = messages(page).locator(".answer:has(.markdown)");
  const said = ["Remind me to call the dentist tomorrow at 5pm", "/add Pay rent", "change task 1 to 'Call Dr. Smith'", "what's on my list?", "delete everything", "no"];
  for (const [at, words] of said.entries()) {
    await composer(page).pressSequentially(words, { delay: 15 });
    await composer(page).press("Enter");
    // Its answer is there, and has ended.
    await expect(answers).toHaveCount(at + 1);
    await expect(page.getByRole("button", { name: "Send", exact: true })).toBeVisible();
  }
  await expect(messages(page).getByText("You said no.")).toBeVisible();
  await tasks(page).getByRole("checkbox", { name: "Pay rent" }).click();
  await tasks(page).getByRole("button", { name: "Edit Call Dr. Smith" }).click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  await page.keyboard.type("dark");
  await page.keyboard.press("Enter");
  await expect(page.locator("html[data-theme=dark]")).toBeAttached();
  await page.getByRole("button", { name: "Account" }).click();
  await page.keyboard.press("Escape");
  await composer(page).pressSequentially("/l", { delay: 15 });
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  // The row that was checked has gone where it belongs.
  await expect(tasks(page).locator(".is-staying")).toHaveCount(0);
  const { took, shifts } = await seen(page);
  expect(Object.keys(took).length).toBeGreaterThan(10);
  expect(shifts.filter(isUnasked)).toEqual([]);
  console.log(`INP ${inp(took)} ms, slowest ${Math.max(...Object.values(took))} ms, of ${Object.keys(took).length} interactions`);

  // Loading a conversation moves nothing either.
  await reload(page);
  await expect(answers).toHaveCount(said.length + 1);
  await say(page, "thanks");
  expect((await seen(page)).shifts.filter(isUnasked)).toEqual([]);
});

testWithModel("UI-70: an answer that takes its time moves nothing that is read", async ({ page, model }) => {
  await watch(page);
  await signUp(page, somebody());
  // With space left, and at the end of what can be scrolled.
  for (const title of ["Apples", "Bread", "Cheese", "Dates", "Eggs", "Figs"]) {
    const [called, told] = [new Gate(), new Gate()];
    model.says(called, { tool: "add_task", arguments: { title } });
    model.says(told, `${title} it is.`);
    await send(page, `I need ${title}`);
    // What follows an input within half a second counts as asked for.
    await page.waitForTimeout(700);
    called.open();
    await expect(receipt(page, "Added", title)).toBeVisible();
    await expect(page.getByRole("button", { name: "Stop" })).toBeVisible();
    told.open();
    await expect(messages(page).getByText(`${title} it is.`)).toBeVisible();
    await expect(page.getByRole("button", { name: "Send", exact: true })).toBeVisible();
  }
  await expect(messages(page).getByText("I need Apples", { exact: true })).not.toBeInViewport();
  await page.waitForTimeout(100);
  expect((await seen(page)).shifts.filter(isUnasked)).toEqual([]);
});

test("UI-70: a conversation moves to the top when something is said in it, not when it is answered", async ({ home: page }) => {
  await say(page, "/add Apples");
  const list = page.getByRole("navigation", { name: "Conversations" });
  await list.getByRole("link", { name: "New chat" }).click();
  await say(page, "/add Bread");
  await expect(list.getByRole("listitem")).toHaveText([/Bread/, /Apples/]);
  await list.getByRole("link", { name: "/add Apples" }).click();
  await expect(messages(page).getByText("/add Apples", { exact: true })).toBeVisible();
  const gate = await hold(page, /\/chat$/);
  await composer(page).fill("/add Pears");
  await composer(page).press("Enter");
  await expect(list.getByRole("listitem")).toHaveText([/Apples/, /Bread/]);
  gate.open();
  await expect(tasks(page).getByText("Pears")).toBeVisible();
});
