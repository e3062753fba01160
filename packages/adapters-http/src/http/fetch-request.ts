import type { Peer } from "finger-server";
import { createBodyText } from "./body-text.js";
import type { HttpReply, Respond } from "./http-reply.js";
import { BodyError, type HttpRequest } from "./http-request.js";
import { isBodiless, isStream, leaveUnsent } from "./leave-unsent.js";

/** Answers a `Request` of the web's standards; `null` when its path is somebody else's. */
export type FetchHandler = (request: Request, info?: FetchInfo) => Promise<Response | null>;

/** What a `Request` does not tell. */
interface FetchInfo {
  /** Who asks. @default somebody from elsewhere, of whom nothing is known, and whom no limit counts */
  readonly peer?: Peer | undefined;
}

/** Has requests of the web's standards answered, on any runtime that has them. */
export function toFetchHandler(respond: Respond): FetchHandler {
  return async (request, { peer = STRANGER } = {}) => {
    const departure = createDeparture(request);
    const reply = await respond(toHttpRequest(request, peer, departure));
    return reply === undefined ? null : toResponse(request, reply, departure.leave);
  };
}

/** When the peer goes: its request may be aborted, and some runtimes only cancel the body of the response. */
interface Departure {
  readonly signal: AbortSignal;
  readonly leave: () => void;
}

function createDeparture(request: Request): Departure {
  let controller: AbortController | undefined;
  const leave = () => controller?.abort();
  const make = () => {
    controller = new AbortController();
    if (request.signal.aborted) leave();
    else request.signal.addEventListener("abort", leave, { once: true });
    return controller.signal;
  };
  return {
    get signal() {
      return controller?.signal ?? make();
    },
    leave,
  };
}

function toHttpRequest(request: Request, peer: Peer, departure: Departure): HttpRequest {
  const { pathname, search, origin } = new URL(request.url);
  return {
    method: request.method.toUpperCase(),
    path: pathname,
    search,
    mount: "",
    origin,
    // Without an address it would pass for somebody on this machine.
    peer: peer.address === undefined ? STRANGER : peer,
    get signal() {
      return departure.signal;
    },
    header: (name) => request.headers.get(name) ?? undefined,
    body: (most) => readBody(request, most),
  };
}

async function readBody(request: Request, most: number): Promise<string> {
  if (request.bodyUsed || request.body?.locked) throw new BodyError("consumed");
  const text = createBodyText(most, request.headers.get("content-length"));
  if (request.body === null) return "";
  const reader = request.body.getReader();
  try {
    for (let piece = await read(reader); !piece.done; piece = await read(reader)) text.push(piece.value);
    return text.end();
  } catch (error) {
    // Nobody waits for it: what has failed is told already.
    reader.cancel().catch(() => {});
    throw error;
  }
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read();
  } catch {
    throw new BodyError("cut-off");
  }
}

async function toResponse({ method }: Request, reply: HttpReply, leave: () => void): Promise<Response> {
  const { status, headers, body } = reply;
  if (method !== "HEAD" && !isBodiless(status)) {
    return new Response(isStream(body) ? toReadable(body, leave) : (body as Uint8Array<ArrayBuffer> | undefined), {
      status,
      headers,
    });
  }
  await leaveUnsent(reply);
  return new Response(null, { status, headers });
}

/** Asks for a piece when it is going to be sent, and not before. */
function toReadable(body: AsyncIterable<string>, leave: () => void): ReadableStream<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { value, done } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(UTF_8.encode(value));
      },
      cancel: async () => {
        leave();
        // A generator that waits for its next piece returns no sooner.
        void iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Somebody of whom nothing is known. */
const STRANGER: Peer = { address: "", port: undefined };
const UTF_8 = new TextEncoder();
