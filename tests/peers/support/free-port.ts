import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A port of 127.0.0.1 that nobody listens at, for a program that cannot choose one by itself.
 *
 * A port that the system gives may be given again before the program has it, to any connection that somebody opens. So
 * these are below those that systems give (32768 of Linux, 49152 of others), and each process begins elsewhere.
 */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = next;
    next = port === LAST ? FIRST : port + 1;
    if (await isFree(port)) return port;
  }
}

const [FIRST, LAST] = [10_000, 31_999];
const OF_EACH_PROCESS = 100;
let next = FIRST + ((process.pid * OF_EACH_PROCESS) % (LAST - FIRST + 1));

/** Whether nobody listens at a port of 127.0.0.1. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
