import { composer, expect, messages, open, receipt, reload, say, send, signUp, somebody, test, testWithModel, testWithOwnServer } from "../support/browser.ts";
import { Gate } from "../support/gate.ts";
import { FakeModel } from "../support/model.ts";
import { Saydo } from "../support/saydo.ts";
import { box } from "../support/pane.ts";

testWithModel("UI-50: an answer is spoken once, when it is whole; its pieces are not; what the agent is at is a status", async ({ page, model }) => {
  await signUp(page, somebody());
  // Everything that ever appears inside a live region, as a screen reader would be told.
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(globalThis, { told });
    const note = (region: Element) =>
      new MutationObserver((records) => {
        for (const record of records) {
          for (const node of record.addedNodes) told.push(`${region.getAttribute("role")}: ${node.textContent}`);
        }
      }).observe(region, { childList: true, subtree: true });
    for (const region of document.querySelectorAll("[role=log], [role=status], [role=alert], [aria-live]")) note(region);
  });
  const told = () => page.evaluate(() => (globalThis as unknown as { told: string[] }).told);

  const [first, second] = [new Gate(), new Gate()];
  model.says({ tool: "list_tasks", arguments: {} });
  model.says("Milk ", first, "and **bread**.", second);
  await send(page, "What should I buy?");
  await expect(messages(page).getByText("Milk", { exact: true })).toBeVisible();
  first.open();
  await expect(messages(page).getByText("Milk and bread.", { exact: true })).toBeVisible();
  expect((await told()).filter((line) => line.includes("Milk"))).toEqual([]);
  second.open();
  await expect(page.getByRole("log")).toHaveText("Milk and bread.");
  const lines = await told();
  expect(lines.filter((line) => line.includes("Milk"))).toEqual(["log: Milk and bread."]);
  expect(lines.filter((line) => line.startsWith("alert"))).toEqual([]);
  expect(lines.some((line) => /^status: (Sending|Thinking|Looking)/.test(line))).toBe(true);
});

test("UI-50: landmarks, headings and names lead through the page", async ({ home: page }) => {
  await say(page, "Add a task to buy milk");
  await say(page, "Show me all my tasks");
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - region "Messages":
        - heading "Messages" [level=2]
        - article:
          - heading "You" [level=3]
          - paragraph: Add a task to buy milk
          - heading "Saydo" [level=3]
          - list:
            - listitem:
              - paragraph: "Added Buy milk #1"
              - 'button "Undo: Added Buy milk"'
        - article:
          - heading "You" [level=3]
          - heading "Saydo" [level=3]
      - textbox "Message"
      - button "Send"
      - region "Tasks":
        - heading "Tasks" [level=2]
        - heading "No date" [level=3]
        - list:
          - listitem:
            - checkbox "Buy milk"
            - paragraph:
              - 'button "Edit Buy milk #1"'
            - button "Set date"
            - combobox "Priority"
            - button "Delete Buy milk"
  `);
});

test("UI-50: the focus is not lost when what has it is shown anew", async ({ home: page, context }) => {
  await say(page, "/add Apples");
  await say(page, "/add Bread");
  await box(page, "Bread").focus();
  const other = await context.newPage();
  await open(other, "/");
  await say(other, "/edit #2 Brown bread");
  await say(other, "/due #2 tomorrow");
  await expect(receipt(other, "Changed", "Brown bread")).toHaveCount(2);
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await expect(box(page, "Brown bread")).toBeFocused();
  await expect(composer(page)).not.toBeFocused();
});

testWithOwnServer.describe("a server that dies", () => {
  testWithOwnServer.use({ expected: [/ERR_/, /status of 50[234]/, /net::/] });
  testWithOwnServer.setTimeout(150_000);

  testWithOwnServer("UI-47: an answer that was interrupted is retried, also after a reload", async ({ browser }) => {
    const model = await FakeModel.start();
    const saydo = await Saydo.start(model.settings());
    try {
      const page = await browser.newPage({ baseURL: saydo.origin });
      await signUp(page, somebody());
      const never = new Gate();
      model.says({ tool: "add_task", arguments: { title: "Buy milk" } });
      model.says("It is ", never);
      await send(page, "we are out of milk");
      await expect(receipt(page, "Added", "Buy milk")).toHaveCount(1);
      await expect(messages(page).getByText("It is", { exact: true })).toBeVisible();

      await saydo.killAndStart();
      await reload(page);
      // The dead server's lease lapses.
      await expect(page.getByRole("button", { name: "Try again" })).toBeVisible({ timeout: 90_000 });
      await reload(page);
      await expect(messages(page).getByText("The answer stopped early. Finished steps are kept.")).toBeVisible();
      model.says("Milk is on your list.");
      await page.getByRole("button", { name: "Try again" }).click();
      await expect(messages(page).getByText("Milk is on your list.", { exact: true })).toBeVisible();
      await expect(receipt(page, "Added", "Buy milk")).toHaveCount(1);
      await expect(box(page, "Buy milk")).toHaveCount(1);
      await expect(messages(page).getByText("we are out of milk", { exact: true })).toHaveCount(1);
      never.open();
    } finally {
      await saydo.stop();
      await model.stop();
    }
  });
});
