import type { FingerSession, FingerUser } from "../user.js";
import { parseIdle } from "./clock.js";

/** A record that is being filled in. */
export type Draft = { -readonly [Field in keyof FingerUser]: FingerUser[Field] } & { sessions?: FingerSession[] };

/** Keeps what has no field of its own. */
export function addText(user: Draft, text: string): void {
  if (text.trim()) user.text = user.text ? `${user.text}\n${text}` : text;
}

/** Keeps a login, which lasts or is the last one. */
export function addLogin(user: Draft, login: FingerSession, isLast: boolean): void {
  if (isLast) user.lastLogin = login;
  else if (user.sessions) user.sessions.push(login);
  else user.sessions = [login];
}

/** Reads `pts/0, idle 1:07, from host (messages off)`, or cfingerd's `[MSG-N]`, where only the terminal is always told. */
export function parsePlace(text: string): FingerSession {
  const [start = "", off] = text.split(/.messages off|.MSG-N/);
  const [place = "", host] = start.split(" from ");
  const [tty = ""] = place.split(/[\s,]/, 1);
  const idle = parseIdle(place.slice(tty.length));
  return {
    tty,
    ...(host && { host: host.trim() }),
    ...(idle > 0 && { idle }),
    ...(off !== undefined && { messages: false }),
  };
}

/** Tells whether a word could be a login or an address, as words of prose with their commas and quotes could not. */
export function isLogin(word: string): boolean {
  return LOGIN.test(word);
}

/** Letters of any script, without the punctuation and the pictures that Unicode has between them. */
const LOGIN = /^(?![_.-]+$|[.-])[\w.\xc0-\u1fff\u3040-\ud7ff-]{1,32}(?<![.-])(?:@[\w.-]+)?$/;
