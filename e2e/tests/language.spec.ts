// The page in its other language, from right to left.

import { expect, open, ready, somebody, test } from "../support/browser.ts";
import { look } from "../support/look.ts";

test.describe.configure({ timeout: 90_000 });

test.describe("a browser that asks for Urdu", () => {
  test.use({ locale: "ur-PK" });

  test("UI-68: the page is in Urdu, from right to left, and the agent is spoken to in English", async ({ page }) => {
    const person = somebody();
    await open(page, "/sign-up");
    await expect(page.locator("html")).toHaveAttribute("lang", "ur");
    await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
    await look(page, "sign-up-urdu");
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByLabel("نام").fill(person.name);
    await page.getByLabel("ای میل").fill(person.email);
    await page.getByLabel("پاس ورڈ", { exact: true }).fill(person.password);
    await page.getByRole("button", { name: "اکاؤنٹ بنائیں" }).click();
    const message = page.getByRole("textbox", { name: "پیغام" });
    await expect(message).toBeVisible();
    await look(page, "empty-urdu");

    await page.setViewportSize({ width: 1440, height: 900 });
    for (const words of ["/add Buy milk", "/add Call the dentist (Dr. Smith)", "/due #2 2031-11-28 17:30", "/done #1"]) {
      await message.fill(words);
      await message.press("Enter");
      await expect(message).toHaveValue("");
      await expect(page.getByRole("button", { name: "بھیجیں" })).toBeVisible();
    }
    await page.getByRole("link", { name: "نئی گفتگو" }).click();
    await page.getByRole("button", { name: "میری فہرست میں کیا ہے؟" }).click();
    await expect(page.getByText("What is on my list?", { exact: true }).first()).toBeVisible();
    await expect(page.getByRole("button", { name: "بھیجیں" })).toBeVisible();
    await look(page, "answered-urdu");
    // The tasks stand to the left of the chat.
    await page.setViewportSize({ width: 1440, height: 900 });
    const tasks = await page.getByRole("region", { name: "کام" }).boundingBox();
    const chat = await page.getByRole("region", { name: "پیغامات" }).boundingBox();
    expect(tasks!.x).toBeLessThan(chat!.x);
  });
});

test("UI-68: a language that is chosen goes before the browser's, and is there in the HTML", async ({ home: page }) => {
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("radio", { name: "اردو" }).click({ force: true });
  await expect(page.locator("html[lang=ur]")).toBeAttached();
  await ready(page);
  const html = await (await page.request.get("/")).text();
  expect(html).toContain('lang="ur" dir="rtl"');
  // The menu is open again.
  await page.getByRole("radio", { name: "English" }).click({ force: true });
  await expect(page.locator("html[lang=en]")).toBeAttached();
});
