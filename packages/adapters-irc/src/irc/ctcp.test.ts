import fc from "fast-check";
import { expect, it } from "vitest";
import { type Ctcp, formatCtcp, parseCtcp } from "./ctcp.js";

const TEXTS: ReadonlyArray<readonly [text: string, ctcp: Ctcp | undefined, why: string]> = [
  ["\x01VERSION\x01", { command: "VERSION", argument: "" }, "a command alone"],
  ["\x01PING 1 2\x01", { command: "PING", argument: "1 2" }, "with an argument"],
  ["\x01finger\x01", { command: "FINGER", argument: "" }, "in any case"],
  ["\x01VERSION", { command: "VERSION", argument: "" }, "a cut line has no delimiter at its end"],
  ["\x01PING  a \x01", { command: "PING", argument: " a " }, "a PING goes back as it came"],
  ["\x01A\x01\x01B\x01", { command: "A", argument: "" }, "one message asks for one thing"],
  ["\x01A\x01text", { command: "A", argument: "" }, "what stands behind it is passed over"],
  ["VERSION", undefined, "plain text"],
  ["a \x01VERSION\x01", undefined, "old clients put CTCP inside text; that is no more"],
  ["", undefined, "nothing"],
  ["\x01", undefined, "a delimiter alone"],
  ["\x01\x01", undefined, "two of them"],
  ["\x01 VERSION\x01", undefined, "a blank is no command"],
];

it.each(TEXTS)("reads %j as %o: %s", (text, ctcp) => {
  expect(parseCtcp(text)).toEqual(ctcp);
});

it.each([
  ["FINGER", "Ada", "\x01FINGER Ada\x01"],
  ["VERSION", "", "\x01VERSION\x01"],
])("writes %j and %j as %j", (command, argument, text) => {
  expect(formatCtcp(command, argument)).toBe(text);
});

it.each([
  ["", "a"],
  ["A B", "a"],
  ["A\x01", "a"],
  ["A\n", "a"],
  ["A", "hush\x01b"],
  ["A", "hush\r\nQUIT"],
  ["A", "hush\0"],
])("refuses to write %j with %j, which would be more than one message, and does not tell it", (command, argument) => {
  expect(() => formatCtcp(command, argument)).toThrow(TypeError);
  expect(() => formatCtcp(command, argument)).not.toThrow("hush");
});

it("reads what it writes", () => {
  const argument = fc.string().map((text) => text.replace(/[\r\n\0\x01]/g, ""));
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z]{1,12}$/), argument, (command, text) => {
      expect(parseCtcp(formatCtcp(command, text))).toEqual({ command, argument: text });
    }),
  );
});
