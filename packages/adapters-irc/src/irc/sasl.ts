/**
 * What proves an account by its password (SASL PLAIN, RFC 4616): the parameters of the AUTHENTICATE lines to send.
 *
 * @throws `TypeError` when either is empty or has a NUL. The message does not tell the password.
 * @example toPlainPayload("jilles", "sesame") // ["amlsbGVzAGppbGxlcwBzZXNhbWU="]
 */
export function toPlainPayload(account: string, password: string): string[] {
  assertPart("account", account);
  assertPart("password", password);
  return toChunks(toBase64(`${account}\0${account}\0${password}`));
}

/** What proves an account by the certificate of the connection (SASL EXTERNAL): nothing, for the server knows it. */
export const EXTERNAL_PAYLOAD: readonly string[] = ["+"];

function assertPart(name: string, value: string): void {
  if (value === "" || value.includes("\0"))
    throw new TypeError(`The ${name} for SASL must not be empty or have a NUL.`);
}

function toBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

/** A chunk shorter than all can be ends the payload, so one that is empty, `+`, follows when the last is full (IRCv3 sasl-3.1). */
function toChunks(payload: string): string[] {
  const chunks: string[] = [];
  for (let start = 0; start < payload.length; start += CHUNK) chunks.push(payload.slice(start, start + CHUNK));
  return payload.length % CHUNK === 0 ? [...chunks, "+"] : chunks;
}

const CHUNK = 400;
