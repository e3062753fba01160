import { FingerError } from "finger-protocol";
import { describe, expect, it, vi } from "vitest";
import type { Logger } from "../../logger.js";
import { createLog, type LogOptions, toOnError } from "./log.js";

const NOON = new Date(2026, 10, 26, 12, 0, 5, 7);
const ISO = NOON.toISOString();

function open(options: Partial<LogOptions> = {}) {
  let text = "";
  const write = (more: string) => {
    text += more;
  };
  const log = createLog({ format: "json", write, now: () => NOON, ...options });
  return { log, read: () => text, lines: () => text.split("\n").slice(0, -1) };
}

/** The object that one line of JSON is, with these fields. */
function logged(fields: object, message = "it happens"): Record<string, unknown> {
  const { log, lines } = open();
  log.info(fields as Record<string, unknown>, message);
  expect(lines()).toHaveLength(1);
  return JSON.parse(lines()[0] ?? "");
}

/** A line for people, without its time. */
function told(fields: Record<string, unknown>, message: string, options: Partial<LogOptions> = {}): string {
  const { log, read } = open({ format: "human", ...options });
  log.error(fields, message);
  return read().replace(/^\S+ error /, "");
}

const circular: Record<string, unknown> = { name: "loop" };
circular["self"] = circular;
const locked = {
  ok: 1,
  get secret() {
    throw new Error("no");
  },
};
const broken = new Proxy(
  {},
  {
    ownKeys: () => {
      throw new Error("no");
    },
  },
);

describe("a log of JSON", () => {
  it("has an object on each line: when, how important, what, and the fields", () => {
    const { log, read } = open();
    log.info({ users: 3, at: "127.0.0.1:79" }, "3 users");
    log.warn({}, "two");
    expect(read()).toBe(
      `{"time":"${ISO}","level":"info","msg":"3 users","users":3,"at":"127.0.0.1:79"}\n{"time":"${ISO}","level":"warn","msg":"two"}\n`,
    );
  });

  // Why comes first: vitest would read a getter to show it.
  it.each<[why: string, fields: object, expected: object]>([
    ["a field cannot pass for one of ours", { time: 1, level: "x", msg: "y" }, { time_: 1, level_: "x", msg_: "y" }],
    ["JSON has no big integers", { big: 2n ** 70n }, { big: String(2n ** 70n) }],
    ["JSON has no infinity, and null would be a lie", { wait: Number.POSITIVE_INFINITY }, { wait: "Infinity" }],
    ["what is inside itself has no end", { circular }, { circular: { name: "loop", self: "[circular]" } }],
    ["a getter may throw", { locked }, { locked: { ok: 1, secret: "[unreadable]" } }],
    ["a proxy may do anything", { broken }, { broken: "[unreadable]" }],
    ["so may the fields", broken, { fields: "[unreadable]" }],
    ["what is no data is left out", { f: () => 1, s: Symbol("s"), u: undefined }, {}],
    ["a date has a form of its own", { at: new Date(0) }, { at: "1970-01-01T00:00:00.000Z" }],
    ["a date may be none", { at: new Date(Number.NaN) }, { at: null }],
    ["bytes are nothing to read", { bytes: Buffer.alloc(9) }, { bytes: "[9 bytes]" }],
    ["JSON would show them empty", { set: new Set([1]), map: new Map([["a", 1]]) }, { set: [1], map: { a: 1 } }],
    ["a text may come from the network", { long: "x".repeat(9000) }, { long: `${"x".repeat(8192)}…` }],
    ["a list may be long", { many: Array(102).fill(1) }, { many: [...Array(100).fill(1), "[2 more]"] }],
  ])("keeps to what can be read: %s", (_, fields, expected) => {
    expect(logged(fields)).toEqual({ time: ISO, level: "info", msg: "it happens", ...expected });
  });

  it("has a field whose name is a trap as any other", () => {
    const { log, read } = open();
    log.info(JSON.parse('{"__proto__":{"a":1}}'), "it happens");
    expect(read()).toContain('"__proto__":{"a":1}');
  });

  it("ends where fields have no end", () => {
    const wide = (depth: number): unknown => (depth === 0 ? "end" : Array(50).fill(wide(depth - 1)));
    expect(JSON.stringify(logged({ wide: wide(6) })).length).toBeLessThan(100_000);
  });

  it.each([
    ["\n", "breaks the line"],
    ["\u2028", "breaks the line elsewhere"],
    ["\u001b[2J", "clears a terminal"],
    ["\u009b2J", "clears a terminal with one byte"],
    ["\u007f", "takes a character away"],
    ["\u202e", "turns the direction of text"],
    ["\u{e0041}", "is not seen"],
    ["\ud800", "is half a character"],
  ])("spells %j out, which %s, and means the same", (text) => {
    const { log, read } = open();
    log.info({ [text]: text }, text);
    expect(read()).toMatch(/^[\x20-\x7e]+\n$/);
    const { msg, ...rest } = JSON.parse(read());
    expect([msg, rest[text]]).toEqual([text, text]);
  });

  it("tells of errors what programs match on, what people read, and why", () => {
    const root = Object.assign(new Error("permission denied"), { code: "EACCES" });
    const err = new FingerError("ERR_FINGER_CONFIG", "It cannot be read.", { cause: new Error("no", { cause: root }) });
    const cause = { name: "Error", message: "no", cause: { code: "EACCES", message: "permission denied" } };
    expect(logged({ err })).toMatchObject({ err: { code: "ERR_FINGER_CONFIG", message: "It cannot be read.", cause } });
    expect(JSON.stringify(logged({ err }))).not.toContain("stack");
  });

  it("tells of errors that came together, and ends with one that is its own cause", () => {
    const endless = new Error("round");
    endless.cause = endless;
    const err = new AggregateError([endless, new RangeError("two")], "both");
    expect(logged({ err })["err"]).toEqual({
      name: "AggregateError",
      message: "both",
      errors: [
        { name: "Error", message: "round", cause: "[circular]" },
        { name: "RangeError", message: "two" },
      ],
    });
  });

  it("has stacks at the level debug alone", () => {
    const { log, read } = open({ level: "debug" });
    log.error({ err: new Error("no") }, "no");
    expect(JSON.parse(read()).err.stack).toMatch(/^Error: no\n {4}at /);
  });
});

