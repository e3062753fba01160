import fc from "fast-check";
import { type FingerTarget, formatFingerUrl, parseTarget, type ValidQuery } from "finger-protocol";
import { expect, it } from "vitest";

const list: ValidQuery = { kind: "list", verbose: false };
const user = (name: string, verbose = false): ValidQuery => ({ kind: "user", user: name, verbose });
const forward = (name: string, ...hosts: string[]): ValidQuery => ({
  kind: "forward",
  user: name,
  hosts,
  verbose: false,
});

const TARGETS: ReadonlyArray<readonly [text: string, query: ValidQuery, host: string | undefined, port: number]> = [
  ["alice", user("alice"), undefined, 79],
  ["/W alice", user("alice", true), undefined, 79],
  ["alice@host", user("alice"), "host", 79],
  [" alice@host ", user("alice"), "host", 79],
  ["/W alice@host", user("alice", true), "host", 79],
  ["@host", list, "host", 79],
  ["alice@host:7979", user("alice"), "host", 7979],
  ["weather:oslo@host", user("weather:oslo"), "host", 79],
  ["alice liddell@host", user("alice liddell"), "host", 79],
  ["alice@h1@h2", forward("alice", "h1"), "h2", 79],
  ["@h1@h2@h3:7979", forward("", "h1", "h2"), "h3", 7979],
  ["alice@[::1]@h2", forward("alice", "[::1]"), "h2", 79],
  ["alice@[::1]", user("alice"), "::1", 79],
  ["alice@[::1]:7979", user("alice"), "::1", 7979],
  ["alice@[fe80::1%eth0]", user("alice"), "fe80::1%eth0", 79],
  ["alice@192.0.2.1", user("alice"), "192.0.2.1", 79],
  ["alice@bücher.example", user("alice"), "xn--bcher-kva.example", 79],
  ["host/alice", user("alice"), "host", 79],
  ["host:7979/alice", user("alice"), "host", 7979],
  ["[::1]:7979/alice", user("alice"), "::1", 7979],
  ["host/", list, "host", 79],
  ["/etc/passwd", user("/etc/passwd"), undefined, 79],
  ["alice@host.", user("alice"), "host.", 79],
  ["alice@𠮷野家.jp", user("alice"), "xn--fctt27jo60v.jp", 79],
  ["finger://host:7979", list, "host", 7979],
  ["finger://a@h1@h2", forward("a", "h1"), "h2", 79],
  ["finger://host/w%2Falice", user("w/alice"), "host", 79],
  ["finger://host/alice%3FW", user("alice?W"), "host", 79],
  ["finger://host/%2FW%20alice@h1", { ...forward("alice", "h1"), verbose: true }, "host", 79],
  ["finger://host", list, "host", 79],
  ["finger://host/", list, "host", 79],
  ["FINGER://host/alice", user("alice"), "host", 79],
  ["finger://host/alice/", user("alice"), "host", 79],
  ["finger://host:79/%2FW%20alice", user("alice", true), "host", 79],
  ["finger://host/%2Fw", { kind: "list", verbose: true }, "host", 79],
  ["finger://host/w/alice", user("alice", true), "host", 79],
  ["finger://host/alice/w", user("alice", true), "host", 79],
  ["finger://host/alice?W", user("alice", true), "host", 79],
  ["finger://host?W", { kind: "list", verbose: true }, "host", 79],
  ["finger://host/w", user("w"), "host", 79],
  ["finger://host/search?gemini", user("search?gemini"), "host", 79],
  ["finger://host/alice@next", forward("alice", "next"), "host", 79],
  ["finger://host/jos%C3%A9", user("josé"), "host", 79],
  ["finger://alice@host", user("alice"), "host", 79],
  ["finger://alice@host/", user("alice"), "host", 79],
  ["finger://alice@host/w", user("alice", true), "host", 79],
  ["finger://alice@host/alice", user("alice"), "host", 79],
  ["finger://[fe80::1%25eth0]:7979/alice", user("alice"), "fe80::1%eth0", 7979],
];

it.each(TARGETS)("reads %j as %j at %s, port %i", (text, query, host, port) => {
  const target = parseTarget(text);
  expect(target).toEqual({ query, host, port });
  if (host !== undefined) expect(parseTarget(formatFingerUrl(target))).toEqual(target);
});

