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

/** Dials by connections of the caller's own, if there are such, or else as given. */
export function dialBy(connect: Connect | undefined, otherwise: Dial): Dial {
  if (connect === undefined) return otherwise;
  return (text, { host, port }, _rules, caller) =>
    dialLater(caller, async (signal) => {
      const streams = await connect({ hostname: host, port });
      if (signal.aborted) leave(streams.readable.getReader(), streams.writable.getWriter());
      return () => carry(text, streams, caller);
    });
}

function carry(text: string, { readable, writable }: StreamConnection, caller: Caller): Connection {
  const writer = writable.getWriter();
  const reader = readable.getReader();
  let isPaused = false;
  let wake = () => {};
  let failure: unknown;
  const readAll = async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      caller.received(copy(next.value));
      while (isPaused) await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  // What was answered counts, even if not all could be written: the end of the reply tells of it.
  const note = (error: unknown) => {
    failure ??= error ?? new Error("the connection failed");
  };
  caller.connected(undefined);
  writer.write(new TextEncoder().encode(text)).catch(note);
  void readAll()
    .catch(note)
    .then(() => caller.ended(failure));
  const resume = () => {
    isPaused = false;
    wake();
  };
  return {
    pause: () => {
      isPaused = true;
    },
    resume,
    end: () => void writer.close().catch(note),
    destroy: () => {
      leave(reader, writer);
      resume();
    },
  };
}

/** A copy: the memory of a stream's chunk may be used again. @throws `TypeError` */
function copy(bytes: Uint8Array): Uint8Array {
  if (bytes instanceof Uint8Array) return new Uint8Array(bytes);
  throw new TypeError("The option connect must make a connection of which the readable gives Uint8Arrays");
}

/** Not by a graceful close, which could commit what was written. And who is left may break as it likes. */
function leave(reader: ReadableStreamDefaultReader, writer: WritableStreamDefaultWriter): void {
  reader.cancel().catch(() => {});
  writer.abort().catch(() => {});
}
