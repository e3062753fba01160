/** Who hears what happens: a logger of pino, or whatever is like one. */
export interface Logger {
  debug: Tell;
  info: Tell;
  warn: Tell;
  error: Tell;
}

/**
 * Tells something.
 *
 * @param fields - What a program would look for: plain data, and an error as `err`.
 * @param message - The same for people.
 */
export type Tell = (fields: Readonly<Record<string, unknown>>, message: string) => void;
