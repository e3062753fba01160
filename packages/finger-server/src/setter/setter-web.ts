import { WEB } from "../server/web-runtime.js";
import { createSetterOn, type Setter, type SetterOptions } from "./setter.js";

/**
 * Makes a setter for a runtime without sockets of Node: it serves the web streams that `handle` is given.
 *
 * @throws `RangeError` when a limit is no positive whole number, or a network is none.
 */
export function createSetter(options: SetterOptions): Setter {
  return createSetterOn(options, WEB);
}
