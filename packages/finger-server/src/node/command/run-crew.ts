import cluster from "node:cluster";
import { parsePlace } from "../address.js";
import type { ApplicationDescription } from "../application/description.js";
import { socketsOf } from "../application/places.js";
import { createNotifier } from "../daemon/notify.js";
import { createMetricsService, type MetricsService } from "../metrics/metrics-service.js";
import { mergeSnapshots } from "../metrics/snapshot.js";
import { createTally } from "../metrics/tally.js";
import { collectSnapshots } from "../metrics/worker-metrics.js";
import { runWorkers } from "../workers/run-workers.js";
import type { Host } from "./host.js";
import type { CommandIO } from "./io.js";
import type { Wanted } from "./read-description.js";

/** The variable that tells workers which sockets the first process was passed, which opens them for all. */
export const SOCKETS = "FINGER_SERVER_SOCKETS";

/**
 * Looks after several processes that answer, until it is told to stop. This one opens the ports for them, so it keeps its
 * privileges until all of them serve, and it tells the metrics of all.
 *
 * @param folder - The working directory that the command was called in, and that the options of the workers are meant in.
 */
export async function runCrew(
  { description }: Wanted,
  host: Host,
  io: CommandIO,
  onReady: () => void,
  folder: string,
): Promise<void> {
  const { workers = 1, drain = 5_000 } = description.process ?? {};
  const { log, onError, reopen } = host.outlet;
  const notifier = createNotifier(io.env ?? {}, onError);
  const metrics = createMetrics(description, host, io);
  const over = new AbortController();
  let fault: unknown;
  const begin = async () => {
    await host.dropPrivileges();
    await metrics?.start();
    log.info({ workers }, `${workers} workers answer`);
    await notifier.ready(`${workers} workers answer`);
    onReady();
  };
  const giveUp = (error: unknown) => {
    fault = error;
    over.abort();
  };
  const end = () => {
    log.info({}, "ends when what was asked is answered");
    void notifier.stopping();
    over.abort();
  };
  process.env[SOCKETS] = JSON.stringify(host.sockets);
  io.onSignal?.("SIGUSR1", reopen);
  io.force?.addEventListener("abort", killAll);
  io.signal.addEventListener("abort", end);
  if (io.signal.aborted) end();
  try {
    await metrics?.prepare?.();
    await runWorkers(workers, notHere, {
      signal: over.signal,
      drain: drain + BEYOND_DRAIN,
      cwd: folder,
      relay: ["SIGHUP", "SIGUSR1"],
      onReady: () => void begin().catch(giveUp),
      onError,
    });
    if (fault !== undefined) throw fault;
  } finally {
    io.signal.removeEventListener("abort", end);
    await metrics?.stop();
  }
}

/** How long a worker may take to end in addition to the time that answers have, in milliseconds. */
const BEYOND_DRAIN = 10_000;

function createMetrics(
  { metrics }: ApplicationDescription,
  { sockets, outlet: { onError } }: Host,
  { version }: CommandIO,
): MetricsService | undefined {
  if (metrics === undefined) return undefined;
  const [passed] = socketsOf("metrics", sockets);
  const address = passed === undefined ? parsePlace("metrics", String(metrics)) : { fd: passed.fd };
  const collector = collectSnapshots();
  const own = createTally({ version });
  const snapshot = () => mergeSnapshots([collector.snapshot(), own.snapshot()]);
  return createMetricsService({ address, snapshot, isHealthy: () => ({ ok: true }), onError });
}

/** The first process serves nobody. */
function notHere(): Promise<AsyncDisposable> {
  return Promise.reject(new Error("The first process is no worker."));
}

function killAll(): void {
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill("SIGKILL");
}
