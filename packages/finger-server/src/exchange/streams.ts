import type { Peer } from "../provider.js";
import type { Begin } from "../server/runtime.js";
import type { Conversation, Wire } from "./conversation.js";

/** A connection as web streams: of Deno, of a Worker, of {@link memoryPair}, or `Duplex.toWeb()` of Node. */
export interface StreamPair {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

/**
 * Makes two ends of a connection in memory: what is written to one is read from the other.
 *
 * @example
 * ```ts
 * const [near, far] = memoryPair();
 * const server = createFingerServer({ provider: memoryProvider({ alice: "Happy and well" }) });
 * const served = server.handle(far);
 * const writer = near.writable.getWriter();
 * await writer.write(new TextEncoder().encode("alice\r\n"));
 * await writer.close();
 * await new Response(near.readable).text(); // "Happy and well\r\n"
 * await served;
 * ```
 */
export function memoryPair(): [near: StreamPair, far: StreamPair] {
  const there = new TransformStream<Uint8Array, Uint8Array>();
  const back = new TransformStream<Uint8Array, Uint8Array>();
  return [
    { readable: back.readable, writable: there.writable },
    { readable: there.readable, writable: back.writable },
  ];
}

/** Carries one conversation over web streams. Resolves when it is over; never rejects, for a broken stream is a peer gone. */
export function serveStreams({ readable, writable }: StreamPair, begin: Begin, peer: Peer): Promise<void> {
  const reader = readable.getReader();
  const writer = writable.getWriter();
  return new Promise((resolve) => {
    const finish = () => {
      conversation.closed();
      reader.cancel().catch(ignore);
      writer.abort().catch(ignore);
      resolve();
    };
    const conversation = begin(toWire(writer, finish), peer);
    Promise.all([readAll(reader, conversation), writer.closed]).then(finish, finish);
  });
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, conversation: Conversation): Promise<void> {
  for (let next = await reader.read(); !next.done; next = await reader.read()) conversation.push(next.value);
  conversation.inputEnded();
}

function toWire(writer: WritableStreamDefaultWriter<Uint8Array>, finish: () => void): Wire {
  const write = (bytes: Uint8Array): boolean => {
    // A copy: who gets a stream's chunk may do with its memory what it likes, and ours is shared.
    writer.write(new Uint8Array(bytes)).catch(finish);
    return (writer.desiredSize ?? 0) > 0;
  };
  return {
    write,
    once(_, listener) {
      writer.ready.then(listener, finish);
    },
    end(bytes) {
      if (bytes !== undefined) write(bytes);
      writer.close().catch(finish);
    },
    destroy() {
      queueMicrotask(finish);
    },
    destroySoon() {
      writer.closed.then(finish, finish);
    },
  };
}

/** A stream that is broken, or closed already, needs no closing. */
function ignore(): void {}
