import { createSetterOn, type Setter, type SetterOptions } from "../setter/setter.js";
import { serveDuplex } from "./inherited.js";
import { listenOnSockets } from "./listen.js";
import { currentSiblings } from "./workers/siblings.js";

/**
 * Makes a setter. It binds nothing until it is told to listen, or to handle a connection.
 *
 * Peers on this machine are known by their addresses: behind a proxy on this machine that does not speak the PROXY
 * protocol, everybody is one of them.
 *
 * @throws `RangeError` when a limit is no positive whole number, or a network is none.
 *
 * @example
 * ```ts
 * const store = memoryStore();
 * const setter = createSetter({ store });
 * const { port } = await setter.listen({ port: 0 });
 * await setStatus(`alice@127.0.0.1:${port}`, "Happy and well"); // of finger-client
 * await setter.close();
 * ```
 */
export function createSetter(options: SetterOptions): Setter {
  return createSetterOn(options, { listen: listenOnSockets, serveDuplex }, currentSiblings());
}
