import { FingerError } from "finger-protocol";
import type { OpenTransport, Transport } from "./transport.js";

/** Opens a connection by a deadline, and whether or not `open` heeds its signal. One that comes later is closed. */
export function openWithin(open: OpenTransport, ms: number, signal: AbortSignal): Promise<Transport> {
  const opening = new AbortController();
  return new Promise((resolve, reject) => {
    const giveUp = (error: FingerError) => {
      settle();
      reject(error);
      opening.abort(error);
    };
    const stop = () => giveUp(new FingerError("ERR_FINGER_ABORTED", "The bot has stopped."));
    const timer = setTimeout(() => giveUp(late(ms)), ms);
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    };
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) return stop();
    const take = (transport: Transport) => {
      if (opening.signal.aborted) return void transport.close(opening.signal).catch(() => {});
      settle();
      resolve(transport);
    };
    // What goes wrong after it was given up is nobody's.
    const opened = (async () => open(opening.signal))();
    opened.then(take, (error) => {
      settle();
      reject(error);
    });
  });
}

function late(ms: number): FingerError {
  return new FingerError("ERR_FINGER_TIMEOUT", `No connection was opened in ${ms / 1000} s.`);
}
