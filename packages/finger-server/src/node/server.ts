import { createServer, type FingerServer, type FingerServerOptions } from "../server/server.js";
import { serveDuplex } from "./inherited.js";
import { listenOnSockets } from "./listen.js";
import { currentSiblings } from "./workers/siblings.js";

/**
 * Makes a finger server. It binds nothing and starts nothing until it is told to listen, or to handle a connection.
 *
 * @throws `RangeError` when a limit is no positive whole number; `TypeError` for another wrong option.
 *
 * @example
 * ```ts
 * const server = createFingerServer({ provider: memoryProvider({ alice: "Happy and well" }) });
 * const { host, port } = await server.listen({ port: 0 });
 * await server.close();
 * ```
 */
export function createFingerServer(options: FingerServerOptions): FingerServer {
  return createServer(options, { listen: listenOnSockets, serveDuplex }, currentSiblings());
}
