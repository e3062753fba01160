import { hashBytes } from "../text/hash.js";
import type { HttpReply } from "./http-reply.js";

/**
 * A reply with a text, and its length.
 *
 * @param headers - Names in lower case.
 */
export function toTextReply(status: number, text: string, headers: Readonly<Record<string, string>>): HttpReply {
  const body = UTF_8.encode(text);
  return { status, headers: { ...headers, "content-length": String(body.length) }, body };
}

/** The same with a strong entity tag, which is made of its bytes: the peer may keep it, and ask again whether it has changed (RFC 9110 8.8.3). */
export function toTaggedReply(text: string, headers: Readonly<Record<string, string>>): HttpReply {
  const reply = toTextReply(200, text, headers);
  return { ...reply, headers: { etag: `"${hashBytes(reply.body as Uint8Array)}"`, ...reply.headers } };
}

const UTF_8 = new TextEncoder();
