import { expect, it } from "vitest";
import { isLogin } from "./is-login.js";

const TEXTS: ReadonlyArray<[text: string, isOne: boolean, why: string]> = [
  ["alice", true, "it is one"],
  ["_apt", true, "programs have such"],
  ["alice.liddell-2", true, "a hyphen that is not in front is no option"],
  ["EXAMPLE\\alice", true, "winbind puts the domain in front"],
  ["domain users", true, "directories have names with spaces"],
  ["élise", true, "it is UTF-8 on the way to the system"],
  ["a".repeat(256), true, "it is as long as one can be"],
  ["", false, "there is nothing"],
  ["-s", false, "it would be an option"],
  ["+nis", false, "it stands for all of NIS"],
  ["a:b", false, "a colon ends the field"],
  ["../root", false, "a slash leads elsewhere"],
  ["a\0b", false, "a NUL ends the argument"],
  ["a\nb", false, "a line end ends the record"],
  ["a\u009bb", false, "that begins a sequence of a terminal"],
  ["a\ud800", false, "half a character is none"],
  ["é".repeat(129), false, "it has more than 256 bytes"],
];

it.each(TEXTS)("%j: %s, as %s", (text, isOne) => {
  expect(isLogin(text)).toBe(isOne);
});
