import { FingerError, sanitize } from "finger-protocol";
import type { IrcMessage } from "../irc/message.js";
import type { Line } from "./line.js";

/**
 * Tells a password to NickServ, but only to one of whom the server says that it has the powers of a service or an operator (313):
 * where services are away, or never were, anybody could be called so, and wait for passwords.
 */
export interface NickServ {
  /** Asks who NickServ is. */
  readonly opening: readonly Line[];
  /** Hears of it; gives what comes of it when that is known, and once more when the password is wrong. */
  hear(message: IrcMessage): NickServStep | undefined;
}

export interface NickServStep {
  readonly lines: readonly Line[];
  readonly trouble?: FingerError | undefined;
}

/** @param words - What proves the account: its password, perhaps with its name in front. */
export function createNickServ(words: string): NickServ {
  let isTrusted = false;
  let next: "who it is" | "what it says" | "nothing" = "who it is";

  const fail = (why: string): NickServStep => {
    next = "nothing";
    return { lines: [], trouble: notProved(why) };
  };
  const hearWhois = ({ command, params, source }: IrcMessage): NickServStep | undefined => {
    // Nobody but a server says numbers.
    if (source?.host !== undefined || !isNickServ(params[1])) return undefined;
    if (command === RPL_WHOISOPERATOR || (command === RPL_WHOISSERVICE && /\bservice\b/.test(params.at(-1) ?? ""))) {
      isTrusted = true;
    }
    if (command === ERR_NOSUCHNICK) return fail("there is neither SASL nor NickServ here");
    if (command !== RPL_ENDOFWHOIS) return undefined;
    if (!isTrusted) return fail("the server does not say that NickServ is a service");
    next = "what it says";
    return { lines: [["PRIVMSG", NAME, `IDENTIFY ${words}`]] };
  };
  const hearSay = ({ command, params, source }: IrcMessage): NickServStep | undefined => {
    const said = command === "NOTICE" && isNickServ(source?.name) ? sanitize(params.at(-1) ?? "") : "";
    return REFUSAL.test(said) ? fail(`NickServ says: ${said.replace(/\.$/, "")}`) : undefined;
  };

  return {
    opening: [["WHOIS", NAME]],
    hear(message) {
      if (next === "nothing") return undefined;
      return next === "who it is" ? hearWhois(message) : hearSay(message);
    },
  };
}

/** Why nobody knows whose the bot is. */
export function notProved(why: string): FingerError {
  return new FingerError("ERR_FINGER_DENIED", `The account of the bot is not proved: ${why}.`);
}

function isNickServ(name = ""): boolean {
  return name.toLowerCase() === NAME.toLowerCase();
}

const NAME = "NickServ";
/** In the words of Atheme and Anope, and likely of others. */
const REFUSAL = /\b(?:invalid|incorrect|wrong|denied|fail(?:ed|ure)?|not (?:a )?registered|isn't registered)\b/i;
/** Of ngIRCd; with other words it is something else on other servers. */
const RPL_WHOISSERVICE = "310";
const RPL_WHOISOPERATOR = "313";
const RPL_ENDOFWHOIS = "318";
const ERR_NOSUCHNICK = "401";
