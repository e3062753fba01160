import { FingerError } from "finger-protocol";
import type { IrcMessage } from "../irc/message.js";
import type { Line } from "./line.js";
import { createSaslLogin, type SaslLogin, type SaslMechanism, type SaslStep } from "./sasl-login.js";

/** Agrees with a server on what both can, and logs in where it lets us (IRCv3 capability negotiation 302, SASL 3.2). */
export interface Negotiation {
  /** Hears what is of it, before the welcome and after. */
  hear(message: IrcMessage): NegotiationStep;
  /** Waits no longer for a server that lets it wait. */
  tick(now: number): NegotiationStep;
  /** The server has welcomed us, so that there is no end to be told. */
  end(): void;
  /** Whether the server has said that we are logged in. */
  readonly isIdentified: boolean;
}

/** What comes next. */
export interface NegotiationStep {
  readonly lines: readonly Line[];
  /** What went wrong, and is no reason to stop. */
  readonly trouble?: FingerError | undefined;
}

/** Whether a message is for a negotiation. */
export function isOfNegotiation({ command }: IrcMessage): boolean {
  return COMMANDS.has(command);
}

/** @param mechanisms - To log in by, best first. */
export function createNegotiation(mechanisms: readonly SaslMechanism[]): Negotiation {
  const wanted = mechanisms.length > 0 ? [...WANTED, "sasl"] : WANTED;
  const offered = new Map<string, string>();
  const requested = new Set<string>();
  /** The login that is under way. */
  let login: SaslLogin | undefined;
  let isIdentified = false;
  let hasBegun = false;
  let isAsked = false;
  let isEnded = false;
  let openSince: number | undefined;

  /** Only what is wanted is kept: a server may offer without end. */
  const offer = (text: string): readonly string[] => {
    const capabilities = [...toCapabilities(text)].filter(([name]) => wanted.includes(name));
    for (const [name, value] of capabilities) offered.set(name, value);
    return capabilities.map(([name]) => name);
  };
  /** All at once: each line that is said here, others wait for later. */
  const request = (names: readonly string[]): readonly Line[] => {
    const missing = names.filter((name) => name !== "sasl" || (!isIdentified && login === undefined));
    for (const name of missing) requested.add(name);
    return missing.length === 0 ? [] : [["CAP", "REQ", missing.join(" ")]];
  };
  /** Ends the negotiation, once, when nothing is open any more. */
  const endIfDone = (lines: readonly Line[] = []): NegotiationStep => {
    if (isEnded || requested.size > 0 || login !== undefined) return { lines };
    isEnded = true;
    return { lines: [...lines, END] };
  };

  const hearCap = ({ params }: IrcMessage): NegotiationStep => {
    const [, verb = "", more, rest] = params;
    const text = params.at(-1) ?? "";
    hasBegun = true;
    switch (verb.toUpperCase()) {
      case "LS":
        if (isAsked) return NOTHING;
        offer(text);
        if (more === "*" && rest !== undefined) return NOTHING;
        isAsked = true;
        return endIfDone(request(wanted.filter((name) => offered.has(name))));
      case "NEW": {
        const names = offer(text);
        return isAsked ? { lines: request(names) } : NOTHING;
      }
      case "DEL":
        return forget(text);
      case "ACK":
        return settle(text, true);
      case "NAK":
        return settle(text, false);
      default:
        return NOTHING;
    }
  };
  const settle = (text: string, isGiven: boolean): NegotiationStep => {
    const names = [...toCapabilities(text).keys()].filter((name) => requested.delete(name));
    if (names.length === 0) return NOTHING;
    // A server takes all that one request names, or nothing.
    if (!isGiven && names.length > 1) return { lines: names.flatMap((name) => request([name])) };
    if (!names.includes("sasl") || !isGiven) return endIfDone();
    login = createSaslLogin(mechanisms);
    return hearSasl(login.begin(offered.get("sasl")));
  };
  const forget = (text: string): NegotiationStep => {
    for (const name of toCapabilities(text).keys()) {
      offered.delete(name);
      requested.delete(name);
    }
    if (!isAsked) return NOTHING;
    if (login === undefined || offered.has("sasl")) return endIfDone();
    login = undefined;
    return { ...endIfDone(), trouble: withdrawn() };
  };
  const hearSasl = ({ lines, result }: SaslStep): NegotiationStep => {
    if (result === undefined) return { lines };
    login = undefined;
    isIdentified ||= result.isIn;
    return { ...endIfDone(lines), trouble: result.isIn ? undefined : result.trouble };
  };
  const giveUp = (): NegotiationStep => {
    const lines: readonly Line[] = login === undefined ? [] : [["AUTHENTICATE", "*"]];
    login = undefined;
    requested.clear();
    isAsked = true;
    return { ...endIfDone(lines), trouble: late() };
  };

  return {
    hear(message) {
      const { command } = message;
      if (command === "CAP") return hearCap(message);
      if (command === "410") return endIfDone();
      if (command === "900" || command === "901") isIdentified = command === "900";
      return login === undefined ? NOTHING : hearSasl(login.hear(message));
    },
    tick(now) {
      const isOpen = hasBegun && (!isEnded || requested.size > 0 || login !== undefined);
      openSince = isOpen ? (openSince ?? now) : undefined;
      return openSince === undefined || now - openSince < PATIENCE ? NOTHING : giveUp();
    },
    end() {
      isEnded = true;
      isAsked = true;
    },
    get isIdentified() {
      return isIdentified;
    },
  };
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

function late(): FingerError {
  const what = `The server has not come to an end with its capabilities, or a login by SASL, in ${PATIENCE / 1000} s; the bot goes on without.`;
  return new FingerError("ERR_FINGER_TIMEOUT", what);
}

function withdrawn(): FingerError {
  const what = "The server has no SASL any more, in the middle of a login; the bot logs in when it has.";
  return new FingerError("ERR_FINGER_REFUSED", what);
}

/**
 * `batch` marks what was said before we came, which is told to whoever joins. `chghost` tells of our own host: how long what we
 * say can be hangs on it.
 */
const WANTED: readonly string[] = ["message-tags", "account-tag", "batch", "chghost"];
const COMMANDS: ReadonlySet<string> = new Set("CAP AUTHENTICATE 410 900 901 902 903 904 905 906 907 908".split(" "));
const END: Line = ["CAP", "END"];
const NOTHING: NegotiationStep = { lines: [] };
/** Time for all of it, in milliseconds: services that are away let a server wait for ever, and a registration has no more than a minute. */
const PATIENCE = 15_000;
