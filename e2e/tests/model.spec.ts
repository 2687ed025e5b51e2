import { composer, expect, messages, receipt, send, signUp, somebody, tasks, testWithModel as test } from "../support/browser.ts";
import { Gate } from "../support/gate.ts";

test("E2E-05: an answer is shown piece by piece and stays as it was", async ({ page, model }) => {
  await signUp(page, somebody());
  const [first, second] = [new Gate(), new Gate()];
  model.says("Milk ", first, "and bread, ", second, "that is **all**.");
  await send(page, "What should I buy?");

  await expect(messages(page).getByText("Milk", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Stop" })).toBeVisible();
  first.open();
  await expect(messages(page).getByText("Milk and bread,", { exact: true })).toBeVisible();
  second.open();
  await expect(messages(page).getByText("Milk and bread, that is all.", { exact: true })).toBeVisible();
  await expect(messages(page).locator("strong", { hasText: "all" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeVisible();
  await expect(page.getByRole("log")).toContainText("Milk and bread, that is all.");
});

test("E2E-05: the tools that the model calls are done and shown as they happen", async ({ page, model }) => {
  await signUp(page, somebody());
  const gate = new Gate();
  model.says({ tool: "add_task", arguments: { title: "Buy milk" } });
  model.says(gate, "Milk is on your list.");
  await send(page, "we are out of milk");

  await expect(receipt(page, "Added", "Buy milk")).toHaveCount(1);
  await expect(tasks(page).getByRole("listitem").filter({ hasText: "Buy milk" })).toHaveCount(1);
  gate.open();
  await expect(messages(page).getByText("Milk is on your list.", { exact: true })).toBeVisible();
});

test("E2E-06: Stop ends the answer and keeps what was written", async ({ page, model }) => {
  await signUp(page, somebody());
  const never = new Gate();
  model.says("First, breathe. ", never, "Then panic.");
  await send(page, "I have too much to do");
  await expect(messages(page).getByText("First, breathe.", { exact: true })).toBeVisible();

  await page.getByRole("button", { name: "Stop" }).click();
  await expect(messages(page).getByText("Stopped. Finished steps are kept.")).toBeVisible();
  await expect(messages(page).getByText("First, breathe.", { exact: true })).toBeVisible();

  model.says("Good.");
  await send(page, "Thanks");
  await expect(messages(page).getByText("Good.", { exact: true })).toBeVisible();
  never.open();
  await expect(messages(page).getByText("Then panic.")).toHaveCount(0);
});

test.describe("a model that fails", () => {
  test.use({ expected: [/status of 50[24]/] });

  test("E2E-07: the error offers Retry, and the retry answers the one message", async ({ page, model }) => {
    await signUp(page, somebody());
    model.fails(500);
    await send(page, "What should I buy?");
    await expect(page.getByRole("alert").filter({ hasText: "No answer" })).toBeVisible();
    await expect(messages(page).getByText("What should I buy?", { exact: true })).toHaveCount(1);

    model.works();
    model.says("Milk.");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(messages(page).getByText("Milk.", { exact: true })).toBeVisible();
    await expect(messages(page).getByText("What should I buy?", { exact: true })).toHaveCount(1);
    await expect(page.getByRole("alert").filter({ hasText: "No answer" })).toHaveCount(0);
    await expect(composer(page)).toHaveValue("");

    const last = model.requests.at(-1)?.messages.filter((message) => message.role === "user") ?? [];
    expect(last).toHaveLength(1);
  });
});
