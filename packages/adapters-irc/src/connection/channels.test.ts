import type { FingerError } from "finger-protocol";
import { expect, it } from "vitest";
import { parseMessage } from "../irc/message.js";
import { createChannels } from "./channels.js";

const MINUTE = 60_000;

function open(rejoin = false) {
  const told: FingerError[] = [];
  const channels = createChannels({ channels: ["#a", "#b key"], rejoin, tell: (error) => told.push(error) });
  const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
  const hear = (line: string, now = 0) => {
    const message = parseMessage(line);
    return message !== undefined && channels.hear(message, { nick: "bot", now, isSame });
  };
  return { channels, hear, told };
}

it("joins all, with their keys", () => {
  expect(open().channels.join()).toEqual([
    ["JOIN", "#a"],
    ["JOIN", "#b", "key"],
  ]);
});

it.each(["403", "405", "437", "471", "473", "474", "475", "477"])(
  "is told once of %s, and tries again after 5 minutes",
  (code) => {
    const { channels, hear, told } = open();
    for (const now of [0, 5 * MINUTE]) {
      expect(hear(`:srv ${code} bot #A :Cannot join\x02 channel`, now)).toBe(true);
      expect(channels.tick(now + 5 * MINUTE - 1)).toEqual([]);
      expect(channels.tick(now + 5 * MINUTE)).toEqual([["JOIN", "#a"]]);
      expect(channels.tick(now + 5 * MINUTE)).toEqual([]);
    }
    expect(told.map(({ code, message }) => [code, message.includes("#a") && !message.includes("\x02")])).toEqual([
      ["ERR_FINGER_REFUSED", true],
    ]);
  },
);

it("is told again when it had been let in between", () => {
  const { hear, told } = open();
  hear(":srv 471 bot #a :full");
  hear(":bot!u@h JOIN #a");
  hear(":srv 471 bot #a :full");
  expect(told).toHaveLength(2);
});

it.each([":op!o@h KICK #a bot :out", ":bot!u@h PART #a :removed by services"])(
  "stays out after %j, on the next connection, too",
  (line) => {
    const { channels, hear } = open();
    expect(hear(line)).toBe(true);
    expect(channels.tick(10 * MINUTE)).toEqual([]);
    expect(channels.join()).toEqual([["JOIN", "#b", "key"]]);
  },
);

it("goes back after a minute when it is to", () => {
  const { channels, hear } = open(true);
  hear(":op!o@h KICK #a bot :out");
  expect(channels.tick(MINUTE - 1)).toEqual([]);
  expect(channels.tick(MINUTE)).toEqual([["JOIN", "#a"]]);
});

it("is there again when somebody has brought it back", () => {
  const { channels, hear } = open();
  hear(":op!o@h KICK #a bot :out");
  hear(":bot!u@h JOIN #a");
  expect(channels.join()).toHaveLength(2);
});

const OTHERS: ReadonlyArray<readonly [line: string, why: string]> = [
  [":op!o@h KICK #a ada :out", "somebody else is kicked"],
  [":ada!o@h JOIN #a", "somebody else joins"],
  [":op!o@h KICK #other bot :out", "a channel that is none of its own"],
  [":srv 403 bot ada :No such channel", "of something else that was sent"],
  ["KICK", "a line that says nothing"],
  [":srv 471", "nor does this"],
];

it.each(OTHERS)("leaves %j to others: %s", (line) => {
  const { channels, hear, told } = open();
  expect(hear(line)).toBe(false);
  expect(told).toEqual([]);
  expect(channels.join()).toHaveLength(2);
});
