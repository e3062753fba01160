import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { readTexts } from "./texts.js";

/** The bytes of a text, in pieces that end anywhere. */
const CUT_UP = fc.string({ unit: "grapheme" }).chain((text) => {
  const bytes = Buffer.from(text);
  return fc.record({
    text: fc.constant(text),
    pieces: fc.array(fc.nat(bytes.length)).map((places) => {
      const ends = [0, ...places.sort((one, other) => one - other), bytes.length];
      return ends.slice(1).map((end, index) => bytes.subarray(ends[index], end));
    }),
  });
});

async function readAll(pieces: readonly Buffer[], maxBytes: number) {
  const left = [...pieces];
  const stop = vi.fn();
  const texts: string[] = [];
  for await (const text of readTexts({ next: async () => left.shift(), stop }, maxBytes)) texts.push(text);
  return { texts, stop };
}

it("reads UTF-8 wherever the pieces end", async () => {
  await fc.assert(
    fc.asyncProperty(CUT_UP, async ({ text, pieces }) => {
      const { texts, stop } = await readAll(pieces, Number.POSITIVE_INFINITY);
      expect(texts.join("")).toBe(text);
      expect(texts).not.toContain("");
      expect(stop).not.toHaveBeenCalled();
    }),
  );
});

it("gives at most so many bytes, whole characters, and a line that says so", async () => {
  await fc.assert(
    fc.asyncProperty(CUT_UP, fc.integer({ min: 1, max: 40 }), async ({ text, pieces }, maxBytes) => {
      const { texts, stop } = await readAll(pieces, maxBytes);
      const given = texts.join("");
      const isCut = Buffer.byteLength(text) > maxBytes;
      const kept = given.replace(/\n?\[The rest is cut off: it is longer than \d+ bytes\.\]\n$/, "");
      expect(kept !== given).toBe(isCut);
      expect(isCut ? text.startsWith(kept) : text === given).toBe(true);
      expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(maxBytes);
      expect(stop).toHaveBeenCalledTimes(isCut ? 1 : 0);
    }),
  );
});
