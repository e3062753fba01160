import { expect, it } from "vitest";
import type { Account } from "./account.js";
import { indexNames } from "./names.js";

function toAccount(login: string, gecos: string): Account {
  return { login, uid: 1000, gid: 1000, gecos, directory: "/", shell: "" };
}

const PEOPLE = [
  toAccount("alice", "Alice Liddell,Room 42"),
  toAccount("bob", "*Robert & Builder"),
  toAccount("carol", "Carol\tLiddell"),
  toAccount("zoe", "Zoe\u0308 Liddell-Hargreaves"),
  toAccount("nobody", ""),
];

const NAMES: ReadonlyArray<[name: string, logins: readonly string[], why: string]> = [
  ["Liddell", ["alice", "carol"], "all of that name are meant, in the order of the machine"],
  ["lIDDELL", ["alice", "carol"], "case does not matter"],
  ["alice", ["alice"], "the first name is a word"],
  ["liddell alice", ["alice"], "a name must have all words"],
  ["liddell liddell", ["alice", "carol"], "a word twice is one word"],
  ["liddell bob", [], "nobody has both"],
  ["Lidd", [], "a part of a word is none"],
  ["bob", ["bob"], "an ampersand is the login"],
  ["robert", ["bob"], "a star is no part of the word"],
  ["room", [], "an office is no name"],
  ["ZOË", ["zoe"], "letters are the same however they are written"],
  ["", [], "nothing is nobody's name"],
  [" \t", [], "nor are spaces"],
  ["constructor", [], "nothing is inherited"],
];

it.each(NAMES)("finds by %j %j: %s", async (name, logins) => {
  const find = await indexNames(PEOPLE);
  expect(find(name).map(({ login }) => login)).toEqual(logins);
});

it("finds no more than 64", async () => {
  const many = Array.from({ length: 200 }, (_, index) => toAccount(`user${index}`, "John Doe"));
  const find = await indexNames(many);
  expect(find("doe")).toHaveLength(64);
  expect(find("john doe")[63]?.login).toBe("user63");
});

it("lets others have their turns while it gathers the words of many", async () => {
  const many = Array.from({ length: 20_000 }, (_, index) => toAccount(`user${index}`, `John ${index}`));
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const find = await indexNames(many);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
  expect(find("19999 john").map(({ login }) => login)).toEqual(["user19999"]);
});
