import { composer, expect, messages, open, reload, say, signIn, signOut, test } from "../support/browser.ts";
import { look } from "../support/look.ts";

test("UI-49: conversations are searched, renamed, and deleted with undo", async ({ home: page }) => {
  const list = page.getByRole("navigation", { name: "Conversations" });
  const entries = list.getByRole("listitem");
  await say(page, "/add Apples");
  await list.getByRole("link", { name: "New chat" }).click();
  await say(page, "/add Bread");
  await expect(entries).toHaveCount(2);

  const search = list.getByRole("searchbox", { name: "Search conversations" });
  await search.fill("apples");
  await expect(entries).toHaveText([/\/add Apples/]);
  await expect(list.getByRole("status")).toHaveText("1 conversation found");
  await search.fill("zebra");
  await expect(list.getByText("Nothing found")).toBeVisible();
  await search.fill("");
  await expect(entries).toHaveCount(2);

  await entries.filter({ hasText: "Apples" }).hover();
  await list.getByRole("button", { name: "Rename /add Apples" }).click();
  await expect(list.getByRole("textbox", { name: "Title" })).toBeFocused();
  await page.keyboard.type("Fruit <b>and</b> more");
  const kept = page.waitForResponse((answer) => answer.request().method() === "PATCH");
  await page.keyboard.press("Enter");
  const renamed = list.getByRole("link", { name: "Fruit <b>and</b> more" });
  await expect(renamed).toBeFocused();
  await kept;
  // No more can be written than a title holds.
  await list.getByRole("button", { name: "Rename Fruit <b>and</b> more" }).click();
  await page.keyboard.insertText("x".repeat(121));
  await expect(list.getByRole("textbox", { name: "Title" })).toHaveValue("x".repeat(120));
  await page.keyboard.press("Escape");
  await reload(page);
  await expect(renamed).toBeVisible();

  const gone: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "DELETE") gone.push(request.url());
  });
  await renamed.hover();
  await list.getByRole("button", { name: "Delete Fruit <b>and</b> more" }).click();
  await expect(entries).toHaveCount(1);
  // An offer that has the focus stays.
  const undo = page.getByRole("status").getByRole("button", { name: "Undo" });
  await undo.focus();
  await look(page, "offer");
  await undo.click();
  await expect(renamed).toBeVisible();
  expect(gone).toEqual([]);

  // The one that is open: the page goes to a new chat, and a reload does not bring it back.
  await list.getByRole("link", { name: "/add Bread" }).hover();
  await list.getByRole("button", { name: "Delete /add Bread" }).click();
  await expect(page).toHaveURL("/");
  await expect(composer(page)).toBeFocused();
  await expect(messages(page).getByText("/add Bread")).toHaveCount(0);
  await reload(page);
  await expect(entries).toHaveCount(1);
  await reload(page);
  await expect(entries).toHaveCount(1);
});

test("UI-49: what was deleted stays so for whoever signs out before it can no longer be taken back", async ({ page, person }) => {
  await say(page, "/add Apples");
  const list = page.getByRole("navigation", { name: "Conversations" });
  await list.getByRole("link", { name: "/add Apples" }).hover();
  await list.getByRole("button", { name: "Delete /add Apples" }).click();
  await expect(list.getByRole("listitem")).toHaveCount(0);
  await signOut(page);
  await signIn(page, person);
  await expect(list.getByText("No conversations yet")).toBeVisible();
});

test("UI-49: what was deleted stays so for whoever leaves the page before it can no longer be taken back", async ({ home: page, context }) => {
  await say(page, "/add Apples");
  const list = (tab: typeof page) => tab.getByRole("navigation", { name: "Conversations" });
  await list(page).getByRole("link", { name: "/add Apples" }).hover();
  await list(page).getByRole("button", { name: "Delete /add Apples" }).click();
  await expect(list(page).getByRole("listitem")).toHaveCount(0);
  await page.goto("about:blank");
  const other = await context.newPage();
  await open(other, "/");
  await expect(list(other).getByText("No conversations yet")).toBeVisible();
});

test("UI-49: what a page that was left did not get to delete stays hidden, and the next one deletes it", async ({ home: page, context }) => {
  const list = (tab: typeof page) => tab.getByRole("navigation", { name: "Conversations" });
  const remove = async (title: string) => {
    await list(page).getByRole("link", { name: title }).hover();
    await list(page).getByRole("button", { name: `Delete ${title}` }).click();
  };
  await say(page, "/add Apples");
  await list(page).getByRole("link", { name: "New chat" }).click();
  await say(page, "/add Bread");
  await expect(list(page).getByRole("listitem")).toHaveCount(2);
  await remove("/add Apples");
  // Its last request is lost.
  await page.evaluate(() => {
    const { fetch } = globalThis;
    globalThis.fetch = (asked, ...rest) => ((asked as Request).method === "DELETE" ? new Promise(() => {}) : fetch(asked, ...rest));
  });
  await reload(page);
  const next = page.waitForRequest((request) => request.method() === "DELETE");
  await expect(list(page).getByRole("listitem")).toHaveText([/Bread/]);
  // Another one that is deleted meanwhile can be taken back.
  await remove("/add Bread");
  // An offer that has the focus stays.
  await page.getByRole("status").getByRole("button", { name: "Undo" }).focus();
  await expect(list(page).getByRole("listitem")).toHaveCount(0);
  await next;
  const other = await context.newPage();
  await open(other, "/");
  await expect(list(other).getByRole("listitem")).toHaveText([/Bread/]);
  await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
  await expect(list(page).getByRole("listitem")).toHaveText([/Bread/]);
});

test("UI-49: what was deleted goes for good when its tab is no longer seen", async ({ home: page, context }) => {
  await say(page, "/add Apples");
  await expect(page).toHaveURL(/\/c\/\d+$/);
  const other = await context.newPage();
  await open(other, page.url());
  const list = page.getByRole("navigation", { name: "Conversations" });
  await list.getByRole("link", { name: "/add Apples" }).hover();
  await list.getByRole("button", { name: "Delete /add Apples" }).click();
  await expect(page.getByRole("status").getByRole("button", { name: "Undo" })).toBeVisible();
  await expect(messages(other).getByText("/add Apples", { exact: true })).toBeVisible();
  // A headless browser sees all of its tabs.
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  });
  await expect(messages(other).getByText("Conversation not found", { exact: true })).toBeVisible();
  await expect(page.getByRole("status").getByRole("button", { name: "Undo" })).toHaveCount(0);
});

test.describe("a search that fails", () => {
  test.use({ expected: [/status of 503/] });

  test("UI-49: a search that fails says so, and can be tried again", async ({ home: page }) => {
    await say(page, "/add Apples");
    const list = page.getByRole("navigation", { name: "Conversations" });
    await page.route("**/conversations?*q=*", (route) => route.fulfill({ status: 503, body: "" }));
    await list.getByRole("searchbox", { name: "Search conversations" }).fill("apples");
    await expect(list.getByRole("alert")).toBeVisible();
    await expect(list.getByText("Nothing found")).toHaveCount(0);
    await page.unrouteAll();
    await list.getByRole("button", { name: "Try again" }).click();
    await expect(list.getByRole("listitem")).toHaveText([/\/add Apples/]);
  });
});
