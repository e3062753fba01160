/** Tells what nobody else hears of: Node prints a warning; where there is no process the error is the runtime's. */
export function warn(error: unknown): void {
  const warning = error instanceof Error ? error : new Error(String(error));
  if (typeof process === "undefined") queueMicrotask(() => Promise.reject(warning));
  else process.emitWarning(warning);
}

/** An error of the one who hears of errors is told as a warning; there is nobody else. */
export function toSafe(onError: (error: unknown) => unknown): (error: unknown) => void {
  return (error) => {
    try {
      Promise.resolve(onError(error)).catch(warn);
    } catch (another) {
      warn(another);
    }
  };
}
