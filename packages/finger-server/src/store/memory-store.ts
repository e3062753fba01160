import { createChangeFeed } from "../change-feed.js";
import { addStatus, createStore, resolveHistory, type StoreBackend } from "./create-store.js";
import type { HistoryOptions, StatusNotice, StatusStore, StoredStatus } from "./status-store.js";

/**
 * Keeps statuses in memory: they are gone when the process ends.
 *
 * @example
 * ```ts
 * const store = memoryStore();
 * const { rev } = await store.put("alice", "Happy and well");
 * await store.put("alice", "On the train", { ifRev: rev, ttl: 3_600_000 });
 * ```
 */
export function memoryStore(options: HistoryOptions = {}): StatusStore {
  return createStore(memoryBackend(options));
}

/** What a store in memory keeps; several stores may share it, as they may a folder or a database. */
export function memoryBackend(options: HistoryOptions = {}): StoreBackend {
  const most = resolveHistory(options);
  const histories = new Map<string, readonly StoredStatus[]>();
  const feed = createChangeFeed<StatusNotice>();
  return {
    name: "memory:",
    read: async (login) => histories.get(login)?.[0],
    async change(login, amend) {
      const history = histories.get(login) ?? [];
      const status = amend(history[0]);
      if (status === undefined) histories.delete(login);
      else histories.set(login, addStatus(history, status, most));
      feed.publish([{ login, rev: status?.rev }]);
    },
    async *list(prefix) {
      for (const [login, [latest]] of histories) if (latest !== undefined && login.startsWith(prefix)) yield latest;
    },
    history: async (login) => histories.get(login) ?? [],
    watch: (signal) => feed.subscribe(signal),
    close: async () => {},
  };
}
