import fc from "fast-check";
import { expect, it } from "vitest";
import { findJsonMistake } from "./json-mistake.js";

const TEXTS: ReadonlyArray<readonly [text: string, index: number | undefined, why: string]> = [
  ['{"a": [1, -2.5e3, true, null, "\\u00e9\\n"]}', undefined, "JSON"],
  ["", 0, "nothing is no JSON"],
  ['{"a": 1,}', 8, "a comma with nothing behind it"],
  ["[1,]", 3, "in a list, too"],
  ['{"a" 1}', 5, "no colon"],
  ['{"a": 1 "b": 2}', 8, "no comma"],
  ["{a: 1}", 1, "a key without quotes"],
  ["{'a': 1}", 1, "the wrong quotes"],
  ["{} {}", 3, "more than one value"],
  ['["a\n"]', 1, "a text over the end of the line"],
  ['["\\x"]', 1, "an escape that there is not"],
  ["[01]", 2, "a number that begins with 0"],
  ['{"a": [1}', 8, "the wrong bracket"],
  ['{"a": {', 7, "the end comes too early"],
  ["// hi\n{}", 0, "a comment"],
];

it.each(TEXTS)("finds where %j is no JSON at %j: %s", (text, index) => {
  expect(findJsonMistake(text)).toBe(index);
});

/** Damaged JSON, and all that can be made of its signs. */
const nearlyJson = fc.oneof(
  fc.json().chain((json) =>
    fc.tuple(fc.nat(json.length), fc.nat(3), fc.constantFrom("", ",", '"', "}", "]", "0", "\\", "\n")).map((cut) => {
      const [start, length, inserted] = cut;
      return json.slice(0, start) + inserted + json.slice(start + length);
    }),
  ),
  fc
    .array(fc.constantFrom("{", "}", "[", "]", ",", ":", '"a"', "1", "-", "true", " ", "e", '"'))
    .map((p) => p.join("")),
);

it("finds a mistake just where JSON.parse does not read the text", () => {
  const isJson = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(nearlyJson, (text) => {
      expect(findJsonMistake(text) === undefined).toBe(isJson(text));
    }),
    { numRuns: 2000 },
  );
});

it("takes linear time for what is deep and what is long", () => {
  expect(findJsonMistake("[".repeat(1_000_000))).toBe(1_000_000);
  expect(findJsonMistake(`["${"\\n".repeat(1_000_000)}`)).toBe(1);
});
