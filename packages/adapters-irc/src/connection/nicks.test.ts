import { expect, it } from "vitest";
import { toNicks } from "./nicks.js";

const ROWS: ReadonlyArray<
  readonly [wanted: string, longest: number | undefined, first: readonly string[], why: string]
> = [
  ["finger", 30, ["finger", "finger_", "finger__", "finger1"], "there is room"],
  [
    "fingerbot",
    9,
    ["fingerbot", "fingerbo_", "fingerb__", "fingerbo1"],
    "a server would cut what is too long, and it would be the same nick",
  ],
  ["fingerbot-of-us", 9, ["fingerbot", "fingerbo_", "fingerb__"], "what is wanted is too long itself"],
  ["ab", 1, ["a", "a_", "a__"], "no nick is only a suffix"],
];

it.each(ROWS)("tries instead of %s, in %s characters, %j: %s", (wanted, longest, first) => {
  expect(toNicks(wanted, longest).slice(0, first.length)).toEqual(first);
});

it("comes soon to nicks that fit everywhere while it is not known what fits", () => {
  const nicks = toNicks("fingerbot-of-us");
  expect(nicks.slice(0, 4)).toEqual(["fingerbot-of-us", "fingerbot-of-us_", "fingerbot", "fingerbo_"]);
  expect(nicks.slice(-2)).toEqual(["fingerbot-of-us8", "fingerbot-of-us9"]);
});

it("tries nothing twice, and not for ever", () => {
  const nicks = toNicks("finger");
  expect(new Set(nicks).size).toBe(nicks.length);
  expect(nicks.length).toBeLessThan(30);
});
