import { type LookupContext, type LookupFunction, type LookupProvider, toProvider } from "../provider.js";
import { toLoginKey } from "../users/login.js";
import { canList, canWatch } from "./offers.js";

/** Other names: each leads to a user, to another alias, or to a provider of its own. */
export type AliasTable = Readonly<Record<string, string | LookupProvider | LookupFunction>>;

/** Where an alias leads in the end. */
interface Target {
  readonly provider: LookupProvider;
  readonly name: string;
}

/**
 * Answers to other names: the answer for an alias is that of its target, with the target's login. An alias counts before a
 * user of the same name, and may lead to another alias. The list and the changes stay the provider's.
 *
 * A table value that is a provider or a function is asked for its alias. That is how to serve what finger.conf(5) can say
 * and this does not do by itself: an absolute path, for the text of that file.
 *
 * @param table - The targets by alias, such as {@link parseAliases} reads; only the object's own keys count.
 * @throws `RangeError` when aliases lead in a circle, which it names, or one leads to an absolute path.
 *
 * @example
 * ```ts
 * const users = memoryProvider({ alice: "Happy and well" });
 * const provider = alias(users, { root: "admin", admin: "alice", motd: () => "Maintenance at noon." });
 * await createFingerServer({ provider }).respond(parseQuery("root")); // "Happy and well\n"
 * ```
 */
export function alias(source: LookupProvider | LookupFunction, table: AliasTable): LookupProvider {
  const provider = toProvider(source);
  const targets = resolveAliases(table, provider);
  return {
    lookup: async (name, context) => {
      const target = targets.get(name);
      return target === undefined ? provider.lookup(name, context) : target.provider.lookup(target.name, context);
    },
    ...(canList(provider) && { list: (context: LookupContext) => provider.list(context) }),
    ...(canWatch(provider) && { watch: (signal: AbortSignal) => provider.watch(signal) }),
  };
}

function resolveAliases(table: AliasTable, provider: LookupProvider): ReadonlyMap<string, Target> {
  const entries = new Map(Object.entries(table).map(([name, target]) => [toLoginKey(name), target]));
  const follow = (name: string): Target => {
    const way = new Set<string>();
    for (let at = name; ; ) {
      if (way.has(at)) throw new RangeError(`The aliases lead in a circle: ${toCircle(way, at)}.`);
      const target = entries.get(at);
      if (target === undefined) return { provider, name: at };
      if (typeof target !== "string") return { provider: toProvider(target), name: at };
      if (target.startsWith("/")) throw leadsToPath(at, target);
      way.add(at);
      at = toLoginKey(target);
    }
  };
  return new Map([...entries.keys()].map((name) => [name, follow(name)]));
}

/** What was passed before the circle began is not shown. */
function toCircle(way: ReadonlySet<string>, at: string): string {
  const passed = [...way];
  return [...passed.slice(passed.indexOf(at)), at].map((name) => JSON.stringify(name)).join(" -> ");
}

function leadsToPath(name: string, path: string): RangeError {
  const what = `The alias ${JSON.stringify(name)} leads to the file ${JSON.stringify(path)}, and no file is read here`;
  return new RangeError(`${what}; put a function in its place that resolves to the file's text.`);
}
