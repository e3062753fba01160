import type { ServerResponse } from "node:http";
import type { HttpReply } from "../http/http-reply.js";
import { isBodiless, isStream, leaveUnsent } from "../http/leave-unsent.js";
import { isClosed, whenClosed } from "./closing.js";

/**
 * Sends a reply; headers that others have set stay. Of a peer that has gone, and of a reply that somebody else has sent, it makes
 * nothing. `undefined` when there is nothing to wait for.
 *
 * Rejects when a stream fails, with the connection cut: who got half of an answer must not take it for the whole.
 */
export function sendReply(response: ServerResponse, reply: HttpReply): Promise<void> | undefined {
  const { status, headers, body } = reply;
  if (response.headersSent || isClosed(response)) return leaveUnsent(reply);
  // A server that closes, and has ended its streams, would wait for their connections.
  if (isStream(body)) response.shouldKeepAlive = false;
  response.writeHead(status, withVary(headers, response.getHeader("vary")));
  if (response.req.method === "HEAD" || isBodiless(status)) {
    response.end();
    return leaveUnsent(reply);
  }
  if (isStream(body)) return sendStream(response, body);
  response.end(body);
  return undefined;
}

/** What depends on what: on all that others say, and all that we do. */
export function withVary(
  headers: HttpReply["headers"],
  others: string | number | readonly string[] | undefined,
): HttpReply["headers"] {
  const ours = headers["vary"];
  if (others === undefined || ours === undefined) return headers;
  return { ...headers, vary: [others, ours].flat().join(", ") };
}

async function sendStream(response: ServerResponse, body: AsyncIterable<string>): Promise<void> {
  const iterator = body[Symbol.asyncIterator]();
  // At once, for the next piece may be hours away. Of a peer that has gone, nothing can fail.
  const leave = () => void Promise.resolve(iterator.return?.()).catch(() => {});
  const stay = whenClosed(response, leave);
  response.flushHeaders();
  try {
    for (let piece = await iterator.next(); !piece.done; piece = await iterator.next()) {
      if (isClosed(response)) return leave();
      if (!write(response, piece.value)) await drain(response);
    }
    if (!isClosed(response)) response.end();
  } catch (error) {
    if (isClosed(response)) return;
    response.destroy();
    throw error;
  } finally {
    stay();
  }
}

/** A response that something in front compresses holds a piece back unless it is told not to. */
function write(response: ServerResponse & { flush?(): void }, text: string): boolean {
  const isTaken = response.write(text);
  response.flush?.();
  return isTaken;
}

/** Waits until the peer has read enough, or has gone. */
function drain(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      response.off("drain", end);
      stay();
      resolve();
    };
    const stay = whenClosed(response, end);
    response.on("drain", end);
  });
}
