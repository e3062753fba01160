import { describe, expect, it } from "vitest";
import { storeCases } from "../testing/store-cases.js";
import { createStore } from "./create-store.js";
import { memoryBackend, memoryStore } from "./memory-store.js";

describe("a store in memory", () => {
  for (const { title, run } of storeCases(() => {
    const backend = memoryBackend();
    return { open: () => createStore(backend) };
  })) {
    it(title, run);
  }

  it("keeps as many statuses of a login as it is told to", async () => {
    const store = memoryStore({ history: 2 });
    for (const text of ["one", "two", "three"]) await store.put("alice", text);
    expect((await store.history("alice")).map(({ text }) => text)).toEqual(["three", "two"]);
  });

  it("refuses a history of nothing", () => {
    expect(() => memoryStore({ history: 0 })).toThrow(/history must be a whole number from 1/);
  });
});
