// The page while others change it too: before it is hydrated, and while an answer is written.

import { composer, expect, messages, open, receipt, reload, say, send, signUp, somebody, tasks, test, testWithModel } from "../support/browser.ts";
import { Gate } from "../support/gate.ts";
import { type Change, changePages, translate } from "../support/others.ts";
import { box } from "../support/pane.ts";

const CHANGES: [string, Change[]][] = [
  ["a node first in the body", ["node"]],
  ["an element after each field", ["managers"]],
  ["words in font elements", ["font"]],
  ["all of them", ["node", "managers", "font"]],
];

for (const [name, changes] of CHANGES) {
  test(`UI-95, UI-95a, UI-95b, E2E-18: ${name} before hydration leave one page that works`, async ({ page }) => {
    await changePages(page, changes);
    const isOnePage = async () => {
      for (const part of ["main", "h1"]) await expect(page.locator(part)).toHaveCount(1);
      await expect(page.locator("main font, header font, nav font")).toHaveCount(0);
    };
    await open(page, "/sign-in");
    await expect(page.locator(".extension")).toHaveCount(changes.includes("node") ? 1 : 0);
    await isOnePage();
    await page.getByRole("link", { name: "Create account" }).click();
    await signUp(page, somebody());
    await open(page, "/");
    await isOnePage();
    await say(page, "/add Buy milk");
    await expect(receipt(page, "Added", "Buy milk")).toHaveCount(1);
    await expect(tasks(page).getByRole("checkbox")).toHaveCount(1);
    await reload(page);
    await isOnePage();
    await expect(receipt(page, "Added", "Buy milk")).toHaveCount(1);
    await box(page, "Buy milk").click();
    await expect(receipt(page, "Completed", "Buy milk")).toHaveCount(1);
    await expect(composer(page)).toHaveCount(1);
    await expect(page.getByRole("button", { name: "Send", exact: true })).toHaveCount(1);
  });
}

test("UI-95c: browsers are asked not to translate the page until it reacts", async ({ page, request }) => {
  expect(await (await request.get("/sign-in")).text()).toContain('translate="no"');
  await open(page, "/sign-in");
  await expect(page.locator("html")).not.toHaveAttribute("translate");
});

for (const how of ["replaces", "wraps"] as const) {
  testWithModel(`UI-97, UI-97a, UI-97b, E2E-19: a page that is translated while an answer streams goes on (a translator that ${how} texts)`, async ({ page, model }) => {
    await signUp(page, somebody());
    model.says({ tool: "add_task", arguments: { title: "Eggs" } });
    model.says("Eggs it is.");
    await say(page, "I need eggs");
    const counts = page.locator(".count:visible");
    await expect(counts.first()).toContainText("1");

    const [first, second, third] = [new Gate(), new Gate(), new Gate()];
    model.says(first, { tool: "add_task", arguments: { title: "Flour" } });
    model.says("Bread ", second, "and **butter**", third, ".");
    await send(page, "What else?");
    await expect(page.getByRole("status").filter({ hasText: "Thinking…" })).toBeVisible();
    await translate(page, how);
    first.open();
    const answer = messages(page).locator(".markdown").last();
    await expect(answer).toHaveText("Bread");
    // What the page said it was at is gone, and the counts are the new ones.
    await expect(page.locator(".progress")).toHaveText(/^\s*$/);
    for (const count of await counts.all()) await expect(count).toHaveText(/^\D*2\D*$/);
    await translate(page, how);
    second.open();
    await expect(answer).toHaveText("Bread and butter");
    await translate(page, how);
    third.open();
    await expect(page.getByRole("button", { name: "Send", exact: true })).toBeVisible();
    await expect(answer).toHaveText("Bread and butter.");
    await expect(page.locator(".progress")).toHaveText(/^\s*$/);
    await expect(messages(page).locator("article")).toHaveCount(2);
  });
}
