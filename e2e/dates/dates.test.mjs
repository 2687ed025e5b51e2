// The dates of the interpreter beside the specification and chrono-node. Needs no browser.

import assert from "node:assert/strict";
import { test } from "node:test";

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

test("INTERP-63: chrono-node reads the plain classes as the specification does", () => {
  const plain = cases.filter((phrase) => ["weekday", "relative day", "time", "zone"].includes(phrase.class));
  const same = plain.filter((phrase) => theirs(phrase) === phrase.due).length;
  assert.ok(same > plain.length * 0.8, `${same} of ${plain.length}`);
  const agreed = cases.filter((phrase) => theirs(phrase) === phrase.due).length;
  console.log(`chrono-node reads ${agreed} of ${cases.length} as the specification does`);
});
