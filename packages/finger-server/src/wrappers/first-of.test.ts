import fc from "fast-check";
import type { FingerUser } from "finger-protocol";
import { expect, it, vi } from "vitest";
import { memoryProvider } from "../memory-provider.js";
import { type Answer, type LookupContext, type LookupProvider, NOBODY } from "../provider.js";
import { firstOf } from "./first-of.js";

const context: LookupContext = { verbose: false, peer: NOBODY, signal: new AbortController().signal };
const nobody: LookupProvider = { lookup: async () => undefined };

async function* streamed() {
  yield "a";
}
const stream = streamed();

const ANSWERS: ReadonlyArray<readonly [answers: ReadonlyArray<Answer | undefined>, expected: unknown, why: string]> = [
  [[], undefined, "nobody knows anything"],
  [[undefined, "second"], "second", "the next is asked when the first does not know"],
  [["first", "second"], "first", "the first that knows counts"],
  [["", "second"], "", "an empty text is an answer"],
  [[[], "second"], "second", "no records are no answer"],
  [[undefined, undefined], undefined, "nobody knows the name"],
  [[undefined, stream], stream, "a stream is passed on as it is"],
];

it.each(ANSWERS)("makes of the answers %j %j: %s", async (answers, expected) => {
  expect(await firstOf(...answers.map((answer) => () => answer)).lookup("alice", context)).toBe(expected);
});

it("asks one at a time, in order, and nobody behind the one that knows", async () => {
  const asked: string[] = [];
  const ask = (label: string, answer: string | undefined) => async () => {
    asked.push(`${label} begins`);
    await Promise.resolve();
    asked.push(`${label} ends`);
    return answer;
  };
  await firstOf(ask("a", undefined), ask("b", "found"), ask("c", "never")).lookup("alice", context);
  expect(asked).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});

it("passes the name and the very context on, and does not look at the signal", async () => {
  const lookup = vi.fn(async () => undefined);
  const asking = {
    verbose: true,
    peer: NOBODY,
    get signal(): AbortSignal {
      throw new Error("was touched");
    },
  };
  await firstOf({ lookup }, { lookup }).lookup("alice", asking);
  expect(lookup.mock.calls).toEqual([
    ["alice", asking],
    ["alice", asking],
  ]);
});

it("fails when one fails, rather than ask the next", async () => {
  const next = vi.fn(() => "never");
  await expect(firstOf(async () => Promise.reject(new Error("broken")), next).lookup("alice", context)).rejects.toThrow(
    "broken",
  );
  expect(next).not.toHaveBeenCalled();
});

it("offers no list and no changes where none of them does", () => {
  expect(Object.keys(firstOf(nobody, () => "hello"))).toEqual(["lookup"]);
});

it("lists all in order, a login where it stands first", async () => {
  const staff = memoryProvider([{ login: "alice", status: "staff" }, { login: "zo\u00e9" }]);
  const guests = memoryProvider([{ login: "bob" }, { login: "alice", status: "guest" }, { login: "zoe\u0301" }]);
  expect(await firstOf(staff, nobody, guests).list?.(context)).toEqual([
    { login: "alice", status: "staff" },
    { login: "zo\u00e9" },
    { login: "bob" },
  ]);
});

it("fails the list when one list fails", async () => {
  const broken = { ...nobody, list: async () => Promise.reject(new Error("broken")) };
  await expect(firstOf(memoryProvider({ alice: "" }), broken).list?.(context)).rejects.toThrow("broken");
});

it("keeps what an object of a class offers", async () => {
  class Users implements LookupProvider {
    private readonly users = memoryProvider({ alice: "Hi" });
    lookup(name: string) {
      return this.users.lookup(name, context);
    }
    async list() {
      return (await this.users.list?.(context)) ?? [];
    }
    async *watch() {
      yield { login: (await this.list())[0]?.login };
    }
  }
  const provider = firstOf(new Users());
  expect(await provider.lookup("alice", context)).toEqual({ login: "alice", status: "Hi" });
  expect(await provider.list?.(context)).toHaveLength(1);
  for await (const change of provider.watch?.(context.signal) ?? []) expect(change).toEqual({ login: "alice" });
});

it("tells of the changes of all", async () => {
  const changing = (login: string): LookupProvider => ({
    ...nobody,
    watch: async function* () {
      yield { login };
    },
  });
  const logins: unknown[] = [];
  for await (const { login } of firstOf(changing("a"), nobody, changing("b")).watch?.(context.signal) ?? [])
    logins.push(login);
  expect(logins.sort()).toEqual(["a", "b"]);
});

const users = fc.array(fc.record({ login: fc.constantFrom("a", "b", "c"), status: fc.string() }), { maxLength: 4 });

it("does not depend on how providers are put together", async () => {
  await fc.assert(
    fc.asyncProperty(users, users, users, fc.constantFrom("a", "b", "c"), async (one, two, three, name) => {
      const [a, b, c] = [one, two, three].map((records: FingerUser[]) => memoryProvider(records));
      if (a === undefined || b === undefined || c === undefined) return;
      const ways = [
        firstOf(a, b, c),
        firstOf(firstOf(a, b), c),
        firstOf(a, firstOf(b, c)),
        firstOf(a, nobody, b, c, a),
      ];
      const answers = await Promise.all(ways.map((way) => way.lookup(name, context)));
      const lists = await Promise.all(ways.map((way) => way.list?.(context)));
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      for (const list of lists) expect(list).toEqual(lists[0]);
    }),
  );
});
