import { toLoginKey } from "../../users/login.js";

/** One line of a file of tokens: `login: hash`, a comment, or something else. */
export interface TokenLine {
  /** The line as it stands there. */
  readonly line: string;
  /** Whose it is; `undefined` when it is nobody's. */
  readonly login: string | undefined;
  readonly hash: string;
}

/** Reads a file of tokens, and keeps what it does not understand: one bad line ends nobody else's token. */
export function parseTokenLines(text: string): TokenLine[] {
  return text
    .split("\n")
    .filter((line, index, lines) => line !== "" || index < lines.length - 1)
    .map(parseLine);
}

/** The lines with another hash for a login, or with none. Of several lines of one login none stays. */
export function replaceHash(lines: readonly TokenLine[], login: string, hash: string | undefined): TokenLine[] {
  const at = lines.findIndex((line) => line.login === login);
  const others = lines.filter((line, index) => line.login !== login || index === at);
  if (hash === undefined) return others.filter((line) => line.login !== login);
  const own = { line: `${login}: ${hash}`, login, hash };
  return at < 0 ? [...others, own] : others.map((line) => (line.login === login ? own : line));
}

function parseLine(line: string): TokenLine {
  const colon = line.indexOf(":");
  const isEntry = colon > 0 && !line.trimStart().startsWith("#");
  return {
    line,
    login: isEntry ? toLoginKey(line.slice(0, colon).trim()) : undefined,
    hash: line.slice(colon + 1).trim(),
  };
}
