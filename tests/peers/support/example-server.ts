import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { eventually } from "../../support/programs.js";
import { repository } from "./network.js";

/** One line of the audit. */
interface AuditLine {
  readonly what: "query" | "set";
  readonly peer: { readonly address?: string };
  readonly outcome: string;
}

/** A server of examples/many-servers, which may be killed, and started again at the same ports. */
export interface ExampleServer {
  readonly fingerPort: number;
  readonly setterPort: number;
  /** What it has told of, before it was killed, too. */
  readonly audit: readonly AuditLine[];
  /** What it complained of. */
  readonly complaints: () => string;
  /** Starts it again; resolves when it listens. */
  start(): Promise<void>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
  /** Ends it as an operator does; resolves to its exit code when it has drained. */
  stop(): Promise<number>;
}

/** Starts a server of the example, as it is published, on free ports. */
export async function startExampleServer(redis: string): Promise<ExampleServer> {
  const audit: AuditLine[] = [];
  let [fingerPort, setterPort, complaints] = [0, 0, ""];
  let child: ChildProcess;

  async function start(): Promise<void> {
    const ports = { FINGER_PORT: `${fingerPort}`, SETTER_PORT: `${setterPort}` };
    const env = { ...process.env, ...ports, REDIS_URL: redis, RATE: "off" };
    const started = spawn(process.execPath, [repository("examples/many-servers/server.mjs")], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    child = started;
    started.stderr.setEncoding("utf8").on("data", (text) => {
      complaints += text;
    });
    let isListening = false;
    createInterface(started.stdout).on("line", (line) => {
      const told = parseLine(line);
      if (told === undefined) return;
      if (told.what !== "listening") return void audit.push(told);
      [fingerPort, setterPort, isListening] = [told.finger, told.setter, true];
    });
    await eventually(() => isListening || started.exitCode !== null);
    if (!isListening) throw new Error(`The server does not start: ${complaints}`);
  }

  async function end(signal: NodeJS.Signals): Promise<number> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? -1;
    const closed = once(child, "close");
    child.kill(signal);
    const [code] = await closed;
    return code ?? -1;
  }

  await start();
  return {
    fingerPort,
    setterPort,
    audit,
    complaints: () => complaints,
    start,
    kill: async () => void (await end("SIGKILL")),
    stop: () => end("SIGTERM"),
  };
}

type Line = AuditLine | { readonly what: "listening"; readonly finger: number; readonly setter: number };

/** Of a line that it was killed in the middle of nothing is known. */
function parseLine(line: string): Line | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
