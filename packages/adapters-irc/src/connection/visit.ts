import { FingerError, sanitize } from "finger-protocol";
import { createIsupport, type Isupport } from "../irc/isupport.js";
import { LineDecoder } from "../irc/line-decoder.js";
import { formatMessage, type IrcMessage, parseMessage } from "../irc/message.js";
import type { IrcAccount } from "../options.js";
import { type Arrival, createArrival } from "./arrival.js";
import type { Channels } from "./channels.js";
import { encodeLine } from "./encode-line.js";
import type { Line } from "./line.js";
import { isOfNegotiation, type NegotiationStep } from "./negotiation.js";
import { isOneWord } from "./one-word.js";
import { createOwnPrefix } from "./own-prefix.js";
import { createRegistration, type RegistrationOptions } from "./registration.js";
import { createSendQueue } from "./send-queue.js";
import type { Transport } from "./transport.js";

/** One connection to a server, from the first line to the last. */
export interface Visit {
  /** Resolves when we have left; rejects with why it is over otherwise. */
  run(): Promise<void>;
  /** Says QUIT when the answers that wait are given, and has `run` end soon. */
  leave(reason: string): void;
  /** Has `run` end now. */
  cut(): void;
  /** `undefined` before the server has welcomed us. */
  readonly nick: string | undefined;
  /** The longest nick, as far as it is known. */
  readonly nickLength: number | undefined;
  /** How long it was there, in milliseconds, when it is over. */
  readonly stay: number;
  readonly isupport: Isupport;
  roomFor(command: "PRIVMSG" | "NOTICE", target: string): number;
  send(urgency: "own" | "answer" | "news", line: string): boolean;
}

export interface VisitOptions {
  readonly identity: Omit<RegistrationOptions, "isPrivate">;
  readonly account: IrcAccount | undefined;
  readonly channels: Channels;
  /** Is called when the server has welcomed us. */
  readonly welcomed: (nick: string) => void;
  /** Hears each message that is not for the connection. */
  readonly hear: (message: IrcMessage) => void;
  /** Hears what goes wrong, and does not end it. */
  readonly tell: (error: unknown) => void;
}

