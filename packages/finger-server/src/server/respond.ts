import type { FingerQuery } from "finger-protocol";
import { NOBODY, type Peer } from "../provider.js";
import type { Reply } from "./answer.js";
import type { Ask } from "./ask.js";
import { type Audit, toLogText } from "./audit.js";
import { Lookup } from "./lookup.js";
import { startTimer } from "./timer.js";

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
export function createRespond(ask: Ask, audit: Audit, lookupTime: number): Respond {
  return async (query, peer = NOBODY, { signal } = {}) => {
    const at = new Date();
    const { content, outcome } = await lookUp(query, peer, signal);
    const text = typeof content === "string" ? endLine(content) : content;
    if (audit.isHeard()) {
      const bytes = typeof text === "string" ? new TextEncoder().encode(text).length : 0;
      const duration = Date.now() - at.getTime();
      audit.tell({ at, peer, query: toLogText(toName(query)), kind: query.kind, outcome, bytes, duration });
    }
    return text;
  };

  function lookUp(query: FingerQuery, peer: Peer, signal: AbortSignal | undefined): Promise<Reply> {
    const lookup = new Lookup(query.kind !== "invalid" && query.verbose, peer);
    const onAbort = () => lookup.leave();
    const timer = startTimer(lookupTime, (late) => late.expire(lookupTime), lookup);
    signal?.addEventListener("abort", onAbort, { once: true });
    return new Promise((resolve) => {
      ask(query, lookup, (reply) => {
        clearTimeout(timer);
        if (typeof reply.content === "string") signal?.removeEventListener("abort", onAbort);
        resolve(reply);
      });
      if (signal?.aborted) onAbort();
    });
  }
}

function toName(query: FingerQuery): string {
  if (query.kind === "user") return query.user;
  return query.kind === "forward" ? [query.user, ...query.hosts].join("@") : "";
}

function endLine(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
