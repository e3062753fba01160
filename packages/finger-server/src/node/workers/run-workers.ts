import cluster from "node:cluster";
import { assertWhole } from "../../assert-whole.js";
import { toSafe, warn } from "../../warn.js";
import { type ForkedWorker, forkWorker, WORKER_NUMBER } from "./fork-worker.js";
import { keepWorkers } from "./keep-workers.js";
import { createRelay } from "./relay.js";
import type { Serve } from "./serve.js";
import { work } from "./work.js";

/** How workers are run. */
export interface WorkersOptions {
  /** Aborted when it is time to stop. @default they run until the process ends */
  readonly signal?: AbortSignal | undefined;
  /**
   * How long a worker may take to end, in milliseconds, before it is killed, or ends by itself when the first process has
   * died; `Infinity` waits. @default 10_000
   */
  readonly drain?: number | undefined;
  /** Hears how many workers serve, each time that it changes. */
  readonly onServing?: ((count: number) => void) | undefined;
  /**
   * Signals to the first process that mean its workers: each of them emits the signal as if it had come from the system, once
   * it serves. @default none
   */
  readonly relay?: readonly NodeJS.Signals[] | undefined;
  /** Hears of workers that died, and of those that could not take their place. @default a warning of the process */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * Uses every core: runs this program again in `count` more processes, the workers, which call `serve` and all answer at the
 * same ports. The first process does not call it: it looks after the workers, and replaces those that die. All that stands
 * outside `serve` runs in every process, the first one too, so ports are to be opened inside it.
 *
 * The limits hold for all workers together: each has its part of the `connections`, and what a peer takes of one counts for the
 * others within a tenth of a second. Who is quicker than that may take as much of each, and no more. One that replaces another
 * learns how many connections each peer has at the others, not what it asked before. So the n-th server that is made in `serve`
 * must be the same one in each.
 *
 * Resolves when all workers have ended after `signal` was aborted; in a worker, when that one has ended.
 *
 * @throws `FingerError` when a worker fails before any has served, with the reason that it gave, such as `ERR_FINGER_LISTEN`;
 * `RangeError` for a wrong `count` or `drain`. What has worked once is tried again.
 *
 * @example
 * ```ts no-run
 * await runWorkers(2, async () => {
 *   const server = createFingerServer({ provider: memoryProvider({ alice: "Happy and well" }) });
 *   await server.listen({ port: 7979 });
 *   return server;
 * });
 * ```
 */
export async function runWorkers(count: number, serve: Serve, options: WorkersOptions = {}): Promise<void> {
  assertWhole("count", count, MOST_WORKERS);
  const { signal, drain = 10_000, onServing, relay: signals = [], onError = warn } = options;
  if (!(drain >= 0)) throw new RangeError(`drain must be a number of milliseconds, but is ${String(drain)}.`);
  const { worker } = cluster;
  if (worker !== undefined) {
    const number = Number(process.env[WORKER_NUMBER] ?? worker.id);
    return work(worker, { number, count }, serve, drain, signal);
  }
  // One queue of connections, from which each takes what it can: to be handed them by the primary costs 2.5 times as much.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const relay = createRelay();
  const workers = new Set<ForkedWorker>();
  const start = (number: number) => {
    const forked = forkWorker(number, drain, {
      onNews: (news) => relay.pass(forked, news),
      onBehind: () => relay.inform(forked),
    });
    relay.add(forked);
    workers.add(forked);
    void forked.ended.then(() => {
      relay.remove(forked);
      workers.delete(forked);
    });
    return forked;
  };
  const raise = (name: NodeJS.Signals) => {
    for (const worker of workers) worker.raise(name);
  };
  for (const name of signals) process.on(name, raise);
  try {
    await keepWorkers({ count, start, signal, onServing, onError: toSafe(onError) });
  } finally {
    for (const name of signals) process.off(name, raise);
  }
}

const MOST_WORKERS = 1024;
