import type { OpenTransport } from "../transport.js";

/** A network in memory, which says what a test has it say. */
export interface MemoryNetwork {
  readonly open: OpenTransport;
  /** All connections that there were, the last one last. */
  readonly connections: readonly MemoryConnection[];
  /** The last connection. */
  readonly last: MemoryConnection;
}

export interface MemoryNetworkOptions {
  readonly isPrivate?: boolean;
  readonly hangs?: boolean;
}

interface MemoryConnection {
  /** The lines that were sent to it. */
  readonly lines: readonly string[];
  /** Gives the lines that were sent since it was called last. */
  take(): readonly string[];
  say(...lines: readonly string[]): void;
  sayBytes(bytes: Uint8Array): void;
  hangUp(): void;
  break(error: Error): void;
  readonly isClosed: boolean;
}

/** `hangs` is a network that does not close when somebody leaves. */
export function createMemoryNetwork({ isPrivate = true, hangs = false }: MemoryNetworkOptions = {}): MemoryNetwork {
  const connections: MemoryConnection[] = [];
  return {
    connections,
    get last() {
      const last = connections.at(-1);
      if (last === undefined) throw new Error("Nobody has connected.");
      return last;
    },
    async open() {
      const lines: string[] = [];
      let taken = 0;
      let isClosed = false;
      let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
      const incoming = new ReadableStream<Uint8Array>({
        start: (given) => {
          controller = given;
        },
      });
      const connection: MemoryConnection = {
        lines,
        take() {
          const fresh = lines.slice(taken);
          taken = lines.length;
          return fresh;
        },
        say: (...texts) => controller?.enqueue(new TextEncoder().encode(texts.map((text) => `${text}\r\n`).join(""))),
        sayBytes: (bytes) => controller?.enqueue(bytes),
        hangUp: () => controller?.close(),
        break: (error) => controller?.error(error),
        get isClosed() {
          return isClosed;
        },
      };
      connections.push(connection);
      return {
        incoming,
        isPrivate,
        write(line) {
          const text = new TextDecoder().decode(line);
          if (!/^[^\r\n\0]+\r\n$/.test(text)) throw new Error(`${JSON.stringify(text)} is not one line.`);
          lines.push(text.slice(0, -2));
          if (text.startsWith("QUIT") && !hangs) controller?.close();
        },
        async close() {
          isClosed = true;
        },
      };
    },
  };
}
