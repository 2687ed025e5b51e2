// The page never scrolls as a whole: its parts do.

import type { Page } from "@playwright/test";
import { composer, expect, messages, reload, say, tasks, test } from "../support/browser.ts";
import { pageBelow } from "../support/look.ts";
import { box } from "../support/pane.ts";

test.describe.configure({ timeout: 120_000 });

const SIZES = [[1440, 900], [1440, 500], [900, 700], [360, 740], [360, 480]] as const;

/** No part of the page lies below the window, at any size, and no wheel moves it. */
async function stays(page: Page): Promise<void> {
  const size = page.viewportSize()!;
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    expect(await pageBelow(page), `${width} x ${height}`).toBe(0);
    for (const x of [0.05, 0.4, 0.9]) {
      await page.mouse.move(width * x, height / 2);
      await page.mouse.wheel(0, 600);
    }
    expect(await page.evaluate(() => [scrollX, scrollY])).toEqual([0, 0]);
  }
  await page.setViewportSize(size);
}

test("UI-78, UI-78b: the page does not scroll as a whole, whatever is open in it", async ({ home: page }) => {
  const list = page.getByRole("navigation", { name: "Conversations" });
  const many = (from: number) => Array.from({ length: 25 }, (_, at) => `Task ${from + at} with a title of a few words`).join("\n");
  await say(page, `Add these:\n${many(1)}`);
  for (let times = 0; times < 14; times++) await say(page, `/add Something ${times}`);
  await say(page, "/due #1 2020-01-31");
  await say(page, "what's on my list?");
  for (let times = 0; times < 14; times++) {
    await list.getByRole("link", { name: "New chat" }).click();
    await say(page, `/list ${times}`);
  }
  await stays(page);
  await page.goBack();
  await page.goBack();
  await page.locator(".conversation a").last().click();
  await expect(messages(page).getByText("Something 13").first()).toBeVisible();
  await stays(page);
  await reload(page);
  await stays(page);

  await tasks(page).getByRole("button", { name: /^Edit / }).last().click();
  await expect(page.getByRole("textbox", { name: "Title" })).toBeFocused();
  await stays(page);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog")).toBeVisible();
  await stays(page);
  await page.keyboard.press("Escape");
  // A key that comes while the dialog closes would go to it.
  await expect(page.getByRole("dialog")).toBeHidden();
  await messages(page).focus();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await stays(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Account" }).click();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  await stays(page);
  await page.keyboard.press("Escape");
  await composer(page).pressSequentially("#");
  await expect(page.getByRole("option").first()).toBeVisible();
  await stays(page);
  await composer(page).fill("Long\n".repeat(60));
  await stays(page);
  await composer(page).fill("");
  await say(page, "delete everything");
  await stays(page);
  await page.keyboard.press("Escape");
  await box(page, "Something 13").click();
  await page.locator(".conversation").first().hover();
  await list.getByRole("button", { name: /^Delete/ }).first().click();
  await expect(page.getByRole("status").getByRole("button", { name: "Undo" })).toBeVisible();
  await stays(page);
});

test("UI-78c: no element escapes its scroller", async ({ home: page }) => {
  for (let times = 0; times < 12; times++) await say(page, `/add Something ${times}`);
  // What is positioned absolutely moves with the part that it is in.
  const escaped = await page.evaluate(() => {
    const scrolls = (element: Element) => /auto|scroll/.test(getComputedStyle(element).overflowY);
    return [...document.querySelectorAll<HTMLElement>(".workspace *")].flatMap((element) => {
      if (getComputedStyle(element).position !== "absolute") return [];
      let scroller = element.parentElement;
      while (scroller && !scrolls(scroller)) scroller = scroller.parentElement;
      const isInside = !scroller || scroller === element.offsetParent || scroller.contains(element.offsetParent);
      return isInside || !element.offsetParent ? [] : [element.outerHTML.slice(0, 120)];
    });
  });
  expect(escaped).toEqual([]);
});

test("UI-78a: who reads further up goes on reading there when a task is changed in the pane", async ({ home: page }) => {
  for (let times = 0; times < 20; times++) await say(page, `/add Something ${times}`);
  const scroller = messages(page);
  await scroller.evaluate((element) => element.scrollTo(0, 0));
  await expect.poll(() => scroller.evaluate((element) => element.scrollTop)).toBe(0);
  await box(page, "Something 3").click();
  await expect(messages(page).getByRole("listitem").filter({ hasText: "Completed" })).toHaveCount(1);
  expect(await scroller.evaluate((element) => element.scrollTop)).toBe(0);
});
