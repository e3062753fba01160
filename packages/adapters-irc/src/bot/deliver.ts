import { pause } from "../connection/pause.js";
import type { IrcSession } from "../connection/session.js";
import { createTurns } from "./turns.js";

/** How something is said, and to whom. */
export interface Place {
  readonly command: "PRIVMSG" | "NOTICE";
  readonly target: string;
}

/**
 * Says lines one after the other, as fast as the network lets us: where too much waits to be sent, it waits, too, and those who
 * wait have a line each in turn. What is left when the bot is not there any more, nobody waits for.
 */
export async function deliver(
  session: IrcSession,
  { command, target }: Place,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const line of lines) {
    await inTurn(session, async () => {
      while (!signal.aborted && !session.send("answer", command, target, line)) {
        if (session.nick === undefined) return;
        await pause(PAUSE, signal);
      }
    });
    if (session.nick === undefined) return;
  }
}

/** If each tried by itself, one could be too late each time. */
const inTurn = createTurns<IrcSession>();

/** About as long as one line takes. */
const PAUSE = 500;
