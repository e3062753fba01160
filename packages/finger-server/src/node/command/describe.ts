import { parseNetwork } from "../../network.js";
import { parsePlace, parsePort } from "../address.js";
import type {
  AddressDescription,
  ApplicationDescription,
  LogDescription,
  PlaceDescription,
  ProcessDescription,
  SetterDescription,
} from "../application/description.js";
import { toSetterDescription } from "../application/setter-part.js";
import { parseStore } from "../application/store-place.js";
import { parseOctal } from "../octal.js";
import { withoutUndefined } from "../without-undefined.js";
import type { CommandValues } from "./command-line.js";
import { toUsage, UsageError } from "./exit-code.js";
import type { CommandIO } from "./io.js";
import { parseLimits } from "./limit-option.js";

/**
 * What a description says once the options have spoken; what could hold a password may stand in the environment, for
 * everybody can read arguments.
 *
 * @throws `UsageError` for an option that cannot be meant.
 */
export function applyOptions(
  base: ApplicationDescription,
  values: CommandValues,
  env: NonNullable<CommandIO["env"]> = {},
): ApplicationDescription {
  return toUsage(() => {
    assertFull(values);
    const { users, http, irc, metrics } = values;
    const store = values.store ?? (env["FINGER_STORE"] || undefined);
    if (store !== undefined) parseStore(store, () => {});
    if (metrics !== undefined) parsePlace("--metrics", metrics);
    const limits = parseLimits(values.limit ?? []);
    const proxies = values["proxy-protocol"]?.flatMap(toNetworks);
    return withoutUndefined({
      ...base,
      ...withoutUndefined({ users, store, metrics }),
      system: (values.system && (base.system || true)) ?? base.system,
      http: toHttp(base.http, http),
      irc: toIrc(base.irc, irc),
      listen: toListen(base.listen, values, proxies),
      setter: toSetter(toSetterDescription(base), values, proxies),
      limits: hasKeys(limits) ? { ...base.limits, ...limits } : base.limits,
      log: merge(base.log, toLog(values)),
      process: merge(base.process, toProcess(values)),
    });
  });
}

/** @throws `UsageError` for what would mean the working directory, or nothing. */
function assertFull(values: CommandValues): void {
  const empty = Object.entries(values).find(([, value]) => [value].flat().includes(""));
  if (empty !== undefined) throw new UsageError(`--${empty[0]} is empty; say what it is to be, or leave it out`);
}

type Listen = ApplicationDescription["listen"];

/** `--port` and `--host` say where alone: how to talk there stays. */
function toListen(base: Listen, { port, host }: CommandValues, proxies: readonly string[] | undefined): Listen {
  if (port === undefined && host === undefined) return proxies === undefined ? base : withProxies(base ?? 79, proxies);
  const number = port === undefined ? 79 : parsePort("--port", port);
  const [first] = base === undefined ? [] : [base].flat();
  const address = host === undefined ? number : `${host.includes(":") ? `[${host}]` : host}:${number}`;
  const place = typeof first === "object" ? { ...first, address } : address;
  return withProxies(place, proxies);
}

function toSetter(
  base: SetterDescription | undefined,
  { setter, tokens }: CommandValues,
  proxies: readonly string[] | undefined,
): SetterDescription | undefined {
  if (setter !== undefined) parsePlace("--setter", setter);
  const listen = setter ?? base?.listen;
  if (listen === undefined) {
    if (tokens !== undefined) throw new UsageError("--tokens is for --setter; give its address");
    return undefined;
  }
  return { ...base, ...withoutUndefined({ tokens }), listen: withProxies(listen, proxies) };
}

/** `--http` says where alone: all else of the pages stays. */
function toHttp(base: ApplicationDescription["http"], http: string | undefined): ApplicationDescription["http"] {
  if (http === undefined) return base;
  parsePlace("--http", http);
  if (typeof base !== "object") return http;
  if ("address" in base) return { ...base, address: http };
  return { ...base, listen: typeof base.listen === "object" ? { ...base.listen, address: http } : http };
}

/** So does `--irc` of the bot. */
function toIrc(base: ApplicationDescription["irc"], irc: string | undefined): ApplicationDescription["irc"] {
  return irc !== undefined && typeof base === "object" ? { ...base, url: irc } : (irc ?? base);
}

/** A Unix socket is for this machine, and no proxy stands before it. */
function withProxies(given: NonNullable<Listen>, proxyProtocol: readonly string[] | undefined): NonNullable<Listen> {
  if (proxyProtocol === undefined) return given;
  return [given].flat().map((address: AddressDescription) => {
    const place: PlaceDescription = typeof address === "object" ? address : { address };
    return String(place.address).includes("/") ? address : { ...place, proxyProtocol };
  });
}

/** One network, or several with commas between them. */
function toNetworks(text: string): string[] {
  const networks = text.split(",").map((network) => network.trim());
  for (const network of networks) parseNetwork(network);
  return networks;
}

function toLog(values: CommandValues): LogDescription {
  const { audit, debug } = values;
  return {
    level: debug === true ? "debug" : toWord("--log-level", values["log-level"], ["debug", "info", "warn", "error"]),
    format: toWord("--log-format", values["log-format"], ["human", "json"]),
    audit,
  };
}

function toProcess({ user, group, umask, directory, pidfile, logfile, workers }: CommandValues): ProcessDescription {
  if (umask !== undefined) parseOctal("--umask", umask);
  const count = workers === undefined ? undefined : parseWorkers(workers);
  return { user, group, umask, directory, pidfile, logfile, workers: count };
}

function parseWorkers(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new UsageError(`--workers ${JSON.stringify(text)} is no number of processes; give one from 1 to 999`);
}

function toWord<Word extends string>(
  option: string,
  text: string | undefined,
  words: readonly Word[],
): Word | undefined {
  const word = words.find((one) => one === text);
  if (text === undefined || word !== undefined) return word;
  throw new UsageError(`${option} must be ${words.join(" or ")}, but is ${JSON.stringify(text)}`);
}

function merge<T extends object>(base: T | undefined, given: T): T | undefined {
  const said = withoutUndefined(given);
  return hasKeys(said) ? { ...base, ...said } : base;
}

function hasKeys(record: object): boolean {
  return Object.keys(record).length > 0;
}
