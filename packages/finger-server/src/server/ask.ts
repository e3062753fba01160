import type { FingerQuery } from "finger-protocol";
import { type AnswerRules, answer, answerError, isStream, type Reply } from "./answer.js";
import type { Lookup } from "./lookup.js";
import type { PeerAccounts } from "./peer-accounts.js";

/**
 * Answers a query under all rules of the server, and calls `done` once: when the provider fails, or the lookup is given
 * up, with a text that says so.
 */
export type Ask = (query: FingerQuery, lookup: Lookup, done: (reply: Reply) => void) => void;

/** Puts between a query and the provider what the server adds: the rate of each peer, and a text for each failure. */
export function createAsk(rules: AnswerRules, accounts: PeerAccounts, onError: (error: unknown) => void): Ask {
  const limited: Reply = { outcome: "limited", content: rules.texts.tooManyQueries };

  return (query, lookup, done) => {
    const account = accounts.payQuery(lookup.peer);
    if (account === undefined) return done(limited);
    let isDone = false;
    const settle = (reply: Reply) => {
      if (isDone) return discard(reply, onError);
      isDone = true;
      lookup.onGivenUp = undefined;
      // Refused names cost as much as unknown ones, or the rate would tell the two apart.
      const isNobody = reply.outcome === "unknown" || (reply.outcome === "denied" && query.kind === "user");
      if (isNobody) accounts.chargeUnknown(account);
      done(reply);
    };
    const fail = (error: unknown) => {
      if (isDone) return;
      const reply = answerError(error, query, rules);
      if (lookup.hasLeft) return settle({ ...reply, outcome: "aborted" });
      if (reply.content === rules.texts.internalError) onError(error);
      settle(reply);
    };
    lookup.onGivenUp = fail;
    answer(query, lookup, rules).then(settle, fail).catch(onError);
  };
}

/** A stream that comes too late is closed, so that whoever makes it stops. */
function discard({ content }: Reply, onError: (error: unknown) => void): void {
  if (isStream(content)) Promise.resolve(content[Symbol.asyncIterator]().return?.()).catch(onError);
}
