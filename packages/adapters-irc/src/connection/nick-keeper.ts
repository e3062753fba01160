import type { IrcMessage } from "../irc/message.js";
import type { Line } from "./line.js";

/** Gets back a nick that somebody else had when we came. */
export interface NickKeeper {
  /** Hears of the one who has it; gives what to send. */
  hear(message: IrcMessage, nick: string): readonly Line[];
  /** Asks once in a while whether it is free, for nobody tells us of those in other channels. */
  tick(now: number, nick: string): readonly Line[];
}

export interface NickKeeperOptions {
  /** What it would be called, as far as the server lets it. */
  readonly wanted: () => string;
  readonly isSame: (one: string, other: string) => boolean;
  readonly now: number;
}

export function createNickKeeper({ wanted, isSame, now: began }: NickKeeperOptions): NickKeeper {
  let asked = began;
  let wait = EVERY;
  const isMissed = (nick: string) => !isSame(nick, wanted());
  const isGiven = ({ command, source, params }: IrcMessage): boolean => {
    if (command === "303")
      return !params
        .slice(1)
        .join(" ")
        .split(" ")
        .some((name) => isSame(name, wanted()));
    return (command === "QUIT" || command === "NICK") && source !== undefined && isSame(source.name, wanted());
  };
  /** Services rename those who do not prove whose a nick is. */
  const isTaken = ({ command, source, params }: IrcMessage, nick: string): boolean =>
    command === "NICK" && params[0] === nick && source !== undefined && isSame(source.name, wanted());
  return {
    hear(message, nick) {
      if (!isMissed(nick)) return [];
      // Who takes it back at once is renamed at once, for ever.
      if (isTaken(message, nick)) wait = Math.min(wait * 2, LONGEST);
      else if (isGiven(message)) return [["NICK", wanted()]];
      return [];
    },
    tick(now, nick) {
      if (!isMissed(nick) || now - asked < wait) return [];
      asked = now;
      return [["ISON", wanted()]];
    },
  };
}

const EVERY = 60_000;
const LONGEST = 60 * 60_000;
