import { pause } from "../connection/pause.js";
import type { IrcSession } from "../connection/session.js";

/** How something is said, and to whom. */
export interface Place {
  readonly command: "PRIVMSG" | "NOTICE";
  readonly target: string;
}

/**
 * Says lines one after the other, as fast as the network lets us: where too much waits to be sent, it waits, too. What is left when
 * the bot is not there any more, nobody waits for.
 */
export async function deliver(
  session: IrcSession,
  { command, target }: Place,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const line of lines) {
    while (!signal.aborted && !session.send("answer", command, target, line)) {
      if (session.nick === undefined) return;
      await pause(PAUSE, signal);
    }
  }
}

/** About as long as one line takes. */
const PAUSE = 500;