const REFUSED: ReadonlyArray<readonly [text: string, part: string, why: string]> = [
  ["", "empty", "nothing"],
  ["  ", "empty", "nothing but blanks"],
  ["alice@", "no host", "no host"],
  ["alice@host:", '"" is no port', "a port left out"],
  ["alice@host:0", '"0" is no port', "a port too low"],
  ["alice@host:65536", '"65536" is no port', "a port too high"],
  ["alice@host:http", '"http" is no port', "a port by name"],
  ["alice@::1", '"::1" is no host', "IPv6 without brackets"],
  ["alice@[::1", '"[::1" is no host', "a bracket left open"],
  ["alice@[::g]", '"[::g]" is no host', "no IPv6 in brackets"],
  ["alice@ho st", '"ho st"', "a blank in a host"],
  ["alice@\u0301host", '"\u0301host"', "a mark that belongs to no letter"],
  ["alice@-h", '"-h"', "a hyphen first"],
  ["alice@[]", '"[]"', "nothing in brackets"],
  ["alice@[::1]x", '"[::1]x"', "text behind the bracket"],
  ["alice@[::1]:", '"" is no port', "a port left out behind an address"],
  [":79/alice", '":79"', "only a port"],
  ["alice@host:79:79", '"host:79:79"', "two ports"],
  ["alice@⑴.example", '"⑴.example"', "what DNS knows it as, (1).example, is no host"],
  [`alice@${"ü".repeat(60)}.example`, '"üüü', "a label too long once it is in ASCII"],
  ["a\x7f@host", "\\u007f", "DEL"],
  ["u@ho\0st", "\\u0000", "NUL"],
  ["a\u2028b@host", "\\u2028", "a line separator"],
  ["a\ud800@host", "\\ud800", "half a character"],
  ["finger://host:0/alice", '"0" is no port', "a port too low in a URL"],
  ["finger://host/a%e2%80%aeb", "\\u202e", "encoded text that turns around"],
  ["finger://host/alice@", '"alice@"', "an empty host in a URL"],
  ["alice@@h2", '"alice@"', "an empty host on the way"],
  ["alice@h1:79@h2", '"alice@h1:79"', "a port on the way"],
  ["a\r\nb@host", '"\\r"', "a line end"],
  ["a\u009b@host", "\\u009b", "a C1 control"],
  ["alice@\u202eexample.org", "\\u202e", "text turned around"],
  ["finger:alice@host", "no finger URL", "half a URL"],
  ["finger:///alice", "no host", "a URL without a host"],
  ["finger://host/a#b", "no finger URL", "a fragment"],
  ["finger://host/a%0d%0ab", '"\\r"', "an encoded line end"],
  ["finger://host/%zz", '"%zz"', "a broken encoding"],
  ["finger://host/%ff", '"%ff"', "an encoding that is not UTF-8"],
  ["finger://alice@host/bob", '"alice" and "bob"', "two different users"],
  ["http://host/alice", "no finger URL", "another scheme"],
];

it.each(REFUSED)("refuses %j, and names %s: %s", (text, part) => {
  expect(() => parseTarget(text)).toThrow(expect.objectContaining({ code: "ERR_FINGER_TARGET" }));
  expect(() => parseTarget(text)).toThrow(part);
});

it("cannot write a URL without a host", () => {
  expect(() => formatFingerUrl(parseTarget("alice"))).toThrow(expect.objectContaining({ code: "ERR_FINGER_TARGET" }));
});

/** Names that a target may have: what turns text around or ends a line is refused there. */
const name = fc.string({ unit: "grapheme" }).filter((text) => !/[\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(text));

it("reads back the URL of any name that can be asked for", () => {
  fc.assert(
    fc.property(name, fc.boolean(), (name, verbose) => {
      const target: FingerTarget = { query: user(name.normalize("NFC"), verbose), host: "host", port: 79 };
      let url: string;
      try {
        url = formatFingerUrl(target);
      } catch (error) {
        expect(error).toMatchObject({ code: "ERR_FINGER_QUERY" });
        return;
      }
      expect(parseTarget(url)).toEqual(target);
    }),
  );
});

it("gives a target that can be asked and written as a URL, or one error", () => {
  const text = fc
    .array(
      fc.oneof(
        fc.constantFrom("@", "/", "%2F", "%40", "%", "?w", "w", "/W ", "finger://", "h", "h.example", "[::1]", ":79"),
        fc.constantFrom(
          "[fe80::1%25eth0]",
          ":",
          ".",
          "-",
          "ü",
          "⑴",
          "１",
          "𠮷",
          "ß",
          "\u0301",
          "\u00ad",
          " ",
          "#",
          "+",
        ),
        fc.string({ unit: "binary", maxLength: 2 }),
      ),
      { maxLength: 9 },
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (typed) => {
      let target: FingerTarget;
      try {
        target = parseTarget(typed);
      } catch (error) {
        expect(error).toMatchObject({ code: "ERR_FINGER_TARGET" });
        return;
      }
      if (target.host === undefined) return;
      const url = formatFingerUrl(target);
      expect(url).toMatch(/^finger:\/\/[\x21-\x7e]+$/);
      expect(parseTarget(url)).toEqual(target);
    }),
    { numRuns: 500 },
  );
});
