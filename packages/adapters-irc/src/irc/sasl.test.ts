import { expect, it } from "vitest";
import { EXTERNAL_PAYLOAD, toPlainPayload } from "./sasl.js";

it("writes an account and its password as the example of IRCv3 does", () => {
  expect(toPlainPayload("jilles", "sesame")).toEqual(["amlsbGVzAGppbGxlcwBzZXNhbWU="]);
});

it("writes them in UTF-8", () => {
  expect(decode(toPlainPayload("ada", "pässwörd 🙂"))).toBe("ada\0ada\0pässwörd 🙂");
});

const LENGTHS: ReadonlyArray<readonly [password: number, chunks: readonly number[], why: string]> = [
  [296, [400, 1], "the last is full, so an empty one follows"],
  [294, [400, 1], "padding counts"],
  [292, [396], "one that is not full is the last"],
  [297, [400, 4], "one byte more than fits"],
  [595, [400, 400, 1], "two that are full"],
  [400, [400, 140], "a long one"],
];

it.each(LENGTHS)("sends a password of %i bytes in chunks of %j: %s", (length, chunks) => {
  const payload = toPlainPayload("a", "x".repeat(length)); // with 4 bytes before it
  expect(payload.map((chunk) => chunk.length)).toEqual(chunks);
  expect(decode(payload)).toBe(`a\0a\0${"x".repeat(length)}`);
});

it("says nothing by a certificate but that it is there", () => {
  expect(EXTERNAL_PAYLOAD).toEqual(["+"]);
});

it.each([
  ["", "secret"],
  ["ada", ""],
  ["a\0b", "secret"],
  ["ada", "secret\0"],
])("refuses %j with %j, and keeps the password to itself", (account, password) => {
  expect(() => toPlainPayload(account, password)).toThrow(
    /^The (account|password) for SASL must not be empty or have a NUL\.$/,
  );
});

function decode(payload: readonly string[]): string {
  const full = payload.at(-1) === "+" ? payload.slice(0, -1) : payload;
  return new TextDecoder().decode(Uint8Array.from(atob(full.join("")), (char) => char.charCodeAt(0)));
}
