import { isIP } from "node:net";
import type { Peer } from "../../../provider.js";

/**
 * The arguments of efingerd's programs; `undefined` for a name that cannot be one, or that a program would take for an option.
 *
 * @example toWords({ address: "192.0.2.7", port: 4711 }, "alice") // ["(null)", "192.0.2.7", "alice"]
 */
export function toWords({ address = "" }: Peer, login?: string): readonly string[] | undefined {
  const words = [UNKNOWN, isIP(address) === 0 ? UNKNOWN : address];
  if (login === undefined) return words;
  return login === "" || login.startsWith("-") || login.includes("\0") ? undefined : [...words, login];
}

/**
 * A name that a peer has chosen, as efingerd gives it to `nouser`: with nothing in it of which a shell, or a path, is made, and no
 * longer than a name can be.
 *
 * @example toPlainName("../a b;`id`") // ".._a_b__id_"
 */
export function toPlainName(name: string): string {
  return [...name.slice(0, LONGEST_NAME)].map((char) => (PLAIN.test(char) ? char : "_")).join("");
}

/** Letters and digits of any script, and what names have between them. */
const PLAIN = /^[\p{L}\p{M}\p{N}._:-]$/u;
const LONGEST_NAME = 99;

/** What efingerd writes for what it does not know; its scripts compare with it. */
const UNKNOWN = "(null)";
