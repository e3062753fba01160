/** Does work for one and the same one after the other. */
export type Turns<Who> = <T>(who: Who, work: () => Promise<T>) => Promise<T>;

/** Makes turns that nobody has taken. Who has none any more is forgotten. */
export function createTurns<Who>(): Turns<Who> {
  const last = new Map<Who, Promise<unknown>>();
  return async (who, work) => {
    const before = last.get(who);
    const turn = before === undefined ? work() : before.then(work);
    const ended = turn.then(
      () => {},
      () => {},
    );
    last.set(who, ended);
    try {
      return await turn;
    } finally {
      if (last.get(who) === ended) last.delete(who);
    }
  };
}
