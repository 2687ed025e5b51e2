// Dates and times as the browser's language writes them.

import type { Page } from "@playwright/test";
import { expect, messages, open, receipt, reload, say, signUp, somebody, test } from "../support/browser.ts";
import { row } from "../support/pane.ts";

const LOCALES = [
  { locale: "en-US", date: "Fri, 5 Dec 2031", time: "5:00 PM", other: "17:00" },
  { locale: "en-GB", date: "Mon, 12 May 2031", time: "17:00", other: "PM" },
];

for (const { locale, date, time, other } of LOCALES) {
  test.describe(`a browser in ${locale}`, () => {
    test.use({ locale });

    test(`UI-90: ${locale} reads 12/5 as ${date} and shows ${time} in the answer, the receipt and the list`, async ({ home: page }) => {
      await say(page, "add pay rent 12/5/2031 at 5pm");
      await everywhere(page, `${date}, ${time}`);
      await expect(page.locator("body")).not.toContainText(new RegExp(`\\b${other}\\b`));

      // What the pane changes is said back in the same form.
      await row(page, "Pay rent").locator(".is-due").click();
      const form = row(page, "Pay rent").getByRole("form", { name: "Due" });
      await expect(form.getByLabel("Time")).toHaveValue("17:00");
      await form.getByLabel("Time").fill("09:30");
      await form.getByRole("button", { name: "Set date" }).click();
      const morning = locale === "en-US" ? "9:30 AM" : "09:30";
      await expect(row(page, "Pay rent")).toContainText(`${date}, ${morning}`);

      await reload(page);
      await everywhere(page, `${date}, ${time}`);
      await expect(row(page, "Pay rent")).toContainText(`${date}, ${morning}`);
    });
  });
}

/** The answer, and the receipt or what became of it, say the date so. */
async function everywhere(page: Page, words: string): Promise<void> {
  await expect(messages(page).locator(".answer p").filter({ hasText: words })).toBeVisible();
  await expect(receipt(page, "Added", "Pay rent")).toContainText(words);
}

test("UI-92: two browsers of one person each show their own clock, and stored answers keep theirs", async ({ browser, saydo }) => {
  const person = somebody();
  const [american, british] = await Promise.all(
    ["en-US", "en-GB"].map((locale) => browser.newContext({ baseURL: saydo.origin, locale, timezoneId: "Europe/Berlin" })),
  );
  const first = await american!.newPage();
  await signUp(first, person);
  await say(first, "add pay rent 12/5/2031 at 5pm");
  await expect(row(first, "Pay rent")).toContainText("Fri, 5 Dec 2031, 5:00 PM");

  await british!.addCookies(await american!.cookies());
  const second = await british!.newPage();
  await open(second, new URL(first.url()).pathname);
  await expect(row(second, "Pay rent")).toContainText("Fri, 5 Dec 2031, 17:00");
  await expect(receipt(second, "Added", "Pay rent")).toContainText("Fri, 5 Dec 2031, 17:00");
  await expect(messages(second).locator(".answer p").filter({ hasText: "Fri, 5 Dec 2031, 5:00 PM" })).toBeVisible();

  await Promise.all([american!.close(), british!.close()]);
});
