import type { Peer } from "../provider.js";
import type { Begin } from "../server/runtime.js";
import type { Wire } from "./exchange.js";

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

/** Carries one exchange over web streams. Resolves when both are closed; never rejects, for a broken stream is a peer gone. */
export async function serveStreams({ readable, writable }: StreamPair, begin: Begin, peer: Peer): Promise<void> {
  const reader = readable.getReader();
  const writer = writable.getWriter();
  const close = () => exchange.closed();
  const exchange = begin(toWire(reader, writer, close), peer);
  writer.closed.catch(close);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      exchange.push(value);
    }
    exchange.inputEnded();
    await writer.closed;
  } catch {
    // The peer broke its side, or we did.
  }
  exchange.closed();
}

function toWire(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  writer: WritableStreamDefaultWriter<Uint8Array>,
  closed: () => void,
): Wire {
  const write = (bytes: Uint8Array): boolean => {
    writer.write(bytes).catch(closed);
    return (writer.desiredSize ?? 0) > 0;
  };
  const destroy = () => {
    closed();
    reader.cancel().catch(() => {});
    writer.abort().catch(() => {});
  };
  return {
    write,
    once(_, listener) {
      writer.ready.then(listener, closed);
    },
    end(bytes) {
      if (bytes !== undefined) write(bytes);
      writer.close().catch(closed);
    },
    destroy,
    destroySoon() {
      writer.closed.then(destroy, destroy);
    },
  };
}
