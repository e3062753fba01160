import type { Ctcp } from "../irc/ctcp.js";
import { toSayable } from "../irc/text.js";

/** What a request is answered with; `undefined` for one that is not answered, such as an ACTION, which is none. */
export function answerCtcp({ command, argument }: Ctcp, realName: string): string | undefined {
  switch (command) {
    case "FINGER":
      return toSayable(realName);
    case "VERSION":
      return "finger-adapters-irc";
    case "PING":
      return toSayable(argument);
    case "CLIENTINFO":
      return "CLIENTINFO FINGER PING VERSION";
  }
  return undefined;
}
