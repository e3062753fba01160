import { FingerError } from "finger-protocol";
import type { IrcMessage } from "../irc/message.js";
import type { Line } from "./line.js";

/**
 * Tells a password to NickServ, but only to one of whom the server says that it has the powers of a service or an operator (313):
 * where services are away, or never were, anybody could be called so, and wait for passwords.
 */
export interface NickServ {
  /** Asks who NickServ is. */
  readonly opening: readonly Line[];
  /** Hears of it; gives what comes of it when that is known. */
  hear(message: IrcMessage): NickServStep | undefined;
}

export interface NickServStep {
  readonly lines: readonly Line[];
  readonly trouble?: FingerError | undefined;
}

/** @param words - What proves the account: its password, perhaps with its name in front. */
export function createNickServ(words: string): NickServ {
  let isTrusted = false;
  return {
    opening: [["WHOIS", NAME]],
    hear({ command, params, source }) {
      // Nobody but a server says numbers.
      if (source?.host !== undefined || params[1]?.toLowerCase() !== NAME.toLowerCase()) return undefined;
      if (command === RPL_WHOISOPERATOR || (command === RPL_WHOISSERVICE && /\bservice\b/.test(params.at(-1) ?? ""))) {
        isTrusted = true;
      }
      if (command === ERR_NOSUCHNICK)
        return { lines: [], trouble: notProved("there is neither SASL nor NickServ here") };
      if (command !== RPL_ENDOFWHOIS) return undefined;
      if (!isTrusted) return { lines: [], trouble: notProved("the server does not say that NickServ is a service") };
      return { lines: [["PRIVMSG", NAME, `IDENTIFY ${words}`]] };
    },
  };
}

/** Why nobody knows whose the bot is. */
export function notProved(why: string): FingerError {
  return new FingerError("ERR_FINGER_DENIED", `The account of the bot is not proved: ${why}.`);
}

const NAME = "NickServ";
/** Of ngIRCd; with other words it is something else on other servers. */
const RPL_WHOISSERVICE = "310";
const RPL_WHOISOPERATOR = "313";
const RPL_ENDOFWHOIS = "318";
const ERR_NOSUCHNICK = "401";
