import { FingerError, sanitize } from "finger-protocol";
import type { IrcMessage } from "../irc/message.js";
import { isChannelName } from "../irc/names.js";
import { isShort } from "./encode-line.js";
import type { Line } from "./line.js";

/** The channels to be in. It outlives a connection: who was kicked out stays out when the network was away. */
export interface Channels {
  /** The first lines to go to all of them, on a new connection; those that are left come by and by. */
  join(now: number): readonly Line[];
  /** The next lines for those whose time has come: few, so that they keep nobody from being answered. */
  tick(now: number): readonly Line[];
  /**
   * Hears that we are in one of them now, out of it, or not let in, and gives what is to be said to that; `undefined` when the
   * message told of none of them.
   */
  hear(message: IrcMessage, about: Hearing): readonly Line[] | undefined;
  /** Whether we are in one of them that has the name. */
  isIn(name: string, isSame: Hearing["isSame"]): boolean;
}

/** What is known beside a message. */
interface Hearing {
  readonly nick: string;
  readonly now: number;
  readonly isSame: (one: string, other: string) => boolean;
}

export interface ChannelsOptions {
  /** With the key behind a blank, where there is one. */
  readonly channels: readonly string[];
  /** Whether it goes back to where it was kicked from. */
  readonly rejoin: boolean;
  /** Hears, once for each channel and reason, that it is not let in. */
  readonly tell: (error: FingerError) => void;
}

export function createChannels({ channels, rejoin, tell }: ChannelsOptions): Channels {
  const all: readonly Channel[] = channels.map((text) => {
    const [name = "", key] = text.split(" ");
    return { name, key, isIn: false, isLeft: false, due: undefined, told: new Set() };
  });

  const refuse = (channel: Channel, { command, params }: IrcMessage, now: number) => {
    const wait = command === ERR_LINKCHANNEL ? RETRY_LINK : RETRY;
    channel.due = now + wait;
    if (channel.told.has(command)) return;
    channel.told.add(command);
    const why = sanitize(params.at(-1) ?? "").trim();
    const what = `${channel.name} does not let the bot in (${command}${why && `: ${why}`}); it tries again every ${wait / 60_000} minutes.`;
    tell(new FingerError("ERR_FINGER_REFUSED", what));
  };
  /** A server may put us into another channel instead, where nobody has asked for us. */
  const turnBack = (other: string, isSame: Hearing["isSame"]): readonly Line[] => {
    const isOurs = all.some(({ name }) => isSame(name, other));
    return isChannelName(other) && !isOurs ? [["PART", other]] : [];
  };
  const leave = (channel: Channel, now: number) => {
    channel.isIn = false;
    channel.isLeft = !rejoin;
    channel.due = rejoin ? now + REJOIN : undefined;
  };

  const tick = (now: number): readonly Line[] => {
    const groups = toGroups(all.filter(({ due }) => due !== undefined && due <= now)).slice(0, LINES_AT_ONCE);
    // What is neither let in nor refused, for the line has been lost or passed over, is tried again, too.
    for (const channel of groups.flat()) channel.due = now + RETRY;
    return groups.map(toJoin);
  };

  return {
    join(now) {
      for (const channel of all) {
        channel.isIn = false;
        channel.due = channel.isLeft ? undefined : now;
      }
      return tick(now);
    },
    tick,
    isIn: (name, isSame) => all.some((channel) => channel.isIn && isSame(channel.name, name)),
    hear(message, { nick, now, isSame }) {
      const { command, source, params } = message;
      const isOurs = (name: string | undefined) => name !== undefined && isSame(name, nick);
      const find = (name = "") => all.find((channel) => isSame(channel.name, name));
      const named = find(params[REFUSALS.has(command) ? 1 : 0]);
      if (named === undefined) return undefined;
      // To say something where we are not, or may not speak, is refused by the same numbers.
      if (REFUSALS.has(command) && named.due === undefined) return undefined;
      if (REFUSALS.has(command)) refuse(named, message, now);
      else if (command === "JOIN" && isOurs(source?.name)) enter(named);
      else if (command === "KICK" && isOurs(params[1])) leave(named, now);
      else if (command === "PART" && isOurs(source?.name)) leave(named, now);
      else return undefined;
      return command === ERR_LINKCHANNEL ? turnBack(params[2] ?? "", isSame) : [];
    },
  };
}

interface Channel {
  readonly name: string;
  readonly key: string | undefined;
  isIn: boolean;
  /** It was kicked out, and does not come back. */
  isLeft: boolean;
  /** When to try again. */
  due: number | undefined;
  /** The reasons that were told. */
  readonly told: Set<string>;
}

/** Those that one line names. Keys are for the first ones of it (RFC 2812 3.2.1), so that those with a key come first. */
function toGroups(channels: readonly Channel[]): readonly Channel[][] {
  const groups: Channel[][] = [];
  for (const channel of [...channels].sort((one, other) => toRank(one) - toRank(other))) {
    const last = groups.at(-1);
    if (last === undefined || last.length >= IN_A_LINE || !isShort(toJoin([...last, channel]).join(" "))) {
      groups.push([channel]);
    } else last.push(channel);
  }
  return groups;
}

function toRank({ key }: Channel): number {
  return key === undefined ? 1 : 0;
}

function toJoin(channels: readonly Channel[]): Line {
  const keys = channels.flatMap(({ key }) => key ?? []);
  const names = channels.map(({ name }) => name).join(",");
  return keys.length === 0 ? ["JOIN", names] : ["JOIN", names, keys.join(",")];
}

function enter(channel: Channel): void {
  channel.isIn = true;
  channel.isLeft = false;
  channel.due = undefined;
  channel.told.clear();
}

/**
 * No such channel, too many of them, unavailable, another instead, full, invitation only, banned, wrong key, bad name, registered
 * nicks only, bad name again, too fast, TLS only, operators only, forbidden.
 */
const REFUSALS: ReadonlySet<string> = new Set("403 405 437 470 471 473 474 475 476 477 479 480 489 520 926".split(" "));
const ERR_LINKCHANNEL = "470";
const RETRY = 5 * 60_000;
/** Those in the other channel see us come and go each time. */
const RETRY_LINK = 60 * 60_000;
const REJOIN = 60_000;
/** Servers take but some targets, and pass over the rest. */
const IN_A_LINE = 5;
const LINES_AT_ONCE = 2;
