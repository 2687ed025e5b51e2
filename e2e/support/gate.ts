// What happens at the moment that a test chooses.

import type { Page } from "@playwright/test";

/** Opens when the test says so. */
export class Gate {
  open!: () => void;
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

/** Holds back answers of these addresses until the gate opens. */
export async function hold(page: Page, pattern: string | RegExp): Promise<Gate> {
  const gate = new Gate();
  await page.route(pattern, async (route) => {
    await gate.opened;
    await route.continue();
  });
  return gate;
}
