import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatCtcp } from "./ctcp.js";
import { formatMessage, type IrcMessage, parseMessage } from "./message.js";

interface Row {
  readonly tags?: Readonly<Record<string, string>>;
  readonly source?: readonly [name: string, user?: string | undefined, host?: string];
  readonly command: string;
  readonly params?: readonly string[];
}

const LINES: ReadonlyArray<readonly [line: string, message: Row, why: string]> = [
  ["QUIT", { command: "QUIT" }, "a command alone"],
  ["PING :irc.example", { command: "PING", params: ["irc.example"] }, "the colon is no part of the last parameter"],
  [
    "privmsg bot hi",
    { command: "PRIVMSG", params: ["bot", "hi"] },
    "commands in any case (RFC 1459 4.4.1 prints both)",
  ],
  ["PRIVMSG bot :", { command: "PRIVMSG", params: ["bot", ""] }, "a last parameter may be empty"],
  ["PRIVMSG bot ::-) :o", { command: "PRIVMSG", params: ["bot", ":-) :o"] }, "only the first colon counts"],
  ["PRIVMSG bot : a  b ", { command: "PRIVMSG", params: ["bot", " a  b "] }, "blanks of the last parameter stay"],
  ["MODE #pub +o ada  ", { command: "MODE", params: ["#pub", "+o", "ada"] }, "blanks at the end are no parameter"],
  [
    "432  #pub   :bad: nick",
    { command: "432", params: ["#pub", "bad: nick"] },
    "some servers send more blanks than one",
  ],
  ["USER a:b c", { command: "USER", params: ["a:b", "c"] }, "a colon inside a parameter begins none"],
  ["JOIN #a\tb", { command: "JOIN", params: ["#a\tb"] }, "a tab separates nothing"],
  [":irc.example 001 bot :Hi", { source: ["irc.example"], command: "001", params: ["bot", "Hi"] }, "from a server"],
  [":ada!a@pub.example AWAY", { source: ["ada", "a", "pub.example"], command: "AWAY" }, "from a person"],
  [
    ":ada@pub.example AWAY",
    { source: ["ada", undefined, "pub.example"], command: "AWAY" },
    "RFC 2812 2.3.1 allows no user",
  ],
  [":ada!~a@x\x035y AWAY", { source: ["ada", "~a", "x\x035y"], command: "AWAY" }, "some networks colour hosts"],
  [":ada   AWAY   x", { source: ["ada"], command: "AWAY", params: ["x"] }, "blanks behind the source"],
  [
    "@id=1;+typing AWAY",
    { tags: { id: "1", "+typing": "" }, command: "AWAY" },
    "a tag without a value is an empty one",
  ],
  ["@a=;b=c=d AWAY", { tags: { a: "", b: "c=d" }, command: "AWAY" }, "a value may have an equals sign"],
  ["@a=1;a=2 AWAY", { tags: { a: "2" }, command: "AWAY" }, "the last of two tags counts (IRCv3)"],
  ["@a=\\:\\s\\\\\\r\\n AWAY", { tags: { a: "; \\\r\n" }, command: "AWAY" }, "each escape of IRCv3"],
  ["@a=\\b\\\\sx\\ AWAY", { tags: { a: "b\\sx" }, command: "AWAY" }, "an escape that is none, and a lone backslash"],
  ["@x/y=z; :ada AWAY", { tags: { "x/y": "z" }, source: ["ada"], command: "AWAY" }, "an empty tag is none"],
];

it.each(LINES)("reads %j: %#", (line, { tags = {}, source, command, params = [] }) => {
  expect(parseMessage(line)).toEqual({
    tags: new Map(Object.entries(tags)),
    source: source && { name: source[0], user: source[1], host: source[2] },
    command,
    params,
  } satisfies IrcMessage);
});

const NONE: ReadonlyArray<readonly [line: string, why: string]> = [
  ["", "an empty line"],
  ["   ", "blanks"],
  [":ada", "a source alone"],
  ["@a=b", "tags alone"],
  ["@a=b :ada ", "both"],
  ["12 bot", "a number of two digits"],
  ["1234 bot", "a number of four"],
  ["PRIV-MSG bot", "a word with a sign in it"],
  ["é", "a letter that is not ASCII"],
];

