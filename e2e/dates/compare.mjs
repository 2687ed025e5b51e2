// Prints how often Saydo and chrono-node read the same date, by class of phrases, and each difference with `--all`.

import { ours, phrases, theirs } from "./readings.mjs";

const cases = phrases();
const readings = ours(cases);
const classes = new Map();
for (const [index, phrase] of cases.entries()) {
  const reading = { phrase, saydo: readings[index].due, chrono: theirs(phrase) };
  classes.set(phrase.class, [...(classes.get(phrase.class) ?? []), reading]);
}
const agree = ({ saydo, chrono }) => saydo === chrono;
const right = ({ phrase, saydo }) => saydo === phrase.due;
console.log("class | phrases | Saydo as specified | chrono-node as Saydo");
for (const [name, list] of [...classes, ["all", [...classes.values()].flat()]]) {
  console.log(`${name} | ${list.length} | ${list.filter(right).length} | ${list.filter(agree).length}`);
}
if (process.argv.includes("--all")) {
  for (const { phrase, saydo, chrono } of [...classes.values()].flat().filter((reading) => !agree(reading))) {
    console.log(`${phrase.class}: ${phrase.say} | Saydo ${saydo} | chrono-node ${chrono}`);
  }
}
