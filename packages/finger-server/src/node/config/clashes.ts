import { resolve } from "node:path";
import { normalizeAddress } from "../../network.js";
import { formatPlace, parsePlace } from "../address.js";
import type { ApplicationDescription } from "../application/description.js";
import { PAGES_PORT } from "../application/places.js";
import { type Fault, formatPath } from "./issues.js";

/** An address, and where in the description it stands. */
interface Placed {
  readonly path: Fault["path"];
  readonly address: unknown;
  /** Whether nobody has said it. */
  readonly isDefault?: boolean | undefined;
}

/**
 * Addresses at which something listens already, whatever else is wrong with the description.
 *
 * @param passed - The names of sockets that were passed on, by which pages do without an address.
 */
export function findClashes(
  { listen, setter, metrics, http }: ApplicationDescription,
  passed: readonly string[] = [],
): readonly Fault[] {
  const services = [
    findPlaced(listen, ["listen"]),
    findOf(setter, "setter"),
    findPlaced(metrics, ["metrics"]),
    passed.includes("http") ? [] : findPages(http),
  ];
  const taken = new Map<string, Placed>();
  return services.flatMap((places, service) =>
    places.flatMap((placed) => {
      const name = toName(placed.address, service);
      const first = name === undefined ? undefined : taken.get(name);
      if (first !== undefined) return [{ path: placed.path, why: toWhy(first, placed) }];
      if (name !== undefined) taken.set(name, placed);
      return [];
    }),
  );
}

function toWhy({ path }: Placed, { address, isDefault }: Placed): string {
  const same = `${formatPath(path)} is the same address`;
  const what = isDefault ? `its default is ${address}, and ${same}` : same;
  if (!ANY_PORT.test(String(address))) return `${what}; remove one, or choose another`;
  return `${what}, by which the ports of a service are told apart; remove one`;
}

const ANY_PORT = /^(.*:)?0+$/;

/** The addresses of a service that may be an address, or a record with addresses. */
function findOf(given: unknown, service: string): readonly Placed[] {
  return hasListen(given) ? findPlaced(given.listen, [service, "listen"]) : findPlaced(given, [service]);
}

/** The address of the pages, which is there even when it is left out. */
function findPages(http: unknown): readonly Placed[] {
  const isLeftOut = typeof http === "object" && http !== null && !("listen" in http) && !("address" in http);
  return isLeftOut ? [{ path: ["http", "listen"], address: PAGES_PORT, isDefault: true }] : findOf(http, "http");
}

/** The addresses of a service, in whichever form it has them. */
function findPlaced(given: unknown, path: Fault["path"]): readonly Placed[] {
  if (Array.isArray(given)) return given.flatMap((item, index) => findPlaced(item, [...path, index]));
  if (typeof given !== "object" || given === null) return [{ path, address: given }];
  return "address" in given ? [{ path: [...path, "address"], address: given.address }] : [];
}

function hasListen(service: unknown): service is { readonly listen: unknown } {
  return typeof service === "object" && service !== null && "listen" in service;
}

/** What an address is called however it is written; `undefined` for what is none. */
function toName(address: unknown, service: number): string | undefined {
  if (typeof address !== "number" && typeof address !== "string") return undefined;
  try {
    const { host = "127.0.0.1", port = 0, path } = parsePlace("", String(address));
    if (path !== undefined) return resolve(path);
    const name = formatPlace({ host: normalizeAddress(host, "ipv6") ?? host.toLowerCase(), port, path });
    // Any free port is another one for each service; but a service names its ports by their addresses.
    return port === 0 ? `${name} of ${service}` : name;
  } catch {
    return undefined;
  }
}
