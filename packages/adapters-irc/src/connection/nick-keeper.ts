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
  return {
    hear: (message, nick) => (isMissed(nick) && isGiven(message) ? [["NICK", wanted()]] : []),
    tick(now, nick) {
      if (!isMissed(nick) || now - asked < EVERY) return [];
      asked = now;
      return [["ISON", wanted()]];
    },
  };
}

const EVERY = 60_000;
