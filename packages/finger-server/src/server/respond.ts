import { decodeReply, type FingerQuery } from "finger-protocol";
import { encodeAnswer } from "../exchange/encode-text.js";
import type { ExchangeRules } from "../exchange/exchange.js";
import { NOBODY, type Peer } from "../provider.js";
import { startTimer } from "../timer.js";
import { isStream, type Reply } from "./answer.js";
import { toLogText } from "./audit.js";
import { Lookup } from "./lookup.js";

/** Answers without a connection, for a surface that has its own. */
export type Respond = (
  query: FingerQuery,
  peer?: Peer,
  options?: RespondOptions,
) => Promise<string | AsyncIterable<string>>;

/** How one answer is asked for. */
export interface RespondOptions {
  /** Ends the lookup when it is aborted; a stream that it gave hears of it by the signal that its provider has. */
  readonly signal?: AbortSignal | undefined;
}

/** Makes the `respond` of a server. */
export function createRespond(rules: ExchangeRules): Respond {
  const { ask, audit } = rules;
  return async (query, peer = NOBODY, { signal } = {}) => {
    assertQuery(query);
    const at = new Date();
    const { content, outcome } = await lookUp(query, peer, signal);
    const bytes = typeof content === "string" ? encodeAnswer(content, rules) : undefined;
    if (audit.isHeard()) {
      const duration = Date.now() - at.getTime();
      const told = { at, peer, query: toLogText(toName(query)), kind: query.kind, outcome };
      audit.tell({ ...told, bytes: bytes?.length ?? 0, duration });
    }
    return bytes === undefined ? content : decodeReply(bytes);
  };

  function lookUp(query: FingerQuery, peer: Peer, signal: AbortSignal | undefined): Promise<Reply> {
    const lookup = new Lookup(query.kind !== "invalid" && query.verbose, peer);
    const onAbort = () => lookup.leave();
    const stop = () => signal?.removeEventListener("abort", onAbort);
    const { lookupTime } = rules.limits;
    const timer = startTimer(lookupTime, (late) => late.expire(lookupTime), lookup);
    signal?.addEventListener("abort", onAbort, { once: true });
    return new Promise((resolve) => {
      ask(query, lookup, ({ content, outcome }) => {
        clearTimeout(timer);
        if (!isStream(content)) stop();
        resolve({ outcome, content: isStream(content) ? untilEnd(content, stop) : content });
      });
      if (signal?.aborted) onAbort();
    });
  }
}

const KINDS: readonly unknown[] = ["list", "user", "forward", "invalid"];

function assertQuery(query: FingerQuery): void {
  const kind: unknown = query?.kind;
  if (!KINDS.includes(kind)) throw new TypeError(`A query is of the kind ${KINDS.join(", ")}, not ${String(kind)}.`);
}

/** The same stream, which tells when it is over, or nobody wants it any more. */
function untilEnd(stream: AsyncIterable<string>, onEnd: () => void): AsyncIterable<string> {
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* stream;
      } finally {
        onEnd();
      }
    },
  };
}

function toName(query: FingerQuery): string {
  if (query.kind === "user") return query.user;
  return query.kind === "forward" ? [query.user, ...query.hosts].join("@") : "";
}
