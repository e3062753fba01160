import type { FormatOptions } from "finger-protocol";
import type { Wire } from "../exchange/conversation.js";
import { Exchange, type ExchangeRules } from "../exchange/exchange.js";
import { OpenExchanges } from "../exchange/open-exchanges.js";
import { type LookupFunction, type LookupProvider, type Peer, toProvider } from "../provider.js";
import { toSafe, warn } from "../warn.js";
import type { AnswerRules, ListFunction } from "./answer.js";
import { createAsk } from "./ask.js";
import { createAudit, QUERY_CHANNEL, type QueryEvent } from "./audit.js";
import { type Limits, type ResolvedLimits, resolveLimits } from "./limits.js";
import { PeerAccounts, type Siblings } from "./peer-accounts.js";
import { createRespond, type Respond } from "./respond.js";
import type { Runtime } from "./runtime.js";
import { createSurface, type Surface, type SurfaceRules } from "./surface.js";
import { type GivenTexts, resolveTexts } from "./texts.js";

/** What a finger server is made of. Only the provider is required. */
export interface FingerServerOptions {
  /** Where answers come from: a provider, or only its `lookup`. */
  readonly provider: LookupProvider | LookupFunction;
  /**
   * Who answers names with an `@`, such as `alice@h1@h2`: a `forwardProvider`, or any other that makes something of them
   * (RFC 1288 2.4). @default forwarding is refused
   */
  readonly forward?: LookupProvider | LookupFunction | undefined;
  /** Gives the list of users where the provider has one (RFC 1288 3.2.2), or a text in its place. @default true */
  readonly list?: boolean | ListFunction | undefined;
  /**
   * What is told of a name that means several users (RFC 1288 2.5.3): nothing (3.2.6), a list of them, or all that is
   * known of each. @default "refuse"
   */
  readonly ambiguity?: "refuse" | "list" | "all" | undefined;
  /** What to say instead of an answer. @default the texts that the RFC suggests and fingerd(8) uses */
  readonly texts?: GivenTexts | undefined;
  /** How records are laid out. */
  readonly format?: FormatOptions | undefined;
  /** Bounds on bytes, time, connections and queries. */
  readonly limits?: Limits | undefined;
  /** Tells whether to talk to a peer at all; one that is turned away gets no byte. @default everybody is welcome */
  readonly accept?: ((peer: Peer) => boolean) | undefined;
  /** Hears what became of each query (RFC 1288 3.2.7), when its connection is closed. */
  readonly onQuery?: ((event: QueryEvent) => void) | undefined;
  /** Keeps names and addresses out of the events: they tell how a query ended, and from which network. @default false */
  readonly redactEvents?: boolean | undefined;
  /** Hears of whatever goes wrong; the peer does not. @default a warning of the process, which Node prints */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A server that answers finger queries (RFC 1288). */
export interface FingerServer extends Surface {
  /**
   * The answer to a query under all rules of the server: a text whose lines end in LF, or the stream that the provider
   * gives. Never rejects: when the provider fails, the text says so.
   *
   * @param peer - Who asks; one without an address is not counted.
   */
  readonly respond: Respond;
  /**
   * Answers by other options from now on: connections to come, at the ports that are open, are served by them. Those that
   * are open go on as they began, and what peers have asked still counts. It is these options or the defaults, not the ones
   * before.
   *
   * @throws as {@link createFingerServer} does; then nothing has changed.
   */
  update(options: FingerServerOptions): void;
}

/** Makes a server out of its options and of what the runtime has, which may be siblings that share its limits. */
export function createServer(options: FingerServerOptions, runtime: Runtime, siblings?: Siblings): FingerServer {
  const limits = resolveLimits(options.limits, siblings?.count);
  const accounts = new PeerAccounts(limits, siblings);
  const open = new OpenExchanges(limits, accounts);
  const build = (given: FingerServerOptions): Build => {
    const onError = toSafe(given.onError ?? warn);
    const limits = resolveLimits(given.limits, siblings?.count);
    const rules = resolveRules(given, limits);
    const ask = createAsk(rules, accounts, onError);
    const { onQuery: listener, redactEvents: redacted = false } = given;
    const audit = createAudit({ channel: QUERY_CHANNEL, listener, redacted, redact: redactQuery }, onError);
    const shared: ExchangeRules = { limits, texts: rules.texts, audit, onError, ask, open };
    const converse = (wire: Wire, peer: Peer) => new Exchange(wire, peer, shared);
    return { converse, open, limits, accept: given.accept, onError, respond: createRespond(shared) };
  };
  let now = build(options);
  return {
    ...createSurface(() => now, runtime),
    respond: (...query) => now.respond(...query),
    update(other) {
      now = build(other);
      accounts.setRate(now.limits.rate);
      open.setLimits(now.limits);
    },
  };
}

/** What came of one set of options. */
interface Build extends SurfaceRules {
  readonly respond: Respond;
}

function resolveRules(options: FingerServerOptions, { answerBytes }: ResolvedLimits): AnswerRules {
  const { provider, forward, list = true, ambiguity = "refuse", format = {}, texts } = options;
  if (!AMBIGUITIES.includes(ambiguity)) {
    throw new TypeError(`ambiguity must be one of ${AMBIGUITIES.join(", ")}, but is ${String(ambiguity)}.`);
  }
  return {
    provider: toProvider(provider),
    forward: forward === undefined ? undefined : toProvider(forward),
    texts: resolveTexts(texts),
    list,
    ambiguity,
    format,
    answerBytes,
  };
}

function redactQuery(event: QueryEvent): QueryEvent {
  return { ...event, query: "" };
}

const AMBIGUITIES = ["refuse", "list", "all"];
