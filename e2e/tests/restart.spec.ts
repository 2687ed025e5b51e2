import {
  expect,
  messages,
  ready,
  receipt,
  say,
  signUp,
  somebody,
  tasks,
  testWithOwnServer as test,
} from "../support/browser.ts";

test("E2E-02: after the server is killed and started again the conversation is the same", async ({ page, saydo }) => {
  await signUp(page, somebody());
  await say(page, "Add a task to buy groceries");
  await say(page, "Show me all my tasks");
  await expect(messages(page)).toContainText("Show me all my tasks");
  const before = await messages(page).innerText();
  const list = await tasks(page).innerText();
  const address = page.url();

  // Away from the page, so that nothing of it asks while there is nobody to answer.
  await page.goto("about:blank");
  await saydo.killAndStart();
  await page.goto(address);
  await ready(page);

  await expect(messages(page)).toContainText("Show me all my tasks");
  await expect(receipt(page, "Added", "buy groceries")).toHaveCount(1);
  // Not what the server wrote first: what the page has read.
  await expect(page.locator("section.early")).toHaveCount(0);
  expect(await messages(page).innerText()).toBe(before);
  await expect(tasks(page).getByRole("listitem")).toHaveCount(1);
  expect(await tasks(page).innerText()).toBe(list);
});
