import { FingerError } from "finger-protocol";
import type { IrcSession } from "../connection/session.js";
import type { IrcMessage } from "../irc/message.js";
import { type Asker, toAccount } from "./asker.js";

/**
 * Resolves to the account of somebody at the services; `undefined` when there is none, or the server does not say.
 *
 * @throws `FingerError` `ERR_FINGER_LIMITED` when it cannot be asked now, or does not answer in time.
 */
export type Identify = (asker: Asker) => Promise<string | undefined>;

/** Asks the server who somebody is. */
export interface Whois {
  readonly identify: (asker: Asker, session: IrcSession, signal: AbortSignal) => Promise<string | undefined>;
  /** Hears the answers of the server. */
  hear(message: IrcMessage, session: IrcSession): void;
}

interface Asked {
  readonly asker: Asker;
  isSame: boolean;
  account: string | undefined;
  readonly end: () => void;
}

/**
 * By WHOIS, for a server without account-tag. Nothing is kept: in a minute a nick may have another holder. The answer counts only
 * when it is about the user and the host that have asked, for one may have left the nick meanwhile to somebody who has identified.
 */
export function createWhois(): Whois {
  const asked: Asked[] = [];
  return {
    identify(asker, session, signal) {
      if (!session.send("own", "WHOIS", asker.nick)) return Promise.reject(tooMuch());
      return new Promise((resolve, reject) => {
        const leave = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", end);
          asked.splice(asked.indexOf(one), 1);
        };
        const end = () => {
          leave();
          resolve(one.isSame ? one.account : undefined);
        };
        const giveUp = () => {
          leave();
          reject(tooMuch());
        };
        const timer = setTimeout(giveUp, LONGEST);
        const one: Asked = { asker, isSame: false, account: undefined, end };
        asked.push(one);
        signal.addEventListener("abort", end);
      });
    },
    hear({ command, params, source }, session) {
      const [, nick, third, fourth] = params;
      // Nobody but a server says numbers.
      if (nick === undefined || source?.host !== undefined) return;
      // Answers come in the order of the questions.
      const one = asked.find(({ asker }) => session.isSame(asker.nick, nick));
      if (one === undefined) return;
      if (command === RPL_WHOISUSER) one.isSame = third === one.asker.user && fourth === one.asker.host;
      if (command === RPL_WHOISACCOUNT) one.account = toAccount(third);
      if (command === RPL_ENDOFWHOIS || command === ERR_NOSUCHNICK) one.end();
    },
  };
}

function tooMuch(): FingerError {
  return new FingerError("ERR_FINGER_LIMITED", "Not stored: too much is going on here; please try again in a minute.");
}

const RPL_WHOISUSER = "311";
const RPL_ENDOFWHOIS = "318";
const RPL_WHOISACCOUNT = "330";
const ERR_NOSUCHNICK = "401";
/** In milliseconds; the question may wait behind answers to others. */
const LONGEST = 30_000;
