import fc from "fast-check";
import { expect, it } from "vitest";
import { chooseType } from "./accept.js";

const OFFERED = ["text/html", "application/json", "text/plain"] as const;

const ROWS: ReadonlyArray<[accept: string | undefined, chosen: string | undefined, why: string]> = [
  [undefined, "text/html", "who says nothing takes anything, and ours is the first"],
  ["", "text/html", "so does who says nothing in a header"],
  ["*/*", "text/html", "so does curl"],
  ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html", "a browser"],
  ["application/json", "application/json", "a program"],
  ["text/plain;q=0.5, application/json;q=0.4", "text/plain", "the weight decides, not our order"],
  ["application/json;q=0.4, text/plain;q=0.5", "text/plain", "nor that of the header"],
  ["text/plain, application/json", "application/json", "of two that are wanted alike ours is the first"],
  ["text/*", "text/html", "a range of subtypes"],
  ["text/*;q=0.5, text/plain", "text/plain", "what says most counts"],
  ["text/html;q=0, */*", "application/json", "a weight of nothing is a refusal"],
  ["*/*;q=0.1, text/html;q=0, application/json;q=0", "text/plain", "what is left"],
  ["image/png", undefined, "nothing of ours"],
  ["*/*;q=0", undefined, "nothing at all"],
  ["TEXT/PLAIN", "text/plain", "case does not matter"],
  [" text/plain ; q=0.5 ,, application/json ; Q=0.9 ", "application/json", "blanks and empty parts do not matter"],
  ["text/plain;level=1;q=0.3, application/json;q=0.2", "text/plain", "other parameters do not count"],
  ["text/plain;q=2, application/json;q=0.1", "application/json", "a weight that is none: the range is passed over"],
  ["text/plain;q=0.1234, application/json;q=0.1", "application/json", "three digits are the most"],
  ["text, */plain, a/b/c", undefined, "what is no range is none"],
];

it.each(ROWS)("for %j chooses %j: %s", (accept, chosen) => {
  expect(chooseType(accept, OFFERED)).toBe(chosen);
});

it("chooses something that is offered, or nothing, whatever is sent", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."*/;,=q01. texhml") }), (accept) => {
      expect([...OFFERED, undefined]).toContain(chooseType(accept, OFFERED));
    }),
  );
});
