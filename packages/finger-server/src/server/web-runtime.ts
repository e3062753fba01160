import { FingerError } from "finger-protocol";
import type { Runtime } from "./runtime.js";

/** A runtime without sockets of Node. */
export const WEB: Runtime = { listen: refuse, serveDuplex: refuse };

async function refuse(): Promise<never> {
  throw new FingerError(
    "ERR_FINGER_LISTEN",
    "This runtime has no sockets of Node: give each connection to handle(), as web streams.",
  );
}
