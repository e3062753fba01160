import { expect, it } from "vitest";
import { namesTag } from "./conditions.js";

const ROWS: ReadonlyArray<[header: string, weakly: boolean, strongly: boolean, why: string]> = [
  ['"a"', true, true, "the tag"],
  ['"b"', false, false, "another"],
  ["*", true, true, "all tags"],
  ['"b", "a"', true, true, "one of several"],
  ['"b" ,"a,c","a"', true, true, "a tag with a comma before it"],
  ['"x, "a", y"', false, false, "quotes are counted from the left"],
  ['W/"a"', true, false, "a weak one is as good for reading, and not for writing"],
  ['w/"a"', true, true, "W is a capital letter, so this is rubbish before a tag"],
  ["a", false, false, "a tag is in quotes"],
  ['"a', false, false, "nor is this one whole"],
  ["", false, false, "nothing"],
];

it.each(ROWS)('%j names the tag "a", weakly: %j, strongly: %j: %s', (header, weakly, strongly) => {
  expect([namesTag(header, '"a"', false), namesTag(header, '"a"', true)]).toEqual([weakly, strongly]);
});

it("takes linear time", () => {
  expect(namesTag('"'.repeat(1_000_001), '"a"', false)).toBe(false);
});
