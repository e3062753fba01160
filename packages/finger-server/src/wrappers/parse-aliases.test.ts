import fc from "fast-check";
import { expect, it } from "vitest";
import { parseAliases } from "./parse-aliases.js";

const FILES: ReadonlyArray<readonly [text: string, aliases: ReadonlyArray<readonly [string, string]>, why: string]> = [
  ["", [], "nothing"],
  ["root:alice\n", [["root", "alice"]], "a line"],
  ["root:alice", [["root", "alice"]], "without its end"],
  ["  root : alice  \r\n", [["root", "alice"]], "blanks and CRLF do not matter"],
  ["# staff\n\n  # more\nroot:alice\n", [["root", "alice"]], "comments and blank lines say nothing"],
  ["root:alice # since May\n", [["root", "alice # since May"]], "comments are whole lines"],
  ["motd:/etc/motd\n", [["motd", "/etc/motd"]], "a path is kept as it is"],
  ["news:weather:oslo\n", [["news", "weather:oslo"]], "only the first colon counts"],
  ["root:alice\nroot:bob\n", [["root", "bob"]], "the later line counts"],
  ["\ufeffroot:alice\n", [["root", "alice"]], "a byte order mark is none of the alias"],
  ["__proto__:alice\n", [["__proto__", "alice"]], "an alias may have any name"],
];

it.each(FILES)("reads %j as %j: %s", (text, aliases) => {
  expect(Object.entries(parseAliases(text))).toEqual(aliases);
});

const BAD: ReadonlyArray<readonly [text: string, message: string, why: string]> = [
  ["root:alice\nbob\n", 'finger.conf, line 2: "bob" cannot be read: it has no colon', "a line without a colon"],
  [":alice\n", 'finger.conf, line 1: ":alice" cannot be read: nobody can ask', "a line without an alias"],
  ["a@b:alice\n", "nobody can ask", "an alias that a query would take for a host"],
  ["# staff\n\nroot: \n", "finger.conf, line 3: ", "a line without a target"],
  [`${"x".repeat(200)}\n`, `"${"x".repeat(60)}…" cannot be read`, "a long line is not shown as a whole"],
];

it.each(BAD)("refuses %j with %j: %s", (text, message) => {
  expect(() => parseAliases(text)).toThrow(expect.objectContaining({ code: "ERR_FINGER_USERS_FILE" }));
  expect(() => parseAliases(text)).toThrow(message);
});

it("names the file in an error", () => {
  expect(() => parseAliases("bob\n", "/etc/finger.conf")).toThrow("/etc/finger.conf, line 1:");
});

it("reads back what is written, in any order of lines", () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9._-]{0,8}$/);
  fc.assert(
    fc.property(fc.dictionary(word, word), (table) => {
      const lines = Object.entries(table).map(([name, target]) => `${name}:${target}`);
      expect(parseAliases(lines.join("\n"))).toEqual({ ...table });
      expect(parseAliases(lines.reverse().join("\n"))).toEqual({ ...table });
    }),
  );
});
