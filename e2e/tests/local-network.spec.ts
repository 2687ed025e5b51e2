// The page at an address of the local network: over plain HTTP, which browsers do not call secure.

import { composer, expect, messages, open, receipt, reload, say, signIn, signOut, signUp, somebody, test as base } from "../support/browser.ts";
import { box } from "../support/pane.ts";
import { freePort, lanAddress, Saydo } from "../support/saydo.ts";
import { ears } from "../support/ears.ts";

const test = base.extend({
  saydo: async ({}, use) => {
    const port = await freePort();
    const public_ = `http://${lanAddress()}:${port}`;
    const saydo = await Saydo.start({ SAYDO_LISTEN: `0.0.0.0:${port}`, SAYDO_PUBLIC_URL: public_ });
    await use(saydo);
    await saydo.stop();
  },
});

test("E2E-16: a person uses the page at the address of the local network", async ({ page }) => {
  const person = somebody();
  await signUp(page, person);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await say(page, "Add a task to buy groceries");
  await expect(receipt(page, "Added", "buy groceries")).toBeVisible();
  await box(page, "groceries").click();
  await expect(receipt(page, "Completed", "buy groceries")).toBeVisible();
  await reload(page);
  await expect(receipt(page, "Completed", "buy groceries")).toBeVisible();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await say(page, "export my tasks");
  const saved = page.waitForEvent("download");
  await messages(page).getByRole("link", { name: "Save a file" }).click();
  expect((await saved).suggestedFilename()).toBe("saydo-export.json");
  await signOut(page);
  await signIn(page, person);
  await expect(page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: /groceries/ })).toBeVisible();
});

test("UI-98: without a secure context there is no button to dictate", async ({ page }) => {
  await page.addInitScript(ears);
  await signUp(page, somebody());
  await open(page, "/");
  expect(await page.evaluate(() => "webkitSpeechRecognition" in globalThis)).toBe(true);
  await expect(composer(page)).toBeVisible();
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Dictate" })).toHaveCount(0);
});
