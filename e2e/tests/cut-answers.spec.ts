// Answers that end before their end.

import { composer, expect, messages, reload, send, signUp, somebody, testWithModel as test } from "../support/browser.ts";

test("UI-93, UI-93b, UI-93e, E2E-17: an answer that was cut off says so, and is continued at a click", async ({ page, model }) => {
  await signUp(page, somebody());
  model.says("Bread, butt", { finish: "length" });
  await send(page, "What should I buy?");
  const cut = messages(page).getByText("The answer was cut off.");
  const button = messages(page).getByRole("button", { name: "Continue" });
  await expect(cut).toBeVisible();
  await expect(page.getByRole("log")).toContainText("The answer was cut off.");
  await expect(button).toBeVisible();
  await reload(page);
  await expect(cut).toBeVisible();
  model.says("er and eggs.");
  await button.click();
  await expect(messages(page).getByText("er and eggs.")).toBeVisible();
  await expect(messages(page).locator(".bubble")).toHaveText(["What should I buy?", "Continue"]);
  await expect(cut).toHaveCount(1);
  await expect(button).toHaveCount(0);
  await expect(composer(page)).toBeFocused();
});

test("UI-93a, UI-93c: an answer whose rest was withheld says so, and is not continued", async ({ page, model }) => {
  await signUp(page, somebody());
  model.says("To do that, take", { finish: "content_filter" });
  await send(page, "How do I do that?");
  for (const again of [false, true]) {
    if (again) await reload(page);
    await expect(messages(page).getByText("The rest was withheld by the model's content filter.")).toBeVisible();
    await expect(messages(page).getByRole("button", { name: "Continue" })).toHaveCount(0);
  }
});
