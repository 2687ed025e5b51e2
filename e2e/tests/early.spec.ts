// What is written before the page knows who writes, or what was said before.

import { beginAnswer, composer, expect, messages, open, ready, receipt, say, send, signIn, signOut, signUp, somebody, tasks, test, testWithModel } from "../support/browser.ts";
import { look } from "../support/look.ts";
import { Gate, hold } from "../support/gate.ts";
import { said } from "../support/pane.ts";

test("UI-61: what is written at a conversation's address before the session is known goes into that conversation", async ({ home: page }) => {
  await say(page, "/add Buy milk");
  await expect(page).toHaveURL(/\/c\/\d+$/);
  const address = page.url();
  const gate = await hold(page, "**/api/auth/get-session");
  await page.reload();
  await ready(page);
  await send(page, "/add Buy bread");
  await expect(messages(page).getByText("/add Buy bread")).toBeVisible();
  await composer(page).fill("half a thought");
  gate.open();
  await expect(receipt(page, "Added", "Buy bread")).toHaveCount(1);
  await expect(receipt(page, "Added", "Buy milk")).toHaveCount(1);
  await expect(page).toHaveURL(address);
  await expect(composer(page)).toHaveValue("half a thought");
  await expect(page.getByRole("navigation", { name: "Conversations" }).getByRole("listitem")).toHaveCount(1);
  // What is not sent belongs to this conversation, not to a new one.
  await open(page, "/");
  await expect(page.getByText("What needs doing?")).toBeVisible();
  await expect(composer(page)).toHaveValue("");
});

test("UI-75: an Enter that is pressed before the page listens counts when it does", async ({ page }) => {
  const gates = [await hold(page, /\.wasm$/)];
  // What asks for the module keeps the keys, too.
  const loader = page.waitForRequest(/\.wasm$/);
  await page.goto("/sign-up", { waitUntil: "commit" });
  await loader;
  const person = somebody();
  await page.getByLabel("Name").fill(person.name);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.keyboard.press("Enter");
  gates[0]!.open();
  await expect(composer(page)).toBeVisible();
  await ready(page);
  await page.unrouteAll();
  gates.push(await hold(page, /\.wasm$/));
  const again = page.waitForRequest(/\.wasm$/);
  await page.goto("/", { waitUntil: "commit" });
  await again;
  await composer(page).pressSequentially("/add Buy milk");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.press("Enter");
  await expect(composer(page)).toHaveValue("/add Buy milk\n");
  gates[1]!.open();
  await expect(receipt(page, "Added", "Buy milk")).toHaveCount(1);
  await expect(composer(page)).toHaveValue("");
});

test("UI-71, UI-74: a conversation is read, from its end, before the script is there, and looks the same afterwards", async ({ home: page }) => {
  for (const words of ["/add Buy milk", "/help 1", "/help 2", "/help 3", "/due #1 2030-01-01"]) await say(page, words);
  await expect(page).toHaveURL(/\/c\/\d+$/);
  const gate = await hold(page, /\.wasm$/);
  await page.reload({ waitUntil: "commit" });
  const last = messages(page).locator(".receipt-title").last();
  await expect(last).toBeInViewport();
  await expect(page.locator("html")).not.toHaveAttribute("data-ready");
  await look(page, "early");
  const { y } = (await last.boundingBox())!;
  // Nothing in it can be used yet.
  const undo = page.locator("section.early .receipt-undo");
  await undo.first().focus();
  await expect(undo).toHaveCount(2);
  await expect(undo.first()).not.toBeFocused();
  await page.evaluate(() => {
    const made = { turns: 0 };
    Object.assign(globalThis, { made });
    const count = (node: Node) => (node instanceof HTMLElement ? node.querySelectorAll("article.turn").length + Number(node.matches("article.turn")) : 0);
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const node of addedNodes) made.turns += count(node);
    }).observe(document.body, { childList: true, subtree: true });
  });
  gate.open();
  await ready(page);
  // Of the two changes of one task only the last can be taken back.
  await expect(messages(page).getByRole("button", { name: /Undo/ })).toHaveCount(1);
  await expect(page.locator("section.early")).toHaveCount(0);
  // Each message is made once.
  expect(await page.evaluate(() => (globalThis as unknown as { made: { turns: number } }).made.turns)).toBe(5);
  expect(Math.abs((await last.boundingBox())!.y - y)).toBeLessThan(8);
  // Another one that is opened meanwhile begins without them.
  const address = page.url();
  await page.getByRole("link", { name: "New chat" }).click();
  await say(page, "/help 4");
  const answers = await hold(page, /\/messages$/);
  await page.goto(address);
  await ready(page);
  await expect(last).toBeInViewport();
  await page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: "/help 4" }).click();
  await expect(page.locator("section.early")).toHaveCount(0);
  await expect(messages(page).getByText("Buy milk")).toHaveCount(0);
  answers.open();
  await expect(messages(page).getByText("/help 4", { exact: true })).toBeVisible();
});

