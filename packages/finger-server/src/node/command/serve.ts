import cluster from "node:cluster";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { isMisnamed } from "../application/places.js";
import { formatData } from "../config/formats.js";
import { nameSockets, takeSockets } from "../daemon/activation.js";
import { type DaemonChild, daemonChild } from "../daemon/daemon-child.js";
import { toProcessError, toReason } from "../daemon/process-error.js";
import { needsRerun, rerun } from "../daemon/rerun.js";
import { startDaemon } from "../daemon/start-daemon.js";
import type { CommandValues } from "./command-line.js";
import { UsageError } from "./exit-code.js";
import { watchFaults } from "./faults.js";
import { type HostProcessOptions, openHostProcess } from "./host-process.js";
import { isInterrupted } from "./interrupted.js";
import type { CommandIO } from "./io.js";
import { toDefaultLogfile, toDefaultPidfile } from "./places.js";
import { readWanted, type Wanted } from "./read-description.js";
import { runAlone } from "./run-alone.js";
import { LEGACY, type Legacy, runCrew } from "./run-crew.js";
import { runWorker } from "./run-worker.js";
import { serveInetd } from "./serve-inetd.js";

/** Does what the options say; to answer until it is told to stop is what they say when they say nothing. */
export async function serve(argv: readonly string[], values: CommandValues, io: CommandIO): Promise<number> {
  const starter = daemonChild();
  try {
    if (cluster.isWorker) return await serveAsWorker(values, io);
    const folder = process.cwd();
    const passed = nameSockets(process.env);
    const readAgain = () => readWanted(values, io, folder, passed);
    const wanted = await readAgain();
    if (values.check === true) return tell(io, `${wanted.path ?? "finger-server: the options"}: no mistake`);
    if (values["print-config"] === true) return tell(io, await print(wanted));
    if (values.inetd === true && values.daemon === true)
      throw new UsageError("--inetd and --daemon do not go together");
    if (values.inetd === true) await serveInetd(wanted, io);
    else if (values.daemon === true && starter === undefined) await detach(argv, wanted, io);
    else if (mustRerun(wanted)) return await rerun(process.env, io.signal);
    else await run(wanted, readAgain, values, io, starter, folder);
    return 0;
  } catch (error) {
    starter?.failed(error);
    throw error;
  }
}

async function serveAsWorker(values: CommandValues, io: CommandIO): Promise<number> {
  const legacy: Legacy = JSON.parse(process.env[LEGACY] ?? "");
  const passed = legacy.sockets.map(({ name }) => name);
  await runWorker(() => readWanted(values, io, legacy.folder, passed), legacy, io);
  return 0;
}

function tell({ out }: CommandIO, text: string): number {
  out(`${text.trimEnd()}\n`);
  return 0;
}

function print({ description }: Wanted): Promise<string> {
  return formatData(description, "yaml", "the configuration");
}

/** Starts this command once more, in the background, and waits until that one answers. */
async function detach(argv: readonly string[], { description }: Wanted, io: CommandIO): Promise<void> {
  if (process.env["LISTEN_FDS"] !== undefined) {
    throw new UsageError("--daemon is not for systemd, which keeps its own; leave it out");
  }
  const { pid } = await startDaemon({ argv, signal: io.signal });
  const { logfile = toDefaultLogfile(process.env) } = description.process ?? {};
  tell(io, `finger-server: process ${pid} answers, and logs to ${logfile}`);
}

/** Node changes no user while io_uring may go on with the privileges of the one before (CVE-2024-22017). */
function mustRerun({ description: { process: own } }: Wanted): boolean {
  const isToChange = own?.user !== undefined || own?.group !== undefined;
  return isToChange && process.getuid?.() === 0 && needsRerun(process.env);
}

async function run(
  wanted: Wanted,
  readAgain: () => Promise<Wanted>,
  values: CommandValues,
  io: CommandIO,
  starter: DaemonChild | undefined,
  folder: string,
): Promise<void> {
  const isDaemon = values.daemon === true;
  const host = await openHostProcess(isDaemon ? asDaemon(wanted) : wanted, io, toHostOptions(wanted, isDaemon));
  for (const { name } of host.sockets.filter(isMisnamed)) {
    host.outlet.log.warn(
      { socket: name },
      `the socket ${JSON.stringify(name)} is named after no service, and is for finger`,
    );
  }
  if (wanted.ownFolder !== undefined) host.outlet.log.info({}, toHint(wanted.ownFolder, wanted));
  const stopWatching = watchFaults(host);
  try {
    const onReady = () => starter?.ready();
    const { workers = 1 } = wanted.description.process ?? {};
    if (workers > 1) await runCrew(wanted, readAgain, host, io, onReady, folder);
    else await runAlone(wanted, readAgain, host, io, onReady);
  } catch (error) {
    // Who reads the log reads nothing else.
    if (host.logfile !== undefined && !isInterrupted(error, io.signal)) host.outlet.onError(error);
    throw error;
  } finally {
    stopWatching();
    await host.close();
  }
}

/** For who has said nothing of it. */
function toHint(folder: string, { description: { setter } }: Wanted): string {
  const advice = setter === undefined ? "; nobody can set any before there is a setter, such as --setter 1079" : "";
  return `statuses are kept in ${folder}${advice}`;
}

/** What a daemon is when nobody says otherwise: it holds no folder, and its files can be read by all. */
function asDaemon(wanted: Wanted): Wanted {
  const { description } = wanted;
  return {
    ...wanted,
    description: { ...description, process: { directory: "/", umask: "022", ...description.process } },
  };
}

function toHostOptions({ description }: Wanted, isDaemon: boolean): HostProcessOptions {
  const { pidfile, logfile } = description.process ?? {};
  const { env } = process;
  return {
    sockets: takeSockets(env),
    logfile: logfile ?? (isDaemon ? withFolder(toDefaultLogfile(env)) : undefined),
    pidfile: pidfile ?? (isDaemon ? withFolder(toDefaultPidfile(env)) : undefined),
  };
}

/** A path that nobody has chosen is no place that somebody has made; what a system has is for its root. */
function withFolder(path: string): string {
  if (process.getuid?.() === 0) return path;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw toProcessError(`The folder ${dirname(path)} cannot be made: ${toReason(cause)}.`, cause);
  }
  return path;
}
