import { isAbsolute, resolve } from "node:path";
import type {
  AddressDescription,
  ApplicationDescription,
  HttpDescription,
  IrcAccountDescription,
  IrcDescription,
  PlaceDescription,
  PluginDescription,
  ProcessDescription,
  ProgramsDescription,
  SetterDescription,
  SystemDescription,
} from "../application/description.js";

/**
 * Makes the paths of a description absolute: they are from a folder. What is absolute already stays, and so do names of
 * packages, and URLs. What a plug-in is given stays as it is.
 *
 * @example resolvePaths({ users: "users", store: "file:statuses" }, "/etc/finger")
 * // { users: "/etc/finger/users", store: "file:/etc/finger/statuses" }
 */
export function resolvePaths(description: ApplicationDescription, folder: string): ApplicationDescription {
  const path = (text: string) => (isAbsolute(text) ? text : resolve(folder, text));
  const address = <T extends number | string>(given: T) => resolveSocket(given, path);
  const places = (given: AddressDescription | readonly AddressDescription[]) =>
    Array.isArray(given) ? given.map((one: AddressDescription) => place(one)) : place(given as AddressDescription);
  const place = (given: AddressDescription): AddressDescription =>
    typeof given === "object" ? resolvePlace(given, path) : address(given);
  const setter = (given: NonNullable<ApplicationDescription["setter"]>) =>
    typeof given === "object" && "listen" in given
      ? change<SetterDescription>(given, { listen: places, tokens: path })
      : place(given);
  const http = (given: NonNullable<ApplicationDescription["http"]>) =>
    typeof given === "object" && !("address" in given)
      ? change<HttpDescription>(given, { listen: place })
      : place(given);
  const irc = (given: NonNullable<ApplicationDescription["irc"]>) =>
    typeof given === "object" ? change<IrcDescription>(given, { account: (one) => resolveAccount(one, path) }) : given;
  return change<ApplicationDescription>(description, {
    users: path,
    store: (url) => resolveStore(url, path),
    aliases: (given) => (typeof given === "string" ? path(given) : given),
    listen: places,
    setter,
    metrics: address,
    http,
    irc,
    system: (given) => (typeof given === "object" ? resolveSystem(given, path) : given),
    plugins: (given) =>
      mapValues(given, (plugin) => change<PluginDescription>(plugin, { module: (text) => resolveModule(text, path) })),
    process: (given) => change<ProcessDescription>(given, { directory: path, pidfile: path, logfile: path }),
  });
}

type ToPath = (text: string) => string;

/** How the keys of a record change; those that are not there stay away. */
type Changes<T> = { readonly [Name in keyof T]?: (value: NonNullable<T[Name]>) => T[Name] };

function change<T extends object>(record: T, changes: Changes<T>): T {
  const entries = Object.entries(record).map(([name, value]) => {
    const toChanged = changes[name as keyof T] as ((value: unknown) => unknown) | undefined;
    return [name, toChanged === undefined || value === undefined ? value : toChanged(value)];
  });
  return Object.fromEntries(entries) as T;
}

function mapValues<T>(record: Readonly<Record<string, T>>, map: (value: T) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

function resolvePlace(place: PlaceDescription, path: ToPath): PlaceDescription {
  return change<PlaceDescription>(place, {
    address: (given) => resolveSocket(given, path),
    tls: (given) => change(given, { key: path, cert: path }),
  });
}

function resolveAccount(account: IrcAccountDescription, path: ToPath): IrcAccountDescription {
  return change<IrcAccountDescription>(account, {
    passwordFile: path,
    certificate: (given) => change(given, { key: path, cert: path }),
  });
}

function resolveSystem(system: SystemDescription, path: ToPath): SystemDescription {
  return change<SystemDescription>(system, {
    programs: (given) => change<ProgramsDescription>(given, { folder: path }),
  });
}

/** An address with a slash is the path of a Unix socket. */
function resolveSocket(address: number | string, path: ToPath): number | string {
  return typeof address === "string" && address.includes("/") ? path(address) : address;
}

function resolveStore(url: string, path: ToPath): string {
  return url.startsWith("file:") && !url.startsWith("file://") ? `file:${path(url.slice("file:".length))}` : url;
}

function resolveModule(module: string, path: ToPath): string {
  return module.startsWith(".") ? path(module) : module;
}
