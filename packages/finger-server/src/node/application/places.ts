import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext, type TlsOptions } from "node:tls";
import { FingerError } from "finger-protocol";
import type { ListenOptions } from "../../server/runtime.js";
import { formatPlace, parsePlace } from "../address.js";
import { parseOctal } from "../octal.js";
import { toSystemReason } from "../system-reason.js";
import type { AddressDescription, PlaceDescription } from "./description.js";

/** The port of the pages where nobody says another: that of the tutorial. */
export const PAGES_PORT = 8000;

/** Where a service of one address listens, if it does: at a socket that was passed on for it, or where its description says. */
export function toSinglePlace(
  service: string,
  address: number | string | undefined,
  sockets: readonly PassedSocket[],
): ListenOptions | undefined {
  const [passed] = socketsOf(service, sockets);
  if (passed !== undefined) return { fd: passed.fd };
  return address === undefined ? undefined : parsePlace(service, String(address));
}

/** A socket that was opened by another program and passed on, such as by systemd. */
export interface PassedSocket {
  readonly fd: number;
  /** What it is for, such as the `FileDescriptorName=` of its unit: the name of a service. Whatever no service is called is for finger. */
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

/** Whether somebody has given a socket a name that is no service's; without `FileDescriptorName=`, systemd names it itself. */
export function isMisnamed({ name }: PassedSocket): boolean {
  return !SERVICES.has(name) && name !== "unknown" && !name.endsWith(".socket");
}

const SERVICES: ReadonlySet<string> = new Set(["finger", "setter", "metrics", "http"]);

function toPlace(place: PlaceDescription): Place {
  const { host = "127.0.0.1", port = 79, path } = parsePlace("listen", String(place.address));
  // However it is written, a place has one name.
  const name = formatPlace({ host, port, path });
  const where = path === undefined ? { host, port } : { path };
  return { name, where: { ...where, ...toManner(place) }, described: { ...place, address: name } };
}

/** How to talk at an address. */
function toManner({ tls, proxyProtocol, mode }: PlaceDescription): ListenOptions {
  return {
    ...(tls !== undefined && { tls: () => readCertificate(tls) }),
    ...(proxyProtocol !== undefined && { proxyProtocol }),
    ...(mode !== undefined && { mode: parseOctal("mode", mode) }),
  };
}

/** @throws `FingerError` `ERR_FINGER_CONFIG` when a file cannot be read, or they do not fit. */
export async function readCertificate({ key, cert }: NonNullable<PlaceDescription["tls"]>): Promise<TlsOptions> {
  const options = { key: await readPem(key), cert: await readPem(cert) };
  try {
    createSecureContext(options);
    const fits = new X509Certificate(options.cert).checkPrivateKey(createPrivateKey(options.key));
    if (!fits) throw new Error("the key is of another certificate");
  } catch (cause) {
    const what = `The key ${key} and the certificate ${cert} cannot be used`;
    throw new FingerError("ERR_FINGER_CONFIG", `${what}: ${(cause as Error).message}.`, { cause });
  }
  return options;
}

async function readPem(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const message = `${path} cannot be read: ${toSystemReason(cause)}.`;
    throw new FingerError("ERR_FINGER_CONFIG", message, { cause });
  }
}
