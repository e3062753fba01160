import { FingerError, type FingerErrorCode } from "finger-protocol";

/** The mistakes found in one source, to be told all at once. */
export interface Mistakes {
  /** Notes one: a whole sentence that begins with its place. */
  add(sentence: string): void;
  /** @throws `FingerError` when there is any. */
  refuse(): void;
}

/** What is made of the mistakes. */
interface MistakesOptions {
  /** The code of the error. @default "ERR_FINGER_USERS_FILE" */
  readonly code?: FingerErrorCode | undefined;
  /** More than these are counted, but not shown. @default 20 */
  readonly mostShown?: number | undefined;
}

/**
 * Makes a list with no mistake in it.
 *
 * @param source - How to name the source in the error.
 */
export function collectMistakes(
  source: string,
  { code = "ERR_FINGER_USERS_FILE", mostShown = 20 }: MistakesOptions = {},
): Mistakes {
  const shown: string[] = [];
  let count = 0;
  return {
    add(sentence) {
      count++;
      if (shown.length < mostShown) shown.push(sentence);
    },
    refuse() {
      if (count > 0) throw new FingerError(code, toMessage(source, shown, count));
    },
  };
}

function toMessage(source: string, shown: readonly string[], count: number): string {
  if (count === 1) return shown.join();
  const rest = count > shown.length ? [`and ${count - shown.length} more`] : [];
  return [`There are ${count} mistakes in ${source}:`, ...shown, ...rest].join("\n- ");
}

/** A value for a message: short, on one line, and safe to print. What has parts is only named. */
export function describe(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return "a list";
  if (value instanceof Date) return "a date";
  return typeof value === "object" && value !== null ? "a record" : String(value);
}

/** A text in quotes, cut when it is long, with all that could upset a terminal spelt out. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`,
  );
}