test("UI-71: who reads further up before the script is there goes on reading there", async ({ home: page }) => {
  // Short answers, and more of them than the window holds.
  for (const page_ of [1, 2, 3, 4, 5, 6, 7, 8, 9]) await say(page, `/help ${page_}`);
  await page.setViewportSize({ width: 1440, height: 600 });
  const gate = await hold(page, /\.wasm$/);
  const answers = await hold(page, /\/messages$/);
  await page.reload({ waitUntil: "commit" });
  const third = messages(page).getByText("/help 3", { exact: true });
  await expect(messages(page).getByText("/help 9", { exact: true })).toBeInViewport();
  await expect(third).not.toBeInViewport();
  await third.scrollIntoViewIfNeeded();
  const { y } = (await third.boundingBox())!;
  gate.open();
  await ready(page);
  await expect(page.locator("section.early")).toHaveCount(1);
  expect(Math.abs((await third.boundingBox())!.y - y)).toBeLessThan(8);
  answers.open();
  await expect(page.locator("section.early")).toHaveCount(0);
  await expect.poll(async () => Math.abs((await third.boundingBox())!.y - y)).toBeLessThan(8);
  // What is said then is looked at.
  await say(page, "/help 1");
  await expect(messages(page).getByText("/help 1", { exact: true }).last()).toBeInViewport();
});

test("UI-74: what is said while a conversation's turns are made comes behind them", async ({ home: page }) => {
  for (const page_ of [1, 2, 3, 4, 5]) await say(page, `/help ${page_}`);
  await expect(page).toHaveURL(/\/c\/\d+$/);
  // From when the messages are asked for, work that waits for a task of its own waits for the test.
  await page.addInitScript(() => {
    const { setTimeout, fetch } = window;
    let held: (() => void)[] | undefined;
    Object.assign(window, {
      setTimeout: (run: () => void, after = 0) => (held && after === 0 ? held.push(run) : setTimeout(run, after)),
      fetch: (request: RequestInfo, options?: RequestInit) => {
        if (String(request instanceof Request ? request.url : request).endsWith("/messages")) held ??= [];
        return fetch(request, options);
      },
      step: () => held?.splice(0).forEach((run) => run()),
    });
  });
  const answers = await hold(page, /\/messages$/);
  await page.reload();
  await ready(page);
  const made = page.locator("#messages-content > article.turn");
  const stepUntil = (look: () => Promise<unknown>) =>
    expect.poll(async () => {
      await page.evaluate(() => (window as unknown as { step(): void }).step());
      return look();
    });
  await send(page, "/help 6");
  await expect(made).toHaveCount(1);
  answers.open();
  await stepUntil(() => made.count()).toBeGreaterThan(1);
  expect(await made.count()).toBeLessThan(6);
  await send(page, "/help 7");
  // Those that are made are not seen yet, unlike what the server wrote and what was just said.
  await expect(made.first()).toBeHidden();
  await expect(page.locator("section.early").getByText("/help 5", { exact: true })).toBeVisible();
  for (const said of ["/help 6", "/help 7"]) await expect(made.getByText(said, { exact: true })).toBeInViewport();

  await stepUntil(() => page.locator("section.early").count()).toBe(0);
  await expect(made.first()).toBeVisible();
  const all = [1, 2, 3, 4, 5, 6, 7].map((page_) => `/help ${page_}`);
  expect(await made.locator(".bubble").allInnerTexts()).toEqual(all);
  await stepUntil(() => made.locator(".markdown").count()).toBe(7);
  expect(await made.locator(".bubble").allInnerTexts()).toEqual(all);
  await expect(made.last()).toBeInViewport();
});

