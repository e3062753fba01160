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

/** What efingerd writes for what it does not know; its scripts compare with it. */
const UNKNOWN = "(null)";
