// What every browser test stands on: a server, and a watch over what the page does behind the person's back.

import { type BrowserContext, test as base, expect, type Locator, type Page } from "@playwright/test";
import { Gate } from "./gate.ts";
import { FakeModel } from "./model.ts";
import { Saydo } from "./saydo.ts";

export { expect };

interface Fixtures {
  /** The server of this test. */
  saydo: Saydo;
  /** A person who is signed in, on the empty chat. */
  person: Person;
  /** The page of somebody who is signed in, on the empty chat. */
  home: Page;
  /** Messages that a test provokes on purpose, and that the watch lets pass. */
  expected: RegExp[];
  watch: void;
}

interface WorkerFixtures {
  /** A server with the offline model that the tests share; each has a person of its own. */
  shared: Saydo;
}

/** Somebody with an account. */
export interface Person {
  name: string;
  email: string;
  password: string;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  shared: [
    async ({}, use) => {
      const saydo = await Saydo.start();
      await use(saydo);
      await saydo.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  saydo: async ({ shared }, use) => {
    await use(shared);
  },
  baseURL: async ({ saydo }, use) => {
    await use(saydo.origin);
  },
  expected: [[], { option: true }],
  watch: [
    async ({ context, saydo, expected }, use, info) => {
      const seen = watch(context, saydo.origin);
      await use();
      expect(seen.filter((line) => !expected.some((pattern) => pattern.test(line)))).toEqual([]);
      if (info.status !== info.expectedStatus) {
        await info.attach("server log", { body: saydo.log(), contentType: "text/plain" });
      }
    },
    { auto: true },
  ],
  person: async ({ page }, use) => {
    const person = somebody();
    await signUp(page, person);
    await use(person);
  },
  home: async ({ page, person: _ }, use) => {
    await use(page);
  },
});

/** Tests whose server talks to a scripted model. */
export const testWithModel = test.extend<{ model: FakeModel }>({
  model: async ({}, use) => {
    const model = await FakeModel.start();
    await use(model);
    await model.stop();
  },
  saydo: async ({ model }, use) => {
    const saydo = await Saydo.start(model.settings());
    await use(saydo);
    await saydo.stop();
  },
});

/** Tests whose server is theirs alone, to be killed. */
export const testWithOwnServer = test.extend({
  saydo: async ({}, use) => {
    const saydo = await Saydo.start();
    await use(saydo);
    await saydo.stop();
  },
});

let people = 0;

export function somebody(): Person {
  people += 1;
  const email = `ann.${process.pid}.${Date.now()}.${people}@example.com`;
  return { name: "Ann Example", email, password: "correct horse battery" };
}

/** Makes the window as large as the page: what lies beside it is never drawn, and how long that takes is not told. */
export async function fitWindow(page: Page): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  const { windowId } = await browser.send("Browser.getWindowForTarget");
  await browser.send("Browser.setWindowBounds", { windowId, bounds: { width: 1460, height: 1060 } });
}

/** Opens an address and waits until the page listens, and shows its own messages alone. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await settled(page);
}

/** The same for the address that is open. */
export async function reload(page: Page): Promise<void> {
  await page.reload();
  await settled(page);
}

async function settled(page: Page): Promise<void> {
  await ready(page);
  await expect(page.locator("section.early")).toHaveCount(0);
}

/** Waits until the page listens. */
export async function ready(page: Page): Promise<void> {
  await page.locator("html[data-ready]").waitFor();
}

/** Makes an account and waits for the chat. */
export async function signUp(page: Page, person: Person): Promise<void> {
  await open(page, "/sign-up");
  await page.getByLabel("Name").fill(person.name);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(composer(page)).toBeVisible();
}

/** Fills in the sign-in form that is shown. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
}

/** Where a person writes. */
export function composer(page: Page): Locator {
  return page.getByRole("textbox", { name: "Message" });
}

/** Sends a message; the answer may still be on its way. */
export async function send(page: Page, words: string): Promise<void> {
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeVisible();
  await composer(page).fill(words);
  await composer(page).press("Enter");
  await expect(composer(page)).toHaveValue("");
}

/** Sends a message and waits until its answer has ended. */
export async function say(page: Page, words: string): Promise<void> {
  await send(page, words);
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeVisible();
}

/** Has the model begin an answer, "Bread and butter.", which goes on when the gate opens. */
export async function beginAnswer(page: Page, model: FakeModel): Promise<Gate> {
  const gate = new Gate();
  model.says("Bread ", gate, "and butter.");
  await send(page, "What should I buy?");
  await expect(messages(page).getByText("Bread")).toBeVisible();
  return gate;
}

/** The messages of the open conversation. */
export function messages(page: Page): Locator {
  return page.getByRole("region", { name: "Messages" });
}

/** A receipt: what was done, to which task. */
export function receipt(page: Page, verb: string, title: string): Locator {
  return messages(page).getByRole("listitem").filter({ hasText: new RegExp(`${verb}\\s+${title}`, "i") });
}

/** The pane with the list. */
export function tasks(page: Page): Locator {
  return page.getByRole("region", { name: "Tasks" });
}

/** Notes what must not happen: words in the console, requests to elsewhere, pages without a strict policy. */
function watch(context: BrowserContext, origin: string): string[] {
  const seen: string[] = [];
  context.on("console", (message) => {
    // The service worker is left out of tests that do not ask for it: it would take requests past `page.route`.
    const isOfTest = message.text().startsWith("Service Worker registration blocked by Playwright");
    if (["error", "warning"].includes(message.type()) && !isOfTest) {
      seen.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  context.on("weberror", (fault) => seen.push(`uncaught: ${fault.error().message}`));
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (["http:", "https:", "ws:", "wss:"].includes(url.protocol) && url.origin !== origin) {
      seen.push(`request to ${request.url()}`);
    }
  });
  context.on("response", (response) => {
    const isPage = response.request().resourceType() === "document" && response.status() < 300;
    const policy = response.headers()["content-security-policy"];
    const fault = isPage ? weakness(policy) : undefined;
    if (fault) {
      seen.push(`content security policy of ${response.url()}: ${fault}: ${policy}`);
    }
  });
  return seen;
}

function weakness(policy: string | undefined): string | undefined {
  if (!policy) return "missing";
  if (policy.includes("'unsafe-inline'")) return "unsafe-inline";
  if (policy.includes("'unsafe-eval'")) return "unsafe-eval";
  const runsNothing = policy.includes("default-src 'none'") && !policy.includes("script-src");
  if (!runsNothing && !/script-src [^;]*'nonce-[^']+'/.test(policy)) return "no nonce";
  if (!policy.includes("frame-ancestors 'none'")) return "can be framed";
  return undefined;
}
