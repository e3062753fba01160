import cluster from "node:cluster";
import { collectFaults } from "../../service/faults.js";
import { BEYOND_DRAIN } from "../application/beyond-drain.js";
import type { ApplicationDescription } from "../application/description.js";
import { type PassedSocket, toSinglePlace } from "../application/places.js";
import { createNotifier, type Notifier } from "../daemon/notify.js";
import { createMetricsService, type MetricsService } from "../metrics/metrics-service.js";
import { mergeSnapshots } from "../metrics/snapshot.js";
import { createTally, type Tally } from "../metrics/tally.js";
import { collectSnapshots } from "../metrics/worker-metrics.js";
import { runWorkers } from "../workers/run-workers.js";
import type { HostProcess } from "./host-process.js";
import type { CommandIO } from "./io.js";
import type { Wanted } from "./read-description.js";

/** The variable by which the first process tells its workers what they do not learn of their configuration. */
export const LEGACY = "FINGER_SERVER_LEGACY";

/** What a worker inherits: the sockets that the first process opens for all, where it was called, and what it has decided. */
export interface Legacy {
  readonly sockets: readonly PassedSocket[];
  readonly folder: string;
  readonly logfile: string | undefined;
  readonly workers: number;
  readonly drain: number;
}

/**
 * Looks after several processes that answer, until it is told to stop. This one opens the ports for them, so it keeps its
 * privileges until all of them serve, and it tells the metrics of all.
 *
 * @param folder - The working directory that the command was called in, which the options of the workers are meant in.
 */
export async function runCrew(
  { description }: Wanted,
  readAgain: () => Promise<Wanted>,
  host: HostProcess,
  io: CommandIO,
  onReady: () => void,
  folder: string,
): Promise<void> {
  const { workers = 1, drain = 5_000 } = description.process ?? {};
  const tally = createTally({ version: io.version });
  const onError = (error: unknown) => {
    tally.error();
    host.outlet.onError(error);
  };
  const notifier = createNotifier(io.env ?? {}, onError);
  const over = new AbortController();
  /** How many serve. */
  let serving = 0;
  const metrics = createMetrics(description, host, tally, () => serving, onError);
  const begin = async () => {
    await host.dropPrivileges(readAgain);
    await metrics?.start();
    host.outlet.log.info({}, `${workers} workers answer`);
    await notifier.ready(`${workers} workers answer`);
    onReady();
  };
  const beginning = createBeginning(workers, begin, () => over.abort());
  const onServing = (count: number) => {
    serving = count;
    beginning.hear(count);
  };
  const stopHearing = hearSignals(io, host, notifier, readAgain, over);
  leave({ sockets: host.sockets, folder, logfile: host.logfile, workers, drain });
  try {
    await metrics?.prepare?.();
    const relay: readonly NodeJS.Signals[] = ["SIGHUP", "SIGUSR1"];
    await runWorkers(workers, notHere, { signal: over.signal, drain: drain + BEYOND_DRAIN, relay, onServing, onError });
    beginning.assertDone();
  } finally {
    stopHearing();
    await metrics?.stop();
  }
}

/** Has all workers that are started from now on know it. */
function leave(legacy: Legacy): void {
  process.env[LEGACY] = JSON.stringify(legacy);
}

/** What is done once, when all workers serve. */
interface Beginning {
  hear(serving: number): void;
  /** @throws what it failed with. */
  assertDone(): void;
}

function createBeginning(workers: number, begin: () => Promise<void>, onFault: () => void): Beginning {
  let hasBegun = false;
  const faults = collectFaults("The workers did not begin");
  return {
    hear(serving) {
      if (hasBegun || serving < workers) return;
      hasBegun = true;
      begin().catch((error) => {
        faults.add(error);
        onFault();
      });
    },
    assertDone: faults.refuse,
  };
}

/** Does what the first process has to do at a signal. Gives what ends that. */
function hearSignals(
  io: CommandIO,
  { outlet }: HostProcess,
  notifier: Notifier,
  readAgain: () => Promise<Wanted>,
  over: AbortController,
): () => void {
  const end = () => {
    outlet.log.info({}, "ends when what was asked is answered");
    void notifier.stopping();
    over.abort();
  };
  const follow = async () => {
    await notifier.reloading();
    // The workers tell what is wrong with it.
    const wanted = await readAgain().catch(() => undefined);
    if (wanted !== undefined) outlet.follow(wanted.description);
    if (!over.signal.aborted) await notifier.ready();
  };
  io.onSignal?.("SIGUSR1", outlet.reopen);
  io.onSignal?.("SIGHUP", () => void follow());
  io.force?.addEventListener("abort", killAll);
  io.signal.addEventListener("abort", end);
  if (io.signal.aborted) end();
  return () => io.signal.removeEventListener("abort", end);
}

function createMetrics(
  { metrics }: ApplicationDescription,
  { sockets }: HostProcess,
  own: Tally,
  serving: () => number,
  onError: (error: unknown) => void,
): MetricsService | undefined {
  const address = toSinglePlace("metrics", metrics, sockets);
  if (address === undefined) return undefined;
  const collector = collectSnapshots();
  const snapshot = () => mergeSnapshots([collector.snapshot(), own.snapshot()]);
  const isHealthy = () => (serving() > 0 ? { ok: true } : { ok: false, reason: "no worker answers" });
  return createMetricsService({ address, snapshot, isHealthy, onError });
}

/** The first process serves nobody. */
function notHere(): Promise<AsyncDisposable> {
  return Promise.reject(new Error("The first process is no worker."));
}

function killAll(): void {
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill("SIGKILL");
}
