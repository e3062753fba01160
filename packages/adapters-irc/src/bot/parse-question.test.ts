import { expect, it } from "vitest";
import { parsePrivate, parsePublic, type Question } from "./parse-question.js";

const ALICE: Question = { kind: "user", user: "alice", verbose: false };
const LONG: Question = { kind: "user", user: "alice", verbose: true };
const HELP: Question = { kind: "help" };

const PRIVATE: ReadonlyArray<[message: string, question: Question | undefined, why: string]> = [
  ["alice", ALICE, "the whole message is the name, as in the tutorial"],
  ["  alice ", ALICE, "blanks around it are no part of it"],
  ["\x02alice\x0f", ALICE, "programs of chat put colours there"],
  ["finger alice", ALICE, "who knows the command writes it"],
  ["FINGER alice", ALICE, "telephones begin with a capital"],
  ["!finger alice", ALICE, "as in a channel"],
  ["finger -l alice", LONG, "as for the command"],
  ["-l alice", LONG, "without it, too"],
  ["/w alice", LONG, "as over finger"],
  ["-lalice", { kind: "user", user: "-lalice", verbose: false }, "no switch, but a name"],
  ["alice smith", { kind: "user", user: "alice smith", verbose: false }, "a name may have blanks within"],
  ["finger help", { kind: "user", user: "help", verbose: false }, "the way to a user of that name"],
  ["alice@host", { kind: "forward", user: "alice", hosts: ["host"], verbose: false }, "for another server"],
  ["alice@", { kind: "invalid", reason: "empty-host" }, "no query"],
  ["list", { kind: "list", verbose: false }, "a word of the bot"],
  ["!list", { kind: "list", verbose: false }, "the same"],
  ["-l", { kind: "list", verbose: true }, "nobody in particular"],
  ["help", HELP, "a word of the bot"],
  ["finger", HELP, "a command alone is how people find out"],
  ["!status On the train", { kind: "status", text: "On the train" }, "what is to be set"],
  ["!STATUS", { kind: "status", text: "" }, "nothing is to be set"],
  ["", undefined, "nothing is asked"],
  ["\x03", undefined, "there is nothing but a colour"],
];

it.each(PRIVATE)("reads %j in private as %o: %s", (message, question) => {
  expect(parsePrivate(message)).toEqual(question);
});

const PUBLIC: ReadonlyArray<[message: string, question: Question | undefined, why: string]> = [
  ["!finger alice", ALICE, "it is for the bot"],
  ["!Finger  -l alice", LONG, "case and blanks do not matter"],
  ["!finger", HELP, "a command alone is how people find out"],
  ["!finger -l", HELP, "a list is for private, where no other bot takes a login for a command"],
  ["!fingers alice", undefined, "another word"],
  ["alice", undefined, "people talk of alice"],
  ["bot: alice", undefined, "people talk to the bot, and others of that name"],
  ["try !finger alice", undefined, "people talk of the command"],
  ["list", undefined, "a word of people"],
  ["!status here", undefined, "statuses are set in private"],
];

it.each(PUBLIC)("reads %j in a channel as %o: %s", (message, question) => {
  expect(parsePublic(message)).toEqual(question);
});