test("UI-25: a message that repeats the last one while the conversation is loaded is sent", async ({ home: page }) => {
  await say(page, "/help 1");
  await expect(page).toHaveURL(/\/c\/\d+$/);
  const gate = await hold(page, /\/messages$/);
  await page.reload();
  await ready(page);
  await send(page, "/help 1");
  const sent = said(page);
  gate.open();
  await expect(messages(page).getByText("/help 1", { exact: true })).toHaveCount(2);
  await expect.poll(() => sent).toEqual(["/help 1"]);
  await expect(messages(page).getByText("Queued")).toHaveCount(0);
});

test.describe("a tab that is another person's by now", () => {
  // The token that was asked for before is the first person's.
  test.use({ expected: [/status of 403/] });

  test("UI-24: what one person wrote is not sent as another, who signed in meanwhile", async ({ page, context, person }) => {
    await say(page, "/add Buy milk");
    const gate = await hold(page, "**/api/auth/get-session");
    await page.goto("/");
    await ready(page);
    // Without a script that would tell the other tabs.
    const { origin } = new URL(page.url());
    const made = await context.request.post("/plain/sign-up", { form: { ...somebody(), next: "" }, headers: { origin } });
    expect(made.url()).toBe(`${origin}/plain`);
    const sent = said(page);
    await composer(page).fill("/add Call the doctor");
    await composer(page).press("Enter");
    gate.open();
    await expect(tasks(page).getByText("Nothing on your list")).toBeVisible();
    await expect(messages(page).getByText("/add Call the doctor")).toHaveCount(0);
    await expect(composer(page)).toHaveValue("");
    expect(sent).toEqual([]);
    // Whoever wrote it finds it again.
    await page.bringToFront();
    await signOut(page);
    await signIn(page, person);
    await expect(receipt(page, "Added", "Call the doctor")).toHaveCount(1);
  });
});

test("UI-71: what the server wrote for one person is not left for the next", async ({ home: page, context }) => {
  await say(page, "/add Buy milk");
  await expect(page).toHaveURL(/\/c\/\d+$/);
  const answers = await hold(page, /\/messages$/);
  await page.reload();
  await ready(page);
  await expect(page.locator("section.early").getByText("/add Buy milk")).toBeVisible();
  await expect(page.getByRole("navigation").getByRole("link", { name: "/add Buy milk" })).toBeVisible();
  const session = await hold(page, "**/api/auth/get-session");
  await context.clearCookies();
  await signUp(await context.newPage(), somebody());
  await expect(page.locator("section.early")).toHaveCount(0);
  await expect(page.getByText("Buy milk")).toHaveCount(0);
  session.open();
  answers.open();
  await expect(page.getByText("What needs doing?")).toBeVisible();
  await expect(page.getByText("Buy milk")).toHaveCount(0);
});

test.describe("a conversation that is not there", () => {
  test.use({ expected: [/status of (404|503)/] });

  test("UI-22: what is written where there is no conversation stays in the composer", async ({ home: page }) => {
    await open(page, "/c/999999999");
    await expect(messages(page).getByText("Conversation not found", { exact: true })).toBeVisible();
    await look(page, "missing");
    await composer(page).fill("Buy milk");
    await composer(page).press("Enter");
    await expect(page.locator("#message-note")).toHaveText("Conversation not found");
    await expect(composer(page)).toHaveValue("Buy milk");
    await expect(composer(page)).not.toHaveAttribute("aria-invalid");
  });

  test("UI-22: what was written before it was known that there is no conversation is shown", async ({ home: page }) => {
    const gate = await hold(page, "**/api/auth/get-session");
    await page.goto("/c/999999999");
    await ready(page);
    await send(page, "Buy milk");
    gate.open();
    await expect(messages(page).getByText("Conversation not found", { exact: true })).toBeVisible();
    await expect(messages(page).getByText("No answer")).toBeVisible();
    await expect(messages(page).getByText("Buy milk", { exact: true })).toBeVisible();
  });

  test("UI-22, UI-77: what is written where the conversation could not be loaded stays in the composer", async ({ home: page }) => {
    await say(page, "/help 1");
    await expect(page).toHaveURL(/\/c\/\d+$/);
    await page.route(/\/messages$/, (route) => route.fulfill({ status: 503, body: "" }));
    await page.reload();
    await ready(page);
    await expect(messages(page).getByText("Couldn't load the conversation.")).toBeVisible();
    await composer(page).fill("/help 2");
    await composer(page).press("Enter");
    await expect(composer(page)).toHaveValue("/help 2");
    await page.unrouteAll();
    await messages(page).getByRole("button", { name: "Try again" }).click();
    await expect(messages(page).getByText("/help 1", { exact: true })).toBeVisible();
    await expect(messages(page)).toBeFocused();
    await composer(page).press("Enter");
    await expect(messages(page).getByText("/help 2", { exact: true })).toBeVisible();
  });
});

