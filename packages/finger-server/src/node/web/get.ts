import type { ClientRequest, IncomingMessage } from "node:http";
import type { LookupFunction } from "node:net";
import { FingerError } from "finger-protocol";
import { type AllowList, type HostAddress, type LookupHost, resolvePublic } from "../guard.js";

/** An answer of a web server, its body read when it has one to be read. */
export interface HttpAnswer {
  readonly status: number;
  /** By name in lower case; one that came several times is left out, unless HTTP joins it. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** How a page is asked for. */
export interface GetRules {
  readonly headers: Readonly<Record<string, string>>;
  /** Longest body read, in bytes. */
  readonly maxBytes: number;
  /** What may be asked although it is not public. */
  readonly allow: AllowList;
  readonly lookup: LookupHost | undefined;
  readonly signal: AbortSignal;
}

/**
 * Asks for a page, on a connection of its own, at an address that was looked at before: the name is not looked up again,
 * and stays what certificates are checked against. A body is read of a success only.
 *
 * @throws `FingerError` `ERR_FINGER_DENIED`, `ERR_FINGER_RESOLVE`, `ERR_FINGER_CONNECT`; `ERR_FINGER_IO` for a body that
 * breaks off; `ERR_FINGER_PROVIDER` for one that is too long, or compressed.
 */
export async function get(url: URL, rules: GetRules): Promise<HttpAnswer> {
  const addresses = await resolvePublic(url.hostname, rules);
  const message = await send(url, addresses, rules);
  const status = message.statusCode ?? 0;
  try {
    const hasBody = status >= 200 && status <= 299;
    const body = hasBody ? await readBody(message, url, rules) : new Uint8Array(0);
    return { status, headers: toHeaders(message), body };
  } finally {
    message.destroy();
  }
}

async function send(url: URL, addresses: readonly HostAddress[], rules: GetRules): Promise<IncomingMessage> {
  // These are slow to load, and most servers never need them.
  const { request } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
  const { headers, signal } = rules;
  const sent: ClientRequest = request(url, { agent: false, headers, signal, lookup: toLookup(addresses) });
  return new Promise((resolve, reject) => {
    sent.once("response", resolve);
    // What Node makes of an answer that changes the protocol is no answer, and no error either.
    sent.once("upgrade", () => sent.destroy(new Error("it wants to change the protocol")));
    sent.on("error", (cause) => reject(cannotAsk(url, cause)));
    sent.end();
  });
}

async function readBody(message: IncomingMessage, url: URL, { maxBytes }: GetRules): Promise<Uint8Array> {
  const encoding = message.headers["content-encoding"] ?? "identity";
  if (encoding.toLowerCase() !== "identity")
    throw unusable(url, `is compressed (${encoding}), though that was not asked for`);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBytes) break;
    }
  } catch (cause) {
    throw new FingerError("ERR_FINGER_IO", `${url.host} broke the connection in the middle of its page.`, { cause });
  }
  if (length > maxBytes) throw unusable(url, `is longer than ${maxBytes} bytes; see the option maxBytes`);
  return Buffer.concat(chunks, length);
}

/** A look-up that is done already. */
function toLookup(addresses: readonly HostAddress[]): LookupFunction {
  return (_host, { all }, callback) => {
    if (all) callback(null, [...addresses]);
    else callback(null, addresses[0]?.address ?? "", addresses[0]?.family);
  };
}

function toHeaders({ headers }: IncomingMessage): Record<string, string> {
  const entries = Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(entries);
}

function cannotAsk(url: URL, cause: Error): FingerError {
  return new FingerError("ERR_FINGER_CONNECT", `${url.host} cannot be asked: ${cause.message || cause.name}.`, {
    cause,
  });
}

function unusable(url: URL, why: string): FingerError {
  return new FingerError("ERR_FINGER_PROVIDER", `The page ${url.href} ${why}.`);
}
