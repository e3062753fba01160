import { expect, it } from "vitest";
import { isChannelName, isNick } from "./names.js";

it.each(["ada", "Ada[m]", "_", "`x`", "{|}^\\", "fingerbot-2", "zoë", "a9"])("takes %j for a nick", (name) => {
  expect(isNick(name)).toBe(true);
});

it.each([
  "",
  "9a",
  "-a",
  "#a",
  "&a",
  "a b",
  "a,b",
  "a!b",
  "a@b",
  ":a",
  "a:b",
  "*",
  "a.b",
  "$a",
  "a\r\nQUIT",
  "a\0",
  "+a",
])("takes %j for no nick", (name) => {
  expect(isNick(name)).toBe(false);
});

it.each(["#a", "##a", "&a", "+a", "!ABCDEa", "#", "#a:b", "#a/b", "#ü"])("takes %j for a channel", (name) => {
  expect(isChannelName(name)).toBe(true);
});

it.each(["", "a", "#a b", "#a,b", "#a\x07", "#a\r\nQUIT", "#a\n", "#a\0"])("takes %j for no channel", (name) => {
  expect(isChannelName(name)).toBe(false);
});