test("UI-54: what is said elsewhere while a conversation is loaded is shown with it", async ({ home: page, context }) => {
  await say(page, "/add Apples");
  await expect(page).toHaveURL(/\/c\/\d+$/);
  const other = await context.newPage();
  await open(other, "/");
  await expect(tasks(other).getByRole("checkbox", { name: "Apples" })).toBeVisible();
  // The answer is of before, and comes late.
  const [asked, gate] = [new Gate(), new Gate()];
  await other.route(/\/messages$/, async (route) => {
    const response = await route.fetch();
    asked.open();
    await gate.opened;
    await route.fulfill({ response });
  });
  await other.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: "/add Apples" }).click();
  await asked.opened;
  await say(page, "/add Bread");
  // By then it has heard of the first turn's end.
  await say(page, "/add Cheese");
  await expect(tasks(other).getByRole("checkbox", { name: "Cheese" })).toBeVisible();
  await expect(receipt(other, "Added", "Apples")).toHaveCount(0);
  gate.open();
  for (const title of ["Apples", "Bread", "Cheese"]) await expect(receipt(other, "Added", title)).toHaveCount(1);
});

testWithModel.describe("a turn that runs", () => {
  testWithModel.use({ expected: [/status of 409|ERR_FAILED/] });

  testWithModel("UI-54: an answer streams where a message waits behind it", async ({ page, context, model }) => {
    await signUp(page, somebody());
    model.says("Hello.");
    await say(page, "Hello");
    await expect(page).toHaveURL(/\/c\/\d+$/);
    const other = await context.newPage();
    await open(other, page.url());
    await expect(messages(other).getByText("Hello.")).toBeVisible();
    await other.route("**/api/**", (route) => route.abort());
    await send(other, "Thanks");
    await expect(messages(other).getByText("Queued")).toBeVisible();

    const gate = new Gate();
    model.says("Bread ", gate, "and butter.");
    model.says("You are welcome.");
    await send(page, "What should I buy?");
    await expect(messages(page).getByText("Bread")).toBeVisible();
    await other.unrouteAll();
    await other.reload();
    await ready(other);
    await expect(messages(other).getByText("Bread")).toBeVisible();
    await expect(other.getByRole("button", { name: "Stop" })).toBeVisible();
    gate.open();
    await expect(messages(other).getByText("Bread and butter.")).toHaveCount(1);
    await expect(messages(other).getByText("You are welcome.")).toHaveCount(1);
    await expect(messages(other).getByText("Thanks", { exact: true })).toHaveCount(1);
  });

  testWithModel("UI-52, UI-76: what is said while an answer runs follows it", async ({ page, model }) => {
    await signUp(page, somebody());
    const gate = new Gate();
    model.says("Bread ", gate, "and butter.");
    model.says("Milk.");
    model.says("Eggs.");
    const posts = await hold(page, "**/api/*/chat");
    await send(page, "What should I buy?");
    const sendAtOnce = async (words: string) => {
      await composer(page).fill(words);
      await composer(page).press("Enter");
      await expect(composer(page)).toHaveValue("");
    };
    // Before the conversation has begun, and while its first answer streams.
    await sendAtOnce("What else?");
    await look(page, "queued");
    posts.open();
    await expect(messages(page).getByText("Bread")).toBeVisible();
    await sendAtOnce("And what more?");
    await expect(messages(page).getByText("Queued")).toHaveCount(2);
    await expect(page.getByRole("button", { name: "Stop" })).toBeVisible();
    gate.open();
    await expect(messages(page).getByText("Eggs.")).toBeVisible();
    await expect(messages(page).locator(".bubble")).toHaveText(["What should I buy?", "What else?", "And what more?"]);
    await expect(messages(page).locator(".markdown")).toHaveText(["Bread and butter.", "Milk.", "Eggs."]);
    await expect(messages(page).getByText("Queued")).toHaveCount(0);
    await expect(page.getByRole("navigation").getByRole("listitem")).toHaveCount(1);
  });

  testWithModel("UI-76: what is said behind an answer waits through a reload, and holds up no other conversation", async ({ page, model }) => {
    await signUp(page, somebody());
    const gate = await beginAnswer(page, model);
    await expect(page).toHaveURL(/\/c\/\d+$/);
    const address = page.url();
    await page.reload();
    await ready(page);
    await expect(page.getByRole("button", { name: "Stop" })).toBeVisible();
    const sent = said(page);
    await composer(page).fill("/add Milk");
    await composer(page).press("Enter");
    await expect(messages(page).getByText("Queued")).toBeVisible();
    expect(sent).toEqual([]);
    // Elsewhere nothing waits for it.
    await page.getByRole("link", { name: "New chat" }).click();
    await say(page, "/add Eggs");
    await expect(receipt(page, "Added", "Eggs")).toHaveCount(1);
    gate.open();
    await expect(tasks(page).getByRole("checkbox", { name: "Milk" })).toBeVisible();
    await page.goto(address);
    await ready(page);
    await expect(receipt(page, "Added", "Milk")).toHaveCount(1);
    await expect(messages(page).locator(".markdown").first()).toHaveText("Bread and butter.");
    await expect(messages(page).getByText("No answer")).toHaveCount(0);
  });

  testWithModel("UI-38: a new conversation is stopped before its first event", async ({ page, model }) => {
    await signUp(page, somebody());
    const never = new Gate();
    model.says("First, breathe. ", never, "Then panic.");
    const gate = await hold(page, "**/api/*/chat");
    await send(page, "I have too much to do");
    await page.getByRole("button", { name: "Stop" }).click();
    await expect(page.getByRole("status").filter({ hasText: "Stopping…" })).toBeVisible();
    gate.open();
    await expect(messages(page).getByText("Stopped. Finished steps are kept.")).toBeVisible();
    never.open();
  });

  testWithModel("UI-38: Escape closes the open drawer and lets the answer go on", async ({ page, model }) => {
    await signUp(page, somebody());
    await page.setViewportSize({ width: 900, height: 900 });
    const gate = await beginAnswer(page, model);
    const opener = page.getByRole("button", { name: "Show conversations" });
    await opener.click();
    await expect(page.getByRole("button", { name: "Hide conversations" })).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(opener).toBeFocused();
    gate.open();
    await expect(messages(page).getByText("Bread and butter.")).toBeVisible();
  });
});

