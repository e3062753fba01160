import { FingerError } from "finger-protocol";
import { createServer, type FingerServer, type FingerServerOptions } from "./server.js";

/**
 * Makes a finger server for a runtime without sockets of Node: it serves the web streams that `handle` is given, and
 * answers by `respond`.
 *
 * @throws `RangeError` when a limit is no positive whole number; `TypeError` for another wrong option.
 */
export function createFingerServer(options: FingerServerOptions): FingerServer {
  return createServer(options, { listen: refuse, serveDuplex: refuse });
}

async function refuse(): Promise<never> {
  throw new FingerError(
    "ERR_FINGER_LISTEN",
    "This runtime has no sockets of Node: give each connection to handle(), as web streams.",
  );
}
