import { type FingerUser, formatUser } from "finger-protocol";
import type { Answer } from "finger-server";
import { toLines, toPlain, toSayable } from "../irc/text.js";
import { type Reading, readHead } from "./head-of-stream.js";
import { isStream, toUser } from "./provider-answer.js";

/** What is said, before it is cut to what fits. */
export interface Reply {
  /** Lines that can be said, at least one. */
  readonly lines: readonly string[];
  /** What the rest is found by over finger, where there is more. */
  readonly name: string | undefined;
  /** Whether that is all there is. */
  readonly isWhole: boolean;
}

/** Makes of what a provider knows of a name what is said of it. */
export async function toReply(
  name: string,
  found: Answer | null | undefined,
  verbose: boolean,
  reading: Reading,
): Promise<Reply> {
  if (found === undefined || found === null) return noSuchUser(name);
  if (typeof found === "string") return tell(name, found);
  // Who shares a name is not told: that would be a list (RFC 1288 3.2.6).
  if (Array.isArray(found)) return found.length === 1 ? toReply(name, found[0], verbose, reading) : noSuchUser(name);
  if (isStream(found)) {
    const { text, isWhole } = await readHead(found, reading);
    return { ...tell(name, text), isWhole };
  }
  const user = toUser(found);
  return verbose ? tellAll(name, user) : tell(name, toStatus(user));
}

/** A record that begins with no status begins with the name as it is, and needs no other. */
function tellAll(name: string, user: FingerUser): Reply {
  const text = formatUser(toPlainUser(user));
  if (user.status !== undefined) return tell(name, text);
  const lines = toLines(text);
  return lines.length === 0 ? tell(name, "") : { lines, name, isWhole: true };
}

/** A layout makes colours and control characters visible, which are nothing to see here. */
function toPlainUser(user: FingerUser): FingerUser {
  const fields = Object.entries(user).map(([name, value]) => [
    name,
    typeof value === "string" ? toPlain(value) : value,
  ]);
  return Object.fromEntries(fields) as FingerUser;
}

/** What a user says, in few words. */
export function toStatus({ status, plan, text }: FingerUser): string {
  return status ?? plan ?? text ?? "";
}

function tell(name: string, text: string): Reply {
  const [first = "No status", ...others] = toLines(text);
  return { lines: [`${toPrefix(name)}${first}`, ...others], name, isWhole: true };
}

/** What an answer begins with, and so nothing that is asked. */
export function toPrefix(name: string): string {
  return `Status of ${toSayable(name)}: `;
}

/** The same for who is not known, is hidden or shares the name with others. */
export function noSuchUser(name: string): Reply {
  return toLine(`${toPrefix(name)}No such user`);
}

/** One line, and no more. */
export function toLine(text: string): Reply {
  return { lines: [text], name: undefined, isWhole: true };
}
