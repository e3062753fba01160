import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { memoryProvider } from "../memory-provider.js";
import { type LookupContext, NOBODY } from "../provider.js";
import { type AliasTable, alias } from "./alias.js";

const context: LookupContext = { verbose: false, peer: NOBODY, signal: new AbortController().signal };
const users = memoryProvider({ alice: "Hi", bob: "Out", "zo\u00e9": "Up" });

const TABLE: AliasTable = {
  root: "admin",
  admin: "alice",
  bob: "alice",
  gone: "nobody",
  zoe: "zoe\u0301",
  "ren\u00e9": "alice",
  motd: () => "Maintenance at noon.",
  news: "motd",
  echo: (name: string) => `asked for ${name}`,
  shout: "echo",
};

const NAMES: ReadonlyArray<readonly [name: string, answer: unknown, why: string]> = [
  ["alice", { login: "alice", status: "Hi" }, "a user"],
  ["admin", { login: "alice", status: "Hi" }, "the answer is that of the target, with its login"],
  ["root", { login: "alice", status: "Hi" }, "an alias of an alias"],
  ["bob", { login: "alice", status: "Hi" }, "an alias counts before a user"],
  ["gone", undefined, "its target is not known"],
  ["zoe", { login: "zo\u00e9", status: "Up" }, "one letter has one spelling in a target"],
  ["ren\u00e9", { login: "alice", status: "Hi" }, "and in an alias"],
  ["motd", "Maintenance at noon.", "a function"],
  ["news", "Maintenance at noon.", "an alias of a function"],
  ["echo", "asked for echo", "which is asked for its alias"],
  ["shout", "asked for echo", "and not for the alias of that"],
  ["constructor", undefined, "what every object has is no alias"],
  ["__proto__", undefined, "nor is its prototype"],
  ["Root", undefined, "an alias is one to the letter"],
];

it.each(NAMES)("answers %j with %j: %s", async (name, answer) => {
  expect(await alias(users, TABLE).lookup(name, context)).toEqual(answer);
});

it("passes the very context on", async () => {
  const lookup = vi.fn(async (_name: string, _context: LookupContext) => undefined);
  await alias({ lookup }, { root: "alice" }).lookup("root", context);
  expect(lookup.mock.calls[0]?.[0]).toBe("alice");
  expect(lookup.mock.calls[0]?.[1]).toBe(context);
});

it("leaves lists and changes to the provider", async () => {
  const watch = async function* () {
    yield { login: "alice" };
  };
  const provider = alias({ ...users, watch }, TABLE);
  expect(await provider.list?.(context)).toEqual(await users.list?.(context));
  for await (const change of provider.watch?.(context.signal) ?? []) expect(change).toEqual({ login: "alice" });
  expect(Object.keys(alias(() => "", TABLE))).toEqual(["lookup"]);
});

const CIRCLES: ReadonlyArray<readonly [table: AliasTable, circle: string, why: string]> = [
  [{ a: "a" }, '"a" -> "a"', "an alias of itself"],
  [{ a: "b", b: "a" }, '"a" -> "b" -> "a"', "two of each other"],
  [{ way: "in", in: "b", b: "c", c: "in" }, '"in" -> "b" -> "c" -> "in"', "what leads into it is not part of it"],
  [{ fine: "alice", a: "b", b: "c", c: "b" }, '"b" -> "c" -> "b"', "others do not matter"],
];

it.each(CIRCLES)("refuses %j and names the circle %s: %s", (table, circle) => {
  expect(() => alias(users, table)).toThrow(RangeError);
  expect(() => alias(users, table)).toThrow(`The aliases lead in a circle: ${circle}.`);
});

it("refuses a target that is a path, and says what to do", () => {
  expect(() => alias(users, { news: "/etc/motd" })).toThrow(RangeError);
  expect(() => alias(users, { news: "/etc/motd" })).toThrow(/"news" leads to the file "\/etc\/motd".*function/);
});

it("leads every alias to the end of its way, or refuses a table that has a circle", async () => {
  const name = fc.constantFrom("a", "b", "c", "d", "e", "alice");
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, name), async (table) => {
      const ends = Object.keys(table).map((start) => {
        let at: string | undefined = start;
        for (let steps = 0; steps <= 6 && at !== undefined; steps++) {
          if (!Object.hasOwn(table, at)) return at;
          at = table[at];
        }
        return undefined;
      });
      if (ends.includes(undefined)) {
        expect(() => alias((asked) => asked, table)).toThrow(RangeError);
        return;
      }
      const provider = alias((asked) => asked, table);
      expect(await Promise.all(Object.keys(table).map((start) => provider.lookup(start, context)))).toEqual(ends);
    }),
  );
});
