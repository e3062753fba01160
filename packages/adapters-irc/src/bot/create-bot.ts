import type { IrcSession } from "../connection/session.js";
import { type Ctcp, formatCtcp, parseCtcp } from "../irc/ctcp.js";
import type { IrcMessage } from "../irc/message.js";
import { countBytes } from "../irc/split-text.js";
import { announce } from "./announce.js";
import { answer } from "./answer.js";
import { type Asker, toAsker } from "./asker.js";
import { answerCtcp } from "./ctcp.js";
import { deliver, type Place } from "./deliver.js";
import { fitLine } from "./fit.js";
import { createWhois } from "./identify.js";
import { parsePrivate, parsePublic, type Question } from "./parse-question.js";
import { createReception } from "./reception.js";
import { toLine } from "./reply.js";
import type { BotRules } from "./rules.js";
import { say } from "./say.js";
import { setStatus } from "./setting.js";
import { createTurns } from "./turns.js";

/** What a presence on IRC says, and to whom. */
export interface Bot {
  hear(message: IrcMessage, session: IrcSession): void;
  /** Tells news from now on, where it is to; once, however often it is begun. */
  begin(session: IrcSession): void;
  /** Hears nothing any more; resolves when what is under way is answered, or at once when the signal is aborted. */
  end(signal?: AbortSignal): Promise<void>;
}

/** Makes a bot, which may begin again when it has ended. */
export function createBot(rules: BotRules): Bot {
  let life = createLife(rules);
  return {
    hear: (message, session) => life.hear(message, session),
    begin(session) {
      if (life.isOver()) life = createLife(rules);
      life.begin(session);
    },
    end: (signal) => life.end(signal),
  };
}

/** From a start to a stop. */
function createLife(rules: BotRules): Bot & { isOver(): boolean } {
  const { setting, onError } = rules;
  const news = new AbortController();
  const reception = createReception(rules);
  const whois = createWhois();
  const inTurn = createTurns<string>();
  let hasBegun = false;

  const reply = async (question: Question, asker: Asker, session: IrcSession, signal: AbortSignal) => {
    if (question.kind !== "status") return say(await answer(question, rules, signal), asker, session, rules, signal);
    if (setting === undefined) return;
    const identify = (who: Asker) => whois.identify(who, session, signal);
    // One after the other, or one that waits to be identified would come after a later one.
    const set = () => setStatus(asker, question.text, setting, identify, { signal, onError });
    const words = await inTurn(asker.key, set);
    return say(toLine(words), asker, session, rules, signal);
  };
  const hearText = (asker: Asker, session: IrcSession) => {
    if (OWN_WORDS.test(asker.text)) return;
    const question = asker.channel === undefined ? parsePrivate(asker.text) : parsePublic(asker.text);
    if (question === undefined || (question.kind === "status" && setting === undefined)) return;
    reception.admit(asker, session, (signal) => reply(question, asker, session, signal));
  };
  const hearCtcp = (request: Ctcp, asker: Asker, session: IrcSession) => {
    // A whole channel is not to make all bots in it talk at once.
    const text = asker.channel === undefined ? answerCtcp(request, rules.realName) : undefined;
    if (text === undefined) return;
    const place: Place = { command: "NOTICE", target: asker.nick };
    const line = formatCtcp(request.command, text);
    // Half an echo is none.
    if (countBytes(line) > session.roomFor(place.command, place.target)) return;
    reception.admit(asker, session, (signal) => deliver(session, place, [line], signal));
  };

  return {
    isOver: () => news.signal.aborted,
    hear(message, session) {
      whois.hear(message, session);
      const asker = news.signal.aborted ? undefined : toAsker(message, session);
      if (asker === undefined) return;
      const request = parseCtcp(asker.text);
      if (request === undefined) hearText(asker, session);
      else hearCtcp(request, asker, session);
    },
    begin(session) {
      if (hasBegun) return;
      hasBegun = true;
      if (rules.announce !== undefined) void tellNews(rules.announce, rules, session, news.signal).catch(onError);
    },
    end(signal) {
      news.abort();
      return reception.close(signal);
    },
  };
}

function tellNews(
  { channels, logins }: NonNullable<BotRules["announce"]>,
  { provider, limits, onError }: BotRules,
  session: IrcSession,
  signal: AbortSignal,
): Promise<void> {
  const tell = (line: string) => {
    const said = channels.map((channel) => {
      const [target = channel] = channel.split(" ");
      // One that it was kicked out of may let in what is said from outside.
      if (!session.isIn(target)) return false;
      const lines = fitLine(line, session.roomFor("PRIVMSG", target));
      return lines.some((text) => session.send("news", "PRIVMSG", target, text));
    });
    return said.includes(true);
  };
  return announce({ provider, logins, lookupTime: limits.lookupTime, tell, onError }, signal);
}

/** What another bot of this kind says, which is no question. A long name is cut before the colon behind it. */
const OWN_WORDS = /^(?:Status of |Finger (?:online|forwarding|query) |Say a name to me|Please wait)/;
