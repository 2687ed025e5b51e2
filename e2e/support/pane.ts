// The pane of tasks: its rows, and what is sent for them.

import type { Locator, Page } from "@playwright/test";
import { tasks } from "./browser.ts";

/** A row of the pane. */
export function row(page: Page, title: string): Locator {
  return tasks(page).getByRole("listitem").filter({ hasText: title });
}

/** The box that says whether a task is done. */
export function box(page: Page, title: string): Locator {
  return tasks(page).getByRole("checkbox", { name: title });
}

/** A group of the pane, by its heading. */
export function group(page: Page, name: string): Locator {
  return tasks(page).locator(".group").filter({ has: page.getByRole("heading", { name, exact: true, level: 3 }) });
}

/** What is sent to the chat endpoint from now on. */
export function said(page: Page): string[] {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (/\/api\/[^/]+\/chat$/.test(request.url())) {
      sent.push((request.postDataJSON() as { message: string }).message);
    }
  });
  return sent;
}
