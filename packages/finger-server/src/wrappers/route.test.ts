import { expect, it, vi } from "vitest";
import { memoryProvider } from "../memory-provider.js";
import { type LookupContext, type LookupProvider, NOBODY } from "../provider.js";
import { route } from "./route.js";

const context: LookupContext = { verbose: false, peer: NOBODY, signal: new AbortController().signal };
const say = (label: string) => (name: string) => `${label} <${name}>`;

const NAMES: ReadonlyArray<readonly [name: string, answer: string, why: string]> = [
  ["weather:oslo", "weather <oslo>", "the route is asked for the rest"],
  ["weather:", "weather <>", "the rest may be empty"],
  ["weather", "weather <>", "and is, when there is no separator"],
  ["weather:a:b", "weather <a:b>", "the first separator counts"],
  [":x", "none <:x>", "an empty name is that of no route"],
  ["alice", "none <alice>", "a name without a route"],
  ["alice:x", "none <alice:x>", "goes to the others as a whole"],
  ["Weather:oslo", "none <Weather:oslo>", "a name is that of a route to the letter"],
  ["constructor", "none <constructor>", "what every object has is no route"],
  ["constructor:x", "none <constructor:x>", "nor with a rest"],
  ["__proto__:x", "none <__proto__:x>", "nor is its prototype"],
  ["caf\u00e9:x", "cafe <x>", "one letter has one spelling"],
];

it.each(NAMES)("answers %j by %j: %s", async (name, answer) => {
  const provider = route({ weather: say("weather"), "cafe\u0301": say("cafe") }, say("none"));
  expect(await provider.lookup(name, context)).toBe(answer);
});

it("takes other separators, and longer ones", async () => {
  const provider = route({ weather: say("weather") }, say("none"), { separator: "--" });
  expect(await provider.lookup("weather--oslo", context)).toBe("weather <oslo>");
  expect(await provider.lookup("weather:oslo", context)).toBe("none <weather:oslo>");
});

it("knows nobody without a route, when there is nothing else", async () => {
  const provider = route({ weather: say("weather") });
  expect(await provider.lookup("alice", context)).toBeUndefined();
  expect(Object.keys(provider)).toEqual(["lookup"]);
});

it("does not ask the others for what a route does not know", async () => {
  const others = vi.fn(() => "never");
  expect(await route({ weather: () => undefined }, others).lookup("weather:x", context)).toBeUndefined();
  expect(others).not.toHaveBeenCalled();
});

it("passes the very context on", async () => {
  const weather = vi.fn(() => undefined);
  await route({ weather }).lookup("weather:oslo", context);
  expect(weather.mock.calls).toEqual([["oslo", context]]);
  expect((weather.mock.calls[0] as unknown[])[1]).toBe(context);
});

it("lists those who have no route", async () => {
  const provider = route({ staff: memoryProvider({ bob: "" }) }, memoryProvider({ alice: "Hi" }));
  expect(await provider.list?.(context)).toEqual([{ login: "alice", status: "Hi" }]);
  expect(route({ staff: memoryProvider({ bob: "" }) })).not.toHaveProperty("list");
});

const changing = (...logins: Array<string | undefined>): LookupProvider => ({
  lookup: async () => undefined,
  watch: async function* () {
    for (const login of logins) yield { login };
  },
});

it("tells of changes by the names to ask for", async () => {
  const provider = route({ weather: changing("oslo", "", undefined), still: () => "" }, changing("alice"));
  const logins: unknown[] = [];
  for await (const { login } of provider.watch?.(context.signal) ?? []) logins.push(login);
  expect(new Set(logins)).toEqual(new Set(["weather:oslo", "weather", undefined, "alice"]));
  expect(route({ still: () => "" }, () => "")).not.toHaveProperty("watch");
});

it("refuses a separator that is empty, and a route that nobody could ask", () => {
  expect(() => route({}, undefined, { separator: "" })).toThrow(/option separator/);
  expect(() => route({ "a:b": () => "" })).toThrow(RangeError);
  expect(() => route({ "a:b": () => "" })).toThrow('The route "a:b" has the separator ":" in its name');
  expect(() => route({ "a:b": () => "" }, undefined, { separator: "/" })).not.toThrow();
});

it("does not notice what becomes of the object of routes", async () => {
  const routes: Record<string, () => string> = { weather: () => "before" };
  const provider = route(routes);
  routes["weather"] = () => "after";
  expect(await provider.lookup("weather", context)).toBe("before");
});
