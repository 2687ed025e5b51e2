import { expect, messages, open, say, test } from "../support/browser.ts";

test("E2E-08: conversations have addresses, and the list, back and forward lead between them", async ({ home: page }) => {
  const list = page.getByRole("navigation", { name: "Conversations" });
  await say(page, "Add a task to buy groceries");
  await expect(page).toHaveURL(/\/c\/\d+$/);
  const first = page.url();

  await list.getByRole("link", { name: "New chat" }).click();
  await expect(page).toHaveURL("/");
  await expect(page.getByText("What needs doing?")).toBeVisible();
  await say(page, "Add a task to call the dentist");
  await expect(page).not.toHaveURL("/");
  const second = page.url();
  expect(second).not.toBe(first);

  const entries = list.getByRole("listitem");
  await expect(entries).toHaveCount(2);
  await list.getByRole("link", { name: /groceries/i }).click();
  await expect(page).toHaveURL(first);
  await expect(messages(page).getByText("Add a task to buy groceries", { exact: true })).toBeVisible();
  await expect(messages(page).getByText("Add a task to call the dentist", { exact: true })).toHaveCount(0);

  await page.goBack();
  await expect(page).toHaveURL(second);
  await expect(messages(page).getByText("Add a task to call the dentist", { exact: true })).toBeVisible();
  await page.goForward();
  await expect(page).toHaveURL(first);
  await expect(messages(page).getByText("Add a task to buy groceries", { exact: true })).toBeVisible();

  await open(page, second);
  await expect(messages(page).getByText("Add a task to call the dentist", { exact: true })).toBeVisible();
});

test.describe("an address of nothing", () => {
  test.use({ expected: [/status of 404/] });

  test("E2E-08: a conversation that is none says so and leads back", async ({ home: page }) => {
    await open(page, "/c/999999999");
    await expect(page.getByText("Conversation not found")).toBeVisible();
    await page.getByRole("main").getByRole("link", { name: "New chat" }).click();
    await expect(page.getByText("What needs doing?")).toBeVisible();
  });
});
