import { composer, expect, messages, receipt, say, send, signUp, somebody, test, testWithModel } from "../support/browser.ts";
import { Gate } from "../support/gate.ts";
import { said } from "../support/pane.ts";

test("UI-37c, UI-37j: the command that the arrows choose is in view", async ({ home: page }) => {
  await composer(page).pressSequentially("/");
  const options = page.getByRole("listbox", { name: "Suggestions" }).getByRole("option");
  await expect(options).toHaveCount(15);
  await page.keyboard.press("ArrowUp");
  await expect(options.last()).toHaveAttribute("aria-selected", "true");
  await expect(options.last()).toBeInViewport({ ratio: 1 });
});

test("UI-37, UI-37a, UI-37d, UI-37e, UI-37f, UI-37g: commands and tasks are completed, and a whole number stays as it is", async ({ home: page }) => {
  for (const title of ["Apples", "Bread", "Oat milk", "d", "e", "f", "g", "h", "i", "j"]) {
    await say(page, `/add ${title}`);
  }
  const options = page.getByRole("listbox", { name: "Suggestions" }).getByRole("option");
  await composer(page).pressSequentially("/do");
  await expect(options).toHaveText([/\/done\s+Complete a task/]);
  await expect(composer(page)).toHaveAttribute("aria-activedescendant", "suggestion-0");
  await page.keyboard.press("Enter");
  await expect(composer(page)).toHaveValue("/done ");
  await composer(page).pressSequentially("@MILK");
  await expect(options).toHaveText([/Oat milk\s+#3/]);
  await page.keyboard.press("Tab");
  await expect(composer(page)).toHaveValue("/done #3 ");
  await expect(options).toHaveCount(0);

  // Numbers: 10 begins with 1, and 1 is meant.
  await composer(page).fill("");
  await composer(page).pressSequentially("/done #1");
  await expect(options).toHaveText([/Apples\s+#1$/, /J\s+#10/]);
  const sent = said(page);
  await page.keyboard.press("Enter");
  await expect(receipt(page, "Completed", "Apples")).toHaveCount(1);
  expect(sent).toEqual(["/done #1"]);

  await composer(page).pressSequentially("/d");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await expect(page.getByRole("listbox", { name: "Suggestions" }).getByRole("option", { selected: true })).toHaveText(/\/due/);
  await page.keyboard.press("Escape");
  await expect(options).toHaveCount(0);
  await expect(composer(page)).toHaveValue("/d");
  await composer(page).fill("");
  await composer(page).pressSequentially("/und");
  await options.click();
  await expect(composer(page)).toHaveValue("/undo");
  await expect(composer(page)).toBeFocused();
});

test("UI-37b, UI-37f, UI-37g, UI-37h, UI-37i: # completes as @ does: by number or title words, the first selected, Enter and Tab take it", async ({ home: page }) => {
  for (const title of ["Apples", "Oat milk", "Almond milk"]) await say(page, `/add ${title}`);
  const options = page.getByRole("listbox", { name: "Suggestions" }).getByRole("option");
  const selected = page.getByRole("listbox", { name: "Suggestions" }).getByRole("option", { selected: true });
  const sent = said(page);
  for (const [sign, key] of [["#", "Enter"], ["#", "Tab"], ["@", "Enter"], ["@", "Tab"]] as const) {
    await composer(page).fill("");
    await composer(page).pressSequentially(`/done ${sign}MIL`);
    await expect(options).toHaveText([/Oat milk\s+#2/, /Almond milk\s+#3/]);
    await expect(selected).toHaveText(/Oat milk/);
    await page.keyboard.type("k al");
    await expect(options).toHaveText([/Almond milk\s+#3/]);
    await page.keyboard.press(key);
    await expect(composer(page)).toHaveValue("/done #3 ");
  }
  await composer(page).fill("");
  await composer(page).pressSequentially("#");
  await expect(selected).toHaveText(/Apples\s+#1/);
  await page.keyboard.press("Escape");
  await expect(options).toHaveCount(0);
  await expect(composer(page)).toHaveValue("#");
  expect(sent).toEqual([]);

  // Nothing fits, so Enter sends; and a number that ended is not made another.
  await composer(page).fill("");
  await composer(page).pressSequentially("/edit #2 Milk");
  await expect(options).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(receipt(page, "Changed", "Milk")).toHaveCount(1);
  await composer(page).pressSequentially("/add Call #zebra");
  await expect(options).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(receipt(page, "Added", "Call #zebra")).toHaveCount(1);
  expect(sent).toEqual(["/edit #2 Milk", "/add Call #zebra"]);
});

test("UI-38: Up brings the last message back, and keys lead to the composer", async ({ home: page }) => {
  await say(page, "/add Apples");
  await page.keyboard.press("ArrowUp");
  await expect(composer(page)).toHaveValue("/add Apples");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("and pears");
  await expect(composer(page)).toHaveValue("/add Apples\nand pears");
  await composer(page).fill("");

  await messages(page).focus();
  await page.keyboard.press("/");
  await expect(composer(page)).toBeFocused();
  await expect(composer(page)).toHaveValue("");
  await messages(page).focus();
  await page.keyboard.type("hello");
  await expect(composer(page)).toHaveValue("hello");
});

testWithModel("UI-38: Escape stops the answer", async ({ page, model }) => {
  await signUp(page, somebody());
  const never = new Gate();
  model.says("First, breathe. ", never, "Then panic.");
  await send(page, "I have too much to do");
  await expect(messages(page).getByText("First, breathe.", { exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(messages(page).getByText("Stopped. Finished steps are kept.")).toBeVisible();
});
