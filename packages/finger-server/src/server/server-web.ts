import { FingerError } from "finger-protocol";
import { createSetterOn, type Setter, type SetterOptions } from "../setter/setter.js";
import type { Runtime } from "./runtime.js";
import { createServer, type FingerServer, type FingerServerOptions } from "./server.js";

/**
 * Makes a setter for a runtime without sockets of Node: it serves the web streams that `handle` is given.
 *
 * @throws `RangeError` when a limit is no positive whole number, or a network is none.
 */
export function createSetter(options: SetterOptions): Setter {
  return createSetterOn(options, WEB);
}

/**
 * Makes a finger server for a runtime without sockets of Node: it serves the web streams that `handle` is given, and
 * answers by `respond`.
 *
 * @throws `RangeError` when a limit is no positive whole number; `TypeError` for another wrong option.
 */
export function createFingerServer(options: FingerServerOptions): FingerServer {
  return createServer(options, WEB);
}

async function refuse(): Promise<never> {
  throw new FingerError(
    "ERR_FINGER_LISTEN",
    "This runtime has no sockets of Node: give each connection to handle(), as web streams.",
  );
}

const WEB: Runtime = { listen: refuse, serveDuplex: refuse };
