import { createChangeFeed } from "../change-feed.js";
import type { StatusNotice } from "../store/status-store.js";
import type { Subscription } from "./subscription.js";

/** Those who watch a store: one subscription does for all of them, and lasts as long as there are any. */
export interface Watchers {
  watch(signal: AbortSignal): AsyncIterable<StatusNotice>;
  /** Ends all that is watched. */
  close(): void;
}

/** Makes a place for watchers. */
export function createWatchers(subscribe: (tell: (notice: StatusNotice) => void) => Subscription): Watchers {
  const feed = createChangeFeed<StatusNotice>();
  const leavers = new Set<() => void>();
  let subscription: Subscription | undefined;
  let isClosed = false;
  return {
    watch(signal) {
      const stop = new AbortController();
      const leave = () => {
        signal.removeEventListener("abort", leave);
        stop.abort();
        leavers.delete(leave);
        if (leavers.size > 0) return;
        subscription?.end();
        subscription = undefined;
      };
      signal.addEventListener("abort", leave);
      leavers.add(leave);
      const changes = feed.subscribe(stop.signal);
      if (signal.aborted || isClosed) leave();
      else subscription ??= subscribe((notice) => feed.publish([notice]));
      return endingWith(changes, leave);
    },
    close() {
      isClosed = true;
      for (const leave of leavers) leave();
    },
  };
}

function endingWith<T>(changes: AsyncIterableIterator<T>, leave: () => void): AsyncIterableIterator<T> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => changes.next(),
    async return() {
      leave();
      return { value: undefined, done: true };
    },
  };
}
