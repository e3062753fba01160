import type { FingerLogin } from "finger-protocol";

/** Last logins, of all who have one on record. */
export interface LastByLogin {
  readonly logins: ReadonlyMap<string, FingerLogin>;
  /** Whether who is not among them never logged in: a log begins somewhere, and may have begun anew since. */
  readonly isComplete: boolean;
}

/** Finds the last login of somebody; `null` when there is none on record, `undefined` when nobody knows. */
export type FindLast = (login: string) => Promise<FingerLogin | null | undefined>;

/** Makes what finds it in what is read, which is nothing where there is no record. */
export function toFindLast(read: () => Promise<LastByLogin | undefined>): FindLast {
  return async (login) => {
    const last = await read();
    return last?.logins.get(login) ?? (last?.isComplete ? null : undefined);
  };
}
