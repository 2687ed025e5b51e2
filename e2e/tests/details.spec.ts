// Small things that went wrong once.

import { composer, expect, messages, open, ready, receipt, reload, say, signOut, signUp, somebody, tasks, test, testWithModel } from "../support/browser.ts";
import { box, group, row } from "../support/pane.ts";

test.describe("a browser that asks for Urdu", () => {
  test.use({ locale: "ur-PK" });

  test("UI-28a: a task's number reads the same between words that run from right to left", async ({ page }) => {
    const person = somebody();
    await open(page, "/sign-up");
    await page.getByLabel("نام").fill(person.name);
    await page.getByLabel("ای میل").fill(person.email);
    await page.getByLabel("پاس ورڈ", { exact: true }).fill(person.password);
    await page.getByRole("button", { name: "اکاؤنٹ بنائیں" }).click();
    const message = page.getByRole("textbox", { name: "پیغام" });
    for (const title of ["دودھ خریدیں", "Bread"]) {
      await message.fill(`/add ${title}`);
      await message.press("Enter");
      await expect(page.locator(".receipt").filter({ hasText: title })).toBeVisible();
    }
    await expect(page.locator(".task-check")).toHaveCount(2);
    await message.pressSequentially("#");
    await expect(page.locator("#suggestions [role=option]")).toHaveCount(2);
    /** Where each character of each number stands. */
    const places = await page.evaluate(() =>
      [...document.querySelectorAll(".number")].map((number) => {
        const text = number.firstChild!;
        return [0, 1].map((at) => {
          const range = document.createRange();
          range.setStart(text, at);
          range.setEnd(text, at + 1);
          return range.getBoundingClientRect().left;
        });
      }),
    );
    expect(places.length).toBeGreaterThanOrEqual(6);
    for (const [sign, digit] of places) expect(sign!).toBeLessThan(digit!);
  });
});

test.describe("a person who travels", () => {
  test.use({ timezoneId: "Europe/Berlin" });

  test("UI-19a: a task of 20:00 in Berlin stands under the next day in Karachi", async ({ home: page, browser, saydo }) => {
    const noon = new Date("2026-12-01T12:00:00Z");
    await page.clock.setFixedTime(noon);
    await say(page, "/add Call");
    await say(page, "/due #1 2026-12-01 20:00");
    await reload(page);
    await expect(group(page, "Today").getByText("20:00")).toBeVisible();
    const state = await page.context().storageState();
    const context = await browser.newContext({ storageState: state, timezoneId: "Asia/Karachi", baseURL: saydo.origin, serviceWorkers: "block" });
    const abroad = await context.newPage();
    await abroad.clock.setFixedTime(noon);
    await open(abroad, "/");
    await expect(group(abroad, "Upcoming").getByText(/Wed, 2 Dec.*00:00/)).toBeVisible();
    await context.close();
  });
});

testWithModel("UI-15a: a link with signs that Markdown escapes leads where it should", async ({ page, model }) => {
  await signUp(page, somebody());
  model.says("See https://a.example/x\\_y?a=b\\&c=d\\*, “https://b.example/?q=1\\&r=2” and [this](https://c.example/?a=1\\&b=2).");
  await say(page, "Where?");
  const links = messages(page).getByRole("link");
  await expect(links).toHaveText(["https://a.example/x_y?a=b&c=d", "https://b.example/?q=1&r=2", "this"]);
  const addresses = await links.evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  expect(addresses).toEqual(["https://a.example/x_y?a=b&c=d", "https://b.example/?q=1&r=2", "https://c.example/?a=1&b=2"]);
});

test("UI-15a: a task's title with a link is quoted as it is", async ({ home: page }) => {
  await say(page, "/add Read https://a.example/?a=b&c=d_e");
  await say(page, "/list");
  const link = messages(page).getByRole("link").last();
  await expect(link).toHaveAttribute("href", "https://a.example/?a=b&c=d_e");
});

