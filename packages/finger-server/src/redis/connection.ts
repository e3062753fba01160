import type { Redis } from "ioredis";
import type { Trouble } from "../trouble.js";
import { within } from "../within.js";
import { isRefusal } from "./failure.js";

/** The connection that commands are sent by. It comes back by itself. */
export interface Connection {
  /**
   * Does some work with it as soon as it is ready; both have to be done by a time of `performance.now()`.
   *
   * Rejects with what went wrong; when the connection was not ready in time, with why it broke.
   */
  use<T>(by: number, work: Work<T>): Promise<T>;
  /** As `use`, and once more when the connection breaks: for what can be done twice. */
  look<T>(by: number, work: Work<T>): Promise<T>;
  /** A number that is another after each break: what was sent before may then have been done or not, or twice. */
  session(): number;
  /** Closes it if it is ours, and leaves it if it is not. All work that somebody waits for has been done before. */
  close(): Promise<void>;
}

/** What is done with a connection. */
export type Work<T> = (client: Redis) => Promise<T>;

/** How a connection is made. */
export interface ConnectionSettings {
  readonly client: Redis;
  /** Whether it is closed with the store. */
  readonly isOurs: boolean;
  readonly trouble: Trouble;
  /** How long Redis may take to say goodbye, in milliseconds. */
  readonly timeout: number;
  /** Is called once, when the connection is ready for the first time. */
  readonly greet: () => void;
}

/** Makes a connection of a client, which may be ready or not. */
export function createConnection({ client, isOurs, trouble, timeout, greet }: ConnectionSettings): Connection {
  const waiting = new Set<() => void>();
  let session = 0;
  let isNew = true;
  let lastError: unknown;
  let isClosed = false;
  const wake = () => {
    for (const go of waiting) go();
    waiting.clear();
  };
  const events = {
    ready() {
      session++;
      lastError = undefined;
      trouble.end("connection");
      wake();
    },
    error(error: unknown) {
      lastError = error;
      if (!isClosed) trouble.begin("connection", error);
    },
    end: wake,
  };
  for (const [name, listener] of Object.entries(events)) client.on(name, listener);
  allowListeners(client, 1);

  // ioredis puts aside what it cannot write at once. Asked in the same turn, this tells whether it can.
  const isReady = () => client.status === "ready" && client.stream?.writable !== false;

  async function becomeReady(by: number): Promise<void> {
    while (!isReady()) {
      if (isClosed || (client.status === "end" && !isOurs)) throw new Error("Connection is closed.");
      if (client.status === "wait" || client.status === "end") client.connect().catch(told);
      let go = () => {};
      const woken = new Promise<void>((resolve) => {
        go = resolve;
        waiting.add(go);
      });
      try {
        await withinTime(by, () => woken);
      } catch (error) {
        throw lastError ?? error;
      } finally {
        waiting.delete(go);
      }
    }
  }

  async function use<T>(by: number, task: Work<T>): Promise<T> {
    await becomeReady(by);
    if (isNew) greet();
    isNew = false;
    return withinTime(by, () => task(client));
  }

  return {
    use,
    async look(by, task) {
      for (;;) {
        try {
          return await use(by, task);
        } catch (error) {
          const isBroken = !isRefusal(error) && !isReady() && !isClosed;
          if (!isBroken || client.status === "end" || performance.now() >= by) throw error;
        }
      }
    },
    session: () => session,
    async close() {
      isClosed = true;
      wake(); // a count of changes may wait, of which nobody hears any more
      if (isOurs) return leave(client, timeout);
      for (const [name, listener] of Object.entries(events)) client.off(name, listener);
      allowListeners(client, -1);
    },
  };
}

/** Many stores may use one client; what Node takes for a leak is then none. */
function allowListeners(client: Redis, more: number): void {
  const most = client.getMaxListeners();
  if (most > 0) client.setMaxListeners(most + more);
}

/** Says goodbye, so that what was sent is read; a Redis that does not answer to it is left without. */
async function leave(client: Redis, timeout: number): Promise<void> {
  try {
    if (client.status === "ready") await within(timeout, undefined, () => client.quit());
  } catch {
    // It is gone, or hangs; either way nothing is awaited from it.
  }
  if (client.status !== "end") client.disconnect();
  client.stream?.destroy();
}

function withinTime<T>(by: number, work: () => Promise<T>): Promise<T> {
  return within(Math.max(1, by - performance.now()), undefined, work);
}

/** Why it does not connect is an event, too. */
function told(): void {}
