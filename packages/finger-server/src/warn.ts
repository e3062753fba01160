/**
 * Tells what nobody else hears of: a library prints nothing by itself, and swallows nothing. Node prints a warning; where
 * there is no process the error is the runtime's.
 */
export function warn(error: unknown): void {
  const warning = error instanceof Error ? error : new Error(String(error));
  if (typeof process === "undefined") queueMicrotask(() => Promise.reject(warning));
  else process.emitWarning(warning);
}