test("UI-82: after signing out the address is that of the sign-in page, in every tab", async ({ home: page, context }) => {
  await say(page, "/add Apples");
  await expect(page).toHaveURL(/\/c\/\d+$/);
  const other = await context.newPage();
  await open(other, page.url());
  await signOut(page);
  await expect(page).toHaveURL("/sign-in");
  await expect(other).toHaveURL("/sign-in");
  await expect(other.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
  await open(page, "/sign-in");
  await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
});

test.describe("an address of nothing", () => {
  test.use({ expected: [/status of 404/] });

  test("UI-22a: what is sent where there is no conversation is kept, and can be sent in a new chat", async ({ home: page }) => {
    await open(page, "/c/999999");
    await expect(messages(page).getByText("Conversation not found")).toBeVisible();
    await composer(page).fill("/add Apples");
    await composer(page).press("Enter");
    await expect(page.locator("#message-note")).toHaveText("Conversation not found");
    await expect(composer(page)).toHaveValue("/add Apples");
    for (const width of [360, 1440]) {
      await page.setViewportSize({ width, height: 740 });
      await expect(page.getByRole("button", { name: "Send in a new chat" })).toBeInViewport();
    }
    await page.getByRole("button", { name: "Send in a new chat" }).click();
    await expect(receipt(page, "Added", "Apples")).toHaveCount(1);
    await expect(page).toHaveURL(/\/c\/\d{1,5}$/);
    await expect(composer(page)).toHaveValue("");
    await expect(page.getByRole("button", { name: "Send in a new chat" })).toHaveCount(0);
  });
});

test("UI-35a: the field of a title that is edited covers nothing", async ({ home: page }) => {
  await say(page, "/add Apples");
  await say(page, "/due #1 2031-11-28 17:30");
  await say(page, "/note #1 Red ones, and a few green ones");
  await expect(row(page, "Apples").locator(".task-notes")).toBeVisible();
  for (const density of ["comfortable", "compact"]) {
    await page.evaluate((density) => document.documentElement.setAttribute("data-density", density), density);
    await row(page, "Apples").getByRole("button", { name: "Edit Apples" }).click();
    const field = (await page.getByRole("textbox", { name: "Title" }).boundingBox())!;
    for (const part of [".task-notes", ".task-meta"]) {
      const line = (await page.locator(part).boundingBox())!;
      expect(line.y, `${part} ${density}`).toBeGreaterThanOrEqual(field.y + field.height);
    }
    await page.keyboard.press("Escape");
  }
});

test("UI-44a: the theme that is chosen stays marked, in the menu and in the command menu", async ({ home: page }) => {
  // Also while the menu is closed.
  const marked = page.locator("label:has(input[name=theme]:checked)");
  const theme = (name: string) => page.getByRole("group", { name: "Theme" }).getByRole("radio", { name, exact: true });
  const menu = async (name: string) => {
    await page.getByRole("button", { name: "Account" }).click();
    await theme(name).check({ force: true });
    await expect(theme(name)).toBeChecked();
    await expect(marked).toHaveText([name]);
    // The menu stays open.
    await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
    await page.keyboard.press("Escape");
  };
  await menu("Dark");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("theme light");
  await page.keyboard.press("Enter");
  await expect(page.locator("html[data-theme=light]")).toBeAttached();
  await expect(marked).toHaveText(["Light"]);
  await menu("Dark");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("theme system");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Account" }).click();
  await expect(theme("System")).toBeChecked();
});

test("UI-68a: a change of language leaves the menu open and the focus in it", async ({ home: page }) => {
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("radio", { name: "اردو" }).click({ force: true });
  await expect(page.locator("html[lang=ur]")).toBeAttached();
  await ready(page);
  await expect(page.getByRole("radio", { name: "اردو" })).toBeChecked();
  await expect(page.getByRole("radio", { name: "اردو" })).toBeFocused();
  await page.getByRole("radio", { name: "English" }).click({ force: true });
  await expect(page.locator("html[lang=en]")).toBeAttached();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  await expect(page.getByRole("radio", { name: "English" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Sign out" })).toBeHidden();
  // Only then: not at the next visit.
  await reload(page);
  await expect(page.getByRole("button", { name: "Sign out" })).toBeHidden();
});

test("UI-34b: an undone receipt says so, also after a reload and in another tab", async ({ home: page, context }) => {
  await say(page, "/add Apples");
  await expect(page).toHaveURL(/\/c\/\d+$/);
  const other = await context.newPage();
  await open(other, page.url());
  const undo = (tab: typeof page) => messages(tab).getByRole("button", { name: "Undo: Added Apples" });
  await expect(undo(other)).toBeVisible();
  await undo(page).click();
  const undone = async (tab: typeof page) => {
    await expect(receipt(tab, "Added", "Apples").getByText("Undone")).toBeVisible();
    await expect(undo(tab)).toHaveCount(0);
  };
  await undone(page);
  await undone(other);
  await reload(page);
  await undone(page);
  // The receipt of the change that took it back can be taken back.
  await messages(page).getByRole("button", { name: "Undo: Deleted Apples" }).click();
  await expect(box(page, "Apples")).toBeVisible();
  await expect(receipt(page, "Added", "Apples").getByText("Undone")).toBeHidden();
  await expect(undo(page)).toHaveCount(0);
});

test("UI-34a: a receipt whose task was changed in another conversation has no Undo", async ({ home: page, context }) => {
  await say(page, "/add Apples");
  await expect(page).toHaveURL(/\/c\/\d+$/);
  const undo = messages(page).getByRole("button", { name: "Undo: Added Apples" });
  await expect(undo).toBeVisible();
  const other = await context.newPage();
  await open(other, "/");
  await say(other, "/priority #1 high");
  await expect(undo).toHaveCount(0);
  // The same content again is still a later change.
  await say(other, "/priority #1 none");
  await expect(row(page, "Apples").locator(".chip")).toHaveCount(0);
  await expect(undo).toHaveCount(0);
  await reload(page);
  await expect(tasks(page).getByText("1 open task")).toBeVisible();
  await expect(undo).toHaveCount(0);
});
