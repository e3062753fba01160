import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { afterEach } from "vitest";
import { main } from "../../packages/finger-server/src/node/command/main.js";
import { eventually, freshPath } from "./programs.js";

/** What the command finds where it runs; what is left out is not there. */
interface ServerWorld {
  /** Beside a state directory of the test's own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
  readonly signal?: AbortSignal;
  readonly force?: AbortSignal;
}

/** What the command wrote, and how it ended. */
interface ServerOutcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A line of the log, in JSON. */
type LogLine = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string };

/** `finger-server`, which answers in this process. */
export interface RunningServer {
  /** The port of a service. */
  port(service?: string): number;
  /** All that was written to standard error so far. */
  err(): string;
  /** The log in JSON, also that of its file. */
  log(): readonly LogLine[];
  /** Waits for a line of the log. */
  logged(text: string | RegExp): Promise<LogLine>;
  /** Sends a signal that the command listens to. */
  raise(signal: "SIGHUP" | "SIGUSR1"): void;
  /** Has it end in order; the second time, at once. */
  stop(): Promise<number>;
  /** Its exit code, when it has ended. */
  readonly ended: Promise<number>;
}

type Signals = Map<string, () => void>;

/** Runs `finger-server` until it ends by itself. */
export async function runServer(argv: readonly string[], world: ServerWorld = {}): Promise<ServerOutcome> {
  const written = { out: "", err: "" };
  const code = await begin(argv, { signal: AbortSignal.timeout(PATIENCE), ...world }, written, new Map());
  return { code, ...written };
}

/** One that does not end is told to, in milliseconds, so that its test fails with what it wrote. */
const PATIENCE = 15_000;

const running: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

/**
 * Starts `finger-server` on a port of its own, unless that is said, and waits until it answers. It is gone when the test is over.
 */
export async function startServer(argv: readonly string[], world: ServerWorld = {}): Promise<RunningServer> {
  const written = { out: "", err: "" };
  const [stop, force] = [new AbortController(), new AbortController()];
  const signals: Signals = new Map();
  const given = argv.includes("--port") || argv.includes("--config") ? argv : [...argv, "--port", "0"];
  let code: number | undefined;
  const ended = begin(given, { ...world, signal: stop.signal, force: force.signal }, written, signals).then((end) => {
    code = end;
    return end;
  });
  const said = () => written.err + readLog(argv);
  const log = () => toLog(said());
  // That is what it listens to last. A quiet log does not tell where it is.
  const isReady = () => signals.has("SIGHUP") && (isQuiet(argv) || / on \S+:\d+/.test(said()));
  await eventually(() => code !== undefined || isReady());
  if (code !== undefined) throw new Error(`The command has ended with ${code}: ${written.err}`);
  const server: RunningServer = {
    port: (service = "users?|finger") => Number(new RegExp(`(?:${service}) on \\S+?:(\\d+)\\b`).exec(said())?.[1]),
    err: () => written.err,
    log,
    async logged(text) {
      const find = () => log().find(({ msg }) => (typeof text === "string" ? msg.includes(text) : text.test(msg)));
      await eventually(() => find() !== undefined);
      return find() as LogLine;
    },
    raise: (signal) => signals.get(signal)?.(),
    stop() {
      (stop.signal.aborted ? force : stop).abort();
      return ended;
    },
    ended,
  };
  running.push(server);
  return server;
}

function begin(
  argv: readonly string[],
  { env, isTerminal, force, signal = new AbortController().signal }: ServerWorld,
  written: { out: string; err: string },
  signals: Signals,
): Promise<number> {
  return main(argv, {
    version: "1.2.3",
    env: { STATE_DIRECTORY: freshPath(), ...env },
    signal,
    force,
    onSignal: (name, listener) => signals.set(name, listener),
    isTerminal,
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
  });
}

/** A folder that nothing has used. */
export function freshFolder(): string {
  const path = freshPath();
  mkdirSync(path);
  return path;
}

function toLog(text: string): readonly LogLine[] {
  return text.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as LogLine] : []));
}

/** The log file, when there is one. */
function readLog(argv: readonly string[]): string {
  const path = argv.includes("--logfile") ? argv[argv.indexOf("--logfile") + 1] : undefined;
  return path !== undefined && existsSync(path) ? readFileSync(path, "utf8") : "";
}

function isQuiet(argv: readonly string[]): boolean {
  return argv.includes("warn") || argv.includes("error");
}