export function createVisit(transport: Transport, options: VisitOptions): Visit {
  const { identity, account, channels, tell } = options;
  const { isPrivate, incoming } = transport;
  const isupport = createIsupport();
  const prefix = createOwnPrefix();
  const registration = createRegistration({ ...identity, account, isPrivate });
  /** In a timer, too, where nobody else hears of what is thrown. */
  const write = (line: string) => {
    try {
      transport.write(encodeLine(line));
    } catch (error) {
      end(error ?? closed());
    }
  };
  const queue = createSendQueue({ write });
  let arrival: Arrival | undefined;
  let nick: string | undefined;
  let longestNick: number | undefined;
  let welcomedAt: number | undefined;
  let stay = 0;
  let goodbye: ReturnType<typeof setTimeout> | undefined;
  let isLeaving = false;
  /** As long as that is yet to be said. */
  let quit: (() => void) | undefined;
  let isOver = false;
  let heardAt = performance.now();
  let isAsked = false;
  let end: (error?: unknown) => void = () => {};

  const say = (...[command, ...params]: Line) => queue.send("now", formatMessage(command, ...params));
  const ask = (lines: readonly Line[]) => {
    for (const [command, ...params] of lines) queue.send("own", formatMessage(command, ...params));
  };
  /** What a server has called us is a length that it knows, whatever it says. */
  const beCalled = (name: string) => {
    nick = name;
    longestNick = Math.max(isupport.nickLength, name.length);
  };

  const negotiate = ({ lines, trouble }: NegotiationStep) => {
    if (trouble !== undefined) tell(trouble);
    for (const line of lines) say(...line);
  };
  const register = (message: IrcMessage) => {
    const step = registration.hear(message);
    negotiate(step);
    const { outcome } = step;
    if (outcome?.kind === "refused") end(outcome.error);
    if (outcome?.kind === "ready") welcome(outcome.nick);
  };
  const welcome = (name: string) => {
    const now = performance.now();
    welcomedAt = now;
    beCalled(name);
    const toProve = () => (registration.isIdentified ? undefined : account);
    const longest = () => longestNick;
    const given = { isupport, longest, wanted: identity.nick, account: toProve, isPrivate, channels, tell, now };
    arrival = createArrival(given);
    options.welcomed(name);
  };

  const attend = (message: IrcMessage, own: string) => {
    if (isOfNegotiation(message)) return negotiate(registration.hear(message));
    const { command, source, params } = message;
    const isOwn = source !== undefined && isupport.isSame(source.name, own);
    prefix.hear(message, isOwn);
    if (command === "004") isupport.hearModes(params);
    if (command === "005") isupport.hear(params);
    beCalled(command === "NICK" && isOwn && isOneWord(params[0] ?? "") ? (params[0] ?? own) : own);
    const lines = arrival?.hear(message, nick ?? own, performance.now());
    if (lines !== undefined) ask(lines);
    else if (!AFFAIRS.has(command)) options.hear(message);
  };
  const receive = (message: IrcMessage) => {
    if (message.command === "PING") say("PONG", message.params[0] ?? "");
    else if (message.command === "ERROR") end(isLeaving ? undefined : turnedAway(message.params.at(-1)));
    else if (nick === undefined) register(message);
    else if (!isLeaving) attend(message, nick);
  };
  const read = async () => {
    const decoder = new LineDecoder();
    for await (const bytes of incoming) {
      if (isOver) return;
      heardAt = performance.now();
      isAsked = false;
      for (const line of decoder.push(bytes)) tryOut(line);
    }
    if (isLeaving) return;
    throw turnedAway();
  };
  /** A line that makes no sense must not end a connection on which the next one does. */
  const tryOut = (line: string) => {
    const message = isOver ? undefined : parseMessage(line);
    try {
      if (message !== undefined) receive(message);
    } catch (error) {
      tell(error);
    }
  };

  /** Why the server has closed the connection; one that gives no reason may be none of IRC. */
  const turnedAway = (reason = "") => {
    const why = sanitize(reason).trim().replace(/\.$/, "");
    const isStrange = why === "" && nick === undefined;
    return isStrange ? unwelcome("ERR_FINGER_IO", "has closed the connection before it welcomed the bot") : closed(why);
  };
  const beLate = () => {
    if (nick === undefined)
      end(unwelcome("ERR_FINGER_TIMEOUT", `has not welcomed the bot in ${REGISTRATION / 1000} s`));
  };
  const tick = () => {
    const now = performance.now();
    if (now - heardAt >= SILENCE + ANSWER) return end(dead());
    if (now - heardAt >= SILENCE && !isAsked) {
      isAsked = true;
      say("PING", "finger");
    }
    if (isLeaving) return;
    negotiate(registration.tick(now));
    if (nick !== undefined) ask(arrival?.tick(nick, now) ?? []);
  };

  return {
    async run() {
      const timers = [setInterval(tick, TICK), setTimeout(beLate, REGISTRATION)];
      try {
        await new Promise<void>((resolve, reject) => {
          end = (error) => (error === undefined ? resolve() : reject(error));
          for (const line of registration.opening) say(...line);
          read().then(resolve, reject);
        });
      } finally {
        isOver = true;
        nick = undefined;
        if (welcomedAt !== undefined) stay = performance.now() - welcomedAt;
        queue.clear();
        for (const timer of [...timers, goodbye]) clearTimeout(timer);
      }
    },
    leave(reason) {
      if (isLeaving || isOver) return;
      isLeaving = true;
      quit = () => {
        quit = undefined;
        clearTimeout(goodbye);
        queue.clear();
        say("QUIT", reason);
        goodbye = setTimeout(() => end(), GOODBYE);
      };
      goodbye = setTimeout(quit, LAST_ANSWERS);
      queue.finish(quit);
    },
    cut() {
      quit?.();
      end();
    },
    get nick() {
      return isLeaving ? undefined : nick;
    },
    get nickLength() {
      return longestNick;
    },
    get stay() {
      return stay;
    },
    isupport,
    roomFor: (command, target) => prefix.roomFor(`${command} ${target} :`, nick ?? identity.nick, isupport),
    send: (urgency, line) => nick !== undefined && !isLeaving && queue.send(urgency, line),
  };
}

function closed(why = ""): FingerError {
  return new FingerError("ERR_FINGER_IO", `The server has closed the connection${why && `: ${why}`}.`);
}

function dead(): FingerError {
  const ms = SILENCE + ANSWER;
  return new FingerError(
    "ERR_FINGER_TIMEOUT",
    `The server has sent nothing for ${ms / 1000} s, though it was asked to.`,
  );
}

function unwelcome(code: "ERR_FINGER_IO" | "ERR_FINGER_TIMEOUT", why: string): FingerError {
  return new FingerError(code, `The server ${why}; see whether it is one of IRC, and whether it wants TLS.`);
}

/** What is between the connection and the server. */
const AFFAIRS: ReadonlySet<string> = new Set("PONG 001 002 003 004 005 396".split(" "));
const TICK = 5_000;
const REGISTRATION = 60_000;
/** Silence after which the server is asked whether it is there, and its time to answer. */
const SILENCE = 90_000;
const ANSWER = 60_000;
/** Time for the answers that wait when we leave: about that of one, and, with what follows, less than services have to stop. */
const LAST_ANSWERS = 6_000;
/** Time for the server to close, too. */
const GOODBYE = 2_000;
