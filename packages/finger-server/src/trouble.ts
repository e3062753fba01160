/** Tells of trouble once, until it is over. */
export interface Trouble {
  /** Something failed: it is told, unless something has failed already. */
  begin(error: unknown): void;
  /** It works. */
  end(): void;
}

/** Makes one that is told to `onError`: what fails again and again would fill a log with one thing. */
export function createTrouble(onError: (error: unknown) => void): Trouble {
  let isTold = false;
  return {
    begin(error) {
      if (!isTold) onError(error);
      isTold = true;
    },
    end() {
      isTold = false;
    },
  };
}
