/** An error of the one who hears of errors is told as a warning of the process; there is nobody else. */
export function toSafe(onError: (error: unknown) => unknown): (error: unknown) => void {
  return (error) => {
    try {
      Promise.resolve(onError(error)).catch(warn);
    } catch (another) {
      warn(another);
    }
  };
}

/** Tells what nobody else hears of. */
export function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error(String(error)));
}
