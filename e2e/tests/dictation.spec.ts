// Writing by voice: the browser's own ears, played by the test.

import { composer, expect, open, signOut, signUp, somebody, test } from "../support/browser.ts";
import { ears } from "../support/ears.ts";

test("UI-69: what is dictated is written behind what stands in the composer, until the button is pressed again", async ({ page }) => {
  await page.addInitScript(ears);
  await signUp(page, somebody());
  const button = page.getByRole("button", { name: "Dictate" });
  await composer(page).fill("Remind me");
  await button.click();
  await expect(button).toHaveAttribute("aria-pressed", "true");
  await page.evaluate("ears.hear(' to buy milk', 'tomorrow ')");
  await expect(composer(page)).toHaveValue("Remind me to buy milk tomorrow");
  await button.click();
  await expect(button).toHaveAttribute("aria-pressed", "false");
  await button.click();
  await page.evaluate("ears.onerror({ error: 'not-allowed' }); ears.onend()");
  await expect(page.getByText("Didn't catch that.")).toBeVisible();
  await expect(button).toHaveAttribute("aria-pressed", "false");
});

test("UI-69: dictation ends with the composer", async ({ page }) => {
  await page.addInitScript(ears);
  await signUp(page, somebody());
  await page.getByRole("button", { name: "Dictate" }).click();
  await page.evaluate("ears.hear('buy milk')");
  await expect(composer(page)).toHaveValue("buy milk");
  await signOut(page);
  // What it still hears is nobody's.
  await page.evaluate("ears.hear('tomorrow'); ears.onend?.()");
  expect(await page.evaluate("aborted")).toBe(true);
});

test("UI-69: where the browser cannot hear there is no button", async ({ page }) => {
  await page.addInitScript(() => {
    delete (globalThis as Record<string, unknown>)["webkitSpeechRecognition"];
    delete (globalThis as Record<string, unknown>)["SpeechRecognition"];
  });
  await signUp(page, somebody());
  await open(page, "/");
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Dictate" })).toHaveCount(0);
});
