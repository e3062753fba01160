import { toFolder } from "./case-mapping.js";

/** What a server says of itself when it welcomes (RPL_ISUPPORT, 005), and what holds while it says nothing. */
export interface Isupport {
  /** Reads the parameters of a 005. What is not understood is passed over. */
  hear(params: readonly string[]): void;
  /** Reads those of a 004, which have the modes that users can have. */
  hearModes(params: readonly string[]): void;
  /** @default "rfc1459" */
  readonly caseMapping: string;
  /** Longest nick. @default 9 */
  readonly nickLength: number;
  /** Longest name of a user. @default 10 */
  readonly userLength: number;
  /** Longest name of a host. @default 63 */
  readonly hostLength: number;
  /** The letter of the mode that marks a bot: the one that the server names, or `B` if it has that; `undefined` where there is none. */
  readonly botMode: string | undefined;
  /** Makes names equal that are equal to the server. */
  fold(name: string): string;
  isSame(one: string, other: string): boolean;
}

/**
 * What is known of a server: of a connection, for the next may lead to another server.
 */
export function createIsupport(): Isupport {
  const values = new Map<string, string>();
  let fold = toFolder(DEFAULT_MAPPING);
  const toNumber = (name: string, otherwise: number): number => parseLength(values.get(name)) ?? otherwise;
  let userModes = "";
  const isupport: Isupport = {
    hearModes: (params) => {
      userModes = params[3] ?? "";
    },
    hear(params) {
      for (const param of params.slice(1)) hearToken(values, param);
      fold = toFolder(isupport.caseMapping);
    },
    get caseMapping() {
      return values.get("CASEMAPPING") || DEFAULT_MAPPING;
    },
    get nickLength() {
      return toNumber("NICKLEN", 9); // RFC 2812 1.2.1
    },
    get userLength() {
      return toNumber("USERLEN", 10);
    },
    get hostLength() {
      return toNumber("HOSTLEN", 63); // RFC 2812 1.1
    },
    get botMode() {
      const letter = values.get("BOT") ?? (userModes.includes("B") ? "B" : "");
      return /^[A-Za-z]$/.test(letter) ? letter : undefined;
    },
    fold: (name) => fold(name),
    isSame: (one, other) => fold(one) === fold(other),
  };
  return isupport;
}

/** `NAME`, `NAME=value`, or `-NAME` for what holds no longer. Only what is asked for is kept, for a server may say anything. */
function hearToken(values: Map<string, string>, token: string): void {
  const [name = "", ...value] = token.split("=");
  if (name.startsWith("-")) values.delete(name.slice(1));
  else if (KEPT.has(name)) values.set(name, unescapeValue(value.join("=")));
}

const KEPT: ReadonlySet<string> = new Set(["BOT", "CASEMAPPING", "HOSTLEN", "NICKLEN", "USERLEN"]);

/** `\x20` for a blank, and so on (draft-hardy-irc-isupport). */
function unescapeValue(value: string): string {
  return value.replace(/\\x([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** `undefined` for what is no length that a name can have. */
function parseLength(value = ""): number | undefined {
  return /^[1-9]\d{0,3}$/.test(value) ? Number(value) : undefined;
}

const DEFAULT_MAPPING = "rfc1459";
