/** What the command sees of the world. */
export interface CommandIO {
  readonly version: string;
  /** The environment. @default an empty one */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Aborted when it is time to stop. */
  readonly signal: AbortSignal;
  /** Aborted when it has to stop at once. @default never */
  readonly force?: AbortSignal | undefined;
  /** Has a listener hear a signal of the system from now on. @default there are none */
  readonly onSignal?: ((signal: "SIGHUP" | "SIGUSR1", listener: () => void) => void) | undefined;
  /** Whether somebody reads standard error on a terminal. @default false */
  readonly isTerminal?: boolean | undefined;
  /** Called when what is told goes elsewhere than to that terminal. @default it does not matter */
  readonly ignoreTerminal?: (() => void) | undefined;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Tells of what goes wrong while the command goes on. */
export function createOnError({ err }: Pick<CommandIO, "err">): (error: unknown) => void {
  return (error) => err(`finger-server: ${error instanceof Error ? error.message : String(error)}\n`);
}
