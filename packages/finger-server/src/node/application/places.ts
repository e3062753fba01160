import { readFile } from "node:fs/promises";
import type { ListenOptions } from "../../server/runtime.js";
import { parsePlace } from "../address.js";
import type { AddressDescription, PlaceDescription } from "./description.js";

/** A socket that was opened by another program and passed on, such as by systemd. */
export interface PassedSocket {
  readonly fd: number;
  /** What it is for: the name of a service. Whatever no service is called is for finger. */
  readonly name: string;
}

/** Where to listen, by name. */
export interface Place {
  readonly name: string;
  readonly where: ListenOptions;
  /** All that it is made of, as data. */
  readonly described: unknown;
}

/** The places of a description: those of the sockets that were passed on, when there are any for it. */
export function toPlaces(
  given: AddressDescription | readonly AddressDescription[],
  passed: readonly PassedSocket[],
): readonly Place[] {
  const list = [given].flat().map((address) => (typeof address === "object" ? address : { address }));
  if (passed.length === 0) return list.map(toPlace);
  // How to talk at a socket that was passed on is said by the first address; where it is, is not.
  const [first = { address: 0 }] = list;
  return passed.map(({ fd }) => ({
    name: `descriptor ${fd}`,
    where: { ...toManner(first), mode: undefined, fd },
    described: [fd, { ...first, address: undefined }],
  }));
}

/** Those of the sockets that are for a service. What is named after no service is for finger. */
export function socketsOf(service: string, sockets: readonly PassedSocket[]): readonly PassedSocket[] {
  return sockets.filter(({ name }) => (SERVICES.has(name) ? name : "finger") === service);
}

const SERVICES: ReadonlySet<string> = new Set(["finger", "setter", "metrics", "http"]);

function toPlace(place: PlaceDescription): Place {
  const name = String(place.address);
  return { name, where: { ...parsePlace("listen", name), ...toManner(place) }, described: place };
}

/** How to talk at an address. */
function toManner({ tls, proxyProtocol, mode }: PlaceDescription): ListenOptions {
  return {
    ...(tls !== undefined && { tls: async () => ({ key: await readFile(tls.key), cert: await readFile(tls.cert) }) }),
    ...(proxyProtocol !== undefined && { proxyProtocol }),
    ...(mode !== undefined && { mode: Number.parseInt(mode, 8) }),
  };
}
