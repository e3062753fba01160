import QuickLRU from "quick-lru";
import { nobodyWaits } from "../nobody-waits.js";
import type { Answer } from "../provider.js";
import { isStream } from "../server/answer.js";
import { toLoginKey } from "../users/login.js";
import { closeAnswer, isRecord, isSeveral, isUnknown } from "./answer-kinds.js";
import { type Flight, startFlight } from "./flight.js";

/** How long answers are remembered, in milliseconds, and how many. */
export interface CacheSettings {
  readonly ttl: number;
  readonly stale: number;
  readonly negativeTtl: number;
  readonly max: number;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/** Something to be asked, of which one answer is remembered. */
interface Question {
  /** Tells it from other questions. */
  readonly key: string;
  /** The name that it asks for; `undefined` when it asks for a list. */
  readonly name: string | undefined;
  /** Asks it. */
  readonly ask: (signal: AbortSignal) => Promise<Answer | undefined>;
}

/** Answers that are remembered for a while. */
export interface AnswerCache {
  /** Resolves to the answer; the signal is only looked at when it has to be waited for. */
  get(question: Question, waiter: { readonly signal: AbortSignal }): Promise<Answer | undefined>;
  /** Forgets the answers that tell of a login, and all lists; or, without a login, all. */
  forget(login?: string): void;
}

interface Remembered {
  readonly name: string | undefined;
  readonly answer: Answer | undefined;
  readonly at: number;
}

/** A question that is being asked. */
interface Asked {
  readonly name: string | undefined;
  readonly flight: Flight<Answer | undefined>;
  /** Who has changed since: of them, its answer may tell what was before. */
  readonly changed: Set<string>;
}

/** Remembers answers, and asks each question once at a time. Errors and streams are not remembered. */
export function createAnswerCache(settings: CacheSettings): AnswerCache {
  const { max, now, onError } = settings;
  const store = new QuickLRU<string, Remembered>({ maxSize: max });
  const asking = new Map<string, Asked>();

  const begin = (question: Question): Flight<Answer | undefined> => {
    const { key, name } = question;
    const drop = () => {
      if (asking.get(key) === asked) asking.delete(key);
    };
    const flight = startFlight(question.ask, drop);
    const asked: Asked = { name, flight, changed: new Set() };
    asking.set(key, asked);
    flight.result
      .then(
        (answer) => land(key, asked, answer),
        (error) => fail(asked, error),
      )
      .finally(drop)
      .catch(onError);
    return flight;
  };

  const land = async (key: string, asked: Asked, answer: Answer | undefined): Promise<void> => {
    const isCurrent = asking.get(key) === asked;
    if (isCurrent) asking.delete(key);
    if (isStream(answer)) {
      if (isCurrent) store.delete(key);
      if (asked.flight.waiting() === 0) await closeAnswer(answer);
      return;
    }
    const known = { name: asked.name, answer, at: now() };
    if (isCurrent && ![...asked.changed].some((login) => tellsOf(known, login))) store.set(key, known);
  };

  /** An error that somebody waits for is theirs; what an aborted flight says is of no interest. */
  const fail = ({ flight }: Asked, error: unknown): void => {
    if (flight.waiting() === 0 && !flight.signal.aborted) onError(error);
  };

  /** A source that hangs cannot make it grow: there are never more questions on their way than answers kept. */
  const refresh = (question: Question): void => {
    if (!asking.has(question.key) && asking.size < max) begin(question);
  };

  const wait = async (question: Question, signal: AbortSignal): Promise<Answer | undefined> => {
    if (signal.aborted) throw nobodyWaits(signal);
    const flight = asking.get(question.key)?.flight ?? begin(question);
    const answer = await flight.join(signal);
    return !isStream(answer) || flight.claim(signal) ? answer : question.ask(signal);
  };

  return {
    get: async (question, waiter) => {
      const known = store.get(question.key);
      const age = known === undefined ? Number.POSITIVE_INFINITY : now() - known.at;
      const { fresh, usable } = toLifetime(known, settings);
      if (known === undefined || age >= usable) return wait(question, waiter.signal);
      if (age >= fresh) refresh(question);
      return known.answer;
    },
    forget: (login) => {
      if (login === undefined) {
        store.clear();
        asking.clear();
        return;
      }
      const name = toLoginKey(login);
      for (const [key, known] of [...store]) if (tellsOf(known, name)) store.delete(key);
      for (const [key, asked] of asking) {
        if (asked.name === undefined || asked.name === name) asking.delete(key);
        else asked.changed.add(name);
      }
    },
  };
}

/** That there is no such user is not held on to: one who has just come wants to be found. */
function toLifetime(known: Remembered | undefined, settings: CacheSettings): { fresh: number; usable: number } {
  const { ttl, stale, negativeTtl } = settings;
  const isNegative = known?.name !== undefined && isUnknown(known.answer);
  return isNegative ? { fresh: negativeTtl, usable: negativeTtl } : { fresh: ttl, usable: ttl + stale };
}

/** Whether an answer was asked for by this name, or has the record of this login; a list tells of all. */
function tellsOf({ name, answer }: Remembered, login: string): boolean {
  if (name === undefined || name === login) return true;
  if (isRecord(answer)) return toLoginKey(answer.login) === login;
  return isSeveral(answer) && answer.some((user) => toLoginKey(user.login) === login);
}
