// Writing by voice: the browser's own ears, played by the test.

import { composer, expect, open, signOut, signUp, somebody, test } from "../support/browser.ts";

/** Stands for the browser's recognition, and lets the test speak. */
function ears(): void {
  class Ears {
    onresult?: (event: object) => void;
    onerror?: (event: object) => void;
    onend?: () => void;
    start() {
      (globalThis as Record<string, unknown>)["ears"] = this;
    }
    stop() {
      this.onend?.();
    }
    abort() {
      (globalThis as Record<string, unknown>)["aborted"] = true;
    }
    hear(...said: string[]) {
      const results = said.map((transcript) => [{ transcript }]);
      this.onresult?.({ resultIndex: 0, results });
    }
  }
  (globalThis as Record<string, unknown>)["webkitSpeechRecognition"] = Ears;
  delete (globalThis as Record<string, unknown>)["SpeechRecognition"];
}

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
