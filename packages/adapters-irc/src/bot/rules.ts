import type { LookupProvider } from "finger-server";
import { toSafe, warn } from "../connection/to-safe.js";
import type { BotLimits, FingerBotOptions, IrcSetting } from "../options.js";
import { REAL_NAME } from "../real-name.js";

/** What decides what a bot says: the options, with their defaults. */
export interface BotRules {
  readonly provider: LookupProvider;
  /** Who answers names with an `@`; nobody, and forwarding is refused, when there is none. */
  readonly forward: LookupProvider | undefined;
  readonly list: boolean;
  readonly announce: NonNullable<FingerBotOptions["announce"]> | undefined;
  readonly setting: IrcSetting | undefined;
  readonly host: string | undefined;
  readonly realName: string;
  readonly limits: ResolvedLimits;
  readonly onError: (error: unknown) => void;
}

/** All limits; what is off is `Infinity`. */
type ResolvedLimits = { readonly [Name in keyof BotLimits]-?: number };

const DEFAULT_LIMITS: ResolvedLimits = { lines: 6, perAsker: 30, perChannel: 60, lookupTime: 10_000, waiting: 100 };

/** @throws `RangeError` when a limit is neither a positive whole number nor `false`, or is not known. */
function resolveLimits(given: BotLimits = {}): ResolvedLimits {
  const names = Object.keys(DEFAULT_LIMITS) as Array<keyof BotLimits>;
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(DEFAULT_LIMITS, name));
  if (unknown !== undefined) throw new RangeError(`There is no limit ${unknown}; the limits are ${names.join(", ")}.`);
  const entries = names.map((name) => [name, resolveLimit(name, given[name] ?? DEFAULT_LIMITS[name])]);
  return Object.fromEntries(entries) as ResolvedLimits;
}

function resolveLimit(name: string, value: number | false): number {
  if (value === false || value === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  if (Number.isSafeInteger(value) && value >= 1) return value;
  const what = `The limit ${name} must be a positive whole number, or false for none`;
  throw new RangeError(`${what}, but is ${String(value)}.`);
}

/** @throws `TypeError` or `RangeError` for an option that is wrong. */
export function resolveRules(options: FingerBotOptions): BotRules {
  const { provider, forward, list = true, announce, setting, host, onError, logger } = options;
  assertProvider("provider", provider);
  if (forward !== undefined) assertProvider("forward", forward);
  assertKind("list", list, "boolean");
  for (const [name, value, kind] of [
    ["host", host, "string"],
    ["onError", onError, "function"],
  ] as const) {
    if (value !== undefined) assertKind(name, value, kind);
  }
  if (setting !== undefined) {
    assertKind("setting.setter.set", setting?.setter?.set, "function");
    assertKind("setting.toLogin", setting.toLogin, "function");
  }
  if (announce !== undefined) assertAnnounce(announce, toProvider(provider));
  return {
    provider: toProvider(provider),
    forward: forward === undefined ? undefined : toProvider(forward),
    list,
    announce,
    setting,
    host,
    realName: options.identity?.realName ?? REAL_NAME,
    limits: resolveLimits(options.limits),
    onError: toSafe(onError ?? toTell(logger)),
  };
}

function assertAnnounce(
  { channels, logins }: NonNullable<FingerBotOptions["announce"]>,
  provider: LookupProvider,
): void {
  for (const [name, value] of Object.entries({ channels, logins: logins ?? [] })) {
    if (Array.isArray(value) && value.every((text) => typeof text === "string")) continue;
    throw new TypeError(`The option announce.${name} must be a list of texts, but is ${show(value)}.`);
  }
  if (provider.watch !== undefined) return;
  throw new TypeError("The option announce needs a provider that tells of changes, with watch, and this one does not.");
}

function assertProvider(name: string, value: unknown): void {
  if (typeof value === "function" || typeof Object(value).lookup === "function") return;
  throw new TypeError(`The option ${name} must be a function, or have a function lookup, but is ${show(value)}.`);
}

function assertKind(name: string, value: unknown, kind: string): void {
  if (typeof value !== kind) throw new TypeError(`The option ${name} must be a ${kind}, but is ${show(value)}.`);
}

function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : Array.isArray(value) ? "a list" : String(value);
}

/** Takes a function for the provider that it is. */
function toProvider(source: FingerBotOptions["provider"]): LookupProvider {
  return typeof source === "function" ? { lookup: async (name, context) => source(name, context) } : source;
}

function toTell(logger: FingerBotOptions["logger"]): (error: unknown) => void {
  if (logger === undefined) return warn;
  return (err) => logger.error({ err }, err instanceof Error ? err.message : String(err));
}
