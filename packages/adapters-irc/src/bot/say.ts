import type { IrcSession } from "../connection/session.js";
import type { Asker } from "./asker.js";
import { deliver, type Place } from "./deliver.js";
import { fit } from "./fit.js";
import type { Reply } from "./reply.js";
import type { BotRules } from "./rules.js";

/**
 * Says an answer to who has asked.
 *
 * What was asked in private is answered there by PRIVMSG, as in Twisted's tutorial. In a channel an answer of one line is said to
 * the channel; a longer one goes by NOTICE to who has asked, for the others have not.
 */
export function say(
  reply: Reply,
  asker: Asker,
  session: IrcSession,
  { limits, host }: Pick<BotRules, "limits" | "host">,
  signal: AbortSignal,
): Promise<void> {
  const cut = ({ command, target }: Place) => {
    return fit(reply, { room: session.roomFor(command, target), lines: limits.lines, host });
  };
  const there: Place = { command: "PRIVMSG", target: asker.channel ?? asker.nick };
  const lines = cut(there);
  if (asker.channel === undefined || lines.length === 1) return deliver(session, there, lines, signal);
  const apart: Place = { command: "NOTICE", target: asker.nick };
  return deliver(session, apart, cut(apart), signal);
}
