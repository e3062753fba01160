import type { Transport } from "./transport.js";

/**
 * Closes a connection, and waits for that no longer than to a deadline, whether or not `close` heeds its signal: one that hangs, or
 * fails, must not keep the next from being opened.
 */
export function closeWithin(transport: Transport, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(settle, ms);
    const closed = (async () => transport.close(signal))();
    closed.then(settle, settle);
  });
}