it.each(NONE)("takes %j for no message: %s", (line) => {
  expect(parseMessage(line)).toBeUndefined();
});

it("survives any line", () => {
  const line = fc.array(
    fc.oneof(fc.constantFrom("@", ":", " ", ";", "=", "\\", "!", "PING", "001", "\0"), fc.string()),
  );
  fc.assert(fc.property(line, (parts) => void parseMessage(parts.join(""))));
});

describe("a line that is sent", () => {
  const FORMATTED: ReadonlyArray<readonly [parts: readonly [string, ...string[]], line: string, why: string]> = [
    [["QUIT"], "QUIT", "a command alone"],
    [["NICK", "bot"], "NICK bot", "a word needs no colon"],
    [["USER", "bot", "0", "*", "A bot"], "USER bot 0 * :A bot", "a last part with a blank"],
    [["PRIVMSG", "ada", ""], "PRIVMSG ada :", "an empty last part"],
    [["PRIVMSG", "ada", ":-)"], "PRIVMSG ada ::-)", "one that begins with a colon"],
    [["NOTICE", "ada", formatCtcp("PING", "1 2")], "NOTICE ada :\x01PING 1 2\x01", "CTCP"],
  ];

  it.each(FORMATTED)("is made of %j as %j: %s", (parts, line) => {
    expect(formatMessage(...parts)).toBe(line);
  });

  const REFUSED: ReadonlyArray<readonly [parts: readonly [string, ...string[]], why: string]> = [
    [["PRIVMSG", "ada", "a\r\nQUIT"], "a second line"],
    [["PRIVMSG", "ada", "a\nQUIT"], "a line that LF alone ends"],
    [["PRIVMSG", "ada", "a\rQUIT"], "and CR alone"],
    [["PRIVMSG", "ada", "a\0"], "NUL, where some servers end a line"],
    [["PRIVMSG", "ada\r\nQUIT", "a"], "a target that is a second line"],
    [["PRIVMSG", "ada bob", "a"], "a target that is two parameters"],
    [["PRIVMSG", "", "a"], "an empty target"],
    [["PRIVMSG", ":ada", "a"], "a target that would be the last parameter"],
    [["PRIVMSG", "ada", "a\x01b"], "0x01 inside a text"],
    [["PRIVMSG", "ada", "\x01VERSION"], "a CTCP that nothing ends"],
    [["PRIVMSG", "ada", "\x01A\x01\x01B\x01"], "two of them"],
    [["PRIVMSG", "\x01A\x01", "a"], "0x01 elsewhere than in the text"],
    [["PRIVMSG ada", "a"], "a command that is more than a word"],
    [["PING\n"], "a command with a line end"],
    [[""], "no command"],
  ];

  it.each(REFUSED)("is not made of %j: %s", (parts) => {
    expect(() => formatMessage(...parts)).toThrow(TypeError);
  });

  it("is refused without telling what may be a password", () => {
    expect(() => formatMessage("PASS", "secret\n")).toThrow(
      "Part 1 of what is sent by PASS has CR, LF or NUL, which end a line.",
    );
  });

  const command = fc.stringMatching(/^(?:[A-Z]{1,12}|\d{3})$/);
  const text = fc.string({ unit: fc.oneof(fc.constantFrom(" ", ":", "@", "\r", "\n", "\0", "\x01"), fc.string()) });
  const word = text.map((each) => each.replace(/[ \r\n\0\x01]/g, "").replace(/^:+/, "") || "x");
  const last = text.map((each) => each.replace(/[\r\n\0\x01]/g, ""));

  it("is read as what it was made of", () => {
    fc.assert(
      fc.property(command, fc.array(word), last, (name, words, end) => {
        const params = [...words, end];
        expect(parseMessage(formatMessage(name, ...params))).toMatchObject({
          source: undefined,
          command: name,
          params,
        });
      }),
    );
  });

  it("is one line whatever it is made of, or none", () => {
    fc.assert(
      fc.property(fc.oneof(command, text), fc.array(text), (name, params) => {
        expect(formatOrRefuse(name, params)).not.toMatch(/[\r\n\0]|\x01(?!$).*\x01./);
      }),
    );
  });
});

function formatOrRefuse(command: string, params: readonly string[]): string {
  try {
    return formatMessage(command, ...params);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return "";
  }
}
