import type { IrcSession } from "../connection/session.js";
import type { Asker } from "./asker.js";
import { createCooldown } from "./cooldown.js";
import { deliver, type Place } from "./deliver.js";
import { fitLine } from "./fit.js";
import { createLoops } from "./loops.js";
import type { BotRules } from "./rules.js";
import { createWaitingLine } from "./waiting-line.js";

/** Decides whose turn it is. */
export interface Reception {
  /** Lets somebody in, in turn; or tells that it takes a while, once in a minute; or says nothing to what goes on and on. */
  admit(asker: Asker, session: IrcSession, work: Work): void;
  /** Lets nobody in any more; resolves when what was begun is done, or at once when the signal is aborted. */
  close(signal?: AbortSignal): Promise<void>;
}

/** What is done in turn, until the signal is aborted. */
type Work = (signal: AbortSignal) => Promise<void>;

export function createReception({ limits, onError }: Pick<BotRules, "limits" | "onError">): Reception {
  /** Of each answer that is under way: on one for all there would be a listener for each. */
  const atWork = new Set<AbortController>();
  const askers = createCooldown(limits.perAsker);
  const channels = createCooldown(limits.perChannel);
  const told = createCooldown(1, 1);
  const loops = createLoops();
  const answers = createWaitingLine(AT_ONCE, limits.waiting);
  const regrets = createWaitingLine(1, MOST_REGRETS);

  const toWork = (work: Work) => async () => {
    const controller = new AbortController();
    atWork.add(controller);
    // The async function makes a rejection of what is thrown at once.
    await (async () => work(controller.signal))().catch(onError);
    atWork.delete(controller);
  };
  const regret = (asker: Asker, session: IrcSession) => {
    // Each is told, though several may be counted as one.
    const who = `${asker.nick}!${asker.key}`;
    if (!told.pay(who)) return;
    const place: Place = { command: "NOTICE", target: asker.nick };
    const lines = fitLine(PLEASE_WAIT, session.roomFor(place.command, place.target));
    regrets.join(
      who,
      toWork((signal) => deliver(session, place, lines, signal)),
    );
  };

  return {
    admit(asker, session, work) {
      const { key, nick, user, host, channel, text } = asker;
      if (loops.isLoop(`${nick}!${user}@${host}`, text)) return;
      const mayAsk = askers.pay(key) && (channel === undefined || channels.pay(channel.toLowerCase()));
      if (!mayAsk || !answers.join(key, toWork(work))) regret(asker, session);
    },
    close(signal) {
      return new Promise((resolve) => {
        const leave = () => {
          signal?.removeEventListener("abort", leave);
          for (const controller of atWork) controller.abort();
          resolve();
        };
        signal?.addEventListener("abort", leave);
        void Promise.all([answers.close(), regrets.close()]).then(leave);
        if (signal?.aborted) leave();
      });
    },
  };
}

const PLEASE_WAIT = "Please wait a minute: too much is asked.";
/** How many are answered at a time: a provider that is slow for one keeps only few waiting. */
const AT_ONCE = 8;
/** How many can be about to be told to wait; beyond that it is an attack, and silence is better. */
const MOST_REGRETS = 100;
