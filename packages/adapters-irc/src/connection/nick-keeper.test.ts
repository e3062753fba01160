import { expect, it } from "vitest";
import { parseMessage } from "../irc/message.js";
import { createNickKeeper } from "./nick-keeper.js";

const MINUTE = 60_000;
const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
const keep = () => createNickKeeper({ wanted: () => "finger", isSame, now: 0 });

const ROWS: ReadonlyArray<readonly [line: string, nick: string, takes: boolean, why: string]> = [
  [":Finger!a@b QUIT :bye", "finger_", true, "who had it is gone"],
  [":finger!a@b NICK other", "finger_", true, "who had it is called something else"],
  [":srv 303 finger_ :", "finger_", true, "nobody has it"],
  [":srv 303 finger_", "finger_", true, "nobody has it, as some servers say it"],
  [":srv 303 finger_ :FINGER ", "finger_", false, "somebody has it still"],
  [":ada!a@b QUIT :bye", "finger_", false, "somebody else is gone"],
  ["QUIT", "finger_", false, "nobody said who"],
  [":finger!a@b QUIT", "finger", false, "it is ours already"],
  [":finger!a@b NICK :Guest1", "Guest1", false, "it was taken from us, and would be again"],
  [":finger!a@b PRIVMSG finger_ :hello", "finger_", false, "who has it only speaks"],
];

it.each(ROWS)("hears %j as %s and takes the nick back (%s): %s", (line, nick, takes) => {
  const message = parseMessage(line);
  expect(message && keep().hear(message, nick)).toEqual(takes ? [["NICK", "finger"]] : []);
});

it("asks every minute whether the nick is free, while it is missed", () => {
  const keeper = keep();
  expect(keeper.tick(59_999, "finger_")).toEqual([]);
  expect(keeper.tick(60_000, "finger_")).toEqual([["ISON", "finger"]]);
  expect(keeper.tick(61_000, "finger_")).toEqual([]);
  expect(keeper.tick(120_000, "finger")).toEqual([]);
  expect(keeper.tick(120_000, "finger_")).toEqual([["ISON", "finger"]]);
});

it("asks half as often each time that the nick was taken from us, once an hour at least", () => {
  const keeper = keep();
  const taken = parseMessage(":finger!a@b NICK Guest1");
  const waits: number[] = [];
  let now = 0;
  for (let times = 0; times < 8; times++) {
    if (taken !== undefined) keeper.hear(taken, "Guest1");
    const before = now;
    while (keeper.tick(now, "Guest1").length === 0) now += MINUTE;
    waits.push((now - before) / MINUTE);
  }
  expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
});
