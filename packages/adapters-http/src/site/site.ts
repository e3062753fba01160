import type { FingerUser } from "finger-protocol";
import type { LookupProvider } from "finger-server";
import { createIsListed } from "../answers/is-listed.js";
import { createEventHub, type EventHub } from "../events/event-hub.js";
import { createDeadlines, type Deadlines } from "../limits/deadlines.js";
import { type ResolvedLimits, resolveLimits } from "../limits/limits.js";
import { createPeerBudget, type PeerBudget } from "../limits/peer-budget.js";
import type { FingerHandlerOptions } from "../options.js";
import { DEFAULT_PAGES } from "../pages/default-pages.js";
import type { Pages } from "../pages/pages.js";
import { assertStyle } from "../pages/render-page.js";
import { assertOptions } from "./assert-options.js";
import { createFirstSeen } from "./first-seen.js";
import { createMemo, type Memo } from "./memo.js";
import { toSafe, warn } from "./on-error.js";
import { assertBase, assertCors, assertOrigin, toHosts } from "./web-names.js";

/** What all answers are made of: the options, with their defaults, and what is kept between requests. */
export interface Site {
  readonly provider: LookupProvider;
  readonly base: string;
  readonly origin: string | undefined;
  /** `undefined` when it is the host that was asked. */
  readonly hosts: readonly string[] | undefined;
  readonly title: string;
  readonly list: boolean;
  readonly ambiguity: "refuse" | "list";
  readonly store: FingerHandlerOptions["store"];
  readonly setter: FingerHandlerOptions["setter"];
  readonly gateway: LookupProvider | undefined;
  readonly links: NonNullable<FingerHandlerOptions["links"]>;
  readonly pages: Pages;
  readonly cors: FingerHandlerOptions["cors"];
  readonly limits: ResolvedLimits;
  /** The time that providers and stores have. */
  readonly deadlines: Deadlines;
  readonly onError: (error: unknown) => void;
  readonly memo: Memo;
  readonly misses: PeerBudget;
  readonly gatewayBudget: PeerBudget;
  /** `undefined` when the provider does not tell of changes. */
  readonly events: EventHub | undefined;
  /** When a text without a date was first seen. */
  readonly firstSeen: (text: string) => Date;
}

/** @throws `TypeError` or `RangeError` for an option that is wrong. */
export function createSite(options: FingerHandlerOptions): Site {
  assertOptions(options);
  const { provider: source, gateway, store, setter, list = true, ambiguity = "refuse", cors } = options;
  const provider = toProvider(source);
  const limits = resolveLimits(options.limits);
  const onError = toSafe(options.onError ?? warn);
  const origin = assertOrigin(options.origin);
  const deadlines = createDeadlines(limits.lookupTime);
  return {
    provider,
    base: assertBase(options.base),
    origin,
    hosts: toHosts(options.hosts, origin),
    title: options.title ?? "Users",
    list,
    ambiguity,
    store,
    setter,
    gateway: gateway === undefined ? undefined : toProvider(gateway),
    links: options.links ?? noLinks,
    pages: toPages(options.pages),
    cors: assertCors(cors),
    limits,
    deadlines,
    onError,
    memo: createMemo(),
    misses: createPeerBudget(limits.misses),
    gatewayBudget: createPeerBudget(limits.gateway),
    events:
      provider.watch &&
      createEventHub((signal) => watch(provider, signal), createIsListed(provider, deadlines), limits, onError),
    firstSeen: createFirstSeen(),
  };
}

function watch(provider: LookupProvider, signal: AbortSignal): ReturnType<NonNullable<LookupProvider["watch"]>> {
  if (provider.watch === undefined) throw new TypeError("The provider does not tell of changes any more.");
  return provider.watch(signal);
}

function noLinks(_: FingerUser): undefined {}

function toPages(given: Partial<Pages> = {}): Pages {
  const pages = { ...DEFAULT_PAGES };
  for (const [name, page] of Object.entries(given)) if (page !== undefined) Object.assign(pages, { [name]: page });
  assertStyle(pages);
  return pages;
}

/** Takes a function for the provider that it is. */
function toProvider(source: FingerHandlerOptions["provider"]): LookupProvider {
  return typeof source === "function" ? { lookup: async (name, context) => source(name, context) } : source;
}
