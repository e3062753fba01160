import { LONGEST_LOGIN } from "../store/create-store.js";
import { isAskable } from "../users/login.js";

/** Whose status is to be deleted. */
export interface DeleteRequest {
  readonly login: string;
  /** What is to prove that the peer may. @default nothing */
  readonly token?: string | undefined;
  /** Deletes only the status with this revision. @default whatever there is */
  readonly ifRev?: string | undefined;
}

/** What is to be set. */
export interface SetRequest {
  readonly login: string;
  /** What is to prove that the peer may. @default nothing */
  readonly token?: string | undefined;
  /** The status. */
  readonly text: string;
  /** Sets it only in the place of the status with this revision, as {@link PutOptions} do. @default of whatever there is */
  readonly ifRev?: string | null | undefined;
  /** How long it is told, in milliseconds. @default as long as it stays */
  readonly ttl?: number | undefined;
}

/** Whose status it is about, and what is to prove that the peer may. */
export type Claim = Pick<SetRequest, "login" | "token">;

/** Why what was sent cannot be set: a part of a sentence. */
interface Mistake {
  readonly mistake: string;
}

/**
 * Reads what was sent to a setter, as in Twisted's tutorial, chapter 14: on the first line the login, or the login and a
 * token; on the lines behind it the status. Lines end in CRLF or LF, the last one need not. Never throws. What was read is
 * still to be checked by {@link findMistake}.
 *
 * @example parseSetRequest(bytes) // of "alice\r\nHappy and well\r\n": { login: "alice", token: undefined, text: "Happy and well" }
 */
export function parseSetRequest(bytes: Uint8Array): SetRequest | Mistake {
  const sent = decode(bytes);
  if (sent === undefined) return { mistake: "it is not UTF-8" };
  const end = sent.indexOf("\n");
  const words = (end < 0 ? sent : sent.slice(0, end)).split(" ").filter((word) => word !== "");
  const [login = "", token] = words;
  if (words.length > 2) return { mistake: "its first line is more than a login and a token" };
  // Nor is there one behind the end of the first line: that is where a message may have been cut.
  if (login !== "" && (end < 0 || end === sent.length - 1)) {
    return { mistake: "there is no status; it stands on the lines behind the first" };
  }
  return { login, token, text: trimEnd(sent.slice(end + 1)) };
}

/**
 * Why something can be no status of a login; `undefined` when it can.
 *
 * @param most - How long a status may be, in bytes.
 */
export function findMistake({ login, token, text }: SetRequest, most: number): string | undefined {
  if (typeof login !== "string" || typeof text !== "string") return "it is no text";
  for (const part of [login, token ?? "", text]) {
    const control = findControl(part);
    if (control !== undefined) return `there is a control character in it, 0x${control}`;
  }
  if (!isAskable(login) || login.includes(" ") || measure(login) > LONGEST_LOGIN) return "that is no login";
  return measure(text) > most ? `it is longer than ${most} bytes` : undefined;
}

/** The length of a text in UTF-8, in bytes. */
export function measure(text: string): number {
  return new TextEncoder().encode(text).length;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return UTF_8.decode(bytes).replaceAll("\r\n", "\n");
  } catch {
    return undefined;
  }
}

/** The first character, in two hexadecimal digits, that is for machines: all but tabs and the ends of lines. */
function findControl(text: string): string | undefined {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const isControl = code < 0x20 ? code !== TAB && code !== LF : code >= 0x7f && code < 0xa0;
    if (isControl) return code.toString(16).padStart(2, "0");
  }
  return undefined;
}

/** Without the ends of its last line, and of empty ones behind it. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === LF) end--;
  return text.slice(0, end);
}

const TAB = 0x09;
const LF = 0x0a;
const UTF_8 = new TextDecoder("utf-8", { fatal: true });
