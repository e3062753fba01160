import { expect, it } from "vitest";
import { parseMessage } from "../irc/message.js";
import { createOwnPrefix } from "./own-prefix.js";

const LONGEST = { userLength: 10, hostLength: 63 };

const ROWS: ReadonlyArray<readonly [heard: readonly string[], prefix: string, why: string]> = [
  [[], `:bot!${"u".repeat(11)}@${"h".repeat(63)} `, "the longest there can be, while nothing is known"],
  [[":bot!~f@example.org JOIN #a"], ":bot!~f@example.org ", "a channel was joined"],
  [[":srv 396 bot cloak.example :is now your displayed host"], `:bot!${"u".repeat(11)}@cloak.example `, "a cloak"],
  [[":srv 396 bot me@cloak.example :is now"], ":bot!me@cloak.example ", "a cloak with the user"],
  [[":bot!f@old CHGHOST other new.example"], ":bot!other@new.example ", "the host was changed"],
  [[":ada!a@b JOIN #a", ":ada!a@b CHGHOST x y"], `:bot!${"u".repeat(11)}@${"h".repeat(63)} `, "of others"],
  [[":bot!f@h JOIN #a", ":bot MODE bot :+i", "396", "CHGHOST"], ":bot!f@h ", "messages that say nothing of it"],
];

it.each(ROWS)("learns from %j that the prefix is %s: %s", (heard, prefix) => {
  const own = createOwnPrefix();
  for (const line of heard) {
    const message = parseMessage(line);
    if (message !== undefined) own.hear(message, message.source?.name === "bot");
  }
  const head = "PRIVMSG #château :";
  expect(own.roomFor(head, "bot", LONGEST)).toBe(510 - Buffer.byteLength(prefix + head));
});

it("has no room at all rather than less than none", () => {
  expect(createOwnPrefix().roomFor("x".repeat(600), "bot", LONGEST)).toBe(0);
});
