import { formatFingerUrl, parseQuery } from "finger-protocol";
import { splitText } from "../irc/split-text.js";
import { toSayable } from "../irc/text.js";
import type { Reply } from "./reply.js";

/** What a line may hold, and an answer. */
export interface Fit {
  /** Bytes of a line. */
  readonly room: number;
  /** Lines of an answer, without the one that says that there is more. */
  readonly lines: number;
  /** Where the rest can be read. */
  readonly host: string | undefined;
}

/** The first line of a text that fits, for what may be cut off; none where there is no room. */
export function fitLine(text: string, room: number): readonly string[] {
  return room < LEAST ? [] : splitText(toSayable(text).slice(0, LONGEST), room).slice(0, 1);
}

/** Cuts an answer into lines that fit; where some are left out, a last one says so. */
export function fit({ lines, name, isWhole }: Reply, { room, lines: most, host }: Fit): readonly string[] {
  // Nobody has a name as long as that.
  if (room < LEAST) return [];
  const pieces: string[] = [];
  for (const line of lines) {
    // Nobody can read a text of a megabyte here, so most of it is not even cut.
    if (pieces.length > most) break;
    pieces.push(...splitText(toSayable(line).slice(0, LONGEST), room));
  }
  if (pieces.length <= most && isWhole) return pieces;
  return [...pieces.slice(0, most), ...fitLine(toMore(name, host), room)];
}

/** What a character can need. */
const LEAST = 4;
const LONGEST = 65_536;

function toMore(name: string | undefined, host: string | undefined): string {
  const url = name === undefined || host === undefined ? undefined : toUrl(name, host);
  return url === undefined ? "… and more" : `… more on ${url}`;
}

function toUrl(name: string, host: string): string | undefined {
  const query = parseQuery(name);
  if (query.kind === "invalid") return undefined;
  return toSayable(formatFingerUrl({ query, host, port: 79 }));
}
