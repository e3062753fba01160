import {
  FINGER_PORT,
  FingerError,
  type FingerTarget,
  formatQuery,
  parseTarget,
  type ValidQuery,
} from "finger-protocol";
import type { Dial, Place } from "./connection/dial.js";
import { Lookup } from "./connection/lookup.js";
import type { ResolvedOptions } from "./options.js";

/** A query and whom to ask it. */
export interface Request {
  readonly query: ValidQuery;
  readonly place: Place;
}

/** @throws `FingerError` `ERR_FINGER_TARGET`, or `ERR_FINGER_DENIED` for a port that a link may not name. */
export function toRequest(target: string | FingerTarget, options: ResolvedOptions): Request {
  const { query, host, port } = typeof target === "string" ? parseTarget(target) : checked(target);
  if (options.fromLink && port !== FINGER_PORT) {
    const what = `The link asks port ${port} of ${host}, and links may ask port 79 only: type it yourself if you trust it.`;
    throw new FingerError("ERR_FINGER_DENIED", what);
  }
  const place = toPlace({ host, port }, options.port);
  if (options.family !== undefined) assertFamily(place.host, options.family);
  return { query: options.verbose === false ? query : { ...query, verbose: true }, place };
}

/** Where to connect: this machine when the target names no host, and `otherwise` when it names no port but 79. */
export function toPlace({ host = "localhost", port }: Pick<FingerTarget, "host" | "port">, otherwise: number): Place {
  return { host, port: port === FINGER_PORT ? otherwise : port };
}

/** What was put together by hand may be anything. @throws `FingerError` `ERR_FINGER_TARGET` */
function checked(target: FingerTarget): FingerTarget {
  const { host, port } = target;
  if (host !== "" && Number.isInteger(port) && port >= 1 && port <= 65535) return target;
  const what = `The target must have a host and a port from 1 to 65535, but has ${JSON.stringify({ host, port })}.`;
  throw new FingerError("ERR_FINGER_TARGET", what);
}

/** @throws `FingerError` `ERR_FINGER_TARGET` */
function assertFamily(host: string, asked: 4 | 6): void {
  const family = host.includes(":") ? 6 : /^[\d.]+$/.test(host) ? 4 : asked;
  if (family === asked) return;
  const what = `${host} is an address of IPv${family}, and IPv${asked} is asked for; leave one of them out.`;
  throw new FingerError("ERR_FINGER_TARGET", what);
}

/** Sends the query over `dial`. @throws `FingerError` `ERR_FINGER_QUERY` when it cannot be written as a line. */
export function send({ query, place }: Request, options: ResolvedOptions, dial: Dial): Lookup {
  return new Lookup(toLine(query), place, options, dial);
}

/** The line that asks a query. @throws `FingerError` `ERR_FINGER_QUERY` */
export function toLine(query: ValidQuery): string {
  return `${formatQuery(query)}\r\n`;
}
