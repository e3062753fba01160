import type { Isupport } from "../irc/isupport.js";
import type { IrcMessage } from "../irc/message.js";
import type { IrcAccount } from "../options.js";
import type { Channels } from "./channels.js";
import type { Line } from "./line.js";
import { createNickKeeper } from "./nick-keeper.js";
import { createNickServ, type NickServ, type NickServStep, notProved } from "./nick-serv.js";

/** What is to be done where we have just been welcomed: to say that it is a bot, and whose, and to go to its channels, under its nick. */
export interface Arrival {
  /** Hears all that comes, and gives what to say to it; `undefined` for what is no affair of an arrival. */
  hear(message: IrcMessage, nick: string, now: number): readonly Line[] | undefined;
  /** What to say because time has passed. */
  tick(nick: string, now: number): readonly Line[];
}

export interface ArrivalOptions {
  readonly isupport: Isupport;
  /** The nick to have. */
  readonly wanted: string;
  /** How much of it the server takes. */
  readonly longest: () => number | undefined;
  /** What is to be proved yet; `undefined` for nothing. */
  readonly account: () => IrcAccount | undefined;
  /** Whether a password may be sent. */
  readonly isPrivate: boolean;
  readonly channels: Channels;
  /** Hears what goes wrong. */
  readonly tell: (error: unknown) => void;
  readonly now: number;
}

export function createArrival(options: ArrivalOptions): Arrival {
  const { isupport, wanted, longest, isPrivate, channels, tell, now: began } = options;
  const { isSame } = isupport;
  const keeper = createNickKeeper({ wanted: () => wanted.slice(0, longest()), isSame, now: began });
  /** Is told the password. */
  let nickServ: NickServ | undefined;
  let settledAt: number | undefined;
  let hasJoined = false;

  /** The server has told all of itself. */
  const settle = (nick: string, now: number): readonly Line[] => {
    if (settledAt !== undefined) return [];
    settledAt = now;
    const mode: readonly Line[] = isupport.botMode === undefined ? [] : [["MODE", nick, `+${isupport.botMode}`]];
    const account = options.account();
    const proof = account === undefined ? [] : identify(account, nick);
    return [...mode, ...proof, ...(nickServ === undefined ? join(now) : [])];
  };
  const identify = ({ name, password }: IrcAccount, nick: string): readonly Line[] => {
    const obstacle = findObstacle(password);
    if (password === undefined || obstacle !== undefined) {
      tell(notProved(obstacle ?? ""));
      return [];
    }
    // Without a name it is of the nick that we have, which may be another.
    const isNamed = name !== undefined || !isSame(nick, wanted);
    nickServ = createNickServ(isNamed ? `${name ?? wanted} ${password}` : password);
    return nickServ.opening;
  };
  const findObstacle = (password: string | undefined): string | undefined => {
    if (password === undefined) return "the server has no SASL EXTERNAL for it";
    return isPrivate ? undefined : "its password is never sent without TLS: see the option server.tls";
  };
  /** A channel may let in only those who are known, so that is seen to first. */
  const follow = ({ lines, trouble }: NickServStep, now: number): readonly Line[] => {
    if (trouble !== undefined) tell(trouble);
    return [...lines, ...(hasJoined ? [] : join(now))];
  };
  const join = (now: number): readonly Line[] => {
    hasJoined = true;
    return channels.join(now);
  };

  return {
    hear(message, nick, now) {
      const { command } = message;
      const lines = command === "376" || command === "422" ? [...settle(nick, now)] : [];
      lines.push(...keeper.hear(message, nick));
      const proof = nickServ?.hear(message);
      if (proof !== undefined) lines.push(...follow(proof, now));
      const ofChannels = channels.hear(message, { nick, now, isSame });
      const isOurs = ofChannels !== undefined || AFFAIRS.has(command);
      lines.push(...(ofChannels ?? []));
      return isOurs || lines.length > 0 ? lines : undefined;
    },
    tick(nick, now) {
      const lines = now - began >= MOTD ? [...settle(nick, now)] : [];
      if (nickServ !== undefined && !hasJoined && settledAt !== undefined && now - settledAt >= WHOIS) {
        nickServ = undefined;
        lines.push(...follow(noWhois(), now));
      }
      lines.push(...keeper.tick(now, nick));
      if (hasJoined) lines.push(...channels.tick(now));
      return lines;
    },
  };
}

function noWhois(): NickServStep {
  return { lines: [], trouble: notProved("the server does not say who NickServ is") };
}

/** What is told of nicks. */
const AFFAIRS: ReadonlySet<string> = new Set("303 376 422 432 433 436 437".split(" "));
/** Time after the welcome for all that is said with it; a few servers never come to its end. */
const MOTD = 10_000;
/** Time to say who NickServ is. A question that waits behind all that is said on arrival has some of it, too. */
const WHOIS = 30_000;
