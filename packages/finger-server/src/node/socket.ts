import type { Socket } from "node:net";
import { encodeReply, type FingerQuery, QueryDecoder } from "finger-protocol";
import type { Peer } from "../provider.js";
import type { Exchange } from "./tcp.js";

/**
 * Serves one connection: reads one query, writes the answer, sends FIN, and reads on until the peer closes, for the
 * kernel answers unread bytes with a reset that eats the answer (RFC 1288 2.1, RFC 2525 2.17).
 *
 * @returns What to call when the server is to close: it ends a connection on which nothing has been asked yet.
 */
export function serveSocket(socket: Socket, { respond, limits, accept, onError }: Exchange): () => void {
  const peer: Peer = { address: socket.remoteAddress, port: socket.remotePort };
  const decoder = new QueryDecoder({ maxBytes: limits.queryBytes });
  const gone = new AbortController();
  let state: "asking" | "answering" | "done" = "asking";
  let ignored = 0;

  const asking = setTimeout(() => socket.destroy(), limits.queryTime);
  let leaving: NodeJS.Timeout | undefined;

  const finish = (bytes?: Uint8Array) => {
    clearTimeout(asking);
    state = "done";
    if (socket.destroyed) return;
    socket.setTimeout(limits.idle, () => socket.destroy());
    socket.once("finish", () => {
      leaving = setTimeout(() => socket.destroy(), LINGER_TIME);
    });
    if (bytes === undefined || bytes.length === 0) socket.end();
    else socket.end(bytes);
  };

  const reply = async (query: FingerQuery) => {
    clearTimeout(asking);
    state = "answering";
    finish(encodeReply(await respond(query, peer, gone.signal)));
  };

  const hear = (query: FingerQuery | undefined) => {
    if (query !== undefined) reply(query).catch(onError);
  };

  socket.on("data", (chunk) => {
    if (state === "asking") return hear(decoder.push(chunk));
    ignored += chunk.length;
    if (ignored > LINGER_BYTES) socket.destroy();
  });
  socket.on("end", () => {
    if (state === "asking") hear(decoder.end());
    if (state === "asking") finish();
  });
  // A peer that resets its connection is the peer's affair; the close that follows is ours.
  socket.on("error", () => {});
  socket.once("close", () => {
    clearTimeout(asking);
    clearTimeout(leaving);
    gone.abort();
  });
  if (accept?.(peer) === false) finish();
  return () => {
    if (state === "asking") finish();
  };
}

/** How much is read and how long is waited, in bytes and milliseconds, for a peer to close behind its answer. */
const LINGER_BYTES = 64 * 1024;
const LINGER_TIME = 5_000;
