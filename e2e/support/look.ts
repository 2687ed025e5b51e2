// A look at a state of the page in every theme and width: nothing for axe-core to find, a page that does not scroll as a
// whole, and a picture where one is asked for.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect } from "./browser.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** `SAYDO_E2E_SCREENSHOTS=screenshots` renews the pictures that are kept, some of which the README shows. */
const KEPT = process.env.SAYDO_E2E_SCREENSHOTS;
const WIDTHS = KEPT ? [320, 360, 900, 1440] : [320, 900, 1440];

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

/** The rules that the page breaks. */
async function violations(page: Page): Promise<string[]> {
  // Through the debugger, which the page's policy does not bind; and once, for it is large.
  if (!(await page.evaluate(() => "axe" in globalThis))) {
    await page.evaluate(AXE);
  }
  const found = await page.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } };
    const options = {
      runOnly: { type: "tag", values: tags },
      rules: { "target-size": { enabled: true } },
      // What passes is not described: that takes longer than to find what does not.
      resultTypes: ["violations"],
    };
    return (await axe.run(options)).violations;
  }, TAGS);
  return found.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id} (${impact}): ${html.slice(0, 200)}: ${failureSummary}`),
  );
}

/** How much of the page lies below the window. A page without a script is a document, and scrolls. */
export function pageBelow(page: Page): Promise<number> {
  return page.evaluate(() => (document.querySelector(".plain") ? 0 : document.documentElement.scrollHeight - innerHeight));
}

/** Looks at a state in every theme and width, up to the widest in which there is such a state. */
export async function look(page: Page, state: string, widest = 1440): Promise<void> {
  const found: string[] = [];
  const widths = WIDTHS.filter((width) => width <= widest);
  for (const scheme of ["light", "dark", "forced"] as const) {
    const colours = scheme === "forced" ? ({ forcedColors: "active" } as const) : ({ colorScheme: scheme, forcedColors: "none" } as const);
    await page.emulateMedia({ ...colours, reducedMotion: "reduce" });
    for (const width of scheme === "forced" ? widths.filter((width) => width === 320 || width === 1440) : widths) {
      const where = `${state} ${scheme} ${width}`;
      await page.setViewportSize({ width, height: width < 600 ? 740 : 900 });
      found.push(...(await violations(page)).map((violation) => `${where}: ${violation}`));
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (overflow > 0) {
        found.push(`${where}: ${overflow} px to scroll sideways`);
      }
      const below = await pageBelow(page);
      if (below !== 0) {
        found.push(`${where}: ${below} px of the page below the window`);
      }
      if (KEPT && width !== 320 && scheme !== "forced") {
        await page.screenshot({ path: join(KEPT, `${state}-${width}-${scheme}.jpg`), type: "jpeg", quality: 80 });
      }
    }
  }
  expect(found).toEqual([]);
}
