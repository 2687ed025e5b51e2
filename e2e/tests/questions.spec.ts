import { composer, expect, messages, open, receipt, reload, say, tasks, test } from "../support/browser.ts";
import { group } from "../support/pane.ts";

/** Asks for something that has to be confirmed. */
async function ask(page: Parameters<typeof say>[0]): Promise<void> {
  for (const title of ["Apples", "Bread", "Cheese"]) {
    await say(page, `/add ${title}`);
  }
  await say(page, "delete everything");
}

test("UI-45: a confirmation is answered at a click, and then it is settled", async ({ home: page }) => {
  await ask(page);
  const card = messages(page).locator(".card");
  await expect(messages(page).getByRole("article").last().getByRole("listitem")).toHaveText(["#1 Apples", "#2 Bread", "#3 Cheese"]);
  await card.getByRole("button", { name: "Yes, do it" }).click();
  await expect(receipt(page, "Deleted", "Cheese")).toHaveCount(1);
  await expect(card.getByText("This question is settled.")).toBeVisible();
  await expect(card.getByRole("button")).toHaveCount(0);
  await expect(tasks(page).getByText("Nothing on your list")).toBeVisible();
});

test("UI-45: a confirmation is answered by a digit or in words, also after a reload", async ({ home: page }) => {
  await ask(page);
  const card = messages(page).locator(".card");
  await expect(card.getByRole("button", { name: "Yes, do it" })).toBeVisible();
  await reload(page);
  await expect(card.getByRole("button", { name: "Yes, do it" })).toBeVisible();
  await messages(page).focus();
  await page.keyboard.press("2");
  await expect(card.getByText("This question is settled.")).toBeVisible();
  await expect(tasks(page).getByRole("listitem")).toHaveCount(3);

  await say(page, "delete everything");
  await expect(card.last().getByRole("button", { name: "Yes, do it" })).toBeVisible();
  await say(page, "only the first two");
  await expect(receipt(page, "Deleted", "Bread")).toHaveCount(1);
  await expect(tasks(page).getByRole("listitem")).toHaveCount(1);
  await expect(card.getByRole("button")).toHaveCount(0);
});

test("UI-45: a choice is answered at a click, and by a digit after a reload", async ({ home: page }) => {
  for (const title of ["Write the report", "Send the report", "Read the report"]) {
    await say(page, `/add ${title}`);
  }
  await say(page, "delete the report");
  const options = messages(page).getByRole("list", { name: "Choices" }).getByRole("button");
  await expect(options).toHaveCount(3);
  await options.filter({ hasText: "Send the report" }).click();
  await expect(receipt(page, "Deleted", "Send the report")).toHaveCount(1);
  await expect(options).toHaveCount(0);

  await say(page, "finish the report");
  await expect(options).toHaveCount(2);
  await reload(page);
  await expect(options).toHaveCount(2);
  const first = (await options.first().textContent())?.includes("Write") ? "Write the report" : "Read the report";
  await messages(page).focus();
  await page.keyboard.press("1");
  await expect(receipt(page, "Completed", first)).toHaveCount(1);
  await expect(tasks(page).getByText("1 open task")).toBeVisible();
});

test("UI-46: a confirmation whose time is over says so", async ({ home: page }) => {
  await page.clock.install();
  await ask(page);
  const card = messages(page).locator(".card");
  await expect(card.getByRole("button", { name: "Yes, do it" })).toBeVisible();
  await page.clock.fastForward("11:00");
  await expect(card.getByText("This question has lapsed. Nothing was changed.")).toBeVisible();
  await expect(card.getByRole("button")).toHaveCount(0);
});

test("UI-48: a new chat begins with prompts that know the list", async ({ home: page }) => {
  await say(page, "/add Pay rent yesterday");
  await say(page, "/due #1 2020-01-31");
  await say(page, "/add Call Mum today");
  await open(page, "/");
  const prompts = page.getByRole("list", { name: "Things to say" }).getByRole("button");
  await expect(prompts).toHaveText([/^1 overdue: reschedule for tomorrow\?$/, /^1 due today: show$/, /^Add a task called…$/, /^Remind me tomorrow to…$/]);
  await prompts.first().click();
  await expect(receipt(page, "Changed", "Pay rent")).toHaveCount(1);
  await expect(group(page, "Overdue")).toHaveCount(0);
  await expect(composer(page)).toHaveValue("");
});
