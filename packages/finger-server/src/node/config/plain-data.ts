import { types } from "node:util";
import { joinPath } from "../../users/record-fields.js";

/** Notes what is wrong with the value at a path such as `setter.listen[1].tls.key`. */
export type Complain = (path: string, value: unknown, why: string) => void;

/**
 * Copies what JSON could say: texts, numbers, `true`, `false`, `null`, lists, and records of them. A key whose value is
 * `undefined` is left out, and so is what is none of them, which is complained of. Takes bounded time, whatever it is given.
 */
export function copyPlain(value: unknown, complain: Complain): unknown {
  /** The lists and records that the value at hand is in. */
  const around = new Set<object>();
  let count = 0;

  const copy = (value: unknown, path: string): unknown => {
    const why = whyNotPlain(value) ?? (isNested(value) ? whyTooMuch(value) : undefined);
    if (why !== undefined && !(why === TOO_MANY && count > MOST_PARTS + 1)) complain(path, value, why);
    if (why !== undefined) return undefined;
    if (!isNested(value)) return value === 0 ? 0 : value;
    around.add(value);
    const copied = Array.isArray(value) ? copyList(value, path) : copyRecord(value, path);
    around.delete(value);
    return copied;
  };

  const whyTooMuch = (value: object): string | undefined => {
    if (around.has(value)) return "it must not be within itself";
    if (around.size >= MOST_DEPTH) return `records and lists go no deeper than ${MOST_DEPTH}`;
    return ++count > MOST_PARTS ? TOO_MANY : undefined;
  };

  // Array.from, for what is missing in a list is to be seen.
  const copyList = (list: readonly unknown[], path: string) =>
    Array.from(list, (item, index) => copy(item, `${path}[${index}]`));

  const copyRecord = (record: object, path: string) => {
    const entries: Array<[name: string, value: unknown]> = [];
    for (const [name, field] of Object.entries(record)) {
      if (field === undefined) continue;
      const place = joinPath(path, name);
      if (name === "__proto__") complain(place, field, "nothing may have this name");
      else if (HALF_CHARACTER.test(name)) complain(place, field, HALF);
      else entries.push([name, copy(field, place)]);
    }
    return Object.fromEntries(entries.filter(([, field]) => field !== undefined));
  };

  return value === undefined ? undefined : copy(value, "");
}

/** No description needs more, and a walk over them does not exhaust the stack. */
const MOST_DEPTH = 32;

/** Records that are in several places are copied for each: without a bound thirty of them could make billions. */
const MOST_PARTS = 10_000;
const TOO_MANY = `there are no more than ${MOST_PARTS} records and lists`;

const HALF_CHARACTER = /\p{Surrogate}/u;
const HALF = "it has half a character (a lone surrogate), which no file can hold";

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function whyNotPlain(value: unknown): string | undefined {
  if (typeof value === "string") return HALF_CHARACTER.test(value) ? HALF : undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : "it must be a number that can be written";
  if (typeof value === "boolean" || value === null || Array.isArray(value)) return undefined;
  if (value === undefined) return "a list has no gaps; remove it";
  if (typeof value === "bigint") return "it must be a usual number, without n behind it";
  if (types.isDate(value)) return "it must be a text; put the date in quotes";
  return typeof value === "object" && isRecord(value) ? undefined : PLAIN;
}

const PLAIN = "it must be plain data: a text, a number, true, false, a list or a record";

/** Whether it came from `{}`, in whichever realm: test runners and `vm` have their own. */
function isRecord(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || (Object.getPrototypeOf(prototype) === null && !types.isModuleNamespaceObject(value));
}
