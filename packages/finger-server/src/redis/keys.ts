/** Where things are in Redis. */
export interface Keys {
  /** A hash: the latest status of each login. */
  readonly statuses: string;
  /** How many changes there were. */
  readonly changes: string;
  /** A list: the statuses of a login, the latest first. */
  history(login: string): string;
  /** Is there for some time when a change has been done, so that it is not done twice. */
  done(change: string): string;
}

/** The keys that begin with `prefix`. */
export function toKeys(prefix: string): Keys {
  return {
    statuses: `${prefix}statuses`,
    changes: `${prefix}changes`,
    history: (login) => `${prefix}history:${login}`,
    done: (change) => `${prefix}done:${change}`,
  };
}
