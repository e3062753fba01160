import fc from "fast-check";
import type { FingerUser } from "finger-protocol";
import { expect, it, vi } from "vitest";
import { memoryProvider } from "../memory-provider.js";
import { type Answer, type LookupContext, NOBODY } from "../provider.js";
import { merge } from "./merge.js";

const context: LookupContext = { verbose: false, peer: NOBODY, signal: new AbortController().signal };
const [noon, night] = [new Date("2026-01-01T12:00Z"), new Date("2026-01-02T00:00Z")];

const alice = (fields: Omit<FingerUser, "login">): FingerUser => ({ login: "alice", ...fields });

const ANSWERS: ReadonlyArray<readonly [answers: ReadonlyArray<Answer | undefined>, expected: unknown, why: string]> = [
  [[], undefined, "nobody knows anything"],
  [[undefined, []], undefined, "nobody knows the name"],
  [[alice({ name: "A" }), alice({ plan: "B" })], alice({ name: "A", plan: "B" }), "fields are put together"],
  [[alice({ name: "A" }), alice({ name: "B" })], alice({ name: "A" }), "the earlier one counts"],
  [[alice({ name: undefined }), alice({ name: "B" })], alice({ name: "B" }), "what is undefined is not known"],
  [[alice({ lastLogin: null }), alice({ lastLogin: {} })], alice({ lastLogin: null }), "null is known"],
  [[alice({ plan: "" }), alice({ plan: "B" })], alice({ plan: "" }), "an empty text is known"],
  [[undefined, alice({ plan: "B" })], alice({ plan: "B" }), "one that does not know adds nothing"],
  [[alice({}), { login: "ALICE", plan: "B" }], alice({ plan: "B" }), "the login is that of the first"],
  [
    [alice({ status: "In" }), alice({ status: "Out", statusAt: noon })],
    alice({ status: "In" }),
    "a status does not get the date of another",
  ],
  [
    [alice({ statusAt: night }), alice({ status: "Out", statusAt: noon })],
    alice({ status: "Out", statusAt: noon }),
    "nor keeps a date without a status",
  ],
  [[alice({ statusAt: night }), alice({ statusAt: noon })], alice({ statusAt: night }), "the earlier date counts"],
  [[alice({ name: "A" }), alice({ statusAt: noon })], alice({ name: "A", statusAt: noon }), "a date alone is a field"],
  [
    [alice({ plan: "A" }), alice({ plan: "B", planAt: noon, statusAt: night })],
    alice({ plan: "A", statusAt: night }),
    "a plan does not get the date of another either",
  ],
  [["text", alice({ plan: "B" })], "text", "a text that is first is the answer"],
  [[alice({ name: "A" }), "text"], alice({ name: "A" }), "a later one is left out"],
  [
    [alice({ name: "A" }), "text", alice({ plan: "B" })],
    alice({ name: "A", plan: "B" }),
    "and what stands behind it is not",
  ],
  [[[alice({}), alice({})], alice({ plan: "B" })], [alice({}), alice({})], "several records are no one user"],
];

it.each(ANSWERS)("makes of the answers %j %j: %s", async (answers, expected) => {
  expect(await merge(...answers.map((answer) => () => answer)).lookup("alice", context)).toStrictEqual(expected);
});

it("asks all at once, with the very context", async () => {
  const asked: unknown[] = [];
  let answer = (_user: FingerUser) => {};
  const waiting = (name: string, given: LookupContext) => {
    asked.push(name, given === context);
    return new Promise<FingerUser>((resolve) => {
      answer = resolve;
    });
  };
  const result = merge(waiting, (name, given) => void asked.push(name, given === context)).lookup("alice", context);
  expect(asked).toEqual(["alice", true, "alice", true]);
  answer(alice({}));
  expect(await result).toEqual(alice({}));
});

it("fails with the error of the first that fails, after all have answered", async () => {
  const fail = (message: string) => async () => Promise.reject(new Error(message));
  await expect(merge(() => "text", fail("one"), fail("two")).lookup("alice", context)).rejects.toThrow("one");
});

/** A stream that knows when it is closed. */
function createStream() {
  const close = vi.fn(async () => ({ done: true as const, value: undefined }));
  const stream: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: "" }), return: close }),
  };
  return { stream, close };
}

it("closes the streams that nobody will read", async () => {
  const [first, second] = [createStream(), createStream()];
  expect(
    await merge(
      () => first.stream,
      () => second.stream,
    ).lookup("alice", context),
  ).toBe(first.stream);
  expect([first.close.mock.calls.length, second.close.mock.calls.length]).toEqual([0, 1]);
  const broken = async () => Promise.reject(new Error("broken"));
  await expect(merge(() => first.stream, broken).lookup("alice", context)).rejects.toThrow("broken");
  expect(first.close).toHaveBeenCalledOnce();
});

it("joins lists by login, and offers none where nobody does", async () => {
  const accounts = memoryProvider([{ login: "bob", name: "Bob" }, alice({ name: "Alice" })]);
  const statuses = memoryProvider([alice({ status: "In" }), { login: "eve", status: "Out" }]);
  expect(await merge(accounts, statuses).list?.(context)).toStrictEqual([
    { login: "bob", name: "Bob" },
    alice({ name: "Alice", status: "In" }),
    { login: "eve", status: "Out" },
  ]);
  expect(Object.keys(merge(() => "text"))).toEqual(["lookup"]);
});

it("tells of the changes of all", async () => {
  const changing = (login: string) => ({
    lookup: async () => undefined,
    watch: async function* () {
      yield { login };
    },
  });
  const logins: unknown[] = [];
  for await (const { login } of merge(changing("a"), changing("b")).watch?.(context.signal) ?? []) logins.push(login);
  expect(logins.sort()).toEqual(["a", "b"]);
});

it("does not let a record change what records are", async () => {
  const evil = JSON.parse('{ "login": "alice", "__proto__": { "plan": "Evil" } }') as FingerUser;
  const answer = await merge(
    () => evil,
    () => alice({}),
  ).lookup("alice", context);
  expect((answer as FingerUser).plan).toBeUndefined();
});

const record = fc.record(
  {
    login: fc.constant("alice"),
    name: fc.option(fc.string(), { nil: undefined }),
    status: fc.option(fc.string(), { nil: undefined }),
    statusAt: fc.option(fc.constantFrom(noon, night), { nil: undefined }),
    plan: fc.option(fc.string(), { nil: undefined }),
    planAt: fc.option(fc.constantFrom(noon, night), { nil: undefined }),
    lastLogin: fc.constantFrom(null, undefined, {}),
  },
  { requiredKeys: ["login"], noNullPrototype: true },
);

it("gives for records the same however they are put together, and changes none of them", async () => {
  await fc.assert(
    fc.asyncProperty(record, record, record, async (one, two, three) => {
      const before = structuredClone([one, two, three]);
      const [a, b, c] = [() => one, () => two, () => three];
      const joined = await merge(a, b, c).lookup("alice", context);
      expect(await merge(merge(a, b), c).lookup("alice", context)).toEqual(joined);
      expect(await merge(a, merge(b, c)).lookup("alice", context)).toEqual(joined);
      expect(await merge(a, b, c, a, b, c).lookup("alice", context)).toEqual(joined);
      expect(await merge(a).lookup("alice", context)).toEqual(one);
      expect([one, two, three]).toStrictEqual(before);
    }),
  );
});
