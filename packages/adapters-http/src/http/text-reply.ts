import { hashBytes } from "../text/hash.js";
import type { HttpReply } from "./http-reply.js";

/**
 * A reply with a text, its length, and a strong entity tag that is made of its bytes.
 *
 * @param headers - Names in lower case.
 */
export function toTextReply(status: number, text: string, headers: Readonly<Record<string, string>>): HttpReply {
  const body = UTF_8.encode(text);
  return { status, headers: { ...headers, "content-length": String(body.length) }, body };
}

/** The same, which the peer may keep and ask again whether it has changed (RFC 9110 8.8.3). */
export function toTaggedReply(text: string, headers: Readonly<Record<string, string>>): HttpReply {
  const reply = toTextReply(200, text, headers);
  return { ...reply, headers: { etag: `"${hashBytes(reply.body as Uint8Array)}"`, ...reply.headers } };
}

const UTF_8 = new TextEncoder();
