import type { Logger, Tell } from "../../logger.js";
import { createFormat, type LineStyle, type LogLevel } from "./log-line.js";
import { toPlain } from "./plain.js";

/** What is logged, how, and where to. */
export interface LogOptions extends LineStyle {
  /** What is less important is left out. @default "info" */
  readonly level?: LogLevel | undefined;
  /** Takes text that is to be written: one or more whole lines. It must not throw. */
  readonly write: (text: string) => void;
  /** The clock. @default the system's */
  readonly now?: (() => Date) | undefined;
}

/** Writes what it is told, a line each. */
export interface Log extends Logger {
  /** What is less important is left out. It may be set at any time. */
  level: LogLevel;
}

/**
 * Makes a log. It never throws, whatever the fields are, and a line never has in it what could upset a terminal or pass for
 * another line. Stacks of errors are written at the level `debug` alone.
 *
 * @throws `TypeError` when the level is none.
 *
 * @example
 * ```
 * const log = createLog({ format: "json", write: (text) => process.stderr.write(text) });
 * log.info({ users: 3 }, "3 users"); // {"time":"2026-11-26T01:47:52.000Z","level":"info","msg":"3 users","users":3}
 * ```
 */
export function createLog({ level = "info", write, now = () => new Date(), ...style }: LogOptions): Log {
  const format = createFormat(style);
  let least = toRank(level);

  const tellAt = (ofLine: LogLevel): Tell => {
    const rank = toRank(ofLine);
    return (fields, message) => {
      if (rank < least) return;
      const plain = toPlain(fields, { stacks: least === DEBUG });
      // A text says why the fields could not be read.
      const known = typeof plain === "object" ? { ...plain } : { fields: plain };
      write(format({ time: now(), level: ofLine, message: String(toPlain(message)), fields: known }));
    };
  };

  return {
    get level() {
      return LEVELS[least] as LogLevel;
    },
    set level(another) {
      least = toRank(another);
    },
    debug: tellAt("debug"),
    info: tellAt("info"),
    warn: tellAt("warn"),
    error: tellAt("error"),
  };
}

/** Has errors logged: as what `onError` of servers, providers and stores is. */
export function toOnError(logger: Pick<Logger, "error">): (error: unknown) => void {
  return (error) => logger.error({ err: error }, toMessage(error));
}

/** The message of whatever was thrown. */
function toMessage(thrown: unknown): string {
  const plain = toPlain(thrown);
  const { message } = (plain ?? {}) as { readonly message?: unknown };
  if (typeof message === "string" && message !== "") return message;
  return typeof plain === "object" ? JSON.stringify(plain) : String(plain);
}

function toRank(level: LogLevel): number {
  const rank = LEVELS.indexOf(level);
  if (rank < 0) throw new TypeError(`level must be one of ${LEVELS.join(", ")}, but is ${String(level)}.`);
  return rank;
}

/** In the order of their importance. */
const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];
const DEBUG = 0;
