import { LIMIT_NAMES, type Limits } from "../../server/limits.js";

/** How the command speaks of a limit: `queryTime` is `query-time`, and is told in seconds. */
const NAMES: ReadonlyMap<string, keyof Limits> = new Map(
  LIMIT_NAMES.map((name) => [name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), name]),
);

const IN_SECONDS: ReadonlySet<keyof Limits> = new Set(["queryTime", "lookupTime", "idle"]);

/**
 * Reads the values of `--limit NAME=VALUE`; `off` takes a limit away. The last of a name counts.
 *
 * @throws `RangeError` that names the text, and what could stand there.
 */
export function parseLimits(options: readonly string[]): Limits {
  return Object.fromEntries(options.map(parseLimit));
}

function parseLimit(option: string): [name: keyof Limits, value: number | false] {
  const [text = "", value = "", ...rest] = option.split("=");
  const name = NAMES.get(text);
  if (name === undefined) throw wrong(option, `the limits are ${[...NAMES.keys()].join(", ")}`);
  if (value === "off" && rest.length === 0) return [name, false];
  const isSeconds = IN_SECONDS.has(name);
  const number = /^\d{1,15}(\.\d{1,3})?$/.test(value) ? Number(value) * (isSeconds ? 1000 : 1) : 0;
  if (rest.length === 0 && Number.isInteger(Math.round(number * 1000) / 1000) && number >= 1)
    return [name, Math.round(number)];
  throw wrong(option, `write ${text}=NUMBER${isSeconds ? " of seconds" : ""}, or ${text}=off`);
}

function wrong(option: string, remedy: string): RangeError {
  return new RangeError(`--limit ${JSON.stringify(option)} is no limit: ${remedy}`);
}
