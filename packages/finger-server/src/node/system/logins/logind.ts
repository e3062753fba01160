import { decodeReply } from "finger-protocol";
import { lookAtFolder } from "../../regular-file.js";
import { toKnown } from "../to-known.js";
import { runTool } from "../tool.js";
import { isPlain, toTerminal, toTime } from "./field.js";
import type { Presence } from "./logins.js";

/** Where to ask logind, the login service of systemd. */
export interface LogindPlace {
  /** The folder that is there where it runs. */
  readonly logind: string;
  /** The program that asks it. */
  readonly loginctl: string;
}

/**
 * Asks logind who is logged in, by two processes for all; nobody is where there is no logind.
 *
 * @throws When it cannot be asked.
 */
export async function readLogind({ logind, loginctl }: LogindPlace): Promise<readonly Presence[]> {
  if (!(await lookAtFolder(logind))) return [];
  const end = performance.now() + LONGEST;
  const run = (...args: readonly string[]) => runTool(loginctl, args, Math.max(1, Math.ceil(end - performance.now())));
  const ask = async () => {
    const list = await run("list-sessions", "--no-legend", "--no-pager");
    const ids = parseSessionIds(list ?? "");
    if (ids.length === 0) return [];
    const shown = await run("show-session", "--no-pager", ...PROPERTIES, "--", ...ids);
    return parseSessions(shown ?? "");
  };
  // It stops at a session that has ended meanwhile.
  return ask().catch(ask);
}

/** The first words of its lines, which are what sessions are called. */
export function parseSessionIds(list: string): readonly string[] {
  const words = list.split("\n").map((line) => line.trim().split(/\s/, 1)[0] ?? "");
  return words.filter((word) => /^[A-Za-z0-9]{1,32}$/.test(word)).slice(0, MOST_SESSIONS);
}

/**
 * Reads what `loginctl show-session` prints, a character for each byte, in the order of the logins. Only people count, and
 * only as long as they are there: not the screen that asks for a password, and none who has gone and left a process behind.
 */
export function parseSessions(shown: string): readonly Presence[] {
  const sessions = shown.split("\n\n").map((block) => toPresence(parseBlock(block)));
  return sessions.filter((session) => session !== undefined).sort((a, b) => toOrder(a) - toOrder(b));
}

function toPresence(session: ReadonlyMap<string, string>): Presence | undefined {
  const get = (name: string) => session.get(name) ?? "";
  const login = get("Name");
  if (login === "" || !isPlain(login) || !isPlain(get("RemoteHost"))) return undefined;
  // Newer ones tell people apart, such as "user-light".
  if (!/^user(-|$)/.test(get("Class")) || get("State") === "closing") return undefined;
  const idle = get("IdleHint") === "yes" ? toTime(Math.floor(Number(get("IdleSinceHint")) / 1e6)) : undefined;
  return {
    ...{ login, tty: toTerminal(get("TTY")) ?? toTerminal(get("Display")) },
    ...{ host: toKnown(get("RemoteHost")), since: parseTimestamp(get("Timestamp")), idleSince: idle },
  };
}

function parseBlock(block: string): ReadonlyMap<string, string> {
  const lines = block.split("\n").filter((line) => line.includes("="));
  return new Map(
    lines.map((line) => {
      const at = line.indexOf("=");
      return [line.slice(0, at), decodeReply(Buffer.from(line.slice(at + 1), "latin1"))];
    }),
  );
}

/** @example parseTimestamp("Thu 2026-11-26 08:49:12 UTC") */
function parseTimestamp(text: string): Date | undefined {
  const [, day, time] = /^\w+ (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)? UTC$/.exec(text) ?? [];
  return day === undefined ? undefined : toTime(Date.parse(`${day}T${time}Z`) / 1000);
}

function toOrder({ since }: Presence): number {
  return since?.getTime() ?? 0;
}

const PROPERTIES = ["Name", "Timestamp", "TTY", "Display", "RemoteHost", "Class", "State", "IdleHint", "IdleSinceHint"]
  // Several names behind one -p are taken by newer ones only.
  .flatMap((name) => ["-p", name]);
/** How long it may take to ask, in milliseconds. */
const LONGEST = 2000;
const MOST_SESSIONS = 10_000;
