import { startBackgroundTimer, type Timer } from "../timer.js";
import { isTold } from "./create-store.js";
import type { StoredStatus } from "./status-store.js";

/** What is known of the statuses of a store. Those that expire leave by themselves. */
export interface KnownStatuses {
  /** Takes what a login has now; `undefined` when it has none. */
  take(login: string, status: StoredStatus | undefined): void;
  /** The status of a login, if anybody is told of it now. */
  get(login: string): StoredStatus | undefined;
  /** All of which anybody is told now, by login. */
  all(): readonly StoredStatus[];
  logins(): Iterable<string>;
  /** Lets no more of them expire. */
  stop(): void;
}

/** @param onChange - Hears whose status has changed, or expired. */
export function createKnownStatuses(onChange: (login: string) => void): KnownStatuses {
  const statuses = new Map<string, StoredStatus>();
  let alarm: Timer | undefined;
  let earliest = Number.POSITIVE_INFINITY;

  const take = (login: string, status: StoredStatus | undefined) => {
    if (status?.expires !== undefined) awaitExpiry(status.expires.getTime());
    if (statuses.get(login)?.rev === status?.rev) return;
    if (status === undefined) statuses.delete(login);
    else statuses.set(login, status);
    onChange(login);
  };

  /** One timer is for the one that expires first. */
  const awaitExpiry = (time: number) => {
    if (time >= earliest) return;
    clearTimeout(alarm);
    earliest = time;
    alarm = startBackgroundTimer(Math.max(0, time - Date.now()), dropExpired);
  };

  const dropExpired = () => {
    earliest = Number.POSITIVE_INFINITY;
    for (const { login, expires } of [...statuses.values()]) {
      const time = expires?.getTime() ?? Number.POSITIVE_INFINITY;
      if (time <= Date.now()) take(login, undefined);
      else awaitExpiry(time);
    }
  };

  return {
    take,
    get(login) {
      const status = statuses.get(login);
      return isTold(status) ? status : undefined;
    },
    all: () => [...statuses.values()].filter(isTold).sort((one, other) => (one.login < other.login ? -1 : 1)),
    logins: () => statuses.keys(),
    stop() {
      clearTimeout(alarm);
      earliest = Number.POSITIVE_INFINITY;
    },
  };
}
