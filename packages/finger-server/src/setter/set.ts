import { FingerError, type FingerErrorCode } from "finger-protocol";
import type { LookupProvider, Peer } from "../provider.js";
import type { PeerAccounts } from "../server/peer-accounts.js";
import type { StatusStore, StoredStatus } from "../store/status-store.js";
import { createTrouble } from "../trouble.js";
import { within } from "../within.js";
import { isUnknown } from "../wrappers/answer-kinds.js";
import { type Admit, isLocal, type Refusal } from "./policy.js";
import { type DeleteRequest, findMistake, type SetRequest } from "./set-request.js";
import type { ResolvedSetterLimits } from "./setter-limits.js";

/** How the setting of a status ended, or its deletion. */
export type SetOutcome =
  /** It is stored. */
  | "set"
  /** It is gone, or there was none. */
  | "deleted"
  /** The peer may not, or its token is wrong. */
  | "denied"
  /** It was no login, no status, or too long. */
  | "invalid"
  /** This peer sets too often, guesses too often, or holds too many connections. */
  | "limited"
  /** The store failed or took too long: it may or may not have changed. */
  | "failed"
  /** The peer left before its end, and nothing was stored. */
  | "aborted";

/** What became of one setting, or of one deletion. */
export interface SetEvent {
  /** When the connection began. */
  readonly at: Date;
  readonly peer: Peer;
  /** Whose status, on one line; empty when that did not come to be known. */
  readonly login: string;
  readonly outcome: SetOutcome;
  /** Bytes of the status; of a deletion 0. */
  readonly bytes: number;
  /** From the beginning of the connection to its end, in milliseconds. */
  readonly duration: number;
}

/** The name of the `node:diagnostics_channel` that tells of each setting and each deletion: a {@link SetEvent}. */
export const SET_CHANNEL = "finger-server:set";

/** What came of it, and what the peer is told: a line. */
export interface Verdict<T> {
  readonly outcome: SetOutcome;
  readonly answer: string;
  /** What the store gave, when it is done. */
  readonly done?: T;
  readonly error?: unknown;
}

/** Does something to a status if the peer may. Never rejects. */
export type Deed<Request, T> = (request: Request, peer: Peer) => Promise<Verdict<T>>;

/** What can be done to a status. */
export interface Deeds {
  readonly set: Deed<SetRequest, StoredStatus>;
  /** Tells whether there was one. */
  readonly delete: Deed<DeleteRequest, boolean>;
}

/** What every deed has to pass. */
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
export function createDeeds({ store, limits, budgets, admit, users, onError }: SetRules): Deeds {
  const { at } = createTrouble(onError);
  const trouble = { gate: at("gate"), store: at("store") };

  const findRefusal = (request: SetRequest, peer: Peer): Promise<Refusal | undefined> =>
    within(limits.storeTime, undefined, async (signal) => {
      const refusal = await admit(request, peer);
      if (refusal !== undefined || users === undefined) return refusal;
      const user = await users.lookup(request.login, { verbose: false, peer, signal });
      return isUnknown(user) ? { outcome: "denied", why: "there is no such user" } : undefined;
    });

  /** Resolves to why it is not done, whatever the store would say. */
  const findObstacle = async (request: SetRequest, peer: Peer): Promise<Verdict<never> | undefined> => {
    const mistake = findMistake(request, limits.statusBytes);
    if (mistake !== undefined) return { outcome: "invalid", answer: `Refused: ${mistake}.` };
    if (!isLocal(peer) && budgets.payQuery(peer) === undefined) return toVerdict(TOO_OFTEN);
    try {
      const refusal = await findRefusal(request, peer);
      trouble.gate.end();
      return refusal && toVerdict(refusal);
    } catch (error) {
      trouble.gate.begin(error);
      const answer = "Not stored: the setter cannot tell whether you may; try again later.";
      return { outcome: "failed", answer, error };
    }
  };

  const tell = async <T>(outcome: SetOutcome, change: () => Promise<T>): Promise<Verdict<T>> => {
    try {
      const done = await within(limits.storeTime, undefined, change);
      trouble.store.end();
      return { outcome, answer: "OK", done };
    } catch (error) {
      if (!isOfCaller(error)) trouble.store.begin(error);
      return { outcome: "failed", answer: toAnswer(error), error };
    }
  };

  return {
    async set(request, peer) {
      const { login, text, ifRev, ttl } = request;
      return (await findObstacle(request, peer)) ?? tell("set", () => store.put(login, text, { ifRev, ttl }));
    },
    async delete(request, peer) {
      const { login, ifRev } = request;
      const obstacle = await findObstacle({ ...request, text: "" }, peer);
      return obstacle ?? tell("deleted", () => store.delete(login, { ifRev }));
    },
  };
}

/** Each outcome has a code of its own, for a caller to know whether to ask again, to ask otherwise, or not at all. */
export function toError({ outcome, answer, error }: Verdict<unknown>): unknown {
  if (error !== undefined) return error;
  if (outcome === "invalid") return new FingerError("ERR_FINGER_INVALID", answer);
  if (outcome === "limited") return new FingerError("ERR_FINGER_LIMITED", answer);
  return new FingerError("ERR_FINGER_DENIED", answer);
}

function toVerdict({ outcome, why }: Refusal): Verdict<never> {
  return { outcome, answer: `Refused: ${why}.` };
}

const TOO_OFTEN: Refusal = { outcome: "limited", why: "too often; please try again in a minute" };

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
