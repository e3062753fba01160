import type { Answer, LookupContext, LookupProvider, UserChange } from "finger-server";
import { pause } from "../connection/pause.js";
import { createTeller } from "../connection/teller.js";
import { toLines } from "../irc/text.js";
import { closeAnswer } from "./provider-answer.js";
import { toPrefix, toStatus } from "./reply.js";
import { within } from "./within.js";

/** What news are made of. */
export interface NewsRules {
  readonly provider: LookupProvider;
  /** Whose news are told. @default everybody's */
  readonly logins: readonly string[] | undefined;
  readonly lookupTime: number;
  /** Says a line to all who are to hear it; gives whether that could be done. */
  readonly tell: (line: string) => boolean;
  readonly onError: (error: unknown) => void;
}

/**
 * Tells who has a new status, until the signal is aborted: never more than a line in a while, of each user the last one alone, and
 * nothing of what was there when it began. A change is only a hint, so who has changed is looked up, for somebody of whom nothing
 * is known: what is not for everybody is not told to a channel.
 */
export async function announce(rules: NewsRules, signal: AbortSignal): Promise<void> {
  const { provider, logins, onError } = rules;
  /** What was told last, or was there before. */
  const known = new Map<string, string | undefined>();
  /** Who has changed, and when that is to be looked at. */
  const pending = new Map<string, number>();
  let nextTime = 0;
  let isAtWork = false;

  const readAll = async () => {
    try {
      for (const [login, status] of await readStatuses(rules, signal)) known.set(login, status);
    } catch (error) {
      if (!signal.aborted) onError(error);
    }
  };
  const tellNext = async (login: string) => {
    const status = await readStatus(login, rules, signal);
    if (known.has(login) && known.get(login) === status) return;
    if (status === undefined) return void known.set(login, undefined);
    // What could not be said is news still.
    if (!rules.tell(`${toPrefix(login)}${status}`)) return void pending.set(login, performance.now() + LATER);
    known.set(login, status);
    nextTime = performance.now() + BETWEEN;
  };
  const work = async () => {
    isAtWork = true;
    for (const [login, dueTime] of pending) {
      await pause(Math.max(0, dueTime - performance.now(), nextTime - performance.now()), signal);
      if (signal.aborted) break;
      // What changes from here on is looked at again.
      pending.delete(login);
      await tellNext(login).catch((error) => signal.aborted || onError(error));
    }
    isAtWork = false;
  };
  const note = ({ login }: UserChange) => {
    const changed = login === undefined ? (logins ?? [...known.keys()]) : [login];
    for (const one of changed) {
      if (logins !== undefined && !logins.includes(one)) continue;
      if (pending.size < MOST && !pending.has(one)) pending.set(one, performance.now() + SETTLING);
    }
    if (!isAtWork && pending.size > 0) void work();
  };

  const follow = async () => {
    const teller = createTeller(onError);
    for (let wait = FIRST_PAUSE; !signal.aborted; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
      try {
        for await (const change of provider.watch?.(signal) ?? []) {
          note(change);
          wait = FIRST_PAUSE;
          teller.forget();
        }
      } catch (error) {
        if (!signal.aborted) teller.tell(error);
      }
      await pause(wait, signal);
      // Whatever has changed meanwhile was not heard of.
      if (!signal.aborted) note({ login: undefined });
    }
  };
  await readAll();
  await follow();
}

/** The statuses that anybody can know of before there is any news. */
async function readStatuses(rules: NewsRules, signal: AbortSignal): Promise<Array<[string, string | undefined]>> {
  const { provider, logins, lookupTime } = rules;
  if (logins !== undefined) {
    const statuses: Array<[string, string | undefined]> = [];
    // One after the other: they may be many, and there is time.
    for (const login of logins) statuses.push([login, await readStatus(login, rules, signal)]);
    return statuses;
  }
  const users = await within(lookupTime, signal, async () => (await provider.list?.(toStranger(signal))) ?? []);
  return users.map((user) => [user.login, toFirstLine(user)]);
}

async function readStatus(login: string, rules: NewsRules, signal: AbortSignal): Promise<string | undefined> {
  const { provider, lookupTime, onError } = rules;
  const leave = (late: Answer | undefined) => void closeAnswer(late, onError);
  const found = await within(lookupTime, signal, () => provider.lookup(login, toStranger(signal)), leave);
  // A stream may take its time to end.
  void closeAnswer(found, onError);
  return toFirstLine(found);
}

/** A stream is no status, and of several users nobody knows whose it is. */
function toFirstLine(found: Answer | null | undefined): string | undefined {
  if (found === undefined || found === null || Array.isArray(found)) return undefined;
  if (typeof found === "string") return toLines(found)[0];
  return "login" in found ? toLines(toStatus(found))[0] : undefined;
}

function toStranger(signal: AbortSignal): LookupContext {
  return { verbose: false, peer: { address: "", port: undefined }, signal };
}

/** Of one who changes a status twice in this time, the last is told. */
const SETTLING = 2000;
const BETWEEN = 5000;
const LATER = 30_000;
/** Who changes when so many are waiting is not told of. */
const MOST = 1000;
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;
