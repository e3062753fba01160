import { FingerError, sanitize } from "finger-protocol";
import type { IrcMessage } from "../irc/message.js";
import { EXTERNAL_PAYLOAD, toPlainPayload } from "../irc/sasl.js";
import type { IrcAccount } from "../options.js";
import type { Line } from "./line.js";
import { toNicks } from "./nicks.js";
import { isOneWord } from "./one-word.js";
import { createSaslLogin, type SaslMechanism, type SaslStep } from "./sasl-login.js";

/** Becomes known to a server: from the connection to its welcome (RFC 1459 4.1, IRCv3 capability negotiation). */
export interface Registration {
  /** What is said first. */
  readonly opening: readonly Line[];
  hear(message: IrcMessage): RegistrationStep;
}

/** What comes next. Without `outcome` it goes on. */
export interface RegistrationStep {
  readonly lines: readonly Line[];
  /** What went wrong, and is no reason to stop. */
  readonly trouble?: FingerError | undefined;
  readonly outcome?: RegistrationOutcome | undefined;
}

export type RegistrationOutcome =
  | { readonly kind: "ready"; readonly nick: string; readonly isIdentified: boolean }
  | { readonly kind: "refused"; readonly error: FingerError };

export interface RegistrationOptions {
  readonly nick: string;
  /** The longest nick of the server, where that is known from before. */
  readonly nickLength?: number | undefined;
  readonly user: string;
  readonly realName: string;
  readonly password?: string | undefined;
  readonly account?: IrcAccount | undefined;
  /** Whether a password of an account may be sent. */
  readonly isPrivate: boolean;
}

export function createRegistration(options: RegistrationOptions): Registration {
  const { nick: wanted, user, realName, password } = options;
  const [first = wanted, ...others] = toNicks(wanted, options.nickLength);
  const mechanisms = toMechanisms(options);
  const sasl = createSaslLogin(mechanisms);
  const offered = new Map<string, string>();
  const requested = new Set<string>();
  let nick = first;
  let isIdentified = false;
  let isAsked = false;
  let isLoggingIn = false;

  const request = (): RegistrationStep => {
    isAsked = true;
    const names = [...WANTED, ...(mechanisms.length > 0 ? ["sasl"] : [])].filter((name) => offered.has(name));
    for (const name of names) requested.add(name);
    // One by one: a server takes all that one request names, or nothing.
    return names.length === 0 ? { lines: [END] } : { lines: names.map((name) => ["CAP", "REQ", name]) };
  };
  /** Ends the negotiation when nothing is open any more. */
  const endIfDone = (lines: readonly Line[] = []): RegistrationStep =>
    requested.size > 0 || isLoggingIn ? { lines } : { lines: [...lines, END] };

  const hearCap = ({ params }: IrcMessage): RegistrationStep => {
    const [, verb = "", more, rest] = params;
    const text = params.at(-1) ?? "";
    switch (verb.toUpperCase()) {
      case "LS":
        if (isAsked) return NOTHING;
        for (const [name, value] of toCapabilities(text)) offered.set(name, value);
        return more === "*" && rest !== undefined ? NOTHING : request();
      case "ACK":
        return settle(text, true);
      case "NAK":
        return settle(text, false);
      default:
        return NOTHING;
    }
  };
  const settle = (text: string, isGiven: boolean): RegistrationStep => {
    const names = [...toCapabilities(text).keys()].filter((name) => requested.delete(name));
    if (names.length === 0) return NOTHING;
    if (!names.includes("sasl") || !isGiven) return endIfDone();
    isLoggingIn = true;
    return hearSasl(sasl.begin(offered.get("sasl")));
  };
  const hearSasl = ({ lines, result }: SaslStep): RegistrationStep => {
    if (result === undefined) return { lines };
    isLoggingIn = false;
    isIdentified ||= result.isIn;
    return { ...endIfDone(lines), trouble: result.isIn ? undefined : result.trouble };
  };

  const tryOther = (message: IrcMessage): RegistrationStep => {
    const next = others.shift();
    if (next === undefined) return refuse("ERR_FINGER_REFUSED", message, `choose another nick than ${wanted}`);
    nick = next;
    return { lines: [["NICK", nick]] };
  };

  return {
    opening: [
      ["CAP", "LS", "302"],
      ...(password === undefined ? [] : [["PASS", password] as const]),
      ["NICK", nick],
      ["USER", user, "0", "*", realName],
    ],
    hear(message) {
      const { command, params } = message;
      if (command === "001") {
        const given = params[0] ?? "";
        return { lines: [], outcome: { kind: "ready", nick: isOneWord(given) ? given : nick, isIdentified } };
      }
      if (command === "CAP") return hearCap(message);
      if (command === "410") return endIfDone();
      if (NICK_REFUSALS.has(command)) return tryOther(message);
      if (command === "900") isIdentified = true;
      if (isLoggingIn) return hearSasl(sasl.hear(message));
      const advice = REFUSALS.get(command);
      return advice === undefined ? NOTHING : refuse("ERR_FINGER_DENIED", message, advice);
    },
  };
}

/** EXTERNAL tells nothing that is secret; a password is for those who cannot be overheard. */
function toMechanisms({ account, nick, isPrivate }: RegistrationOptions): readonly SaslMechanism[] {
  const { name = nick, password, external = false } = account ?? {};
  const mechanisms: SaslMechanism[] = external ? [{ name: "EXTERNAL", payload: EXTERNAL_PAYLOAD }] : [];
  if (password === undefined || !isPrivate) return mechanisms;
  return [...mechanisms, { name: "PLAIN", payload: toPlainPayload(name, password) }];
}

/** `name=value` each; a capability that was taken may have a sign in front of it. */
function toCapabilities(text: string): ReadonlyMap<string, string> {
  const words = text.split(" ").filter((word) => word !== "");
  return new Map(
    words.map((word) => {
      const [name = "", ...value] = word.replace(/^[-~=]+/, "").split("=");
      return [name, value.join("=")];
    }),
  );
}

function refuse(
  code: "ERR_FINGER_DENIED" | "ERR_FINGER_REFUSED",
  message: IrcMessage,
  advice: string,
): RegistrationStep {
  const why = sanitize(message.params.at(-1) ?? "").replace(/\.$/, "");
  const error = new FingerError(code, `The server does not take the bot (${message.command}: ${why}); ${advice}.`);
  return { lines: [], outcome: { kind: "refused", error } };
}

/** `chghost` tells of our own host: how long what we say can be hangs on it. */
const WANTED: readonly string[] = ["message-tags", "account-tag", "chghost"];
const END: Line = ["CAP", "END"];
const NOTHING: RegistrationStep = { lines: [] };
/** No nick at all for this server, in use, collided, unavailable. */
const NICK_REFUSALS: ReadonlySet<string> = new Set(["432", "433", "436", "437"]);
/** What ends it, and what to do. */
const REFUSALS: ReadonlyMap<string, string> = new Map([
  ["463", "ask its operators to let this machine in"],
  ["464", "check the option server.password"],
  ["465", "ask its operators why"],
  ["466", "ask its operators why"],
]);
