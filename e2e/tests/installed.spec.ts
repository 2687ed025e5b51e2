// The page as an app of its own: its manifest, its worker, and what that keeps.

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { composer, expect, messages, open, ready, receipt, reload, say, send, signUp, somebody, test, testWithOwnServer } from "../support/browser.ts";

const NOISE = [/ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|NETWORK_CHANGED|FAILED)|Failed to fetch|Failed to load/];

test.use({ serviceWorkers: "allow", expected: NOISE });

/** Waits until the worker keeps the page. */
async function kept(page: Page, path = "/"): Promise<void> {
  await expect.poll(() => page.evaluate(async (path) => !!(await caches.open("saydo-pages").then((pages) => pages.match(path))), path)).toBe(true);
}

/** Every address that is kept. */
async function addresses(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const found: string[] = [];
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
    }
    return found;
  });
}

test("UI-65: the manifest and its icons are what installing asks for", async ({ page }) => {
  await open(page, "/sign-in");
  const href = await page.locator("link[rel=manifest]").getAttribute("href");
  const answer = await page.request.get(href!);
  expect(answer.headers()["content-type"]).toBe("application/manifest+json");
  const manifest = await answer.json();
  expect(manifest).toMatchObject({ name: "Saydo", start_url: "/", display: "standalone" });
  for (const { src, sizes, type } of manifest.icons) {
    const icon = await page.request.get(src);
    expect(icon.headers()["content-type"]).toBe(type);
    if (type === "image/png") {
      const bytes = await icon.body();
      expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`).toBe(sizes);
    }
  }
  expect(manifest.icons.some((icon: { purpose?: string }) => icon.purpose === "maskable")).toBe(true);
  const wire = await page.context().newCDPSession(page);
  const { installabilityErrors } = await wire.send("Page.getInstallabilityErrors");
  // A test's own profile is what the browser calls incognito.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual([]);
});

test("UI-60, UI-66: without a network the page opens, says so, and sends what is written when it is back", async ({ home: page, context }) => {
  await say(page, "/add Buy milk");
  await expect(page).toHaveURL(/\/c\/\d+$/);
  await reload(page);
  await kept(page);
  await kept(page, "/c");
  // What was said is in the page's HTML, and not in what is kept of it.
  const document = () => page.evaluate(async () => (await (await caches.open("saydo-pages")).match("/c"))!.text());
  expect(await (await page.request.get(page.url())).text()).toContain("Buy milk");
  expect(await document()).not.toMatch(/Buy milk|section class="early"/);
  expect((await addresses(page)).filter((path) => !["/", "/c"].includes(path) && !path.startsWith("/pkg/"))).toEqual([]);

  await context.setOffline(true);
  await reload(page);
  await expect(page.getByText("You're offline.")).toBeVisible();
  // Nothing is loading, and nothing has a name yet.
  await expect(page.getByText("Available when you're back online.")).toHaveCount(3);
  await expect(page.locator(".skeleton")).toHaveCount(0);
  await send(page, "/help 1");
  await expect(messages(page).getByText("Queued")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Conversation");
  // A reload does not hide what waits.
  await reload(page);
  await expect(messages(page).getByText("Queued")).toBeVisible();
  // A new chat is another one, whoever is here.
  await page.getByRole("link", { name: "New chat" }).click();
  await expect(messages(page).getByText("Queued")).toHaveCount(0);
  await reload(page);
  await expect(page.getByText("You're offline.")).toBeVisible();
  await send(page, "/add Buy bread");
  await expect(messages(page).getByText("Queued")).toBeVisible();
  await context.setOffline(false);
  await expect(receipt(page, "Added", "Buy bread")).toHaveCount(1, { timeout: 20_000 });
});

test("UI-66: a new worker drops the document that an older one may have kept with its messages", async ({ home: page }) => {
  await reload(page);
  await kept(page);
  await page.evaluate(async () => {
    for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
    await (await caches.open("saydo-pages")).put("/c", new Response("Buy milk"));
  });
  await reload(page);
  await expect.poll(() => page.evaluate(async () => !!(await (await caches.open("saydo-pages")).match("/c")))).toBe(false);
});

test("UI-66: signing out leaves no page behind", async ({ home: page }) => {
  await reload(page);
  await kept(page);
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
  await expect.poll(() => page.evaluate(() => caches.has("saydo-pages"))).toBe(false);
});

testWithOwnServer.describe("a new deployment", () => {
  testWithOwnServer.use({ serviceWorkers: "allow", expected: NOISE });
  testWithOwnServer.skip(!!process.env.SAYDO_E2E_URL, "needs a site of its own");

  const sites: string[] = [];
  testWithOwnServer.afterAll(() => sites.forEach((site) => rmSync(site, { recursive: true, force: true })));

  /** A copy of the site whose style sheet has another name, and says so. */
  function another(site: string): string {
    const copy = mkdtempSync(join(tmpdir(), "saydo-site-"));
    sites.push(copy);
    cpSync(site, copy, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(copy, "manifest.json"), "utf8"));
    const css = join(copy, manifest.css);
    const name = "/pkg/saydo-0123456789abcdef.css";
    renameSync(css, join(copy, name));
    writeFileSync(join(copy, name), `${readFileSync(join(copy, name), "utf8")}\n:root{--deployed:new}`);
    for (const file of readdirSync(join(copy, "pkg"))) {
      if (/\.css\.(br|gz)$/.test(file)) rmSync(join(copy, "pkg", file));
    }
    writeFileSync(join(copy, "manifest.json"), JSON.stringify({ ...manifest, css: name }));
    return copy;
  }

  testWithOwnServer("UI-67: a new build's files are loaded at the next visit, and the old ones are dropped", async ({ page, saydo }) => {
    await signUp(page, somebody());
    await reload(page);
    await kept(page);
    const before = await addresses(page);
    const site = process.env.SAYDO_E2E_SITE ?? join(execFileSync("dirname", [process.env.SAYDO_E2E_BINARY!]).toString().trim(), "../site");
    await saydo.kill();
    await saydo.start({ SAYDO_SITE: another(site) });
    await page.goto("/");
    await ready(page);
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--deployed"))).toBe("new");
    await expect.poll(async () => (await addresses(page)).filter((path) => path.endsWith(".css"))).toEqual(["/pkg/saydo-0123456789abcdef.css"]);
    expect(before.some((path) => path.endsWith(".css"))).toBe(true);
    await expect(composer(page)).toBeVisible();
  });
});
