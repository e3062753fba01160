import type { Dial } from "./connection/dial.js";
import { dialBy } from "./connection/dial-streams.js";
import type { ResolvedOptions } from "./options.js";
import { type Request, toLine } from "./request.js";
import { askingAgain } from "./verbose.js";

/** How a request is dialled when its options are looked at: by whose connections, and again when the switch is unknown. */
export function toWay({ query }: Request, { connect, verbose }: ResolvedOptions, dial: Dial): Dial {
  const way = dialBy(connect, dial);
  return verbose === "auto" ? askingAgain(way, toLine({ ...query, verbose: false })) : way;
}
