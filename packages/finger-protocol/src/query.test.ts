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
