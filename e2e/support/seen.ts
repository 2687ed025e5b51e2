// What a browser reports of how steady and how quick the page is.

import type { Page } from "@playwright/test";

interface Seen {
  /** By interaction, how long it took until the frame that shows it (Event Timing), in ms. */
  took: Record<number, number>;
  /** Layout shifts (Layout Instability). Those right after an input do not count for CLS. */
  shifts: Shift[];
}

interface Shift {
  value: number;
  moved: string[];
  hadRecentInput: boolean;
}

/** A part of the page that was drawn elsewhere than before. */
interface Moved {
  node?: Element;
  previousRect: DOMRect;
  currentRect: DOMRect;
}

/** Watches every page from its beginning on. */
export async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen: Seen = { took: {}, shifts: [] };
    Object.assign(globalThis, { seen });
    const observe = (type: string, look: (entry: never) => void) =>
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => look(entry as never))).observe({
        type,
        buffered: true,
        durationThreshold: 16,
      } as PerformanceObserverInit);
    observe("event", (entry: { interactionId: number; duration: number }) => {
      if (entry.interactionId) seen.took[entry.interactionId] = Math.max(seen.took[entry.interactionId] ?? 0, entry.duration);
    });
    observe("layout-shift", ({ hadRecentInput, value, sources }: { hadRecentInput: boolean; value: number; sources: Moved[] }) => {
      const moved = sources.map(({ node, previousRect, currentRect }) => `${node?.className} ${previousRect.y} -> ${currentRect.y}`);
      seen.shifts.push({ value, moved, hadRecentInput });
    });
  });
}

/** What was seen so far. */
export const seen = (page: Page) => page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);

/** Whether a shift counts for CLS. */
export const isUnasked = (shift: Shift) => !shift.hadRecentInput;
