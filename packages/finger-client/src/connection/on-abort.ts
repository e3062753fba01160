/**
 * Has `act` called when the signal is aborted, until the function that is returned is called. However many wait, the signal
 * has one listener: of more than ten, Node would warn.
 */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  const waiting = WAITING.get(signal) ?? listenTo(signal);
  waiting.acts.add(act);
  return () => {
    waiting.acts.delete(act);
    if (waiting.acts.size > 0) return;
    signal.removeEventListener("abort", waiting.listener);
    WAITING.delete(signal);
  };
}

interface Waiting {
  readonly acts: Set<() => void>;
  readonly listener: () => void;
}

function listenTo(signal: AbortSignal): Waiting {
  const acts = new Set<() => void>();
  const listener = () => {
    for (const act of acts) act();
  };
  signal.addEventListener("abort", listener, { once: true });
  WAITING.set(signal, { acts, listener });
  return { acts, listener };
}

const WAITING = new WeakMap<AbortSignal, Waiting>();
