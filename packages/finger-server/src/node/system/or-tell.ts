import type { PlaceTrouble } from "../../trouble.js";

/** Does what may fail at a place; when it does, that is told, and nothing is given. */
export async function orTell<T>(trouble: PlaceTrouble, work: () => Promise<T>): Promise<T | undefined> {
  try {
    const value = await work();
    trouble.end();
    return value;
  } catch (error) {
    trouble.begin(error);
    return undefined;
  }
}
