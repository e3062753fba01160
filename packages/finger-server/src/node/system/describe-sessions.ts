import type { FingerSession } from "finger-protocol";
import type { Presence } from "./logins/logins.js";
import { readTerminal } from "./terminal.js";

/**
 * Where somebody is, and since when nothing was typed there.
 *
 * @param terminals - Their folder.
 */
export function describeSessions(
  presences: readonly Presence[] | undefined,
  terminals: string | undefined,
): Promise<readonly FingerSession[]> {
  return Promise.all(
    (presences ?? []).map(async ({ since, tty, host, idleSince }) => {
      const idle = idleSince && Math.max(0, Math.floor((Date.now() - idleSince.getTime()) / 1000));
      const terminal = tty === undefined ? {} : await readTerminal(tty, terminals);
      return { since, tty, host, ...(idle !== undefined && { idle }), ...terminal };
    }),
  );
}
