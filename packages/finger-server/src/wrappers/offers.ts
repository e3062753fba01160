import type { LookupProvider } from "../provider.js";

/** A provider that gives lists. */
export type ListingProvider = LookupProvider & Required<Pick<LookupProvider, "list">>;

/** A provider that tells of changes. */
export type WatchedProvider = LookupProvider & Required<Pick<LookupProvider, "watch">>;

/** Whether a provider gives lists. */
export function canList(provider: LookupProvider): provider is ListingProvider {
  return provider.list !== undefined;
}

/** Whether a provider tells of changes. */
export function canWatch(provider: LookupProvider): provider is WatchedProvider {
  return provider.watch !== undefined;
}
