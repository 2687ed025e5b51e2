import { composer, expect, open, ready, signIn, test } from "../support/browser.ts";
import { hold } from "../support/gate.ts";
import { look } from "../support/look.ts";

const BAR = 268 * 1024;

test("E2E-10: the first page is within its bar, for a stranger and for a person", async ({ page, person, context }) => {
  // A browser that has nothing yet, and that tells how many bytes came over the wire.
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
  const urls = new Map<string, string>();
  const sizes = new Map<string, number>();
  wire.on("Network.requestWillBeSent", ({ requestId, request }) => urls.set(requestId, request.url));
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => sizes.set(urls.get(requestId) ?? "?", encodedDataLength));

  const weigh = async (address: string) => {
    sizes.clear();
    await open(page, address);
    // One connection stays open; whatever else comes has come.
    await page.waitForTimeout(2_000);
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    console.log(`${address}: ${total} bytes`, Object.fromEntries(sizes));
    expect([...sizes.keys()].some((url) => url.endsWith(".wasm"))).toBe(true);
    expect(total).toBeLessThanOrEqual(BAR);
  };
  await weigh("/");
  await context.clearCookies();
  await weigh("/sign-in");
  await signIn(page, person);
  await expect(composer(page)).toBeVisible();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("E2E-11: without scripts the entrance is shown", async ({ page }) => {
    await page.goto("/");
    await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
    await expect(page.getByLabel("E-mail")).toBeVisible();
    await expect(page.getByLabel("Password", { exact: true })).toBeVisible();
  });
});

test.describe("a script that cannot be loaded", () => {
  test.use({ expected: [/ERR_FAILED|Failed to fetch/] });

  test("UI-73: the page says so, and where to go on", async ({ page }) => {
    await page.route(/\.wasm$/, (route) => route.abort());
    await page.goto("/sign-in");
    await look(page, "stuck");
    for (const file of [/\.wasm$/, /\.js$/]) {
      await page.route(file, (route) => route.abort());
      await page.goto("/sign-in");
      const told = page.getByRole("alert").filter({ hasText: "Part of the page didn't load." });
      await expect(told).toBeVisible();
      await page.unrouteAll();
      await told.getByRole("link", { name: "Load it again" }).click();
      await ready(page);
      await expect(told).toBeHidden();
    }
    await page.route(/\.wasm$/, (route) => route.abort());
    await page.goto("/sign-up?next=/c/5");
    await page.getByRole("link", { name: "Use the simple version" }).click();
    await expect(page).toHaveURL("/plain/sign-up?next=/c/5");
  });

  test("UI-73: a page that cannot be taken over says so too", async ({ page }) => {
    const broken = await page.addInitScript(() => {
      Object.defineProperty(Node.prototype, "firstChild", { get: () => { throw new Error("Failed to fetch the first child"); } });
    });
    await page.goto("/sign-in");
    const told = page.getByRole("alert").filter({ hasText: "Part of the page didn't load." });
    await expect(told).toBeVisible();
    await broken.dispose();
    await told.getByRole("link", { name: "Load it again" }).click();
    await ready(page);
    await expect(told).toBeHidden();
  });

  test("UI-73: a script that does not come is told, until it comes", async ({ page }) => {
    await page.clock.install();
    const gate = await hold(page, /\.wasm$/);
    await page.goto("/sign-in");
    const told = page.getByRole("alert").filter({ hasText: "Part of the page didn't load." });
    await page.clock.fastForward(19_000);
    await expect(told).toBeHidden();
    await page.clock.fastForward(2_000);
    await expect(told).toBeVisible();
    await page.clock.resume();
    gate.open();
    await ready(page);
    await expect(told).toBeHidden();
  });
});
