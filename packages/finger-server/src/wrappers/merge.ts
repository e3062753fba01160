import type { FingerUser } from "finger-protocol";
import { type Answer, type LookupContext, type LookupFunction, type LookupProvider, toProvider } from "../provider.js";
import { closeAnswer, isRecord, isUnknown } from "./answer-kinds.js";
import { joinChanges } from "./join-changes.js";
import { joinLists } from "./join-lists.js";
import { canList, canWatch } from "./offers.js";

/**
 * Puts together what several providers know of one user. All are asked at once, and the first of them, in order, that
 * knows the name decides:
 * - When its answer is a record, the records of the later ones add the fields that it leaves out: the account from one, the
 *   status from another. A `null` is known and stays. `status` and `statusAt` stay together, and `plan` and
 *   `planAt`, so that none gets the date of another. Later answers that are no record are left out.
 * - When its answer is a text, a stream or several records, that is the answer.
 *
 * Lists are joined likewise, by login. Rejects with the error of the first that fails.
 *
 * @example
 * ```ts
 * const accounts = memoryProvider({ alice: { name: "Alice Adams" } });
 * const statuses = memoryProvider({ alice: "Happy and well" });
 * const context = { verbose: false, peer: { address: undefined, port: undefined }, signal: new AbortController().signal };
 * await merge(statuses, accounts).lookup("alice", context);
 * // { login: "alice", name: "Alice Adams", status: "Happy and well" }
 * ```
 */
export function merge(...sources: ReadonlyArray<LookupProvider | LookupFunction>): LookupProvider {
  const providers = sources.map(toProvider);
  const listing = providers.filter(canList);
  const watched = providers.filter(canWatch);
  return {
    lookup: async (name, context) => {
      const lookups = await Promise.allSettled(providers.map(async (provider) => provider.lookup(name, context)));
      return joinAnswers(lookups);
    },
    ...(listing.length > 0 && { list: (context: LookupContext) => joinLists(listing, context, joinRecords) }),
    ...(watched.length > 0 && {
      watch: (signal: AbortSignal) =>
        joinChanges(
          watched.map((provider) => (inner: AbortSignal) => provider.watch(inner)),
          signal,
        ),
    }),
  };
}

async function joinAnswers(
  lookups: ReadonlyArray<PromiseSettledResult<Answer | undefined>>,
): Promise<Answer | undefined> {
  const known = lookups
    .map((lookup) => (lookup.status === "fulfilled" ? lookup.value : undefined))
    .filter((answer) => !isUnknown(answer));
  const failed = lookups.find((lookup) => lookup.status === "rejected");
  const [first] = known;
  const answer = failed !== undefined || !isRecord(first) ? first : known.filter(isRecord).reduce(joinRecords);
  const unread = failed === undefined ? known.filter((other) => other !== first) : known;
  await Promise.all(unread.map(closeAnswer));
  if (failed !== undefined) throw failed.reason;
  return answer;
}

/** A field of the earlier record counts before that of the later one. */
function joinRecords(earlier: FingerUser, later: FingerUser): FingerUser {
  // Made of entries, for an assignment to a field called __proto__ would be none.
  const known = Object.fromEntries(Object.entries(earlier).filter(([, value]) => value !== undefined));
  const { statusAt: _, planAt: __, ...joined }: FingerUser = { ...later, ...known };
  const statusAt = findDate(earlier, later, "status", "statusAt");
  const planAt = findDate(earlier, later, "plan", "planAt");
  return { ...joined, ...(statusAt !== undefined && { statusAt }), ...(planAt !== undefined && { planAt }) };
}

/** The date that goes with the text that is told: that of the same record. */
function findDate(
  earlier: FingerUser,
  later: FingerUser,
  text: "status" | "plan",
  at: "statusAt" | "planAt",
): Date | undefined {
  const isEarlier = earlier[text] !== undefined || (later[text] === undefined && earlier[at] !== undefined);
  return (isEarlier ? earlier : later)[at];
}
