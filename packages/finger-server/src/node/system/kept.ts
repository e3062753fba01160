import type { PlaceTrouble } from "../../trouble.js";

/**
 * For how long something is kept, in milliseconds, from the end of the look that gave it: what is given may be older by as long
 * as the look took, as one that takes longer than all this is to be of use, too.
 */
export interface KeepRules {
  /** For so long it is given without another look. */
  readonly fresh: number;
  /** For so much longer it is given while another look is taken, and when that fails. */
  readonly stale: number;
  /** Milliseconds of a clock that does not go back. */
  readonly now: () => number;
}

/**
 * Keeps what is costly to look at. Those who ask at the same time share one look; after one that failed there is no other
 * before its time. Never rejects.
 *
 * @param otherwise - What is given when there is nothing, or what there was is too old.
 */
export function createKept<T>(
  look: () => Promise<T>,
  otherwise: T,
  { fresh, stale, now }: KeepRules,
  told: PlaceTrouble,
): () => Promise<T> {
  let kept: { readonly value: T; readonly at: number } | undefined;
  let tried = Number.NEGATIVE_INFINITY;
  let running: Promise<T> | undefined;
  const isGood = () => kept !== undefined && now() - kept.at < fresh + stale;
  const give = () => (kept !== undefined && isGood() ? kept.value : otherwise);
  const attempt = async () => {
    try {
      const value = await look();
      kept = { value, at: now() };
      told.end();
      return value;
    } catch (error) {
      told.begin(error);
      return give();
    } finally {
      tried = now();
      running = undefined;
    }
  };
  return async () => {
    if (running === undefined && now() - tried >= fresh) running = attempt();
    return isGood() ? give() : (running ?? give());
  };
}
