import { expect, it } from "vitest";
import { toFolder } from "./case-mapping.js";

const NAMES: ReadonlyArray<readonly [mapping: string, name: string, folded: string, why: string]> = [
  ["ascii", "AZaz09[]\\^", "azaz09[]\\^", "letters of ASCII alone"],
  ["rfc1459", "AZ[]\\^{}|~", "az{}|~{}|~", "brackets are letters of Scandinavia (RFC 2812 2.2)"],
  ["strict-rfc1459", "AZ[]\\^~", "az{}|^~", "all of them but the last"],
  ["ASCII", "A[", "a[", "its name in any case"],
  ["rfc7613", "A[", "a{", "one that is not known"],
  ["", "A[", "a{", "none"],
  ["rfc1459", "\u0130\u212a@`_", "\u0130\u212a@`_", "nothing that is not ASCII, and nothing beside the letters"],
];

it.each(NAMES)("by %j makes %j into %j: %s", (mapping, name, folded) => {
  expect(toFolder(mapping)(name)).toBe(folded);
});
