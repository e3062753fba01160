import {
  type LookupContext,
  type LookupFunction,
  type LookupProvider,
  toProvider,
  type UserChange,
} from "../provider.js";
import { toLoginKey } from "../users/login.js";
import { joinChanges, type Watch } from "./join-changes.js";
import { canList, canWatch } from "./offers.js";

/** How {@link route} reads names. */
export interface RouteOptions {
  /** What stands between the name of a route and the name to ask it for. @default ":" */
  readonly separator?: string | undefined;
}

/**
 * Gives names to providers: `weather:oslo` asks the route `weather` for `oslo`, and `weather` alone asks it for the empty
 * name. The first separator counts, and a name is that of a route to the letter. A name without a route goes, as a whole,
 * to `otherwise`, and is unknown when there is none; what a route does not know is unknown.
 *
 * The list is that of `otherwise`. Changes are those of all, with the name of their route before them.
 *
 * @param routes - The providers by name; only the object's own keys count.
 * @throws `RangeError` when the separator is empty, or a route has it in its name and so could never be asked.
 *
 * @example
 * ```ts
 * const weather = (city: string) => (city === "oslo" ? "Snow, -4 C" : undefined);
 * const provider = route({ weather }, memoryProvider({ alice: "Happy and well" }));
 * await createFingerServer({ provider }).respond(parseQuery("weather:oslo")); // "Snow, -4 C\n"
 * ```
 */
export function route(
  routes: Readonly<Record<string, LookupProvider | LookupFunction>>,
  otherwise: LookupProvider | LookupFunction = () => undefined,
  { separator = ":" }: RouteOptions = {},
): LookupProvider {
  const byName = readRoutes(routes, separator);
  const rest = toProvider(otherwise);
  const watches = toWatches(byName, rest, separator);
  return {
    lookup: async (name, context) => {
      const end = name.indexOf(separator);
      const chosen = byName.get(end === -1 ? name : name.slice(0, end));
      if (chosen === undefined) return rest.lookup(name, context);
      return chosen.lookup(end === -1 ? "" : name.slice(end + separator.length), context);
    },
    ...(canList(rest) && { list: (context: LookupContext) => rest.list(context) }),
    ...(watches.length > 0 && { watch: (signal: AbortSignal) => joinChanges(watches, signal) }),
  };
}

function readRoutes(
  routes: Readonly<Record<string, LookupProvider | LookupFunction>>,
  separator: string,
): ReadonlyMap<string, LookupProvider> {
  if (separator === "")
    throw new RangeError("The option separator must be a text of one character or more, but is empty.");
  const byName = new Map(Object.entries(routes).map(([name, source]) => [toLoginKey(name), toProvider(source)]));
  const lost = [...byName.keys()].find((name) => name.includes(separator));
  if (lost === undefined) return byName;
  const names = `${JSON.stringify(lost)} has the separator ${JSON.stringify(separator)} in its name`;
  throw new RangeError(`The route ${names}, so nobody could ask it; call it otherwise, or choose another separator.`);
}

function toWatches(
  byName: ReadonlyMap<string, LookupProvider>,
  rest: LookupProvider,
  separator: string,
): ReadonlyArray<Watch<UserChange>> {
  const watches: Array<Watch<UserChange>> = canWatch(rest) ? [(signal) => rest.watch(signal)] : [];
  for (const [name, provider] of byName) {
    if (canWatch(provider)) watches.push((signal) => prefix(provider.watch(signal), name, separator));
  }
  return watches;
}

async function* prefix(
  changes: AsyncIterable<UserChange>,
  name: string,
  separator: string,
): AsyncGenerator<UserChange> {
  for await (const { login } of changes) {
    yield { login: login === "" ? name : login && `${name}${separator}${login}` };
  }
}
