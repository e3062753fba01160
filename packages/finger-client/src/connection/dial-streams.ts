import type { Caller, Connection, Dial } from "./dial.js";
import { dialLater } from "./dial-later.js";

/** A connection as web streams: of Deno, of a Worker, or `Duplex.toWeb()` of a socket of Node. */
export interface StreamConnection {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

/** Connects to a place, or rejects. `Deno.connect` is one, and so is `connect` of `cloudflare:sockets`. */
export type Connect = (place: {
  readonly hostname: string;
  readonly port: number;
}) => StreamConnection | Promise<StreamConnection>;

/** Dials by connections of the caller's own. */
export function dialBy(connect: Connect): Dial {
  return (text, { host, port }, _rules, caller) =>
    dialLater(caller, async () => {
      const streams = await connect({ hostname: host, port });
      return (heard) => carry(text, streams, heard);
    });
}

function carry(text: string, { readable, writable }: StreamConnection, caller: Caller): Connection {
  const reader = readable.getReader();
  const writer = writable.getWriter();
  let isPaused = false;
  let wake = () => {};
  const readAll = async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      // A copy: the memory of a stream's chunk may be used again.
      caller.received(new Uint8Array(next.value));
      while (isPaused) await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  caller.connected(undefined);
  const fail = (error: unknown) => caller.ended(error);
  writer.write(new TextEncoder().encode(text)).catch(fail);
  readAll().then(() => caller.ended(), fail);
  const resume = () => {
    isPaused = false;
    wake();
  };
  return {
    pause: () => {
      isPaused = true;
    },
    resume,
    end: () => void writer.close().catch(fail),
    destroy: () => {
      // A connection that nobody reads any more may break as it likes.
      reader.cancel().catch(() => {});
      writer.close().catch(() => {});
      resume();
    },
  };
}
