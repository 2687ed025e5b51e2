// The dates of the interpreter beside the specification. Prints how often chrono-node agrees, which fails nothing.
// Needs no browser.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { ours, phrases, theirs } from "./readings.mjs";

const cases = phrases();

test("INTERP-63: every phrase has the title and the due date of the specification", () => {
  assert.ok(cases.length >= 500, `${cases.length} phrases`);
  const readings = ours(cases);
  assert.equal(readings.length, cases.length);
  const wrong = cases.flatMap(({ say, title, due }, index) => {
    const reading = readings[index];
    return reading.title === title && reading.due === due ? [] : [{ say, title, due, reading }];
  });
  assert.deepEqual(wrong, []);
});

// A report, not a test: chrono-node's readings are not ours to assert.
after(() => {
  const agreed = cases.filter((phrase) => theirs(phrase) === phrase.due).length;
  console.log(`chrono-node reads ${agreed} of ${cases.length} as the specification does`);
});
