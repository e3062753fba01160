import { createChangeFeed } from "../change-feed.js";
import type { StoreBackend } from "../store/create-store.js";
import type { StatusNotice } from "../store/status-store.js";
import type { Subscription } from "./subscription.js";

/** Makes a watch: one subscription does for all who watch, and lasts as long as there are any. */
export function createWatch(subscribe: (tell: (notice: StatusNotice) => void) => Subscription): StoreBackend["watch"] {
  const feed = createChangeFeed<StatusNotice>();
  let subscription: Subscription | undefined;
  let watchers = 0;
  const leave = () => {
    if (--watchers > 0) return;
    subscription?.end();
    subscription = undefined;
  };
  return (signal) => {
    watchers++;
    if (!signal.aborted) subscription ??= subscribe((notice) => feed.publish([notice]));
    return feed.subscribe(signal, leave);
  };
}
