// The network goes away while a person writes, and comes back.

import { composer, expect, messages, open, receipt, reload, say, send, tasks, test, testWithOwnServer } from "../support/browser.ts";
import { look } from "../support/look.ts";
import { said } from "../support/pane.ts";

const banner = "You're offline.";
/** What the browser itself says of requests that do not get through. */
const NOISE = [/ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|CONNECTION_RESET|SOCKET_NOT_CONNECTED|NETWORK_CHANGED|EMPTY_RESPONSE|FAILED|INCOMPLETE_CHUNKED_ENCODING)/];

test.use({ expected: NOISE });
test.describe.configure({ timeout: 90_000 });

test("UI-60: the page says that the network is away, and again when it is back", async ({ home: page, context }) => {
  await context.setOffline(true);
  await expect(page.getByRole("status").filter({ hasText: banner })).toBeVisible();
  await send(page, "/add Buy milk");
  await expect(messages(page).getByText("Queued")).toBeVisible();
  await look(page, "offline");
  await context.setOffline(false);
  await expect(page.getByText(banner)).toHaveCount(0);
});

test("UI-60: what is read while the network changes is read again", async ({ home: page }) => {
  await say(page, "/add Buy milk");
  await expect(page).toHaveURL(/\/c\/\d+$/);
  await page.route(/\/messages$/, (route) => route.abort("connectionreset"), { times: 1 });
  await page.route("**/mcp", (route) => route.abort("connectionreset"), { times: 1 });
  await reload(page);
  await expect(receipt(page, "Added", "Buy milk")).toHaveCount(1);
  await expect(tasks(page).getByRole("checkbox", { name: "Buy milk" })).toBeVisible();
});

test("UI-61: what is written without a network goes out in order and once, when it is back", async ({ home: page, context }) => {
  await context.setOffline(true);
  await expect(page.getByText(banner)).toBeVisible();
  for (const words of ["/add Buy milk", "/add Buy bread", "/done #1"]) {
    await send(page, words);
  }
  await expect(messages(page).getByText("Queued")).toHaveCount(3);
  const sent = said(page);
  await context.setOffline(false);
  await expect(receipt(page, "Completed", "Buy milk")).toHaveCount(1);
  await expect(receipt(page, "Added", "Buy milk")).toHaveCount(1);
  await expect(receipt(page, "Added", "Buy bread")).toHaveCount(1);
  await expect(messages(page).getByText("Queued")).toHaveCount(0);
  expect(sent).toEqual(["/add Buy milk", "/add Buy bread", "/done #1"]);
  await expect(page).toHaveURL(/\/c\/\d+$/);
  await expect(tasks(page).getByRole("checkbox", { name: "Buy bread" })).toHaveCount(1);
});

test("UI-61: what is written without a network outlasts the tab, and goes out once", async ({ home: page, context }) => {
  await say(page, "/add Buy milk");
  await expect(page).toHaveURL(/\/c\/\d+$/);
  const address = page.url();
  await context.setOffline(true);
  await expect(page.getByText(banner)).toBeVisible();
  await send(page, "/add Buy bread");
  await send(page, "/add Buy salt");
  await expect(messages(page).getByText("Queued")).toHaveCount(2);
  await page.close();
  await context.setOffline(false);

  const next = await context.newPage();
  await open(next, address);
  await expect(receipt(next, "Added", "Buy salt")).toHaveCount(1);
  await expect(tasks(next).getByRole("checkbox")).toHaveCount(3);
  await reload(next);
  await expect(receipt(next, "Added", "Buy salt")).toHaveCount(1);
  await expect(tasks(next).getByRole("checkbox")).toHaveCount(3);
});

test("UI-61: a message whose answer was lost is not done twice after a reload", async ({ home: page }) => {
  await say(page, "/add Buy milk");
  // The server takes it, and the page never hears of that.
  await page.route("**/api/*/chat", async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  });
  await composer(page).fill("/add Buy bread");
  await composer(page).press("Enter");
  await expect(messages(page).getByRole("button", { name: "Try again" })).toBeVisible();
  await page.unrouteAll();
  await reload(page);
  await expect(tasks(page).getByRole("checkbox")).toHaveCount(2);
  await expect(receipt(page, "Added", "Buy bread")).toHaveCount(1);
});

test("UI-25: what did not arrive can be tried again after something else was said", async ({ home: page }) => {
  await say(page, "/add Apples");
  await page.route("**/api/*/chat", (route) => route.abort("connectionreset"), { times: 1 });
  await composer(page).fill("/add Buy milk");
  await composer(page).press("Enter");
  const again = messages(page).getByRole("button", { name: "Try again" });
  await expect(again).toBeVisible();
  await say(page, "/add Buy bread");
  await again.click();
  await expect(receipt(page, "Added", "Buy milk")).toHaveCount(1);
  // It came last, and stands last.
  await expect(messages(page).getByRole("article").last()).toContainText("Buy milk");
  await expect(tasks(page).getByRole("checkbox")).toHaveCount(3);
});

test("UI-61: two tabs that have the same messages send each once", async ({ home: page, context }) => {
  await say(page, "/add Buy milk");
  const other = await context.newPage();
  await context.setOffline(true);
  await expect(page.getByText(banner)).toBeVisible();
  await send(page, "/add Buy bread");
  await send(page, "/add Buy salt");
  await page.route("**/api/**", (route) => route.abort());
  await context.setOffline(false);
  await open(other, page.url());
  await expect(receipt(other, "Added", "Buy salt")).toHaveCount(1);
  await page.unrouteAll();
  await expect(page.getByText(banner)).toHaveCount(0, { timeout: 20_000 });
  await expect(receipt(page, "Added", "Buy salt")).toHaveCount(1);
  await expect(messages(page).getByText("Queued")).toHaveCount(0);
  await expect(tasks(page).getByRole("checkbox")).toHaveCount(3);
});

testWithOwnServer.describe("a server that is away", () => {
  testWithOwnServer.use({ expected: NOISE });

  testWithOwnServer("UI-60: a server that is away is told like a network that is", async ({ home: page, saydo }) => {
    await saydo.kill();
    await send(page, "/add Buy milk");
    await expect(page.getByText(banner)).toBeVisible();
    await expect(messages(page).getByText("Queued")).toBeVisible();
    await saydo.start();
    await expect(receipt(page, "Added", "Buy milk")).toHaveCount(1, { timeout: 20_000 });
    await expect(page.getByText(banner)).toHaveCount(0);
  });
});
