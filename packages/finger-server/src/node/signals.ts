/** What is to be done at a signal, which may come before that is known. */
export interface SignalBox {
  /** From now on the listener hears of the signal, and at once when it has come already. */
  listen(listener: () => void): void;
}

/** Takes a signal from the system, so that it has no other effect. */
export function takeSignal(signal: NodeJS.Signals): SignalBox {
  const listeners: Array<() => void> = [];
  let isMissed = false;
  process.on(signal, () => {
    isMissed = listeners.length === 0;
    for (const listener of listeners) listener();
  });
  return {
    listen(listener) {
      listeners.push(listener);
      if (isMissed) listener();
      isMissed = false;
    },
  };
}
