import { expect, messages, receipt, reload, say, signUp, somebody, tasks, test } from "../support/browser.ts";

test("E2E-01: what is said becomes a task, with a receipt, and is there after a reload", async ({ page }) => {
  await signUp(page, somebody());
  await say(page, "Add a task to buy groceries");

  const shown = async () => {
    await expect(receipt(page, "Added", "buy groceries")).toHaveCount(1);
    await expect(tasks(page).getByRole("listitem").filter({ hasText: /buy groceries/i })).toHaveCount(1);
    await expect(messages(page).getByText("Add a task to buy groceries", { exact: true })).toHaveCount(1);
  };
  await shown();
  await expect(page).toHaveURL(/\/c\/\d+$/);
  await reload(page);
  await shown();
});
