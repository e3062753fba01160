import { readFile } from "node:fs/promises";
import type { LookupFunction, LookupProvider } from "../../provider.js";
import type { ListFunction } from "../../server/answer.js";
import type { Service } from "../../service/service.js";
import type { StatusStore } from "../../store/status-store.js";
import { storeProvider } from "../../store/store-provider.js";
import { alias } from "../../wrappers/alias.js";
import { cached } from "../../wrappers/cached.js";
import type { DisclosureRule } from "../../wrappers/disclosure.js";
import { firstOf } from "../../wrappers/first-of.js";
import { parseAliases } from "../../wrappers/parse-aliases.js";
import { redact } from "../../wrappers/redact.js";
import { route } from "../../wrappers/route.js";
import { commandProvider } from "../command-provider.js";
import { fileProvider } from "../file-provider/file-provider.js";
import { type SystemProvider, systemProvider } from "../system/system-provider.js";
import { webProvider } from "../web-provider.js";
import type { ApplicationDescription, RouteDescription } from "./description.js";
import type { Part, Parts } from "./parts.js";
import { parseStore } from "./store-place.js";

/** Who there is, and what they say. */
export interface People {
  /** What runs for that, in order. */
  readonly services: readonly Service[];
  /** `undefined` when neither a users file nor a store is described, nor the accounts of the machine. */
  readonly provider: LookupProvider | undefined;
  /** Who there is, where a users file tells, or the machine. */
  readonly accounts: LookupProvider | undefined;
  readonly store: StatusStore | undefined;
  /** Prints a list in place of the records, where a program does. */
  readonly printList: ListFunction | undefined;
  /** Reads the users file and the accounts again. */
  refresh(): Promise<void>;
}

/** Makes, or keeps, the users file and the store of a description. */
export async function takePeople(
  { users, system, store: url, show }: ApplicationDescription,
  parts: Parts,
  onError: (error: unknown) => void,
): Promise<People> {
  const file = await ifSaid(users, (path) =>
    parts.take("users", path, () => toPart("users", fileProvider(path, { onError }))),
  );
  const machine = await ifSaid(system || undefined, (which) =>
    parts.take("system", which, () => {
      return toPart("system", systemProvider({ ...(which === true ? {} : which), onError }));
    }),
  );
  // Who is in the file comes before who has an account.
  const accounts =
    file && machine ? firstOf(file.value, machine.value.accounts) : (file?.value ?? machine?.value.accounts);
  const store = await ifSaid(url, (place) =>
    parts.take("store", place, () => openStore("store", parseStore(place, onError).openStatuses())),
  );
  const statuses = await ifSaid(store, ({ value }) =>
    parts.take("statuses", [url, users, system], () => toPart("statuses", storeProvider(value, { accounts, onError }))),
  );
  const records = statuses?.value ?? accounts;
  return {
    services: [file, machine, store, statuses].filter((part) => part !== undefined).map(({ service }) => service),
    provider: records && restrict(records, show, machine?.value),
    accounts,
    store: store?.value,
    printList: machine?.value.printList,
    async refresh() {
      await file?.value.reload();
      await machine?.value.reload();
    },
  };
}

/**
 * Shows what may be shown. No program is run of whom nothing is, and what a user's program prints is shown where texts are; the
 * program of nobody tells of nobody.
 */
function restrict(
  records: LookupProvider,
  rules: readonly DisclosureRule[] | undefined,
  machine: SystemProvider | undefined,
): LookupProvider {
  const show = (provider: LookupProvider) => (rules ? redact(provider, rules) : provider);
  const shown = show(records);
  return machine ? machine.overNobody(show(machine.overUsers(shown))) : shown;
}

/** Puts what else is asked behind the people, and other names before them; or keeps what did so. */
export async function takeProvider(
  { users, system, store, show, routes, aliases, plugins }: ApplicationDescription,
  parts: Parts,
  people: LookupProvider | undefined,
  plugged: readonly LookupProvider[],
): Promise<LookupProvider> {
  const table = await ifSaid(aliases, readAliases);
  return parts.take("provider", [users, system, store, show, routes, table, plugins], () => {
    const all = firstOf(...(people === undefined ? [] : [people]), ...plugged);
    const routed = routes === undefined ? all : route(mapValues(routes, toRoute), all);
    return table === undefined ? routed : alias(routed, mapValues(table, toTarget));
  });
}

async function readAliases(
  aliases: NonNullable<ApplicationDescription["aliases"]>,
): Promise<Readonly<Record<string, string>>> {
  return typeof aliases === "string" ? parseAliases(await readFile(aliases, "utf8"), aliases) : aliases;
}

/** A path stands for the text of that file, as in finger.conf(5). */
function toTarget(target: string): string | LookupFunction {
  return target.startsWith("/") ? () => readFile(target, "utf8") : target;
}

function toRoute(description: RouteDescription): LookupProvider {
  if ("program" in description) return commandProvider(description.program);
  return cached(webProvider(description.page), { ttl: PAGE_TTL });
}

/** How long a page is told again without asking for it, in milliseconds. */
const PAGE_TTL = 60_000;

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

async function ifSaid<Said, T>(said: Said | undefined, take: (said: Said) => Promise<T>): Promise<T | undefined> {
  return said === undefined ? undefined : take(said);
}

/** What follows a file, or a store, by itself. */
interface Follower {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What follows something by itself: one that has failed to start must not go on. */
function toPart<T extends Follower>(name: string, value: T): Part<T> {
  const start = async () => {
    try {
      await value.start();
    } catch (error) {
      await value.stop();
      throw error;
    }
  };
  return { value, service: { name, start, stop: () => value.stop() } };
}

/** A store is opened by its first use, and closed at the end. */
export async function openStore(name: string, opening: Promise<StatusStore>): Promise<Part<StatusStore>> {
  const store = await opening;
  const stop = async () => {
    await store[Symbol.asyncDispose]();
  };
  return { value: store, service: { name, start: async () => {}, stop }, discard: stop };
}
