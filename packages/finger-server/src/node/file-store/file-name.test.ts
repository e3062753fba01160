import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isStatusFile, toFileName, toLogin } from "./file-name.js";

const NAMES: ReadonlyArray<[login: string, name: string, why: string]> = [
  ["alice", "alice.json", "most logins are their names"],
  ["al.ice-2_b", "al.ice-2_b.json", "dots, dashes and underscores are in logins, and safe"],
  ["Alice", "%41lice.json", "case does not count everywhere"],
  ["Al/ice", "%41l%2Fice.json", "a slash would be a path"],
  ["..", "%2E..json", "a name of dots would be a path, and a hidden one"],
  [".lock", "%2Elock.json", "hidden names are those of the store itself"],
  ["~x", "%7Ex.json", "a tilde begins the name of a hash"],
  ["%41", "%2541.json", "what is escaped is told from what looks like it"],
  ["a\u0000b", "a%00b.json", "a name ends at a zero"],
  ["zo\u00eb", "zo%C3%AB.json", "some file systems change letters that are not ASCII"],
  ["\\", "%5C.json", "a backslash would be a path on Windows"],
  ["x".repeat(138), `${"x".repeat(138)}.json`, "143 bytes are the most that eCryptfs takes"],
  ["x".repeat(139), "~2e9624d34d0ca08307eb4f645cb17ac9db26ee9cd911a783221da0b327d7cce8.json", "more is a hash"],
];

describe("the name of a login's file", () => {
  it.each(NAMES)("of %j is %j: %s", (login, name) => {
    expect(toFileName(login)).toBe(name);
  });

  it("is safe whatever the login: not hidden, no path, not too long, and in one case", () => {
    fc.assert(
      fc.property(anyLogin, (login) => {
        const name = toFileName(login);
        expect(name).toMatch(/^(?:[a-z0-9_-]|%[0-9A-F]{2}|~[0-9a-f]{64})(?:[a-z0-9._-]|%[0-9A-F]{2})*\.json$/);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(143);
        expect(isStatusFile(name)).toBe(true);
      }),
    );
  });

  it("is another for another login, also where case does not count", () => {
    fc.assert(
      fc.property(anyLogin, anyLogin, (one, other) => {
        fc.pre(one !== other);
        expect(toFileName(one).toLowerCase()).not.toBe(toFileName(other).toLowerCase());
      }),
    );
  });

  it("tells the login, unless it is a hash", () => {
    fc.assert(
      fc.property(anyLogin, (login) => {
        const name = toFileName(login);
        expect(toLogin(name)).toBe(name.startsWith("~") ? undefined : login);
      }),
    );
  });

  it("is the only one that tells a login", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), nearlyNames), (name) => {
        const login = toLogin(name);
        if (login !== undefined) expect(toFileName(login)).toBe(name);
      }),
    );
  });
});

const FOREIGN: ReadonlyArray<[name: string, isOurs: boolean, why: string]> = [
  [".lock", false, "that is the lock"],
  [".new", false, "that is half-written"],
  [".alice.json", false, "hidden files are of editors"],
  ["alice.json~", false, "that is a copy by an editor"],
  ["alice.json.swp", false, "that is what an editor remembers"],
  ["README", false, "people leave notes"],
  ["Alice.json", true, "it has the ending, so somebody is to hear that it is misnamed"],
];

it.each(FOREIGN)("a file called %j holds statuses: %j, for %s", (name, isOurs) => {
  expect(isStatusFile(name)).toBe(isOurs);
  expect(toLogin(name)).toBeUndefined();
});

/** Any text of Unicode, and what is near the names of files. */
const anyLogin = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 80 }),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 }),
  fc.string({ unit: fc.constantFrom(..."aAbB.%~/2e:-_\\"), minLength: 1, maxLength: 8 }),
  fc.string({ unit: fc.constantFrom("x", "X"), minLength: 130, maxLength: 145 }),
);
const nearlyNames = fc
  .string({ unit: fc.constantFrom(..."aA%24156efE~."), maxLength: 8 })
  .map((stem) => `${stem}.json`);
