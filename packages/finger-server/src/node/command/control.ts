import { FingerError } from "finger-protocol";
import { BEYOND_DRAIN } from "../application/beyond-drain.js";
import type { ProcessDescription } from "../application/description.js";
import { awaitEnd, readPidfile, signalDaemon } from "../daemon/read-pidfile.js";
import type { CommandLine, CommandValues } from "./command-line.js";
import { UsageError } from "./exit-code.js";
import type { CommandIO } from "./io.js";
import { toDefaultPidfile } from "./places.js";
import { readWanted } from "./read-description.js";
import { untilAborted } from "./until-aborted.js";

/** 128 and SIGINT. */
const INTERRUPTED = 130;

/** What LSB says of a daemon that does not run. */
const NOT_RUNNING = 3;

/** Tells of a daemon, or tells it something. Resolves to the exit code. */
export async function control({ words, values }: CommandLine, io: CommandIO): Promise<number> {
  const [verb = "", ...rest] = words;
  if (rest.length > 0) throw new UsageError(`${verb} takes options only, not ${JSON.stringify(rest[0])}; see --help`);
  const { pidfile = toDefaultPidfile(io.env ?? {}), drain = 5_000 } = await readIdentity(verb, values, io);
  const daemon = await readPidfile(pidfile);
  if (daemon === undefined) {
    io.err(`finger-server: no daemon runs, by the pidfile ${pidfile}\n`);
    return NOT_RUNNING;
  }
  const name = `process ${daemon.pid}`;
  if (verb === "status") {
    const since = daemon.startedAt === undefined ? "" : ` since ${daemon.startedAt.toISOString()}`;
    io.out(`finger-server: ${name} runs${since}\n`);
  } else if (verb === "reload") {
    signalDaemon(daemon, "SIGHUP");
    io.out(`finger-server: ${name} reads its configuration again; its log tells of mistakes\n`);
  } else {
    signalDaemon(daemon, "SIGTERM");
    const patience = drain + BEYOND_DRAIN + FAREWELL;
    const hasEnded = await Promise.race([awaitEnd(daemon, patience), untilAborted(io.signal).then(() => undefined)]);
    if (hasEnded === undefined) return INTERRUPTED;
    if (!hasEnded) throw stillRuns(name, patience);
    io.out(`finger-server: ${name} has ended\n`);
  }
  return 0;
}

/**
 * What is said of the daemon. One that is named by its pidfile can be stopped, whatever stands in its configuration by now; to
 * have it read a configuration with mistakes is no use.
 */
async function readIdentity(verb: string, values: CommandValues, io: CommandIO): Promise<ProcessDescription> {
  const { pidfile, config } = values;
  if (pidfile !== undefined && (verb !== "reload" || config === undefined)) return { pidfile };
  const { description } = await readWanted(values, io, process.cwd());
  return description.process ?? {};
}

/** How long a daemon may take to end behind its services, in milliseconds. */
const FAREWELL = 5_000;

function stillRuns(name: string, ms: number): FingerError {
  return new FingerError(
    "ERR_FINGER_TIMEOUT",
    `After ${ms / 1000} seconds ${name} still runs. To end it at once: kill -9.`,
  );
}
