import { type Answer, type LookupContext, type LookupFunction, type LookupProvider, toProvider } from "../provider.js";
import { isUnknown } from "./answer-kinds.js";
import { joinChanges } from "./join-changes.js";
import { joinLists } from "./join-lists.js";
import { canList, canWatch } from "./offers.js";

/**
 * Asks one provider after the other, in order, until one knows the name. One that fails fails the lookup: what comes
 * behind it is not asked, lest a broken source let through what it would have refused.
 *
 * The list, if any of them has one, is all lists in order, a login only where it is listed first; it has to tell of all,
 * so it fails when one fails. Changes are those of all that tell of changes.
 *
 * A user whom an earlier provider hides may be known to a later one: put {@link redact} around the whole.
 *
 * @example
 * ```ts
 * const staff = memoryProvider({ alice: "Happy and well" });
 * const provider = firstOf(staff, (name) => (name === "date" ? new Date().toISOString() : undefined));
 * await createFingerServer({ provider }).respond(parseQuery("alice")); // "Happy and well\n"
 * ```
 */
export function firstOf(...sources: ReadonlyArray<LookupProvider | LookupFunction>): LookupProvider {
  const providers = sources.map(toProvider);
  const listing = providers.filter(canList);
  const watched = providers.filter(canWatch);
  return {
    lookup: (name, context) => lookUpInOrder(providers, name, context),
    ...(listing.length > 0 && { list: (context: LookupContext) => joinLists(listing, context, (earlier) => earlier) }),
    ...(watched.length > 0 && {
      watch: (signal: AbortSignal) =>
        joinChanges(
          watched.map((provider) => (inner: AbortSignal) => provider.watch(inner)),
          signal,
        ),
    }),
  };
}

async function lookUpInOrder(
  providers: readonly LookupProvider[],
  name: string,
  context: LookupContext,
): Promise<Answer | undefined> {
  for (const provider of providers) {
    const answer = await provider.lookup(name, context);
    if (!isUnknown(answer)) return answer;
  }
  return undefined;
}
