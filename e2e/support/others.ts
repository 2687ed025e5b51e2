// What others do to the page: extensions, password managers and translators.

import type { Page } from "@playwright/test";

/** How a translator treats a text: it puts an element in its place, or around it. */
export type Translation = "replaces" | "wraps";

/** Runs in the page: has all words translated, which then stand in angle marks. */
function translateAll(how: Translation): void {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (texts.nextNode()) found.push(texts.currentNode as Text);
  for (const text of found) {
    if (!text.data.trim() || text.parentElement?.closest("script, style, noscript, textarea, font")) continue;
    const [outer, inner] = [document.createElement("font"), document.createElement("font")];
    outer.append(inner);
    text.replaceWith(outer);
    inner.append(how === "wraps" ? text : `«${text.data}»`);
  }
}

export const translate = (page: Page, how: Translation) => page.evaluate(translateAll, how);

/** What is done to a page before its script runs. */
export type Change = "node" | "managers" | "font";

/** Changes every page that is opened from now on, before its script runs. */
export async function changePages(page: Page, changes: Change[]): Promise<void> {
  await page.addInitScript(`globalThis.translateAll = ${translateAll}`);
  await page.addInitScript((changes) => {
    const made = (className: string) => Object.assign(document.createElement("div"), { className });
    document.addEventListener("readystatechange", () => {
      // Modules run after this.
      if (document.readyState !== "interactive") return;
      if (changes.includes("node")) document.body.prepend(made("extension"));
      if (changes.includes("managers")) {
        for (const field of document.querySelectorAll("input, textarea")) field.after(made("manager"));
      }
      if (changes.includes("font")) (globalThis as unknown as { translateAll: typeof translateAll }).translateAll("replaces");
    });
  }, changes);
}
