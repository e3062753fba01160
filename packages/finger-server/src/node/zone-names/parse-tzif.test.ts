import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MadeUpZone, toTzif } from "../../../../../tests/support/tzif.js";
import { parseTzif } from "./parse-tzif.js";

const START = Number.NEGATIVE_INFINITY;
const DUBLIN: MadeUpZone = {
  kinds: [
    [-1500, "LMT"],
    [3600, "IST"],
    [0, "GMT"],
  ],
  times: [
    [-1_000_000_000, 2],
    [500_000_000, 1],
  ],
};

const ZONES: ReadonlyArray<[zone: MadeUpZone, periods: ReturnType<typeof parseTzif>, why: string]> = [
  [{ kinds: [[0, "UTC"]] }, [{ since: START, offset: 0, name: "UTC" }], "it is called that for ever"],
  [
    DUBLIN,
    [
      { since: START, offset: -1500, name: "LMT" },
      { since: -1_000_000_000, offset: 0, name: "GMT" },
      { since: 500_000_000, offset: 3600, name: "IST" },
    ],
    "each name lasts until the next",
  ],
  [
    { ...DUBLIN, version: 1 },
    [
      { since: START, offset: -1500, name: "LMT" },
      { since: -1_000_000_000, offset: 0, name: "GMT" },
      { since: 500_000_000, offset: 3600, name: "IST" },
    ],
    "version 1 has times of 32 bits",
  ],
  [
    { kinds: [[0, "a\x1b[2J"]] },
    [{ since: START, offset: 0, name: undefined }],
    "a terminal would take the name for a command",
  ],
  [{ kinds: [[0, ""]] }, [{ since: START, offset: 0, name: undefined }], "that is no name"],
  [
    { kinds: [[0, "UTC"]], times: [[7, 200]] },
    [{ since: START, offset: 0, name: "UTC" }, { since: 7 }],
    "there is no such kind of time",
  ],
];

it.each(ZONES)("reads %j as %j: %s", (zone, periods) => {
  expect(parseTzif(toTzif(zone))).toEqual(periods);
});

const RULES: ReadonlyArray<[rule: string, kinds: ReadonlyArray<[name: string, hours: number]>, why: string]> = [
  [
    "EST5EDT,M3.2.0,M11.1.0",
    [
      ["EST", -5],
      ["EDT", -4],
    ],
    "in summer it is an hour later when nothing else is said",
  ],
  [
    "IST-1GMT0,M10.5.0,M3.5.0/1",
    [
      ["IST", 1],
      ["GMT", 0],
    ],
    "in Ireland winter is what is not standard",
  ],
  [
    "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
    [
      ["+1030", 10.5],
      ["+11", 11],
    ],
    "a name with a sign stands between brackets",
  ],
  ["<-03>3", [["-03", -3]], "there is no summer time"],
  ["", [], "nothing is known of the future"],
  ["EST 5", [], "that is no rule"],
  ["a\x1b[2J5", [], "a terminal would take the name for a command"],
  [`${"A".repeat(17)}5`, [], "no name is as long"],
];

it.each(RULES)("takes from the rule %j: %j, for %s", (rule, kinds) => {
  const periods = parseTzif(toTzif({ ...DUBLIN, rule })).slice(3);
  const since = 500_000_000;
  expect(periods).toEqual(kinds.map(([name, hours]) => ({ since, offset: hours * 3600, name })));
});

describe("a file that is none", () => {
  const bytes = toTzif({ ...DUBLIN, rule: "IST-1GMT0,M10.5.0,M3.5.0/1" });

  it.each([
    ["", "it is empty"],
    ["TZif", "the header is cut"],
    [`tzif2${"\0".repeat(400)}`, "that is another format"],
    [`TZif2${"\0".repeat(39)}`, "there is only the block for old readers"],
    [`TZif\0${"\0".repeat(15)}${"\xff".repeat(24)}`, "nobody has as many of anything"],
  ])("has no periods: %j, for %s", (text) => {
    expect(parseTzif(Buffer.from(text, "latin1"))).toEqual([]);
  });

  it("has none wherever it is cut within its blocks", () => {
    const whole = bytes.lastIndexOf("\n", -2);
    for (let length = 0; length < whole; length++) expect(parseTzif(bytes.subarray(0, length))).toEqual([]);
    expect(parseTzif(bytes.subarray(0, whole))).toHaveLength(3);
  });

  it("may have anything anywhere", () => {
    const spoilt = fc.tuple(fc.nat(bytes.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }));
    fc.assert(
      fc.property(fc.array(spoilt, { maxLength: 5 }), (changes) => {
        const copy = Buffer.from(bytes);
        for (const [at, other] of changes) copy.set(other.subarray(0, copy.length - at), at);
        for (const { name = "UTC" } of parseTzif(copy)) expect(name).toMatch(/^[\w+-]{3,16}$/);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (rest) => {
        parseTzif(Buffer.concat([Buffer.from("TZif"), rest]));
      }),
    );
  });
});
