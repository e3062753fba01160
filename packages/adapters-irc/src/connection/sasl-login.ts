import { FingerError, sanitize } from "finger-protocol";
import type { IrcMessage } from "../irc/message.js";
import type { Line } from "./line.js";

/** A way to prove an account, and what is sent for it. */
export interface SaslMechanism {
  readonly name: "EXTERNAL" | "PLAIN";
  /** In pieces, as AUTHENTICATE takes them. */
  readonly payload: readonly string[];
}

/** A login by SASL (IRCv3 sasl 3.1 and 3.2). */
export interface SaslLogin {
  /** Begins, with the mechanisms that the server has said it knows; `undefined` when it has said none. */
  begin(known: string | undefined): SaslStep;
  hear(message: IrcMessage): SaslStep;
}

/** What comes next. Without `result` it goes on. */
export interface SaslStep {
  readonly lines: readonly Line[];
  readonly result?: { readonly isIn: true } | { readonly isIn: false; readonly trouble: FingerError };
}

/** Tries the mechanisms in turn. */
export function createSaslLogin(mechanisms: readonly SaslMechanism[]): SaslLogin {
  let left = mechanisms;
  let current: SaslMechanism | undefined;
  let isOver = false;

  const keep = (known: string | undefined) => {
    const names = known?.toUpperCase().split(",");
    if (known) left = left.filter(({ name }) => names?.includes(name));
  };
  const tryNext = (why: string): SaslStep => {
    [current, ...left] = left;
    if (current !== undefined) return { lines: [["AUTHENTICATE", current.name]] };
    isOver = true;
    return { lines: [], result: { isIn: false, trouble: refused(why) } };
  };
  const succeed = (): SaslStep => {
    isOver = true;
    return { lines: [], result: { isIn: true } };
  };
  const prove = ({ params }: IrcMessage): SaslStep => {
    if (params[0] !== "+" || current === undefined) return NOTHING;
    const { payload } = current;
    current = { ...current, payload: [] };
    return { lines: payload.map((piece) => ["AUTHENTICATE", piece]) };
  };

  return {
    begin(known) {
      keep(known);
      return tryNext(`it knows only ${sanitize(known ?? "")}`);
    },
    hear(message) {
      const { command, params } = message;
      if (isOver) return NOTHING;
      if (command === "AUTHENTICATE") return prove(message);
      if (command === "908") keep(params[1]);
      if (command === "903" || command === "907") return succeed();
      return FAILURES.has(command) ? tryNext(sanitize(params.at(-1) ?? command)) : NOTHING;
    },
  };
}

function refused(why: string): FingerError {
  const what = `The server does not let the bot log in by SASL: ${why.replace(/\.$/, "")}. Check the option account.`;
  return new FingerError("ERR_FINGER_DENIED", what);
}

const NOTHING: SaslStep = { lines: [] };
/** The nick is locked, the proof wrong, too long, or given up. */
const FAILURES: ReadonlySet<string> = new Set(["902", "904", "905", "906"]);
