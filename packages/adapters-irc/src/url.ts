import { isChannelName, isNick } from "./irc/names.js";
import type { IrcServer } from "./options.js";

/** What a URL of IRC says: where to go, under which name, and which channels to join. */
export interface IrcUrl {
  readonly server: IrcServer;
  /** `undefined` when it names none. */
  readonly nick: string | undefined;
  readonly channels: readonly string[];
}

/**
 * Reads `ircs://nick@host:port/#channel,#other`, or `irc://` to do without TLS. Names may be percent-encoded; a channel
 * without a prefix gets `#` (draft-butcher-irc-url-04).
 *
 * @throws `TypeError`, which names the part that is wrong. It never tells what may be a password.
 * @example parseIrcUrl("ircs://bot@irc.example/#pub") // { server: { host: "irc.example", tls: true }, nick: "bot", channels: ["#pub"] }
 */
export function parseIrcUrl(text: string): IrcUrl {
  const url = readUrl(text);
  if (url.password !== "") {
    throw wrong(text, "has a password: give it as account.password, from the environment or a file");
  }
  if (url.search !== "") throw wrong(text, "has a query: give the key of a channel in channels, behind a blank");
  return { server: readServer(url, text), nick: readNick(url, text), channels: readChannels(url, text) };
}

function readUrl(text: string): URL {
  if (/[\s\p{Cc}]/u.test(text)) throw wrong(text, "has blanks or control characters");
  if (!/^ircs?:\/\//i.test(text)) throw wrong(text, "is none: write ircs://nick@host/#channel");
  try {
    return new URL(text);
  } catch {
    throw wrong(text, "has no host, or a port that is none"); // what the URL class throws tells the whole, so it is no cause
  }
}

function readServer({ protocol, hostname, port }: URL, text: string): IrcServer {
  if (port === "0") throw wrong(text, "has a port that is none");
  const server = { host: readHost(hostname, text), tls: protocol === "ircs:" };
  return port === "" ? server : { ...server, port: Number(port) };
}

/** In ASCII and lower case, which the URL class makes of a host only for schemes that it knows. */
function readHost(hostname: string, text: string): string {
  if (hostname === "") throw wrong(text, "has no host");
  try {
    return new URL(`http://${hostname}`).hostname.replace(/^\[|\]$/g, "");
  } catch {
    throw wrong(text, "has a host that is none");
  }
}

function readNick({ username }: URL, text: string): string | undefined {
  const nick = decodePercent(username, text);
  if (nick === "") return undefined;
  if (!isNick(nick)) throw wrong(text, "has a nick that no server takes");
  return nick;
}

/** `/#a,#b` has them in its hash, `/%23a,%23b` and `/a,b` in its path. */
function readChannels({ pathname, hash }: URL, text: string): string[] {
  if (hash.includes("?")) throw wrong(text, 'has a "?" behind its channels: write %3F where it is part of a name');
  const names = (pathname.replace(/^\//, "") + hash).split(",").map((name) => decodePercent(name, text));
  return names.filter((name) => name !== "").map((name) => readChannel(name, text));
}

function readChannel(name: string, text: string): string {
  const channel = /^[#&+!]/.test(name) ? name : `#${name}`;
  if (!isChannelName(channel))
    throw wrong(text, `has the channel ${JSON.stringify(name.replace(/ .*/s, " …"))}, which no server takes`);
  return channel;
}

function decodePercent(part: string, text: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw wrong(text, 'has a "%" that begins no character of UTF-8: write it as %25');
  }
}

/** The part before the host may be a password, with anything in it; behind a blank or a "?" may be the key of a channel. */
function wrong(text: string, what: string): TypeError {
  const shown = text.replace(/\/\/.*@/s, "//…@").replace(/(?<=\S)(?:\s|%20|\?).*/s, "…");
  return new TypeError(`The URL of IRC ${JSON.stringify(shown)} ${what}.`);
}
