// The phrases of the comparison, and what Saydo and chrono-node read in them at one moment.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import * as chrono from "chrono-node";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The person's moment: a Tuesday morning in Berlin, an hour ahead of UTC. */
const now = { local: "2026-12-01T09:00:00", instant: new Date("2026-12-01T08:00:00Z"), zone: "Europe/Berlin" };

/** One line of the file: what is said, and the title and due date that the specification gives. */
export function phrases() {
  const file = readFileSync(new URL("phrases.jsonl", import.meta.url), "utf8");
  return file.split("\n").filter((line) => line.trim() !== "").map((line) => JSON.parse(line));
}

/** What the interpreter reads, in order: `{ title, due, unread }`, with due dates in local time. */
export function ours(cases) {
  const input = cases.map(({ say }) => JSON.stringify({ say, now: now.local, zone: now.zone })).join("\n");
  const arguments_ = ["run", "--quiet", "--package=saydo-interpreter", "--example=dates"];
  const output = execFileSync("cargo", arguments_, { cwd: root, input, encoding: "utf8", maxBuffer: 1 << 26 });
  return output.trimEnd().split("\n").map((line) => {
    const reading = JSON.parse(line);
    return { ...reading, due: reading.due?.includes("T") ? reading.due.slice(0, 16) : reading.due };
  });
}

/** The due date that chrono-node reads: its first result's start, or the end of a range of days. */
export function theirs({ say }) {
  const reference = { instant: now.instant, timezone: 60 };
  const [result] = chrono.parse(say.replace(/^add /, ""), reference, { forwardDate: true });
  if (result === undefined) {
    return null;
  }
  // A day has noon or the hour of the moment as its hour, which nobody said.
  const said = result.start.isCertain("hour") || result.start.isCertain("meridiem");
  const timed = said || ![12, now.instant.getUTCHours() + 1].includes(result.start.get("hour"));
  const moment = timed ? result.start : (result.end ?? result.start);
  return timed ? localTime(moment) : localTime(moment).slice(0, 10);
}

/** A time as Berlin's clocks show it. One without a zone is written as it was said. */
function localTime(moment) {
  if (moment.isCertain("timezoneOffset")) {
    const local = new Intl.DateTimeFormat("sv-SE", { timeZone: now.zone, dateStyle: "short", timeStyle: "short" });
    return local.format(moment.date()).replace(" ", "T");
  }
  const two = (part) => String(moment.get(part)).padStart(2, "0");
  return `${moment.get("year")}-${two("month")}-${two("day")}T${two("hour")}:${two("minute")}`;
}