test.describe("an answer that comes while the page becomes alive", () => {
  test.use({ expected: [/status of 503/] });

  test("UI-74: it finds all of the page there", async ({ home: page }) => {
    await say(page, "/add Buy milk");
    await expect(page).toHaveURL(/\/c\/\d+$/);
    await page.route("**/api/auth/get-session", (route) => route.fulfill({ status: 503, body: "" }), { times: 1 });
    // From when the page asks who is here, no part has its turn until the test says so.
    await page.addInitScript(() => {
      const { setTimeout, fetch } = window;
      let held: (() => void)[] | undefined;
      let isReleased = false;
      Object.assign(window, {
        setTimeout: (run: () => void, after = 0) => (held && after === 0 ? held.push(run) : setTimeout(run, after)),
        fetch: (request: RequestInfo, options?: RequestInit) => {
          const address = request instanceof Request ? request.url : request;
          if (!isReleased && String(address).endsWith("/get-session")) held ??= [];
          return fetch(request, options);
        },
        release: () => {
          const runs = held ?? [];
          [held, isReleased] = [undefined, true];
          runs.forEach((run) => setTimeout(run));
        },
      });
    });
    const answered = page.waitForResponse("**/api/auth/get-session");
    await page.reload();
    await answered;
    await page.waitForTimeout(200);
    await expect(page.locator("html")).not.toHaveAttribute("data-ready");
    await page.evaluate(() => (window as unknown as { release(): void }).release());
    await ready(page);
    const again = messages(page).getByRole("button", { name: "Try again" });
    await expect(again).toBeVisible();
    await expect(page.locator("section.early")).toHaveCount(0);
    await again.click();
    await expect(receipt(page, "Added", "Buy milk")).toHaveCount(1);
    await expect(tasks(page).getByRole("checkbox", { name: "Buy milk" })).toHaveCount(1);
    await expect(page.getByRole("navigation").getByRole("listitem")).toHaveCount(1);
    await expect(page.locator(".skeleton")).toHaveCount(0);
  });
});
