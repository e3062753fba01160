/**
 * Sends messages to somebody who may hang. A thousand are on their way at a time, so that they do not pile up here; those
 * that come meanwhile are left out.
 *
 * @param onBehind - Called when all that were on their way have arrived, and some were left out.
 */
export function createOutbox<T>(
  send: (message: T, onSent: () => void) => void,
  onBehind: () => void,
): (message: T) => void {
  let pending = 0;
  let isBehind = false;
  const onSent = () => {
    pending--;
    if (pending > 0 || !isBehind) return;
    isBehind = false;
    onBehind();
  };
  return (message) => {
    if (pending >= MOST_PENDING) {
      isBehind = true;
      return;
    }
    pending++;
    send(message, onSent);
  };
}

const MOST_PENDING = 1000;
