import { createIsupport } from "../irc/isupport.js";
import { formatMessage } from "../irc/message.js";
import type { FingerBotOptions, IrcServer } from "../options.js";
import { REAL_NAME } from "../real-name.js";
import { assertIdentity } from "./assert-identity.js";
import { toWait } from "./backoff.js";
import { assertCertificate } from "./certificate.js";
import { createChannels } from "./channels.js";
import { closeWithin } from "./close-within.js";
import { onAbort } from "./on-abort.js";
import { openWithin } from "./open-within.js";
import { createOwnPrefix } from "./own-prefix.js";
import { pause } from "./pause.js";
import type { HearMessage, IrcSession } from "./session.js";
import { createTeller } from "./teller.js";
import { toSafe } from "./to-safe.js";
import type { OpenTransport } from "./transport.js";
import { createVisit, type Visit } from "./visit.js";

/** Of the options of a bot, what is of its presence. */
export interface SessionOptions
  extends Pick<FingerBotOptions, "channels" | "rejoin" | "identity" | "account" | "open" | "logger"> {
  readonly server: IrcServer;
  /** @default "finger" */
  readonly nick?: string | undefined;
  /** Hears, once while it lasts, of each thing that goes wrong. */
  readonly onError: (error: unknown) => void;
}

/**
 * Makes the presence of a bot on a network. It comes back for ever: after 2 s at most, twice that after each try that failed,
 * 5 minutes at most; when it had been there for a minute, it begins anew.
 *
 * @throws `TypeError` for a nick, an identity or a channel that no line could be made of.
 */
export function createSession(options: SessionOptions, hear: HearMessage): IrcSession {
  const { server, account, logger, nick = "finger", channels: names = [], rejoin = false } = options;
  const { user = "finger", realName = REAL_NAME } = options.identity ?? {};
  const open = options.open ?? openLater(server, account);
  if (options.open === undefined) assertCertificate(server, account);
  assertIdentity({ nick, user, realName, server, account, channels: names });
  const onError = toSafe(options.onError);
  const teller = createTeller(onError);
  const channels = createChannels({ channels: names, rejoin, tell: onError });
  let nickLength: number | undefined;
  let visit: Visit | undefined;
  let life:
    | { readonly stopping: AbortController; readonly closing: AbortController; readonly over: Promise<void> }
    | undefined;

  const welcomed = (given: string) => {
    teller.forget();
    logger?.info({ nick: given, host: server.host }, `The bot is on ${server.host} as ${given}.`);
  };
  /** Goes there once, and gives how long it was there. */
  const goOnce = async (stopping: AbortSignal, closing: AbortSignal): Promise<number> => {
    const transport = await openWithin(open, OPENING, stopping);
    const current = createVisit(transport, {
      identity: { nick, nickLength, user, realName, password: server.password },
      account,
      channels,
      welcomed,
      hear: (message) => hear(message, session),
      tell: teller.tell,
    });
    visit = current;
    const running = current.run();
    const forgets = [onAbort(stopping, () => current.leave(QUIT)), onAbort(closing, current.cut)];
    const isDone = await running.then(() => true, teller.tell);
    for (const forget of forgets) forget();
    nickLength = current.nickLength ?? nickLength;
    visit = undefined;
    // Who is gone, or hangs, would not take what is left.
    await closeWithin(transport, CLOSING, isDone ? closing : AbortSignal.abort());
    return current.stay;
  };
  const live = async (stopping: AbortSignal, closing: AbortSignal): Promise<void> => {
    for (let failures = 0; !stopping.aborted; ) {
      const stay = await goOnce(stopping, closing).catch((error: unknown) => {
        if (!stopping.aborted) teller.tell(error);
        return 0;
      });
      failures = stay >= STEADY ? 1 : failures + 1;
      await pause(toWait(failures), stopping);
    }
  };

  const session: IrcSession = {
    async start() {
      if (life !== undefined) return;
      const stopping = new AbortController();
      const closing = new AbortController();
      life = { stopping, closing, over: live(stopping.signal, closing.signal) };
    },
    async stop(signal) {
      const ending = life;
      if (ending === undefined) return;
      ending.stopping.abort();
      const forget = signal && onAbort(signal, () => ending.closing.abort());
      await ending.over;
      forget?.();
      if (life === ending) life = undefined;
    },
    get nick() {
      return visit?.nick;
    },
    isSame: (one, other) => (visit?.isupport ?? UNKNOWN).isSame(one, other),
    isIn: (channel) => visit !== undefined && channels.isIn(channel, visit.isupport.isSame),
    roomFor: (command, target) =>
      visit?.roomFor(command, target) ?? createOwnPrefix().roomFor(`${command} ${target} :`, nick, UNKNOWN),
    send(urgency, command, ...params) {
      const line = formatMessage(command, ...params);
      return visit?.send(urgency, line) ?? false;
    },
  };
  return session;
}

/** Node is asked for when it is needed: a bot that is given its connection runs without. */
function openLater(server: IrcServer, account: FingerBotOptions["account"]): OpenTransport {
  return async (signal) => {
    const { openNodeTransport } = await import("./node-transport.js");
    return openNodeTransport(server, account)(signal);
  };
}

/** Time to open a connection, in milliseconds; ours takes 20 s at most for each of its steps. */
const OPENING = 60_000;
/** Time to close one, in milliseconds; ours takes 2 s at most. */
const CLOSING = 5_000;
/** A presence that was no failure, in milliseconds. */
const STEADY = 60_000;
/** What holds of a server while there is none. */
const UNKNOWN = createIsupport();
const QUIT = "The finger server stops";
