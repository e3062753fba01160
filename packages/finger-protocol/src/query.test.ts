import fc from "fast-check";
import { encodeQuery, FingerError, formatQuery, parseQuery, type ValidQuery } from "finger-protocol";
import { expect, it } from "vitest";

const LINES = [
  "",
  "/W",
  "alice",
  "/W alice",
  "alice liddell",
  "alice@h1@h2",
  "/W @h1",
  "weather:oslo",
  "../../etc/passwd",
  "josé",
];

it.each(LINES)("%j survives a round trip", (line) => {
  const query = parseQuery(line);
  expect(query.kind).not.toBe("invalid");
  if (query.kind !== "invalid") expect(formatQuery(query)).toBe(line);
});

it("reads a lone surrogate as the character that UTF-8 puts in its place", () => {
  expect(parseQuery("a\ud800b")).toEqual({ kind: "user", user: "a\ufffdb", verbose: false });
});

it("never throws, whatever the line", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.boolean(), (line, strict) => {
      expect(["list", "user", "forward", "invalid"]).toContain(parseQuery(line, { strict }).kind);
    }),
  );
});

const UNSENDABLE: ReadonlyArray<readonly [query: ValidQuery, message: string]> = [
  [{ kind: "user", user: "", verbose: false }, "another query"],
  [{ kind: "user", user: "alice\r\nbob", verbose: false }, "another query"],
  [{ kind: "user", user: "alice\0", verbose: false }, "control character"],
  [{ kind: "user", user: "alice@h", verbose: false }, "another query"],
  [{ kind: "user", user: " alice", verbose: false }, "another query"],
  [{ kind: "user", user: "/Walice", verbose: false }, "another query"],
  [{ kind: "forward", user: "alice", hosts: [], verbose: false }, "another query"],
  [{ kind: "forward", user: "alice", hosts: [""], verbose: false }, "without a host"],
  [{ kind: "forward", user: "alice", hosts: ["h:79"], verbose: false }, "no host, or has a port"],
  [{ kind: "forward", user: "alice@evil", hosts: ["h"], verbose: false }, "another query"],
  [{ kind: "forward", user: "@h", hosts: [], verbose: false }, "another query"],
  [{ kind: "forward", user: "alice", hosts: ["h1@h2"], verbose: false }, "another query"],
  [{ kind: "forward", user: "alice ", hosts: ["h"], verbose: false }, "another query"],
  [{ kind: "user", user: "alice /W", verbose: false }, "another query"],
  [{ kind: "user", user: "\ufeffalice", verbose: false }, "another query"],
  [{ kind: "user", user: "a\tb", verbose: false }, "another query"],
  [{ kind: "user", user: "a\ud800b", verbose: false }, "another query"],
];

it.each(UNSENDABLE)("refuses to write %j: %s", (query, message) => {
  expect(() => formatQuery(query)).toThrow(expect.objectContaining({ code: "ERR_FINGER_QUERY" }));
  expect(() => formatQuery(query)).toThrow(message);
});

it("lets nobody smuggle a second line into a query", () => {
  const name = fc.string({ unit: "binary", maxLength: 8 });
  fc.assert(
    fc.property(
      name,
      fc.array(name),
      fc.constantFrom("list", "user", "forward"),
      fc.boolean(),
      (user, hosts, kind, verbose) => {
        try {
          const text = new TextDecoder().decode(encodeQuery({ kind, user, hosts, verbose } as ValidQuery));
          expect(text.search(/[\r\n]/)).toBe(text.length - 2);
          expect(text.endsWith("\r\n")).toBe(true);
        } catch (error) {
          if (!FingerError.is(error)) throw error;
        }
      },
    ),
    { numRuns: 1000 },
  );
});

it("writes a query that says just what was asked, or none", () => {
  const part = fc
    .array(
      fc.oneof(
        fc.constantFrom("@", " ", "\t", "/W", "\r\n", "\0", ",", "h", "[::1]", "\ufeff", "e\u0301", "\ud800"),
        fc.string({ unit: "binary", maxLength: 2 }),
      ),
      { maxLength: 3 },
    )
    .map((parts) => parts.join(""));
  const query: fc.Arbitrary<ValidQuery> = fc.oneof(
    fc.record({ kind: fc.constant("list" as const), verbose: fc.boolean() }),
    fc.record({ kind: fc.constant("user" as const), user: part, verbose: fc.boolean() }),
    fc.record({
      kind: fc.constant("forward" as const),
      user: part,
      hosts: fc.array(part, { maxLength: 3 }),
      verbose: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(query, fc.boolean(), (asked, strict) => {
      let line: string;
      try {
        line = formatQuery(asked, { strict });
      } catch (error) {
        expect(error).toMatchObject({ code: "ERR_FINGER_QUERY" });
        return;
      }
      expect(parseQuery(line, { strict })).toEqual(JSON.parse(JSON.stringify(asked).normalize("NFC")));
    }),
    { numRuns: 1000 },
  );
});
