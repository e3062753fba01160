import { FingerError } from "finger-protocol";
import { toSayable } from "../irc/text.js";
import type { IrcSetting } from "../options.js";
import type { Asker } from "./asker.js";
import type { Identify } from "./identify.js";

/**
 * Sets the status of somebody who has identified to the services of the network, and gives what to say of it: `OK`, as the setter
 * does, or why not. Never rejects.
 *
 * @param onError - Hears of what the setter tells nobody.
 */
export async function setStatus(
  asker: Asker,
  text: string,
  { setter, toLogin }: IrcSetting,
  identify: Identify,
  onError: (error: unknown) => void,
): Promise<string> {
  if (text === "") return "Say !status and what it is to be.";
  try {
    const account = asker.account ?? (await identify(asker));
    if (account === undefined) return "Refused: identify to the services of this network first.";
    const login = toLogin(account);
    if (login === undefined) return `Refused: there is no status for the account ${toSayable(account)}.`;
    // Without any address it would be somebody on this machine.
    await setter.set({ login, text }, { address: "", port: undefined, login });
    return "OK";
  } catch (error) {
    if (!FingerError.is(error)) onError(error);
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
