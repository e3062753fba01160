import type { Service } from "../../service/service.js";

/** What runs, and what it is for others. */
export interface Part<T> {
  readonly service: Service;
  readonly value: T;
  /** Closes what is open before the service is started. @default nothing is */
  readonly discard?: () => Promise<void>;
}

/** The parts of an application, of which those that are described as before are kept when it is built anew. */
export interface Parts {
  /**
   * The part of that name: the one there was when it was described alike, or else another.
   *
   * @param name - No two parts have the same.
   * @param description - Plain data that tells all that the part is made of.
   */
  take<T>(name: string, description: unknown, make: () => T | Promise<T>): Promise<T>;
  /** Whether there was a part of that name which was described in another way. */
  isOther(name: string, description: unknown): boolean;
  /** Closes what was made anew, which is not wanted after all: some of it is open before it is started. */
  discard(onError: (error: unknown) => void): Promise<void>;
}

/** What is kept of a part, to be found again. */
interface Kept {
  readonly key: string;
  readonly part: unknown;
}

const KEPT = new WeakMap<Parts, ReadonlyMap<string, Kept>>();

/** @param before - The parts there are. */
export function createParts(before?: Parts): Parts {
  const known = (before && KEPT.get(before)) ?? new Map<string, Kept>();
  const taken = new Map<string, Kept>();
  const made: unknown[] = [];
  const parts: Parts = {
    async take<T>(name: string, description: unknown, make: () => T | Promise<T>) {
      const key = toKey(description);
      const old = known.get(name);
      const kept = old?.key === key ? old : { key, part: await make() };
      if (kept !== old) made.push(kept.part);
      taken.set(name, kept);
      return kept.part as T;
    },
    async discard(onError) {
      for (const part of made.splice(0).reverse()) {
        await (Object(part) as Partial<Part<unknown>>).discard?.().catch(onError);
      }
    },
    isOther: (name, description) => known.has(name) && known.get(name)?.key !== toKey(description),
  };
  KEPT.set(parts, taken);
  return parts;
}

function toKey(description: unknown): string {
  return JSON.stringify(description) ?? "";
}
