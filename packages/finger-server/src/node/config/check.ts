import { types } from "node:util";
import { collectMistakes, describe } from "../../users/mistakes.js";
import type { ApplicationDescription } from "../application/description.js";
import { hideLogin, isSecret } from "./hide-passwords.js";
import { type Fault, formatPath, toFaults } from "./issues.js";
import { copyPlain } from "./plain-data.js";
import { DESCRIPTION } from "./schema/description.js";
import { findContradictions } from "./sense.js";

/** How a description is checked. */
export interface CheckOptions {
  /** Whether it is only a part: then what it says need not go together yet. @default false */
  readonly isPart?: boolean | undefined;
  /**
   * The names of the sockets that were passed on by another program, which stand for addresses. @default that is not known, and a
   * setter that has no address may have one of them
   */
  readonly passed?: readonly string[] | undefined;
}

/**
 * Takes what somebody wrote for a description. The result is a copy, without what is `undefined` and without `$schema`.
 *
 * @param source - How to name it in the error.
 * @throws `FingerError` `ERR_FINGER_CONFIG`, with every mistake: its path, the value, and what could stand there.
 *
 * @example checkDescription({ users: "users", listen: 7979 }, "finger.config.json")
 */
export function checkDescription(
  data: unknown,
  source: string,
  { isPart = false, passed }: CheckOptions = {},
): ApplicationDescription {
  const mistakes = collectMistakes(source, { code: "ERR_FINGER_CONFIG", mostShown: MOST_SHOWN });
  const strange: string[] = [];
  const plain = copyPlain(data, (path, value, why) => {
    strange.push(path);
    mistakes.add(toSentence(source, path, value, why));
  });
  for (const { path, why } of findFaults(plain, isPart, passed)) {
    const at = formatPath(path);
    if (strange.some((other) => isWithin(at, other))) continue;
    mistakes.add(toSentence(source, at, getAt(plain, path), why));
  }
  mistakes.refuse();
  const { $schema: _, ...description } = plain as ApplicationDescription & { readonly $schema?: string };
  return description;
}

/** Nobody reads more. */
const MOST_SHOWN = 100;

function findFaults(plain: unknown, isPart: boolean, passed: CheckOptions["passed"]): readonly Fault[] {
  const { error } = DESCRIPTION.safeParse(plain, { reportInput: true });
  const faults = error === undefined ? [] : toFaults(error.issues);
  if (isPart || typeof plain !== "object" || plain === null) return faults;
  // What is only misspelt is not missing.
  const meant = faults.flatMap(({ path, meant }) => (meant && path.length === 1 ? [[meant, getAt(plain, path)]] : []));
  return [...faults, ...findContradictions({ ...plain, ...Object.fromEntries(meant) }, passed)];
}

/** What was left out at a place is told already, and needs not be missed there. */
function isWithin(path: string, other: string): boolean {
  return path === other || other === "" || path.startsWith(`${other}.`) || path.startsWith(`${other}[`);
}

function getAt(value: unknown, path: ReadonlyArray<string | number>): unknown {
  return path.reduce<unknown>((at, step) => (Object(at) as Record<string, unknown>)[step], value);
}

function toSentence(source: string, path: string, value: unknown, why: string): string {
  const place = path === "" ? "the whole" : path;
  return `${source}: ${place} ${toState(path, value)}: ${why}${why.endsWith("?") ? "" : "."}`;
}

function toState(path: string, value: unknown): string {
  if (value === undefined) return "is missing";
  return isSecret(path) ? "has a value that is not shown" : `is ${describeSafely(value)}`;
}

/** A value for a message. */
function describeSafely(value: unknown): string {
  if (typeof value === "string") return describe(hideLogin(value));
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol") return "a symbol";
  return isInstance(value) ? "an object of a class" : describe(value);
}

/** Lists and dates are spoken of by those names. */
function isInstance(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value) || types.isDate(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype !== null && Object.getPrototypeOf(prototype) !== null;
}
