import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { FingerError } from "finger-protocol";
import { memoryProvider } from "../memory-provider.js";
import { createFingerServer } from "../server.js";
import { parseUsersFile } from "../users-file.js";

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

const HELP = `Usage: finger-server --users FILE [--host ADDRESS] [--port NUMBER]

Answers finger queries (RFC 1288) until it is interrupted.

  --users FILE      who can be asked for: a line "login: status" each
  --host ADDRESS    the address to be reached at; :: is all of them (default: 127.0.0.1)
  --port NUMBER     the port to listen on; 0 takes a free one (default: 79)
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
      help: { type: "boolean", short: "h" },
      version: { type: "boolean" },
    },
  });
  if (values.help) return say(io, HELP);
  if (values.version) return say(io, `${io.version}\n`);
  if (values.users === undefined) throw new UsageError("say who can be asked for with --users FILE; see --help");

  const users = parseUsersFile(await readUsersFile(values.users), values.users);
  const server = createFingerServer({
    provider: memoryProvider(users),
    onError: (error) => io.err(`${String(error)}\n`),
  });
  const { host, port } = await server.listen({ host: values.host, port: parsePort(values.port) });
  io.out(
    `finger-server: ${users.length} ${users.length === 1 ? "user" : "users"} on ${host.includes(":") ? `[${host}]` : host}:${port}\n`,
  );
  await untilAborted(io.signal);
  await server.close();
  return EXIT.ok;
}

function say(io: CommandIO, text: string): number {
  io.out(text);
  return EXIT.ok;
}

async function readUsersFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : code === "EACCES" ? "it may not be read" : message;
    throw new FingerError("ERR_FINGER_USERS_FILE", `The users file ${path} cannot be read: ${why}.`, { cause });
  }
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
