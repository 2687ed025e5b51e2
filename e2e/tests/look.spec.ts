// Each state in both themes and at three widths: nothing for axe-core to find, no sideways scrolling, and a picture.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, open, receipt, say, tasks, test } from "../support/browser.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDTHS = [320, 360, 900, 1440];

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

/** The rules that the page breaks. */
async function violations(page: Page): Promise<string[]> {
  // Through the debugger, which the page's policy does not bind.
  await page.evaluate(AXE);
  const found = await page.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } };
    const options = { runOnly: { type: "tag", values: tags }, rules: { "target-size": { enabled: true } } };
    return (await axe.run(options)).violations;
  }, TAGS);
  return found.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id} (${impact}): ${html.slice(0, 200)}: ${failureSummary}`),
  );
}

/** Looks at a state in every theme and width. */
async function look(page: Page, state: string): Promise<void> {
  const found: string[] = [];
  // `SAYDO_E2E_SCREENSHOTS=screenshots` renews the pictures that the README shows.
  const pictures = process.env.SAYDO_E2E_SCREENSHOTS ?? join(test.info().project.outputDir, "screenshots");
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const width of WIDTHS) {
      const where = `${state} ${scheme} ${width}`;
      await page.setViewportSize({ width, height: width < 600 ? 740 : 900 });
      found.push(...(await violations(page)).map((violation) => `${where}: ${violation}`));
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (overflow > 0) {
        found.push(`${where}: ${overflow} px to scroll sideways`);
      }
      await page.screenshot({ path: join(pictures, `${state}-${width}-${scheme}.png`) });
    }
  }
  expect(found).toEqual([]);
}

test.describe.configure({ timeout: 90_000 });

test("E2E-09: the entrance is accessible and fits", async ({ page }) => {
  await open(page, "/sign-in");
  await look(page, "sign-in");
});

test("E2E-09: the empty chat is accessible and fits", async ({ page, person }) => {
  await expect(tasks(page).getByText("Nothing on your list")).toBeVisible();
  expect(person.name).toBeTruthy();
  await look(page, "empty");
});

test("E2E-09: an answered chat is accessible and fits", async ({ page, person }) => {
  expect(person.name).toBeTruthy();
  await say(page, "Add a task to buy groceries");
  await say(page, "I need to remember to pay bills");
  await say(page, "Mark task 2 as complete");
  await expect(receipt(page, "Completed", "pay bills")).toHaveCount(1);
  await say(page, "Change task 1 to 'Buy groceries and fruits'");
  await say(page, "Remind me to call the dentist tomorrow at 5pm");
  await expect(receipt(page, "Added", "call the dentist")).toHaveCount(1);
  await look(page, "answered");
});
