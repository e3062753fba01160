/** What the command sees of the world. */
export interface CommandIO {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: () => string;
  /** Writes to standard output, at once. */
  readonly out: (text: string | Uint8Array) => void;
  /** Writes to standard error, at once. */
  readonly err: (text: string) => void;
  /** Whether a standard stream is a terminal. */
  readonly isTerminal: (stream: "in" | "out" | "err") => boolean;
  /** The whole of standard input, as far as it is no longer than `most` bytes. */
  readonly readInput: (most: number) => Promise<string>;
  /** The user who runs the command. */
  readonly user: () => string;
}
