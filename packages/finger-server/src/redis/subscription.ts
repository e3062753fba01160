import type { Redis } from "ioredis";
import type { StatusNotice } from "../store/status-store.js";
import type { Trouble } from "../trouble.js";
import { within } from "../within.js";
import { isRefusal } from "./failure.js";

/** What is subscribed to, and who is told. */
export interface SubscriptionSettings {
  /** A connection of its own, which has not connected yet. */
  readonly client: Redis;
  readonly channel: string;
  /** How often the count of changes is compared with the notices, in milliseconds. */
  readonly pollInterval: number;
  /** Reads how many changes there were. */
  readonly count: () => Promise<number>;
  readonly tell: (notice: StatusNotice) => void;
  readonly trouble: Trouble;
}

/** A subscription that lasts until it is ended. */
export interface Subscription {
  end(): void;
}

/** A notice as it is published: every change has a number, one more than the last. */
interface Numbered {
  readonly login: string;
  readonly rev: string | undefined;
  readonly seq: number;
}

/**
 * Subscribes to the notices of changes, again after each break, and tells of them. Notices get lost: while there is no
 * connection, or one that is dead and does not show it. Whenever some may have been, it tells that anybody may have changed.
 */
export function subscribe({ client, channel, pollInterval, count, tell, trouble }: SubscriptionSettings): Subscription {
  /** The number of the last change told of; `undefined` when that is not known. */
  let seen: number | undefined;
  let isSubscribed = false;
  let isEnded = false;
  let timer: NodeJS.Timeout;

  const restart = (number: number | undefined) => {
    seen = number;
    tell({ login: undefined });
  };

  client.on("ready", () => {
    client.subscribe(channel).then(
      () => {
        isSubscribed = true;
        trouble.end("subscription");
        restart(undefined); // what changed before is not told by notices
      },
      (error) => {
        // A connection that broke is an event, too.
        if (!isEnded && isRefusal(error)) trouble.begin("subscription", error);
      },
    );
  });
  client.on("close", () => {
    isSubscribed = false;
  });
  client.on("error", (error) => {
    if (!isEnded) trouble.begin("subscription", error);
  });
  client.on("message", (_channel, text) => {
    const notice = parseNotice(text);
    if (notice === undefined) return restart(undefined);
    if (seen !== undefined && notice.seq !== seen + 1) return restart(notice.seq);
    seen = notice.seq;
    tell({ login: notice.login, rev: notice.rev });
  });

  /** What was published before Redis answers to a ping has arrived before the answer. */
  const hasCaughtUp = async () => {
    if (!isSubscribed) return false;
    const pong = within(pollInterval, undefined, () => client.ping());
    return pong.then(
      () => isSubscribed,
      () => false,
    );
  };

  async function look(): Promise<void> {
    const before = seen;
    const changes = await count();
    const isSure = await hasCaughtUp();
    if (isEnded) return;
    if (seen === undefined && isSure) seen = changes;
    // It counts backwards when Redis came back with less than it had.
    else if (seen === undefined || seen < changes || (before !== undefined && changes < before)) restart(changes);
  }

  async function poll(): Promise<void> {
    try {
      await look();
      trouble.end("poll");
    } catch (error) {
      if (!isEnded) trouble.begin("poll", error);
    }
    if (isEnded) return;
    if (client.status === "end") connect();
    timer = setTimeout(poll, pollInterval).unref();
  }

  // Why it does not connect is an event, too.
  const connect = () => void client.connect().catch(() => undefined);
  connect();
  timer = setTimeout(poll, pollInterval).unref();
  return {
    end() {
      isEnded = true;
      clearTimeout(timer);
      client.disconnect();
      client.stream?.destroy();
      for (const place of ["subscription", "poll"]) trouble.end(place);
    },
  };
}

/** Anybody may publish there; what is no notice of ours is taken for one that cannot be read. */
function parseNotice(text: string): Numbered | undefined {
  try {
    const { login, rev, seq } = JSON.parse(text);
    const isOurs =
      typeof login === "string" && Number.isSafeInteger(seq) && (rev === undefined || typeof rev === "string");
    return isOurs ? { login, rev, seq } : undefined;
  } catch {
    return undefined;
  }
}