describe("a log for people", () => {
  it("tells when, how important, what, and the fields", () => {
    const { log, read } = open({ format: "human" });
    log.info({ users: 3, at: "127.0.0.1:79", path: "a b", more: { x: [1] }, none: undefined }, "It begins.");
    expect(read()).toBe(`${ISO.slice(0, 19)}Z info  It begins.  users=3  at=127.0.0.1:79  path="a b"\n`);
  });

  it("has the time of the clock on the wall for who looks on", () => {
    const { log, lines } = open({ format: "human", isTerminal: true });
    log.warn({}, "now");
    expect(lines()).toEqual(["12:00:05 warn  now"]);
  });

  it.each<[err: unknown, message: string, line: string, why: string]>([
    [new Error("no disk"), "It broke.", "It broke.: no disk\n", "a message may not say why"],
    [new Error("no"), "It says no.", "It says no.\n", "what is said is not said again"],
    [
      new FingerError("ERR_FINGER_CONFIG", "It is wrong.", { cause: new Error("no port") }),
      "It is wrong.",
      "It is wrong: no port  code=ERR_FINGER_CONFIG\n",
      "the reason may be in the cause",
    ],
    [
      new AggregateError([new Error("one"), new Error("two", { cause: new Error("why") })], "Both failed."),
      "Both failed.",
      "Both failed.\n  - one\n  - two: why\n",
      "none of several is lost",
    ],
    ["thrown", "It broke.", "It broke.  err=thrown\n", "anything can be thrown"],
  ])("of the error %o with %j tells %j: %s", (err, message, line) => {
    expect(told({ err }, message)).toBe(line);
  });

  it("indents what is more than a line, which so cannot pass for another entry", () => {
    const forged = "no\n2026-11-26T12:00:00Z info  All is well.";
    expect(told({}, forged)).toBe("no\n  2026-11-26T12:00:00Z info  All is well.\n");
    expect(told({ name: forged }, "no")).toBe('no  name="no\\n2026-11-26T12:00:00Z info  All is well."\n');
    expect(told({}, "a\rb\u001b[2Jc\u2028d\u202ee")).toBe("a\\u{d}b\\u{1b}[2Jc\\u{2028}d\\u{202e}e\n");
  });

  it("shows where an error was thrown at the level debug", () => {
    expect(told({ err: new Error("no") }, "no", { level: "debug" })).toMatch(/^no\n {4}at .*\n/);
  });
});

describe("the level of a log", () => {
  it.each([
    ["debug", ["debug", "info", "warn", "error"]],
    [undefined, ["info", "warn", "error"]],
    ["warn", ["warn", "error"]],
    ["error", ["error"]],
  ] as const)("%s lets pass %o", (level, passing) => {
    const { log, lines } = open({ level });
    for (const each of ["debug", "info", "warn", "error"] as const) log[each]({}, each);
    expect(lines().map((line) => JSON.parse(line).level)).toEqual(passing);
  });

  it("can be set at any time, and reads no fields of what it leaves out", () => {
    const { log, lines } = open();
    const read = vi.fn(() => 1);
    log.level = "error";
    log.info(Object.defineProperty({}, "a", { get: read, enumerable: true }), "unheard");
    expect(read).not.toHaveBeenCalled();
    log.level = "debug";
    log.debug({}, "heard");
    expect([log.level, lines().length]).toEqual(["debug", 1]);
  });

  it("is one of four", () => {
    const message = "level must be one of debug, info, warn, error, but is loud.";
    expect(() => open({ level: "loud" as never })).toThrow(new TypeError(message));
  });
});

describe("toOnError", () => {
  it.each<[what: string, thrown: unknown, message: string]>([
    ["an error", new Error("It broke."), "It broke."],
    ["a text", "It broke.", "It broke."],
    ["nothing", undefined, "undefined"],
    ["an object", { code: 1 }, '{"code":1}'],
    ["a trap", Object.defineProperty(new Error("x"), "message", { get: () => broken }), "[unreadable]"],
  ])("logs %s as an error, by what it says", (_, thrown, message) => {
    const error = vi.fn<Logger["error"]>();
    toOnError({ error })(thrown);
    expect(error.mock.calls.map(([, text]) => text)).toEqual([message]);
    expect(error.mock.calls[0]?.[0]["err"]).toBe(thrown);
  });
});
