// What the page says while the agent shows nothing, and of what the model thought.

import { expect, messages, reload, send, signUp, somebody, testWithModel as test } from "../support/browser.ts";
import { Gate } from "../support/gate.ts";

test("UI-94, UI-94a, UI-94b: while nothing else shows, the page says that the agent thinks, and for how long", async ({ page, model }) => {
  await page.clock.install();
  await signUp(page, somebody());
  const [thought, tool, written] = [new Gate(), new Gate(), new Gate()];
  model.says(thought, { tool: "list_tasks", arguments: {} });
  model.says(tool, "Milk ", written, "and bread.");
  await send(page, "What should I buy?");
  const status = page.getByRole("status").filter({ hasText: "Thinking…" });
  const progress = page.locator(".progress");
  await expect(status).toBeVisible();
  await page.clock.fastForward(12_000);
  await expect(progress).toHaveText(/^Thinking… 1\d s$/);
  // Who listens hears it once.
  await expect(status).toHaveText("Thinking…");
  thought.open();
  await expect(progress).toHaveText(/^Found 0 tasks\s*$/);
  await page.clock.fastForward(5_000);
  await expect(progress).toHaveText(/^Thinking… [5-9] s$/);
  tool.open();
  await expect(messages(page).getByText("Milk", { exact: true })).toBeVisible();
  await expect(progress).toHaveText(/^\s*$/);
  written.open();
  await expect(messages(page).getByText("Milk and bread.")).toBeVisible();
  await expect(progress).toHaveText(/^\s*$/);
});

test("UI-94c: how long the model thought is said below its answer, live and after a reload", async ({ page, model }) => {
  await signUp(page, somebody());
  const gate = new Gate();
  model.says({ reasoning: "They ask for food. " }, gate, { reasoning: "Bread, then." }, "Bread.");
  await send(page, "What should I buy?");
  await expect(page.getByRole("status").filter({ hasText: "Thinking…" })).toBeVisible();
  gate.open();
  await expect(messages(page).getByText("Bread.", { exact: true })).toBeVisible();
  for (const again of [false, true]) {
    if (again) await reload(page);
    await expect(messages(page).getByText(/^Thought for \d+ s$/)).toBeVisible();
    await expect(messages(page).getByText("They ask for food.")).toHaveCount(0);
  }
});
