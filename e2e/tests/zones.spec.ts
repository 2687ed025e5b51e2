// Browsers whose time zone has no name.

import { expect, messages, signUp, somebody, send, test } from "../support/browser.ts";

for (const zone of ["Etc/Unknown", "+05:30", "GMT+2", ""]) {
  test(`UI-99, UI-99a: a browser whose zone is "${zone}" names none, and the page says so once`, async ({ page }) => {
    await page.addInitScript((timeZone) => {
      const { resolvedOptions } = Intl.DateTimeFormat.prototype;
      Intl.DateTimeFormat.prototype.resolvedOptions = function () {
        return { ...resolvedOptions.call(this), timeZone };
      };
    }, zone);
    await signUp(page, somebody());
    const said = page.getByRole("status").filter({ hasText: "Your browser doesn't say its time zone." });
    for (const words of ["/add Milk", "/add Eggs"]) {
      const request = page.waitForRequest(/\/chat$/);
      await send(page, words);
      expect(await (await request).allHeaders()).not.toHaveProperty("time-zone");
      await expect(messages(page).getByRole("listitem").filter({ hasText: words.slice(5) })).toBeVisible();
      await expect(said).toHaveCount(words.endsWith("Milk") ? 1 : 0);
    }
  });
}

test("UI-99: a browser whose zone has a name says it", async ({ home: page }) => {
  const request = page.waitForRequest(/\/chat$/);
  await send(page, "/add Milk");
  expect(await (await request).headerValue("time-zone")).toBe("Europe/Berlin");
  await expect(page.getByText("Your browser doesn't say its time zone.")).toHaveCount(0);
});
