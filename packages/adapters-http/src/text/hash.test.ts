import { expect, it } from "vitest";
import { hashBytes, hashText } from "./hash.js";

/** What another implementation of MurmurHash3 (x86, 128 bits, seed 0) makes of the same, lane by lane. */
const HASHES: ReadonlyArray<readonly [text: string, hash: string, why: string]> = [
  ["", "00000000000000000000000000000000", "nothing"],
  ["a", "a794933c5556b01b5556b01b5556b01b", "less than a word"],
  ["alice", "dca083e964928c4a03f9f9fb03f9f9fb", "less than a block"],
  ["The quick brown fox jumps over the lazy dog", "2f1583c3ecee2c675d7bf66ce5e91d2c", "blocks and a rest"],
  ["zoë 🦊", "0c89415387d165f32d5431c7ea8fb294", "bytes beyond ASCII"],
];

it.each(HASHES)("makes of %j %s: %s", (text, hash) => {
  expect(hashText(text)).toBe(hash);
});

it("makes the same of bytes wherever they lie", () => {
  const bytes = new TextEncoder().encode("..The quick brown fox jumps over the lazy dog.");
  expect(hashBytes(bytes.subarray(2, -1))).toBe("2f1583c3ecee2c675d7bf66ce5e91d2c");
});

it("tells apart what differs in one bit, or in zeros at the end", () => {
  const seen = new Set<string>();
  for (let bit = 0; bit < 40 * 8; bit++) {
    const bytes = new Uint8Array(40);
    bytes[bit >> 3] = 1 << (bit & 7);
    seen.add(hashBytes(bytes));
  }
  for (let length = 0; length <= 40; length++) seen.add(hashBytes(new Uint8Array(length)));
  expect(seen.size).toBe(40 * 8 + 41);
});
