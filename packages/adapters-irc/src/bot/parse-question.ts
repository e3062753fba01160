import { type FingerQuery, parseQuery } from "finger-protocol";
import { toSayable } from "../irc/text.js";

/** What somebody asks the bot: a query as over finger, or what there is in chat alone. */
export type Question =
  | FingerQuery
  | { readonly kind: "help" }
  /** To be set, by `!status`. */
  | { readonly kind: "status"; readonly text: string };

/**
 * Reads a private message: all of it is the name, as in Twisted's tutorial, chapter 18, apart from blanks around it and from
 * what a program of chat puts there for colour. `undefined` when nothing is asked. Never throws.
 *
 * The words of the bot come before users of the same name, who are asked for by `finger help`.
 *
 * @example parsePrivate("finger -l alice") // { kind: "user", user: "alice", verbose: true }
 */
export function parsePrivate(message: string): Question | undefined {
  const text = toSayable(message).trim();
  if (text === "") return undefined;
  const [, word = "", rest = ""] = /^(\S+)\s*(.*)$/su.exec(text) ?? [];
  switch (word.toLowerCase()) {
    case "!status":
      return { kind: "status", text: rest };
    case "finger":
    case "!finger":
      return readCommand(rest);
    case "!list":
    case "!help":
    case "list":
    case "help":
      if (rest === "") return word.toLowerCase().endsWith("list") ? LIST : HELP;
  }
  return readQuery(text);
}

/**
 * Reads what is said in a channel, where only `!finger` is for the bot; `undefined` for all else. Never throws.
 *
 * Who there is is told in private alone: a list begins with a login, and what stands first in a line of a channel is what other
 * bots there obey.
 */
export function parsePublic(message: string): Question | undefined {
  const found = /^!finger(?:\s+(.*))?$/isu.exec(toSayable(message).trim());
  const question = found === null ? undefined : readCommand(found[1] ?? "");
  return question?.kind === "list" ? HELP : question;
}

/** What stands behind the command; nothing at all is how people find out what it does. */
function readCommand(rest: string): Question {
  return rest === "" ? HELP : readQuery(rest);
}

/** `-l` is `/W` to everybody who knows the command. */
function readQuery(text: string): FingerQuery {
  return parseQuery(text.replace(/^-l(?=\s|$)/iu, "/W"));
}

const HELP: Question = { kind: "help" };
const LIST: Question = { kind: "list", verbose: false };
