import { expect, it } from "vitest";
import { type Fit, fit } from "./fit.js";
import type { Reply } from "./reply.js";

const ROOM: Fit = { room: 60, lines: 2, host: "plan.example" };
const reply = (lines: readonly string[], name: string | undefined = "alice", isWhole = true): Reply => ({
  lines,
  name,
  isWhole,
});

const ROWS: ReadonlyArray<[reply: Reply, how: Fit, lines: readonly string[], why: string]> = [
  [reply(["a", "b"]), ROOM, ["a", "b"], "all fits"],
  [reply(["a", "b", "c"]), ROOM, ["a", "b", "… more on finger://plan.example/alice"], "one is too many"],
  [reply(["a"], "alice", false), ROOM, ["a", "… more on finger://plan.example/alice"], "a stream goes on"],
  [reply(["a", "b", "c"], "a b"), ROOM, ["a", "b", "… more on finger://plan.example/a%20b"], "a URL has no blanks"],
  [reply(["a", "b", "c"]), { ...ROOM, host: undefined }, ["a", "b", "… and more"], "nobody has said where"],
  [
    reply(["x".repeat(150)]),
    ROOM,
    ["x".repeat(60), "x".repeat(60), "… more on finger://plan.example/alice"],
    "a line is cut",
  ],
  [reply(["a\r\nQUIT \x01"]), ROOM, ["a QUIT"], "whatever makes lines of it is taken out"],
  [reply(["a"]), { ...ROOM, room: 0 }, [], "where there is no room, nothing is said"],
  [reply(["a", "b", "c"]), { ...ROOM, lines: Number.POSITIVE_INFINITY }, ["a", "b", "c"], "there is no limit"],
];

it.each(ROWS)("cuts %o for %o into %j: %s", (given, how, lines) => {
  expect(fit(given, how)).toEqual(lines);
});
