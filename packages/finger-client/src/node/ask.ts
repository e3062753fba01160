import { FingerError, type ValidQuery } from "finger-protocol";
import type { ResolvedOptions } from "../options.js";
import { OpenReply, type RemoteAddress } from "./open-reply.js";
import type { Place } from "./reply-error.js";

/** The bytes of a reply. */
export interface RawReply {
  readonly bytes: Uint8Array;
  readonly truncated: boolean;
  readonly address: RemoteAddress;
}

/** Asks, and reads the whole reply, up to `maxBytes`. */
export async function ask(query: ValidQuery, place: Place, options: ResolvedOptions): Promise<RawReply> {
  const { maxBytes, timeout } = options;
  const reply = new OpenReply(query, place, { ...options, connectTimeout: timeout });
  const pieces: Uint8Array[] = [];
  let length = 0;
  let truncated = false;
  try {
    for (let piece = await reply.read(); piece !== undefined; piece = await reply.read()) {
      pieces.push(piece);
      length += piece.length;
      truncated = length > maxBytes;
      if (truncated) break;
    }
  } catch (error) {
    if (length === 0 || !isBroken(error)) throw error;
    truncated = true;
  } finally {
    reply.close();
  }
  return { bytes: Buffer.concat(pieces, Math.min(length, maxBytes)), truncated, address: reply.address ?? NOWHERE };
}

/** The connection broke: what came before that is an answer, if half of one. */
function isBroken(error: unknown): boolean {
  return FingerError.is(error) && error.code === "ERR_FINGER_IO";
}

const NOWHERE: RemoteAddress = { address: "", port: 0, family: 4 };
