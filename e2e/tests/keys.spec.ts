import { composer, expect, messages, open, receipt, say, tasks, test } from "../support/browser.ts";
import { box } from "../support/pane.ts";

test("UI-41: F6 goes from the composer to the messages, the tasks and round again", async ({ home: page }) => {
  await say(page, "/add Apples");
  await expect(box(page, "Apples")).toBeVisible();
  await expect(composer(page)).toBeFocused();
  await page.keyboard.press("F6");
  await expect(messages(page)).toBeFocused();
  await page.keyboard.press("F6");
  await expect(box(page, "Apples")).toBeFocused();
  await page.keyboard.press("F6");
  await expect(composer(page)).toBeFocused();
  await page.keyboard.press("Shift+F6");
  await expect(box(page, "Apples")).toBeFocused();

  // On a phone the pane comes into view.
  await page.setViewportSize({ width: 360, height: 740 });
  await page.keyboard.press("F6");
  await expect(composer(page)).toBeFocused();
  await expect(tasks(page)).toBeHidden();
  await page.keyboard.press("Shift+F6");
  await expect(box(page, "Apples")).toBeFocused();
});

test("UI-42: ? shows the keys, and the focus comes back", async ({ home: page }) => {
  await say(page, "/add Apples");
  await messages(page).focus();
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(sheet.getByText("Undo", { exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await expect(messages(page)).toBeFocused();

  // In a field it is a character.
  await composer(page).press("?");
  await expect(sheet).toBeHidden();
});

test("UI-43: the command menu goes to a conversation, starts a command and does one", async ({ home: page }) => {
  await say(page, "/add Apples");
  await expect(page).toHaveURL(/\/c\/\d+$/);
  const first = page.url();
  const palette = page.getByRole("dialog", { name: "Command menu" });
  const summon = async () => {
    await page.keyboard.press("Control+k");
    await expect(palette.getByRole("combobox")).toBeFocused();
  };

  await summon();
  await page.keyboard.type("new");
  await page.keyboard.press("Enter");
  await expect(palette).toBeHidden();
  await expect(page).toHaveURL("/");
  await expect(composer(page)).toBeFocused();

  await summon();
  await page.keyboard.type("apples");
  await expect(palette.getByRole("option")).toHaveText([/\/add Apples\s+Conversation/]);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(first);

  await summon();
  await page.keyboard.type("set date");
  await page.keyboard.press("Enter");
  await expect(composer(page)).toHaveValue("/due ");
  await expect(composer(page)).toBeFocused();
  await composer(page).fill("");

  await summon();
  await page.keyboard.type("undo");
  await page.keyboard.press("Enter");
  await expect(receipt(page, "Deleted", "Apples")).toHaveCount(1);

  await summon();
  await page.keyboard.type("zebra");
  await expect(palette.getByRole("status")).toHaveText("Nothing found");
  await page.keyboard.press("Escape");
  await expect(composer(page)).toBeFocused();
});

test("UI-44: theme, density and single keys are chosen, kept, and there before the first paint", async ({ home: page }) => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const size = () => page.evaluate(() => getComputedStyle(document.body).fontSize);
  await page.emulateMedia({ colorScheme: "light" });
  const [light, comfortable] = [await background(), await size()];
  const choose = async (group: string, name: string) => {
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("group", { name: group }).getByRole("radio", { name, exact: true }).check({ force: true });
    await page.keyboard.press("Escape");
  };
  await choose("Theme", "Dark");
  await choose("Density", "Compact");
  await choose("Single-key shortcuts", "Off");
  const [dark, compact] = [await background(), await size()];
  expect(dark).not.toBe(light);
  expect(compact).not.toBe(comfortable);

  await messages(page).focus();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  const html = await page.request.get("/");
  expect(await html.text()).toContain('data-theme="dark"');
  await open(page, "/");
  expect(await background()).toBe(dark);
  expect(await size()).toBe(compact);
  await choose("Theme", "System");
  expect(await background()).toBe(light);
});
