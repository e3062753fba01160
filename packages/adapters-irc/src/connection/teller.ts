/** Tells each trouble once while it lasts: a network that is away for a night is no news every five minutes. */
export interface Teller {
  readonly tell: (error: unknown) => void;
  /** Things have gone well: what goes wrong from now on is news again. */
  forget(): void;
}

export function createTeller(onError: (error: unknown) => void): Teller {
  const told = new Set<string>();
  return {
    tell(error) {
      const what = error instanceof Error ? error.message : String(error);
      if (told.has(what)) return;
      if (told.size >= MOST) told.clear();
      told.add(what);
      onError(error);
    },
    forget: () => told.clear(),
  };
}

/** A server could put anything into what it says. */
const MOST = 100;
