import type { FingerUser } from "finger-protocol";
import { isAskable } from "./login.js";
import { describe, type Mistakes } from "./mistakes.js";
import { type Complain, hasFields, joinPath, readUserFields } from "./record-fields.js";

/**
 * Takes what JSON or YAML says for users: an object with a status or a record for each login, or a list of records with
 * their logins. Dates are texts such as `2026-01-31`. Whatever is not as it should be is a mistake,
 * unknown fields too. Of two with one login the later counts.
 *
 * @param source - How to name the file in a mistake.
 *
 * @example toUsers({ alice: "Well", bob: { name: "Bob" } }, "users.json", mistakes)
 */
export function toUsers(value: unknown, source: string, mistakes: Mistakes): FingerUser[] {
  const complain = toComplain(source, mistakes);
  const users = Array.isArray(value) ? fromList(value, complain) : fromObject(value, complain);
  return [...new Map(users.map((user) => [user.login, user])).values()];
}

/** Takes a status or a record without its login for a user, as {@link toUsers} does. */
export function toUser(login: string, value: unknown, source: string, mistakes: Mistakes): FingerUser {
  return readUser(login, value, "", toComplain(source, mistakes));
}

function toComplain(source: string, mistakes: Mistakes): Complain {
  return (path, value, why) => {
    mistakes.add(`${source}: ${path === "" ? "the whole" : path} is ${describe(value)}, but ${why}.`);
  };
}

function fromObject(value: unknown, complain: Complain): FingerUser[] {
  if (!hasFields(value)) {
    complain("", value, "it must be an object with a status or a record for each login, or a list of records");
    return [];
  }
  return Object.entries(value).map(([login, user]) => {
    const path = joinPath("", login);
    if (!isAskable(login)) complain(path, user, "nobody can ask for this login");
    return readUser(login, user, path, complain);
  });
}

function fromList(list: readonly unknown[], complain: Complain): FingerUser[] {
  return list.flatMap((item: unknown, index) => {
    const path = `[${index}]`;
    if (!hasFields(item)) complain(path, item, "it must be a record with a login");
    if (!hasFields(item)) return [];
    const { login, ...fields } = item;
    if (typeof login === "string" && isAskable(login)) return [readUser(login, fields, path, complain)];
    complain(joinPath(path, "login"), login, "it must be a text that can be asked for");
    return [];
  });
}

function readUser(login: string, value: unknown, path: string, complain: Complain): FingerUser {
  if (typeof value === "string") return { login, status: value };
  if (!hasFields(value)) complain(path, value, "it must be a status in quotes, or a record");
  else if (Object.hasOwn(value, "login")) complain(joinPath(path, "login"), value["login"], REDUNDANT);
  const { login: _, ...fields } = hasFields(value) ? value : {};
  return { login, ...readUserFields(fields, path, complain) };
}

const REDUNDANT = "the login is told already, by the key or by the name of the file; remove it";
