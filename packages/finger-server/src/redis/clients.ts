import { Redis } from "ioredis";
import { parseRedisUrl } from "./address.js";

/** Makes a connection of our own, which connects when it is first used. @throws `TypeError` when it is no URL of Redis. */
export function createClient(url: string, timeout: number): Redis {
  return toQuiet(new Redis({ ...parseRedisUrl(url), ...settings(timeout) }));
}

/** Makes another connection to the same place; it is ours, whoever made the first. */
export function duplicateClient(client: Redis, timeout: number): Redis {
  return toQuiet(client.duplicate({ ...settings(timeout), autoResubscribe: false, keyPrefix: "", monitor: false }));
}

/**
 * Commands are sent once or not at all: what waits in a queue, or is sent again on the next connection, would be done when
 * everybody has long been told that it was not. And who is silent for `timeout` is cut off: a machine that is gone, or a
 * Redis that hangs, says nothing of it.
 */
function settings(timeout: number) {
  return {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: toDelay,
    reconnectOnError: null,
    enableAutoPipelining: false,
    connectTimeout: timeout,
    socketTimeout: timeout,
    maxLoadingRetryTime: 500,
    connectionName: "finger",
    disableClientInfo: true,
  };
}

/** Twice as long each time, up to two seconds; a part of it by chance, so that many servers do not come back as one. */
function toDelay(times: number): number {
  const most = Math.min(2 ** Math.min(times, 10) * 50, 2_000);
  return most / 2 + (Math.random() * most) / 2;
}

/**
 * Lets nothing of a connection keep the process alive: who waits for an answer has a timer that does. ioredis has no other
 * way to its timer than this.
 */
function toQuiet(client: Redis): Redis {
  client.on("connect", () => void client.stream?.unref());
  client.on("reconnecting", () => void client["reconnectTimeout"]?.unref?.());
  return client;
}
