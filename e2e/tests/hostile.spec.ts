import { composer, expect, messages, receipt, reload, say, send, signUp, somebody, tasks, test, testWithModel } from "../support/browser.ts";
import { look } from "../support/look.ts";
import { row } from "../support/pane.ts";

test("UI-51: titles that try to break the page are shown as they are", async ({ home: page }) => {
  const titles = [
    `<img src=x onerror="document.title='gone'"><script>alert(1)</script>`,
    "\u202eright to left\u202c",
    "w".repeat(190),
    "**bold** [link](javascript:alert(1)) | a | b",
  ];
  for (const title of titles) {
    await say(page, `/add "${title}"`);
  }
  for (const title of titles) {
    // Marks of direction are no part of a title.
    await expect(row(page, title.replace(/[\u202a-\u202e]/g, ""))).toHaveCount(1);
  }
  await look(page, "hostile");
  await expect(page).not.toHaveTitle("gone");
});

testWithModel("UI-51: an answer of 100,000 characters without a space is shown whole, and typing goes on", async ({ page, model }) => {
  await signUp(page, somebody());
  const pieces = Array.from({ length: 50 }, (_, at) => `${at}`.padEnd(2_000, "x"));
  model.says(...pieces);
  await send(page, "Tell me everything");
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeVisible();
  const answer = messages(page).locator(".markdown");
  expect((await answer.innerText()).length).toBe(100_000);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow).toBe(0);
  await composer(page).pressSequentially("and now?");
  await expect(composer(page)).toHaveValue("and now?");
  await reload(page);
  await expect(answer).toHaveCount(1);
  expect((await answer.innerText()).length).toBe(100_000);
});

test("UI-51: a draft of 100,000 characters is counted and not sent", async ({ home: page }) => {
  await composer(page).fill("y".repeat(100_000));
  await expect(page.getByText("92000 characters too long")).toBeVisible();
  await composer(page).press("Enter");
  await expect(composer(page)).toHaveValue("y".repeat(100_000));
  await expect(tasks(page)).toBeVisible();
  await expect(receipt(page, "Added", "y")).toHaveCount(0);
});
