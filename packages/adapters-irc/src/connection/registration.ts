import { FingerError, sanitize } from "finger-protocol";
import type { IrcMessage } from "../irc/message.js";
import { EXTERNAL_PAYLOAD, toPlainPayload } from "../irc/sasl.js";
import type { IrcAccount } from "../options.js";
import type { Line } from "./line.js";
import { createNegotiation, isOfNegotiation, type NegotiationStep } from "./negotiation.js";
import { toNicks } from "./nicks.js";
import { isOneWord } from "./one-word.js";
import type { SaslMechanism } from "./sasl-login.js";

/** Becomes known to a server: from the connection to its welcome (RFC 1459 4.1), and by an account also after it. */
export interface Registration {
  /** What is said first. */
  readonly opening: readonly Line[];
  hear(message: IrcMessage): RegistrationStep;
  /** Waits no longer for a server that lets it wait. */
  tick(now: number): NegotiationStep;
  /** Whether the server has said that we are logged in. */
  readonly isIdentified: boolean;
}

/** What comes next. Without `outcome` it goes on. */
interface RegistrationStep extends NegotiationStep {
  readonly outcome?: RegistrationOutcome | undefined;
}

type RegistrationOutcome =
  | { readonly kind: "ready"; readonly nick: string }
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
  const negotiation = createNegotiation(toMechanisms(options));
  let nick = first;
  let isWelcome = false;

  const welcome = (given = ""): RegistrationStep => {
    isWelcome = true;
    negotiation.end();
    return { lines: [], outcome: { kind: "ready", nick: isOneWord(given) ? given : nick } };
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
      if (isOfNegotiation(message)) return negotiation.hear(message);
      if (isWelcome) return NOTHING;
      if (command === "001") return welcome(params[0]);
      if (NICK_REFUSALS.has(command)) return tryOther(message);
      const advice = REFUSALS.get(command);
      return advice === undefined ? NOTHING : refuse("ERR_FINGER_DENIED", message, advice);
    },
    tick: negotiation.tick,
    get isIdentified() {
      return negotiation.isIdentified;
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

function refuse(
  code: "ERR_FINGER_DENIED" | "ERR_FINGER_REFUSED",
  message: IrcMessage,
  advice: string,
): RegistrationStep {
  const why = sanitize(message.params.at(-1) ?? "").replace(/\.$/, "");
  const error = new FingerError(code, `The server does not take the bot (${message.command}: ${why}); ${advice}.`);
  return { lines: [], outcome: { kind: "refused", error } };
}

const NOTHING: RegistrationStep = { lines: [] };
/** No nick at all for this server, in use, collided, unavailable. */
const NICK_REFUSALS: ReadonlySet<string> = new Set(["432", "433", "436", "437"]);
/** What ends it, and what to do. */
const REFUSALS: ReadonlyMap<string, string> = new Map([
  // Who follows a server that is not the one asked for may be led to anybody.
  ["010", "it names another server: give that as the option server if you trust it"],
  ["463", "ask its operators to let this machine in"],
  ["464", "check the option server.password"],
  ["465", "ask its operators why"],
  ["466", "ask its operators why"],
]);
