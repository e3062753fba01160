import { createServer, type FingerServer, type FingerServerOptions } from "./server.js";
import { WEB } from "./web-runtime.js";

/**
 * Makes a finger server for a runtime without sockets of Node: it serves the web streams that `handle` is given, and
 * answers by `respond`.
 *
 * @throws `RangeError` when a limit is no positive whole number; `TypeError` for another wrong option.
 */
export function createFingerServer(options: FingerServerOptions): FingerServer {
  return createServer(options, WEB);
}
