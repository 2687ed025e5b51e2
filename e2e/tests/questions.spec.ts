import { composer, expect, messages, open, receipt, reload, say, tasks, test } from "../support/browser.ts";
import { group, said } from "../support/pane.ts";

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
  await card.getByRole("button", { name: "Delete 3 tasks" }).click();
  await expect(receipt(page, "Deleted", "Cheese")).toHaveCount(1);
  await expect(card.getByText("You said yes.")).toBeVisible();
  await expect(card.getByRole("button")).toHaveCount(0);
  await expect(tasks(page).getByText("Nothing on your list")).toBeVisible();
});

test("UI-45: a confirmation is answered by Escape or in words, also after a reload", async ({ home: page }) => {
  await ask(page);
  const card = messages(page).locator(".card");
  await expect(card.getByRole("button", { name: "Delete 3 tasks" })).toBeVisible();
  await reload(page);
  await expect(card.getByRole("button", { name: "Delete 3 tasks" })).toBeVisible();
  await messages(page).focus();
  await page.keyboard.press("Escape");
  await expect(card.getByText("You said no.")).toBeVisible();
  await expect(tasks(page).getByRole("listitem")).toHaveCount(3);

  await say(page, "delete everything");
  await expect(card.last().getByRole("button", { name: "Delete 3 tasks" })).toBeVisible();
  await say(page, "only the first two");
  await expect(receipt(page, "Deleted", "Bread")).toHaveCount(1);
  await expect(tasks(page).getByRole("listitem")).toHaveCount(1);
  await expect(card.last().getByText("You said “\u2068only the first two\u2069”.")).toBeVisible();
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

test("UI-45a: no single key outside a field deletes, and the buttons show their keys only where these work", async ({ home: page }) => {
  await ask(page);
  const sent = said(page);
  const buttons = messages(page).locator(".card").last().getByRole("button");
  await expect(buttons).toHaveText(["Delete 3 tasks", /^Keep them\s*Esc$/]);
  for (const key of ["1", "2", "y", "Enter", " "]) {
    await messages(page).focus();
    await page.keyboard.press(key);
  }
  await composer(page).fill("");
  await messages(page).focus();
  await page.keyboard.press("Escape");
  await expect(messages(page).getByText("You said no.")).toBeVisible();
  expect(sent).toEqual(["no"]);
});

test("UI-45a: no key answers a choice what to delete, whether it was asked for in words or by a command", async ({ home: page }) => {
  for (const title of ["Write the report", "Send the report"]) await say(page, `/add ${title}`);
  const sent = said(page);
  const asks = ["delete the report", "/delete report"];
  for (const ask of asks) {
    await say(page, ask);
    const options = messages(page).locator(".card").last().getByRole("button");
    await expect(options).toHaveCount(2);
    await expect(options.locator("kbd")).toHaveCount(0);
    for (const key of ["1", "2", "y", "Enter", " "]) {
      await messages(page).focus();
      await page.keyboard.press(key);
    }
    await composer(page).fill("");
    await expect(options).toHaveCount(2);
  }
  expect(sent).toEqual(asks);
});

test("UI-45a, UI-45d: a digit does not choose what to delete, and a typed one does", async ({ home: page }) => {
  for (const title of ["Write the report", "Send the report"]) await say(page, `/add ${title}`);
  await say(page, "delete the report");
  const options = messages(page).getByRole("list", { name: "Choices" }).getByRole("button");
  await expect(options).toHaveCount(2);
  await expect(options.locator("kbd")).toHaveCount(0);
  const sent = said(page);
  await messages(page).focus();
  await page.keyboard.press("1");
  // It leads to the message box, like any other character.
  await expect(composer(page)).toHaveValue("1");
  expect(sent).toEqual([]);
  await page.keyboard.press("Enter");
  await expect(messages(page).getByRole("listitem").filter({ hasText: "Deleted" })).toHaveCount(1);
  expect(sent).toEqual(["1"]);
  await expect(messages(page).getByText(/^You chose “/)).toBeVisible();
});

test("UI-45b: in the message box an answer counts when it is sent", async ({ home: page }) => {
  await ask(page);
  const sent = said(page);
  await composer(page).pressSequentially("n");
  await expect(messages(page).locator(".card").getByRole("button")).toHaveCount(2);
  expect(sent).toEqual([]);
  await page.keyboard.press("Enter");
  await expect(messages(page).getByText("You said no.")).toBeVisible();
  await say(page, "delete everything");
  await composer(page).pressSequentially("y");
  await page.keyboard.press("Enter");
  await expect(tasks(page).getByText("Nothing on your list")).toBeVisible();
  expect(sent).toEqual(["no", "delete everything", "yes"]);
});

test("UI-45c: Escape closes what is open before it says no", async ({ home: page }) => {
  await ask(page);
  const sent = said(page);
  const open = messages(page).locator(".card").getByRole("button");
  await composer(page).pressSequentially("/d");
  await expect(page.getByRole("listbox", { name: "Suggestions" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("listbox", { name: "Suggestions" })).toBeHidden();
  await composer(page).fill("");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.getByRole("button", { name: "Account" }).click();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Sign out" })).toBeHidden();
  await tasks(page).getByRole("button", { name: "Edit Apples" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveCount(0);
  await page.getByRole("searchbox", { name: "Search conversations" }).fill("app");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("searchbox", { name: "Search conversations" })).toHaveValue("");
  await tasks(page).getByRole("listitem").first().hover();
  await tasks(page).getByRole("button", { name: "Set date" }).first().click();
  await expect(page.getByLabel("Date", { exact: true })).toBeFocused();
  await messages(page).focus();
  await page.keyboard.press("Escape");
  await expect(page.getByLabel("Date", { exact: true })).toHaveCount(0);
  await expect(open).toHaveCount(2);
  expect(sent).toEqual([]);

  await composer(page).focus();
  await page.keyboard.press("Escape");
  await expect(messages(page).getByText("You said no.")).toBeVisible();
  expect(sent).toEqual(["no"]);
});

test("UI-45e: an offer to add a task is two buttons in one line, also on a phone and after a reload", async ({ home: page }) => {
  await say(page, "asdkjh qwe");
  const answers = messages(page).getByRole("list", { name: "Choices" }).getByRole("button");
  await expect(answers).toHaveText([/^Add/, /^No/]);
  await reload(page);
  await expect(answers).toHaveText([/^Add/, /^No/]);
  for (const width of [1440, 360]) {
    await page.setViewportSize({ width, height: 740 });
    const [add, no] = [(await answers.first().boundingBox())!, (await answers.last().boundingBox())!];
    expect(add.y).toBe(no.y);
    expect(no.x).toBeGreaterThan(add.x + add.width);
  }
  const sent = said(page);
  await messages(page).focus();
  await page.keyboard.press("2");
  await expect(messages(page).getByText("You said no.")).toBeVisible();
  expect(sent).toEqual(["no"]);
  await say(page, "asdkjh qwe");
  await answers.first().click();
  await expect(receipt(page, "Added", "Asdkjh qwe")).toHaveCount(1);
  await expect(messages(page).getByText("You said yes.")).toBeVisible();
});

test("UI-23a: a question is there after its events are gone, and settled ones say how they were answered", async ({ home: page }) => {
  for (const title of ["Write the report", "Send the report"]) await say(page, `/add ${title}`);
  await say(page, "delete the report");
  const options = messages(page).getByRole("list", { name: "Choices" }).getByRole("button");
  await options.filter({ hasText: "Send the report" }).click();
  await expect(receipt(page, "Deleted", "Send the report")).toHaveCount(1);
  await say(page, "delete everything");
  await say(page, "no");
  await say(page, "asdkjh qwe");
  await page.route("**/api/*/conversations/*/events", (route) => route.abort());
  await reload(page);
  await expect(messages(page).getByText(/^You chose “.Send the report/)).toBeVisible();
  await expect(options).toHaveText([/^Add/, /^No/]);
});

test("UI-46: a confirmation whose time is over says so", async ({ home: page }) => {
  await page.clock.install();
  await ask(page);
  const card = messages(page).locator(".card");
  await expect(card.getByRole("button", { name: "Delete 3 tasks" })).toBeVisible();
  await page.clock.fastForward("11:00");
  await expect(card.getByText("No longer valid.")).toBeVisible();
  await expect(card.getByRole("button")).toHaveCount(0);
});

test("UI-48: a new chat begins with prompts that know the list", async ({ home: page }) => {
  await say(page, "/add Pay rent yesterday");
  await say(page, "/due #1 2020-01-31");
  await say(page, "/add Call Mum today");
  await open(page, "/");
  const prompts = page.getByRole("list", { name: "Things to say" }).getByRole("button");
  await expect(prompts).toHaveText([/^Move 1 overdue to tomorrow$/, /^Show today \(1\)$/, /^Add a task called…$/, /^Remind me tomorrow to…$/]);
  await prompts.first().click();
  await expect(receipt(page, "Changed", "Pay rent")).toHaveCount(1);
  await expect(group(page, "Overdue")).toHaveCount(0);
  await expect(composer(page)).toHaveValue("");
});
