import { expect, it, vi } from "vitest";
import { createParts } from "./parts.js";

const service = { name: "store", start: async () => {}, stop: async () => {} };

it("keeps a part that is described as before, and makes another that is not", async () => {
  const make = vi.fn(() => ({}));
  const first = createParts();
  const one = await first.take("store", ["file:a"], make);
  const second = createParts(first);
  expect(await second.take("store", ["file:a"], make)).toBe(one);
  expect(await createParts(second).take("store", ["file:b"], make)).not.toBe(one);
  expect(second.isOther("store", ["file:b"])).toBe(true);
  expect(make).toHaveBeenCalledTimes(2);
});

it("closes what was made anew and is not wanted after all, and leaves alone what there was", async () => {
  const diary: string[] = [];
  const store = (name: string) => () => ({ service, value: name, discard: async () => void diary.push(name) });
  const first = createParts();
  await first.take("one", 1, store("one"));
  const second = createParts(first);
  await second.take("one", 1, store("one again"));
  await second.take("two", 2, store("two"));
  await second.take("three", 3, () => ({ service, value: 3, discard: () => Promise.reject(new Error("no")) }));
  const onError = vi.fn();
  await second.discard(onError);
  expect(diary).toEqual(["two"]);
  expect(onError).toHaveBeenCalledWith(new Error("no"));
});
