import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { relay } from "./relay.js";

async function* from(...texts: string[]): AsyncGenerator<string, void, undefined> {
  yield* texts;
}

const UNHURRIED = { totalTime: Number.POSITIVE_INFINITY, tooLong: "[late]" };

const CUTS: ReadonlyArray<readonly [texts: string[], maxBytes: number, passed: string[], why: string]> = [
  [["one\n", "two\n"], 8, ["one\n", "two\n"], "it is no longer than allowed"],
  [["one\n", "two\n"], 7, ["one\n", "two\n[cut]\n"], "an open line is ended"],
  [["one\n", "two\n"], 4, ["one\n", "[cut]\n"], "the text before has ended its line"],
  [["one", "two"], 3, ["one", "\n[cut]\n"], "the text before has not"],
  [["é"], 1, ["[cut]\n"], "a character is not cut in two"],
  [["aé€😀"], 9, ["aé€\n[cut]\n"], "nor one of four bytes"],
  [["\ufeffab"], 4, ["\ufeffa\n[cut]\n"], "nothing is dropped at the start"],
  [["", "a"], 1, ["", "a"], "nothing counts for nothing"],
];

it.each(CUTS)("passes %j on up to %i bytes as %j: %s", async ([first = "", ...rest], maxBytes, passed) => {
  const onEnd = vi.fn();
  const texts: string[] = [];
  for await (const text of relay(first, from(...rest), { maxBytes, cutOff: "[cut]", ...UNHURRIED, onEnd }))
    texts.push(text);
  expect(texts).toEqual(passed);
  expect(onEnd).toHaveBeenCalled();
});

it("passes on at most so many bytes and the line that says so", async () => {
  const texts = fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 40 }), async ([first = "", ...rest], maxBytes) => {
      let passed = "";
      const stream = relay(first, from(...rest), { maxBytes, cutOff: "[cut]", ...UNHURRIED, onEnd: () => {} });
      for await (const text of stream) passed += text;
      const all = [first, ...rest].join("");
      const isCut = Buffer.byteLength(all) > maxBytes;
      expect(passed.endsWith("[cut]\n")).toBe(isCut);
      const kept = passed.replace(/\n?\[cut\]\n$/, "");
      expect(isCut ? all.startsWith(kept) : all === kept).toBe(true);
      expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(maxBytes);
    }),
  );
});

it("returns what it passes on, even before it was read", async () => {
  const onEnd = vi.fn();
  const rest = from("two");
  const texts = relay("one", rest, { maxBytes: 9, cutOff: "", ...UNHURRIED, onEnd });
  await texts.return();
  expect(onEnd).toHaveBeenCalled();
  expect(await rest.next()).toEqual({ done: true, value: undefined });
  expect(await texts.next()).toEqual({ done: true, value: undefined });
});

it("returns what it passes on in the middle of a wait", async () => {
  let end = () => {};
  const waiting = new Promise<void>((resolve) => {
    end = resolve;
  });
  async function* endless(): AsyncGenerator<string, void, undefined> {
    yield* from();
    await waiting;
  }
  const rest = endless();
  const finish = rest.return.bind(rest);
  rest.return = (value) => {
    end();
    return finish(value);
  };
  const texts = relay("one", rest, { maxBytes: 9, cutOff: "", ...UNHURRIED, onEnd: () => {} });
  await texts.next();
  const reading = texts.next();
  await texts.return();
  expect(await reading).toEqual({ done: true, value: undefined });
});

it("hears of the end when the other fails", async () => {
  const onEnd = vi.fn();
  async function* broken(): AsyncGenerator<string, void, undefined> {
    yield* from();
    throw new Error("broken");
  }
  const texts = relay("one", broken(), { maxBytes: 9, cutOff: "", ...UNHURRIED, onEnd });
  await texts.next();
  await expect(texts.next()).rejects.toThrow("broken");
  expect(onEnd).toHaveBeenCalled();
});

it("ends a stream that takes too long, and says so", async () => {
  const gone = vi.fn();
  async function* trickle(): AsyncGenerator<string, void, undefined> {
    try {
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        yield ".";
      }
    } finally {
      gone();
    }
  }
  const onEnd = vi.fn();
  let passed = "";
  const rules = { maxBytes: 1000, cutOff: "[cut]", totalTime: 50, tooLong: "[late]", onEnd };
  for await (const text of relay("one", trickle(), rules)) passed += text;
  expect(passed).toMatch(/^one\.+\n\[late\]\n$/);
  expect(onEnd).toHaveBeenCalled();
  expect(gone).toHaveBeenCalledOnce();
});
