import type { HttpReply } from "./http-reply.js";

/** Whether a status comes without a body (RFC 9110 15.3.5, 15.4.5). */
export function isBodiless(status: number): boolean {
  return status === 204 || status === 304;
}

/** Returns the stream of a reply that is not sent, or not with its body; what opened it waits for that. */
export async function leaveUnsent({ body }: HttpReply): Promise<void> {
  if (isStream(body)) await body[Symbol.asyncIterator]().return?.();
}

/** Whether a body comes piece by piece. */
export function isStream(body: HttpReply["body"]): body is AsyncIterable<string> {
  return body !== undefined && !(body instanceof Uint8Array);
}
