import { FingerError } from "finger-protocol";
import type { LookupProvider } from "../../provider.js";
import type { Setter } from "../../setter/setter.js";
import type { StatusStore } from "../../store/status-store.js";
import { forwardProvider } from "../forward-provider.js";
import { type Adapter, makeByAdapter } from "./adapters.js";
import type { ApplicationDescription, HttpDescription, HttpLimitsDescription } from "./description.js";
import type { Fixtures, Setting } from "./fixtures.js";
import type { Parts } from "./parts.js";
import { PAGES_PORT, type Place, socketsOf, toPlaces } from "./places.js";
import type { Port, SurfaceParts } from "./ports.js";

/** What `httpService` of finger-adapters-http is given beside where to listen, and what stays as it is there. */
interface PagesOptions extends Omit<HttpDescription, "listen" | "gateway"> {
  readonly provider: LookupProvider;
  readonly store: Pick<StatusStore, "get" | "history"> | undefined;
  readonly setter: Pick<Setter, "set" | "delete"> | undefined;
  readonly gateway: LookupProvider | undefined;
  readonly list: boolean | undefined;
  readonly ambiguity: "refuse" | "list" | undefined;
  readonly onError: (error: unknown) => void;
}

/** What it makes. */
interface Pages extends Omit<Port, "surface"> {
  /** Answers by other options from now on, at the port that is open. @default that takes a restart */
  update?(options: PagesOptions): void;
}

/** Pages of which only the address is said have nothing else. */
function toHttpDescription({ http }: ApplicationDescription): HttpDescription | undefined {
  if (http === undefined) return undefined;
  return typeof http === "object" && !("address" in http) ? http : { listen: http };
}

/**
 * Makes, or keeps, the pages. They are also where their socket was passed.
 *
 * @param setter - Sets what is sent to the pages, where statuses are set.
 * @throws `FingerError` `ERR_FINGER_CONFIG` when the package is not installed, or cannot be told of a change.
 */
export async function takeHttp(
  description: ApplicationDescription,
  setter: Setter | undefined,
  parts: Parts,
  fixtures: Fixtures,
): Promise<SurfaceParts> {
  const { sockets, folder } = fixtures;
  const passed = socketsOf("http", sockets);
  const http = toHttpDescription(description) ?? (passed.length > 0 ? {} : undefined);
  const [place] = http === undefined ? [] : toPlaces(http.listen ?? PAGES_PORT, passed);
  if (http === undefined || place === undefined) return NO_PAGES;
  assertSame(place, parts);
  const told = ["http options", toManner(description, http, setter)] as const;
  const isOther = parts.isOther(...told);
  const options = await parts.take(...told, () => toOptions(description, http, setter, fixtures));
  let isNew = false;
  const pages = await parts.take(toFullName(place), place.described, () => {
    isNew = true;
    return makeByAdapter<Pages>(ADAPTER, { ...options, where: place.where, idle: toIdle(description) }, folder);
  });
  if (isNew || !isOther) return { services: [pages], commit: () => {} };
  if (pages.update === undefined) throw onlyByRestart("What http, list and the like say of the pages");
  return { services: [pages], commit: () => pages.update?.(options) };
}

const NO_PAGES: SurfaceParts = { services: [], commit: () => {} };
const ADAPTER: Adapter = { option: "http", from: "finger-adapters-http", name: "httpService" };

/** All that options are made of, as data; what is there by the description of the moment only is there or is not. */
function toManner(
  description: ApplicationDescription,
  { listen: _, ...http }: HttpDescription,
  setter: Setter | undefined,
): unknown {
  const { store, forward, list, ambiguity } = description;
  const servers = http.gateway && forward;
  return [http, store !== undefined, setter !== undefined, list, ambiguity, servers, toLimits(description, http)];
}

function toOptions(
  description: ApplicationDescription,
  { listen: _, gateway, ...http }: HttpDescription,
  setter: Setter | undefined,
  { answers, setting, onError }: Fixtures,
): PagesOptions {
  const { store, forward, list, ambiguity } = description;
  return {
    ...http,
    provider: answers.provider,
    store: store === undefined ? undefined : toReadable(setting),
    setter,
    gateway: gateway ? forwardProvider(forward) : undefined,
    list,
    // There is one page for a name.
    ambiguity: ambiguity === "all" ? "list" : ambiguity,
    limits: toLimits(description, http),
    onError,
  };
}

/** An answer may take as long as by finger, unless the pages have a time of their own. */
function toLimits({ limits }: ApplicationDescription, http: HttpDescription): HttpLimitsDescription {
  const { lookupTime = limits?.lookupTime, ...others } = http.limits ?? {};
  return { ...others, ...(lookupTime !== undefined && { lookupTime }) };
}

/** A connection of HTTP is idle most of its time, so pages always have a bound. */
function toIdle({ limits }: ApplicationDescription): number | undefined {
  return limits?.idle === false ? undefined : limits?.idle;
}

/** Reads where statuses are by the description of the moment; once there is nowhere any more, there are none. */
function toReadable(setting: Setting): Pick<StatusStore, "get" | "history"> {
  return {
    get: async (login) => setting.store?.get(login),
    history: async (login) => (await setting.store?.history(login)) ?? [],
  };
}

/** One cannot be opened before the other is closed, and it might not come back. */
function assertSame(place: Place, parts: Parts): void {
  const name = toFullName(place);
  if (parts.isOther(name, place.described)) throw onlyByRestart(`How ${name} is listened on`);
}

function toFullName({ name }: Place): string {
  return `http on ${name}`;
}

function onlyByRestart(what: string): FingerError {
  return new FingerError("ERR_FINGER_CONFIG", `${what} can only be changed by a restart.`);
}
