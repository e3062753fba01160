import { parseArgs } from "node:util";
import { FingerError } from "finger-protocol";
import { fileProvider } from "./file-provider/file-provider.js";
import { parseLimits } from "./limit-option.js";
import { createFingerServer } from "./server.js";

/** What the command sees of the world. */
export interface CommandIO {
  readonly version: string;
  /** Aborted when it is time to stop. */
  readonly signal: AbortSignal;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The exit codes of sysexits(3) that `finger-server` uses. */
const EXIT = { ok: 0, usage: 64, data: 65, noInput: 66, unavailable: 69, noPermission: 77 } as const;

const HELP = `Usage: finger-server --users FILE [--host ADDRESS] [--port NUMBER] [--limit NAME=VALUE]...

Answers finger queries (RFC 1288) until it is interrupted.

  --users FILE      who can be asked for: a line "login: status" each; a .json or
                    .yaml file of records; or a folder with a file for each user.
                    It is read again when it changes
  --host ADDRESS    the address to be reached at; :: is all of them (default: 127.0.0.1)
  --port NUMBER     the port to listen on; 0 takes a free one (default: 79)
  --limit NAME=VALUE
                    a bound, or "off" for none, as often as you like:
                      query-bytes   longest query (default: 1024)
                      query-time    seconds for the query to arrive (10)
                      lookup-time   seconds for the answer to be found (10)
                      idle          seconds that a peer may pause (30)
                      answer-bytes  longest answer (1048576)
                      connections   open at a time (256)
                      per-peer      open at a time of one peer (8)
                      rate          queries a minute of one peer (30), of which
                                    a third may come at once
  -h, --help        show this help
  --version         show the version

Example:
  printf 'alice: Happy and well\\n' > users
  finger-server --users users --port 7979
`;

/** Runs the command `finger-server`, and resolves to its exit code. */
export async function main(argv: readonly string[], io: CommandIO): Promise<number> {
  try {
    return await run(argv, io);
  } catch (error) {
    io.err(`finger-server: ${error instanceof Error ? error.message : String(error)}\n`);
    return toExitCode(error);
  }
}

async function run(argv: readonly string[], io: CommandIO): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      users: { type: "string" },
      host: { type: "string" },
      port: { type: "string", default: "79" },
      limit: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", short: "h" },
      version: { type: "boolean" },
    },
  });
  if (values.help) return say(io, HELP);
  if (values.version) return say(io, `${io.version}\n`);
  if (values.users === undefined) throw new UsageError("say who can be asked for with --users FILE; see --help");

  const port = parsePort(values.port);
  const limits = toUsage(() => parseLimits(values.limit));
  const onError = (error: unknown) => io.err(`finger-server: ${error instanceof Error ? error.message : error}\n`);
  await using users = fileProvider(values.users, { onError });
  await users.start();
  await using server = createFingerServer({ provider: users, limits, onError });
  const place = await server.listen({ host: values.host, port });
  const count = (await users.list()).length;
  io.out(`finger-server: ${count} ${count === 1 ? "user" : "users"} on ${formatPlace(place)}\n`);
  await untilAborted(io.signal);
  return EXIT.ok;
}

function formatPlace({ host, port }: { host: string; port: number }): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** What the user wrote cannot be meant. */
function toUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}

function say(io: CommandIO, text: string): number {
  io.out(text);
  return EXIT.ok;
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65535) return port;
  throw new UsageError(`--port ${JSON.stringify(text)} is no port; give a number from 0 to 65535`);
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

class UsageError extends Error {}

function toExitCode(error: unknown): number {
  if (error instanceof UsageError || isParseArgsError(error)) return EXIT.usage;
  if (!FingerError.is(error)) return EXIT.unavailable;
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  if (code === "EACCES" || code === "EPERM") return EXIT.noPermission;
  if (error.code === "ERR_FINGER_USERS_FILE") return error.cause === undefined ? EXIT.data : EXIT.noInput;
  return EXIT.unavailable;
}

function isParseArgsError(error: unknown): boolean {
  return error instanceof TypeError && String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS");
}
