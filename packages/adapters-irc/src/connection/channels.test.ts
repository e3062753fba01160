import type { FingerError } from "finger-protocol";
import { expect, it } from "vitest";
import { parseMessage } from "../irc/message.js";
import { createChannels } from "./channels.js";

const MINUTE = 60_000;

function open(rejoin = false, names: readonly string[] = ["#a", "#b key"]) {
  const told: FingerError[] = [];
  const channels = createChannels({ channels: names, rejoin, tell: (error) => told.push(error) });
  const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
  const hear = (line: string, now = 0) => {
    const message = parseMessage(line);
    return message && channels.hear(message, { nick: "bot", now, isSame });
  };
  return { channels, hear, told };
}

it("joins all at once, those with a key first", () => {
  expect(open().channels.join(0)).toEqual([["JOIN", "#b,#a", "key"]]);
});

it.each(["403", "405", "437", "471", "473", "474", "475", "477", "520", "926"])(
  "is told once of %s, and tries again after 5 minutes",
  (code) => {
    const { channels, hear, told } = open();
    for (const now of [0, 5 * MINUTE]) {
      if (now === 0) channels.join(now);
      expect(hear(`:srv ${code} bot #A :Cannot join\x02 channel`, now)).toEqual([]);
      hear(":bot!u@h JOIN #b");
      expect(channels.tick(now + 5 * MINUTE - 1)).toEqual([]);
      expect(channels.tick(now + 5 * MINUTE)).toEqual([["JOIN", "#a"]]);
      expect(channels.tick(now + 5 * MINUTE)).toEqual([]);
    }
    expect(told.map(({ code, message }) => [code, message.includes("#a") && !message.includes("\x02")])).toEqual([
      ["ERR_FINGER_REFUSED", true],
    ]);
  },
);

it("leaves where it is sent instead, unless it is to be there, and tries again after an hour", () => {
  const { channels, hear, told } = open();
  channels.join(0);
  expect(hear(":srv 470 bot #a #Elsewhere :Forwarding to another channel")).toEqual([["PART", "#Elsewhere"]]);
  expect(hear(":srv 470 bot #a #B :Forwarding to another channel")).toEqual([]);
  expect(hear(":srv 470 bot #a :Forwarding")).toEqual([]);
  hear(":bot!u@h JOIN #b");
  expect(channels.tick(60 * MINUTE - 1)).toEqual([]);
  expect(channels.tick(60 * MINUTE)).toEqual([["JOIN", "#a"]]);
  expect(told.map(({ message }) => message)).toEqual([expect.stringMatching(/#a .*470.* every 60 minutes/)]);
});

it("goes to very many by and by, each in a line that fits", () => {
  const names = Array.from({ length: 60 }, (_, index) => `#${"é".repeat(60)}${index}${index % 7 === 0 ? " key" : ""}`);
  const { channels, hear } = open(false, names);
  const joined: string[] = [];
  let lines = channels.join(0);
  for (let now = 0; lines.length > 0; now += 5_000, lines = channels.tick(now)) {
    expect(lines.length).toBeLessThanOrEqual(2);
    for (const [, some = "", keys] of lines) {
      expect(new TextEncoder().encode(`JOIN ${some} ${keys}`).length).toBeLessThanOrEqual(510);
      const given = keys?.split(",") ?? [];
      joined.push(...some.split(",").map((name, index) => [name, ...given.slice(index, index + 1)].join(" ")));
      for (const name of some.split(",")) hear(`:bot!u@h JOIN ${name}`);
    }
  }
  expect(joined.sort()).toEqual([...names].sort());
});

it("asks again after 5 minutes where nothing came of it", () => {
  const { channels, hear } = open();
  channels.join(0);
  hear(":bot!u@h JOIN #b");
  expect(channels.tick(5 * MINUTE - 1)).toEqual([]);
  expect(channels.tick(5 * MINUTE)).toEqual([["JOIN", "#a"]]);
});

it("is told again when it had been let in between", () => {
  const { channels, hear, told } = open();
  for (const line of [":srv 471 bot #a :full", ":bot!u@h JOIN #a", ":srv 471 bot #a :full"]) {
    channels.join(0);
    hear(line);
  }
  expect(told).toHaveLength(2);
});

it.each([":op!o@h KICK #a bot :out", ":bot!u@h PART #a :removed by services"])(
  "stays out after %j, on the next connection, too",
  (line) => {
    const { channels, hear } = open();
    expect(hear(line)).toEqual([]);
    expect(channels.tick(10 * MINUTE)).toEqual([]);
    expect(channels.join(0)).toEqual([["JOIN", "#b", "key"]]);
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
  expect(channels.join(0)).toEqual([["JOIN", "#b,#a", "key"]]);
});

it.each([":bot!u@h JOIN #a", ":op!o@h KICK #a bot :out"])(
  "does not take for a refusal, after %j, what is said of a line to the channel",
  (line) => {
    const { channels, hear, told } = open();
    channels.join(0);
    hear(line);
    expect(hear(":srv 403 bot #a :No such channel")).toBeUndefined();
    expect(hear(":srv 477 bot #a :You need to be identified to speak here")).toBeUndefined();
    expect(channels.tick(5 * MINUTE)).toEqual([["JOIN", "#b", "key"]]);
    expect(told).toEqual([]);
  },
);

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
  expect(hear(line)).toBeUndefined();
  expect(told).toEqual([]);
  expect(channels.join(0)).toEqual([["JOIN", "#b,#a", "key"]]);
});
