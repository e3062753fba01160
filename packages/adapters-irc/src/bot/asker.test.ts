import { expect, it } from "vitest";
import { parseMessage } from "../irc/message.js";
import { createMemorySession } from "../testing/memory-session.js";
import { toAsker } from "./asker.js";

const NAMES: ReadonlyArray<readonly [name: string, isAnswered: boolean, why: string]> = [
  ["ada", true, "a nick"],
  ["0AAAAAAB", true, "what a server calls one whose nick was taken (InspIRCd)"],
  ["-ada", true, "a few servers take it"],
  ["Ада", true, "letters of other scripts"],
  ["ada/bridge", true, "one of another network"],
  ["[a]\\`_^{|}", true, "signs of RFC 1459"],
  ["#c", false, "a channel"],
  ["&c", false, "a channel of a server"],
  ["+c", false, "a channel without modes, or those with a voice"],
  ["~#c", false, "only the owners of a channel"],
  ["ada,eve", false, "a list"],
  ["$*", false, "all who are on a server"],
  ["*", false, "nobody yet, or all"],
  ["irc.example", false, "a server"],
  ["ada\x01", false, "no line could be made of it"],
  [":ada", false, "it would be read as the text"],
];

it.each(NAMES)("takes one called %j for somebody to answer: %s (%s)", (name, isAnswered) => {
  const message = parseMessage(`:${name}!a@host PRIVMSG bot :alice`);
  if (message === undefined) throw new Error("It is no message.");
  expect(toAsker(message, createMemorySession())?.nick).toBe(isAnswered ? name : undefined);
});
