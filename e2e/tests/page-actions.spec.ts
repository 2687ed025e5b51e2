// Links in answers that do something on the page.

import { readFileSync } from "node:fs";
import { composer, expect, messages, open, say, tasks, test } from "../support/browser.ts";

test("UI-17a, UI-17c: a link turns the dark theme on when it is clicked, and not when the answer comes", async ({ home: page }) => {
  const theme = page.locator("html");
  const before = await theme.getAttribute("data-theme");
  await say(page, "turn on dark mode");
  const link = messages(page).getByRole("link", { name: "Turn on dark mode" });
  await expect(link).toBeVisible();
  await expect(theme).toHaveAttribute("data-theme", before ?? "system");
  const address = page.url();
  await link.focus();
  await page.keyboard.press("Enter");
  await expect(theme).toHaveAttribute("data-theme", "dark");
  await expect(page.getByText("Theme: Dark")).toBeVisible();
  expect(page.url()).toBe(address);
  await say(page, "turn on light mode");
  await messages(page).getByRole("link", { name: "Turn on light mode" }).click();
  await expect(theme).toHaveAttribute("data-theme", "light");
});

test("UI-17b: a link saves everything as a file", async ({ home: page }) => {
  await say(page, "/add Buy milk");
  await say(page, "export my tasks");
  const saved = page.waitForEvent("download");
  await messages(page).getByRole("link", { name: "Save a file" }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toBe("saydo-export.json");
  const file = JSON.parse(readFileSync(await download.path(), "utf8")) as { tasks: { title: string }[] };
  expect(file.tasks.map(({ title }) => title)).toEqual(["Buy milk"]);
});

test.describe("an export that fails", () => {
  test.use({ expected: [/status of 503/] });

  test("UI-17b: an export that fails says so", async ({ home: page }) => {
    await say(page, "export my tasks");
    await page.route("**/api/*/export", (route) => route.fulfill({ status: 503, body: "" }));
    await messages(page).getByRole("link", { name: "Save a file" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "isn't available" })).toBeVisible();
  });
});

test("UI-17a: links open the shortcuts, the choice of language and what can be said, and sign out", async ({ home: page }) => {
  await say(page, "keyboard shortcuts");
  await messages(page).getByRole("link", { name: "Show the keyboard shortcuts" }).click();
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await say(page, "change the language");
  await messages(page).getByRole("link", { name: "Choose the page's language" }).click();
  await expect(page.getByRole("radio", { name: "System" }).and(page.locator("[name=language]"))).toBeFocused();
  await page.keyboard.press("Escape");
  await say(page, "are you an AI?");
  await messages(page).getByRole("link", { name: "See what you can say" }).click();
  await expect(messages(page).getByText("/help", { exact: true })).toBeVisible();
  await expect(composer(page)).toBeEditable();
  await say(page, "how do I sign out?");
  await messages(page).getByRole("link", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
});

test("UI-17c: an address that names an action does nothing when it is opened", async ({ home: page }) => {
  await open(page, "/#sign-out");
  await expect(tasks(page).getByText("Nothing on your list")).toBeVisible();
  await open(page, "/#dark-mode");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "system");
});
