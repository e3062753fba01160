import { FingerError } from "finger-protocol";
import { toSayable } from "../irc/text.js";
import type { IrcSetting } from "../options.js";
import type { Asker } from "./asker.js";
import type { Identify } from "./identify.js";
import { within } from "./within.js";

/** How long it may take, and who hears of what the setter tells nobody. */
interface Surroundings {
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/**
 * Sets the status of somebody who has identified to the services of the network, and gives what to say of it: `OK`, as the setter
 * does, or why not. Never rejects.
 */
export async function setStatus(
  asker: Asker,
  text: string,
  { setter, toLogin }: IrcSetting,
  identify: Identify,
  { signal, onError }: Surroundings,
): Promise<string> {
  if (text === "") return "Say !status and what it is to be.";
  try {
    const account = asker.account ?? (await identify(asker));
    if (account === undefined) return "Refused: identify to the services of this network first.";
    const login = toLogin(account);
    if (login === undefined) return `Refused: there is no status for the account ${toSayable(account)}.`;
    // Without any address it would be somebody on this machine.
    const peer = { address: "", port: undefined, login };
    await within(LONGEST, signal, () => setter.set({ login, text }, peer));
    return "OK";
  } catch (error) {
    if (!FingerError.is(error) || error.code === "ERR_FINGER_TIMEOUT") onError(error);
    return toWords(error);
  }
}

/** The words of the setter, where they are for the one who asks. */
function toWords(error: unknown): string {
  const code = FingerError.is(error) ? error.code : undefined;
  if (code === "ERR_FINGER_INVALID" || code === "ERR_FINGER_DENIED" || code === "ERR_FINGER_LIMITED") {
    return toSayable((error as Error).message);
  }
  if (code === "ERR_FINGER_STORE" || code === "ERR_FINGER_CONFLICT") return "Not stored; please try again later.";
  return "Perhaps not stored: ask for the status to see, and try again later.";
}

/** In milliseconds; `createSetter` takes half a minute at most. One that hangs is not to keep others from being answered. */
const LONGEST = 40_000;
