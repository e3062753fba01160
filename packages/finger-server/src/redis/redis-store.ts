import type { Redis } from "ioredis";
import { createStore, type StoreBackend } from "../store/create-store.js";
import type { StatusStore } from "../store/status-store.js";
import { createTrouble } from "../trouble.js";
import { toSafe } from "../warn.js";
import { nameOf } from "./address.js";
import { createChange } from "./change.js";
import { createClient, duplicateClient } from "./clients.js";
import { createConnection } from "./connection.js";
import { isStoreError, redisError } from "./failure.js";
import type { Ground } from "./ground.js";
import { toKeys } from "./keys.js";
import { type RedisStoreOptions, type ResolvedOptions, resolveOptions } from "./options.js";
import { tellOfForgetting } from "./persistence.js";
import { listStatuses, readCount, readHistory, readStatus } from "./reading.js";
import { subscribe } from "./subscription.js";
import { createWatch } from "./watch.js";

/**
 * Keeps statuses in Redis, from version 6, or in Valkey, for as many servers as you like. It needs the package ioredis.
 *
 * It connects when it is first used, and again whenever the connection breaks. A call that Redis does not answer is rejected
 * within `timeout`, and never done later. A put that was sent when the connection broke is sent again, and done once; when
 * Redis is not back in time, the error says that nobody knows whether it is stored. How safe a put is depends on Redis: with
 * `appendonly yes` it outlives the end of Redis, with `appendfsync always` a power cut, too. Those of one login are done one
 * after the other, and have to be done in time all the same.
 *
 * Nothing of it keeps the process alive but a call that waits.
 *
 * @param client - Where Redis is: `redis://LOGIN:PASSWORD@HOST:PORT/DB`, or `rediss:` for TLS. Or a client of ioredis that
 * you have made, with options of your own: it stays open when the store is closed. `watch` opens another with the same
 * options.
 * @throws `TypeError` or `RangeError` when the URL or an option is not as it must be.
 *
 * @example
 * ```ts no-run
 * import { redisStore } from "finger-server/redis";
 *
 * await using store = redisStore("redis://localhost:6379/0", { prefix: "finger:" });
 * await store.put("alice", "Happy and well");
 * await createFingerServer({ provider: storeProvider(store) }).listen();
 * ```
 */
export function redisStore(client: Redis | string, options: RedisStoreOptions = {}): StatusStore {
  const resolved = resolveOptions(options);
  const isOurs = typeof client === "string";
  if (!isOurs) assertClient(client);
  return createStore(redisBackend(isOurs ? createClient(client, resolved.timeout) : client, isOurs, resolved));
}

/** A client of a cluster has no one connection, and no one clock. */
function assertClient(client: Redis): void {
  if (typeof client?.duplicate === "function" && !client.isCluster) return;
  const what = client?.isCluster ? "a cluster's" : client === null ? "null" : typeof client;
  throw new TypeError(`Redis is given by a URL or by a Redis of ioredis, not by ${what}.`);
}

function redisBackend(client: Redis, isOurs: boolean, options: ResolvedOptions): StoreBackend {
  const { timeout, history, pollInterval } = options;
  const place = nameOf(client);
  const keys = toKeys(options.prefix);
  const onError = toSafe(options.onError);
  const trouble = createTrouble(onError, (cause) =>
    isStoreError(cause) ? cause : redisError(`Cannot use ${place}`, cause),
  );
  const greet = () => void tellOfForgetting(client, place, onError);
  const connection = createConnection({ client, isOurs, trouble, timeout, greet });
  const { keyPrefix = "", db = 0 } = client.options;
  // A channel is the same in all databases of a Redis, the keys are not.
  const channel = `${keyPrefix}${keys.changes}:${db}`;
  const ground: Ground = { connection, trouble, keys, channel, history, timeout, place };
  const count = () => readCount(ground);
  return {
    name: place,
    read: (login) => readStatus(ground, login),
    change: createChange(ground),
    list: (prefix) => listStatuses(ground, prefix),
    history: (login) => readHistory(ground, login),
    watch: createWatch((tell) =>
      subscribe({ client: duplicateClient(client, timeout), channel, pollInterval, count, tell, trouble }),
    ),
    close: connection.close,
  };
}
