import { FingerError, type FingerErrorCode } from "finger-protocol";
import type { LookupProvider, Peer } from "../provider.js";
import type { PeerAccounts } from "../server/peer-accounts.js";
import type { StatusStore, StoredStatus } from "../store/status-store.js";
import { createTrouble } from "../trouble.js";
import { within } from "../within.js";
import { isUnknown } from "../wrappers/answer-kinds.js";
import { type Admit, isLocal } from "./policy.js";
import { findMistake, type SetRequest } from "./set-request.js";
import type { ResolvedSetterLimits } from "./setter-limits.js";

/** How the setting of a status ended. */
export type SetOutcome =
  /** It is stored. */
  | "set"
  /** The peer may not, or its token is wrong. */
  | "denied"
  /** It was no login, no status, or too long. */
  | "invalid"
  /** This peer sets too often, or holds too many connections. */
  | "limited"
  /** The store failed or took too long: it may or may not be stored. */
  | "failed"
  /** The peer left before its end, and nothing was stored. */
  | "aborted";

/** What became of one setting. */
export interface SetEvent {
  /** When the connection began. */
  readonly at: Date;
  readonly peer: Peer;
  /** Whose status, on one line; empty when that did not come to be known. */
  readonly login: string;
  readonly outcome: SetOutcome;
  /** Bytes of the status. */
  readonly bytes: number;
  /** From the beginning of the connection to its end, in milliseconds. */
  readonly duration: number;
}

/** The name of the `node:diagnostics_channel` that tells of each setting: a {@link SetEvent}. */
export const SET_CHANNEL = "finger-server:set";

/** What came of a setting, and what the peer is told: a line. */
export interface Verdict {
  readonly outcome: SetOutcome;
  readonly answer: string;
  readonly stored?: StoredStatus;
  readonly error?: unknown;
}

/** Sets a status if the peer may. Never rejects. */
export type SetStatus = (request: SetRequest, peer: Peer) => Promise<Verdict>;

/** What every setting has to pass. */
export interface SetRules {
  readonly store: StatusStore;
  readonly limits: ResolvedSetterLimits;
  readonly budgets: PeerAccounts;
  readonly admit: Admit;
  /** Who there is; everybody, when it is left out. */
  readonly users: LookupProvider | undefined;
  readonly onError: (error: unknown) => void;
}

/** Puts between a request and the store what the setter adds: what may be set, how often, by whom, and a text for each failure. */
export function createSet({ store, limits, budgets, admit, users, onError }: SetRules): SetStatus {
  const { at } = createTrouble(onError);
  const trouble = { gate: at("gate"), store: at("store") };

  const findRefusal = (request: SetRequest, peer: Peer): Promise<string | undefined> =>
    within(limits.storeTime, undefined, async (signal) => {
      const refusal = await admit(request, peer);
      if (refusal !== undefined || users === undefined) return refusal;
      const user = await users.lookup(request.login, { verbose: false, peer, signal });
      return isUnknown(user) ? "there is no such user" : undefined;
    });

  const put = async ({ login, text, ifRev, ttl }: SetRequest): Promise<Verdict> => {
    try {
      const stored = await within(limits.storeTime, undefined, () => store.put(login, text, { ifRev, ttl }));
      trouble.store.end();
      return { outcome: "set", answer: "OK", stored };
    } catch (error) {
      if (!isOfCaller(error)) trouble.store.begin(error);
      return { outcome: "failed", answer: toAnswer(error), error };
    }
  };

  return async (request, peer) => {
    const mistake = findMistake(request, limits.statusBytes);
    if (mistake !== undefined) return { outcome: "invalid", answer: `Refused: ${mistake}.` };
    if (!isLocal(peer) && budgets.payQuery(peer) === undefined) return TOO_OFTEN;
    try {
      const refusal = await findRefusal(request, peer);
      trouble.gate.end();
      if (refusal !== undefined) return { outcome: "denied", answer: `Refused: ${refusal}.` };
    } catch (error) {
      trouble.gate.begin(error);
      return {
        outcome: "failed",
        answer: "Not stored: the setter cannot tell whether you may; try again later.",
        error,
      };
    }
    return put(request);
  };
}

const TOO_OFTEN: Verdict = { outcome: "limited", answer: "Refused: too often; please try again in a minute." };

/** What a peer learns of a store that failed: what it can do about it, and nothing of where that is. */
function toAnswer(error: unknown): string {
  if (hasCode(error, "ERR_FINGER_CONFLICT")) return "Not stored: the status has changed meanwhile.";
  if (!hasCode(error, "ERR_FINGER_STORE")) return "Perhaps not stored: ask for the status to see, and try again later.";
  const { code = "" } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
  return `Not stored: ${REASONS[code] ?? "the store does not work; please try again later"}.`;
}

/** By what the system says. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "the store cannot be written",
  EDQUOT: "there is no space left",
  ENOSPC: "there is no space left",
  EPERM: "the store cannot be written",
  EROFS: "the store cannot be written",
};

/** Whether it is no trouble of the store: another was faster, or the request can be none. */
function isOfCaller(error: unknown): boolean {
  return hasCode(error, "ERR_FINGER_CONFLICT") || error instanceof RangeError || error instanceof TypeError;
}

function hasCode(error: unknown, code: FingerErrorCode): boolean {
  return FingerError.is(error) && error.code === code;
}
