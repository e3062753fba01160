import { expect, it } from "vitest";
import { createKept } from "./kept.js";

/** A look that the test answers, with a clock that it sets. */
function createLook(fresh = 10, stale = 100) {
  const looks: Array<{ resolve: (value: string) => void; reject: (error: Error) => void }> = [];
  const told: string[] = [];
  const state = { time: 0, looks, told };
  const look = () => new Promise<string>((resolve, reject) => looks.push({ resolve, reject }));
  const get = createKept(
    look,
    "nothing",
    { fresh, stale, now: () => state.time },
    {
      begin: (error) => told.push(String(error)),
      end: () => told.push("well"),
    },
  );
  const at = (time: number) => {
    state.time = time;
  };
  return { ...state, get, at };
}

it("takes one look for all who ask at the same time", async () => {
  const { get, looks } = createLook();
  const asked = [get(), get(), get()];
  looks[0]?.resolve("one");
  expect(await Promise.all(asked)).toEqual(["one", "one", "one"]);
  expect(looks).toHaveLength(1);
});

it("takes another look behind the first answer, and has nobody wait for it before that is too old", async () => {
  const { get, looks, at } = createLook();
  const first = get();
  looks[0]?.resolve("one");
  await first;
  at(9);
  await get();
  expect(looks).toHaveLength(1);
  at(10);
  expect(await get()).toBe("one");
  expect(await get()).toBe("one");
  expect(looks).toHaveLength(2);
  at(110);
  const late = get();
  looks[1]?.resolve("two");
  expect(await late).toBe("two");
});

it("gives what it has when a look fails, until that is too old, and tells", async () => {
  const { get, looks, at, told } = createLook();
  const first = get();
  looks[0]?.resolve("one");
  await first;
  at(50);
  await get();
  looks[1]?.reject(new Error("no"));
  await Promise.resolve();
  expect(await get()).toBe("one");
  at(200);
  const late = get();
  looks[2]?.reject(new Error("no"));
  expect(await late).toBe("nothing");
  expect(await get()).toBe("nothing");
  expect(looks).toHaveLength(3);
  expect(told).toEqual(["well", "Error: no", "Error: no"]);
});

it("looks for each who asks when nothing is to be kept", async () => {
  const { get, looks } = createLook(0, 0);
  for (const value of ["one", "two"]) {
    const asked = get();
    looks.at(-1)?.resolve(value);
    expect(await asked).toBe(value);
  }
});

it("keeps what took longer to look at than it is to be kept, from the end of the look", async () => {
  const { get, looks, at } = createLook();
  const first = get();
  at(500);
  looks[0]?.resolve("one");
  await first;
  at(509);
  expect(await get()).toBe("one");
  expect(looks).toHaveLength(1);
  at(609);
  expect(await get()).toBe("one");
  expect(looks).toHaveLength(2);
});

it("takes no other look at once after one that failed, however long that took", async () => {
  const { get, looks, at } = createLook();
  const first = get();
  at(500);
  looks[0]?.reject(new Error("no"));
  expect(await first).toBe("nothing");
  at(509);
  expect(await get()).toBe("nothing");
  expect(looks).toHaveLength(1);
});
