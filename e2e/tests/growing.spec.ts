// An answer that grows under the eyes of who reads it, or selects in it.

import { expect, messages, send, signUp, somebody, testWithModel as test } from "../support/browser.ts";
import { Gate } from "../support/gate.ts";

test("UI-96: what is selected in the paragraph that grows stays selected", async ({ page, model }) => {
  await signUp(page, somebody());
  const gates = [new Gate(), new Gate(), new Gate()] as const;
  model.says("Milk and ", gates[0], "bread, **but", gates[1], "ter** and eggs", gates[2], ".\n\n* That is all.");
  await send(page, "What should I buy?");
  const paragraph = messages(page).locator(".markdown p").last();
  await expect(paragraph).toHaveText("Milk and");
  await paragraph.evaluate((element) => getSelection()!.setBaseAndExtent(element.firstChild!, 0, element.firstChild!, 4));
  const selected = () => page.evaluate(() => getSelection()!.toString());
  expect(await selected()).toBe("Milk");
  for (const [at, text] of ["Milk and bread, **but", "Milk and bread, butter and eggs", "Milk and bread, butter and eggs."].entries()) {
    gates[at]!.open();
    await expect(paragraph).toHaveText(text);
    expect(await selected()).toBe("Milk");
  }
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeVisible();
  expect(await selected()).toBe("Milk");
});

test("UI-96a: who scrolls up by 40 px while an answer grows goes on reading there", async ({ page, model }) => {
  await signUp(page, somebody());
  const [first, second] = [new Gate(), new Gate()];
  const lines = (from: number) => Array.from({ length: 40 }, (_, at) => `Line ${from + at}.\n\n`).join("");
  model.says(lines(1), first, lines(41), second, lines(81));
  await send(page, "Tell me everything");
  const scroller = messages(page);
  await expect(scroller.getByText("Line 40.")).toBeInViewport();
  const place = () => scroller.evaluate((element) => element.scrollTop);
  const end = () => scroller.evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop);
  await expect.poll(end).toBeLessThan(2);
  await scroller.hover();
  const before = await place();
  await page.mouse.wheel(0, -40);
  await expect.poll(place).toBe(before - 40);
  first.open();
  await expect(scroller.getByText("Line 80.")).toBeAttached();
  await expect(page.getByRole("button", { name: "New messages" })).toBeVisible();
  expect(await place()).toBe(before - 40);
  // Who comes back to the end goes along again.
  await page.getByRole("button", { name: "New messages" }).click();
  await expect.poll(end).toBeLessThan(2);
  second.open();
  await expect(scroller.getByText("Line 120.")).toBeInViewport();
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeVisible();
});
