// What is said and done in one tab is seen in the others, while it happens.

import { beginAnswer, composer, expect, messages, open, receipt, say, signIn, signOut, signUp, somebody, tasks, test, testWithModel } from "../support/browser.ts";
import { row } from "../support/pane.ts";

testWithModel("UI-54: an answer streams in every tab that shows its conversation", async ({ page, context, model }) => {
  await signUp(page, somebody());
  model.says("Hello.");
  await say(page, "Hello");
  const other = await context.newPage();
  await open(other, page.url());
  await expect(messages(other).getByText("Hello.")).toBeVisible();

  const gate = await beginAnswer(page, model);
  await expect(messages(other).getByText("What should I buy?")).toBeVisible();
  await expect(messages(other).getByText("Bread")).toBeVisible();
  await expect(other.getByRole("button", { name: "Stop" })).toBeVisible();
  gate.open();
  for (const tab of [page, other]) {
    await expect(messages(tab).getByText("Bread and butter.")).toHaveCount(1);
    await expect(tab.getByRole("button", { name: "Send", exact: true })).toBeVisible();
    await expect(messages(tab).getByText("What should I buy?")).toHaveCount(1);
  }
});

testWithModel("UI-54: a turn is stopped from another tab", async ({ page, context, model }) => {
  await signUp(page, somebody());
  await beginAnswer(page, model);
  await expect(page).toHaveURL(/\/c\/\d+$/);
  const other = await context.newPage();
  await open(other, page.url());
  await other.getByRole("button", { name: "Stop" }).click();
  for (const tab of [page, other]) {
    await expect(messages(tab).getByText("Stopped")).toHaveCount(1);
    await expect(tab.getByRole("button", { name: "Send", exact: true })).toBeVisible();
  }
});

test("UI-54: the list is the same in every tab, whatever it shows", async ({ home: page, context }) => {
  await say(page, "/add Apples");
  const other = await context.newPage();
  await open(other, "/");
  const apples = tasks(other).getByRole("checkbox", { name: "Apples" });
  await expect(apples).toBeVisible();
  await composer(other).fill("half a thought");

  await say(page, "/add Bread");
  await expect(tasks(other).getByRole("checkbox", { name: "Bread" })).toBeVisible();
  await apples.click();
  await expect(receipt(other, "Completed", "Apples")).toHaveCount(1);
  await expect(tasks(page).getByText("1 open task")).toBeVisible();
  await expect(composer(other)).toHaveValue("half a thought");
  // What is typed into a row stays where its task changes elsewhere.
  await tasks(other).getByRole("button", { name: "Edit Bread" }).click();
  const field = tasks(other).getByRole("textbox", { name: "Title" });
  await field.fill("Rye b");
  await say(page, "/priority #2 high");
  await expect(receipt(page, "Changed", "Bread")).toHaveCount(1);
  await expect(tasks(page).getByRole("combobox", { name: "Priority" })).toHaveValue("high");
  await say(page, "/add Cheese");
  await expect(tasks(other).getByRole("checkbox", { name: "Cheese" })).toBeVisible();
  await expect(field).toHaveValue("Rye b");
  await field.pressSequentially("read");
  await field.press("Enter");
  await expect(tasks(page).getByRole("checkbox", { name: "Rye bread" })).toBeVisible();
  await expect(row(other, "Rye bread").getByRole("combobox", { name: "Priority" })).toHaveValue("high");
  // Each has the other's conversation in its list.
  const list = (tab: typeof page) => tab.getByRole("navigation", { name: "Conversations" }).getByRole("listitem");
  await expect(list(page)).toHaveCount(2);
  await expect(list(other)).toHaveCount(2);
});

test("UI-54: conversations have the same name in every tab, and end in all of them", async ({ home: page, context }) => {
  await say(page, "/add Apples");
  await expect(page).toHaveURL(/\/c\/\d+$/);
  const other = await context.newPage();
  await open(other, page.url());
  const list = page.getByRole("navigation", { name: "Conversations" });
  await list.getByRole("listitem").hover();
  await list.getByRole("button", { name: "Rename /add Apples" }).click();
  const title = list.getByRole("textbox", { name: "Title" });
  await title.fill("Fruit");
  await title.press("Enter");
  await expect(other.getByRole("heading", { name: "Fruit", level: 1 })).toBeVisible();

  await list.getByRole("listitem").hover();
  await list.getByRole("button", { name: "Delete Fruit" }).click();
  await page.getByRole("status").getByRole("button", { name: "Dismiss" }).click();
  await expect(messages(other).getByText("Conversation not found", { exact: true })).toBeVisible();
  await expect(other.getByRole("navigation", { name: "Conversations" }).getByRole("listitem")).toHaveCount(0);
});

test("UI-72: who signs out or in in one tab has done so in all", async ({ home: page, context, person }) => {
  await say(page, "/add Buy milk");
  await composer(page).fill("half a thought");
  const other = await context.newPage();
  await open(other, "/");
  await signOut(other);
  await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
  await expect(page.getByText("Buy milk")).toHaveCount(0);
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain("half a thought");

  await signUp(other, somebody());
  await expect(composer(page)).toBeVisible();
  await say(page, "/add Water the plants");
  await expect(tasks(other).getByRole("checkbox", { name: "Water the plants" })).toBeVisible();
  await expect(tasks(page).getByRole("checkbox", { name: "Buy milk" })).toHaveCount(0);

  // Somebody else signs in, where nobody signed out.
  await expect(tasks(page).getByRole("checkbox", { name: "Water the plants" })).toBeVisible();
  await context.clearCookies();
  const third = await context.newPage();
  await open(third, "/sign-in");
  await signIn(third, person);
  for (const tab of [page, other]) {
    await expect(tasks(tab).getByRole("checkbox", { name: "Buy milk" })).toBeVisible();
    await expect(tasks(tab).getByRole("checkbox", { name: "Water the plants" })).toHaveCount(0);
  }
});

test("UI-72: who signs in again where a session ended goes on in all tabs", async ({ home: page, context, person }) => {
  await say(page, "/add Buy milk");
  const other = await context.newPage();
  await open(other, "/");
  await context.clearCookies();
  for (const tab of [page, other]) {
    await open(tab, "/");
    await expect(tab.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
  }
  await signIn(page, person);
  await expect(tasks(other).getByRole("checkbox", { name: "Buy milk" })).toBeVisible();
});

test("UI-49: what is deleted in one tab stays so when the person signs out in another", async ({ home: page, context, person }) => {
  await say(page, "/add Buy milk");
  const other = await context.newPage();
  await open(other, "/");
  const list = other.getByRole("navigation", { name: "Conversations" });
  await list.getByRole("link", { name: "/add Buy milk" }).hover();
  await list.getByRole("button", { name: "Delete /add Buy milk" }).click();
  await signOut(page);
  await expect(other.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
  const gone = other.waitForResponse((answer) => answer.request().method() === "DELETE");
  await signIn(page, person);
  expect((await gone).status()).toBe(204);
  await open(page, "/");
  await expect(page.getByText("No conversations yet")).toBeVisible();
});
