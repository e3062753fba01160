import cluster, { type Worker } from "node:cluster";
import { mergeSnapshots, type Snapshot, toPast } from "./snapshot.js";

/** What a worker tells of itself until it ends. */
export interface SnapshotSender {
  /** Tells it one last time, and resolves when the primary has it, or is gone. */
  stop(): Promise<void>;
}

/**
 * Tells the primary, in a worker, what was counted: each second, and at the end. It keeps no process alive; in a process that
 * is no worker nothing is told.
 */
export function sendSnapshots(snapshot: () => Snapshot): SnapshotSender {
  let isUnderWay = false;
  // A primary that hangs must not find hours of them.
  const sendNext = () => {
    if (isUnderWay) return;
    isUnderWay = true;
    void send(snapshot()).then(() => {
      isUnderWay = false;
    });
  };
  const timer = setInterval(sendNext, EVERY).unref();
  sendNext();
  return {
    stop: () => {
      clearInterval(timer);
      return send(snapshot());
    },
  };
}

/** How often a worker tells, in milliseconds. */
const EVERY = 1000;

/** Resolves when it is sent, or nobody is there any more who could hear it. */
function send(snapshot: Snapshot): Promise<void> {
  return new Promise((resolve) => {
    if (cluster.worker?.isConnected() !== true || process.send === undefined) return resolve();
    process.send(wrap(snapshot), undefined, undefined, () => resolve());
  });
}

/** Hears in the primary what the workers tell. */
export interface SnapshotCollector {
  /** What all workers have together, and what those counted that have ended. */
  snapshot(): Snapshot;
  /** Hears no more. */
  stop(): void;
}

/**
 * Begins to hear the workers, of which there should be none yet. What a worker has counted stays when it has ended, so no
 * counter goes down; only what it had not told yet, of a second at most, is lost with one that dies.
 */
export function collectSnapshots(): SnapshotCollector {
  const lasts = new Map<Worker, Snapshot>();
  let past: Snapshot = [];

  const hear = (worker: Worker, message: unknown) => {
    const snapshot = unwrap(message);
    if (snapshot !== undefined) lasts.set(worker, snapshot);
  };
  // The last word of a process may come when its end is known already.
  const bury = (worker: Worker) => {
    if (!worker.isDead() || worker.isConnected()) return;
    past = mergeSnapshots([past, toPast(lasts.get(worker) ?? [])]);
    lasts.delete(worker);
  };

  cluster.on("message", hear).on("exit", bury).on("disconnect", bury);
  return {
    snapshot: () => {
      const living = [...lasts].map(([worker, snapshot]) => (worker.isDead() ? toPast(snapshot) : snapshot));
      return mergeSnapshots([...living, past]);
    },
    stop: () => void cluster.off("message", hear).off("exit", bury).off("disconnect", bury),
  };
}

/** Puts a message under a name of ours: the program may send its own over the same channel. */
function wrap(snapshot: Snapshot): { readonly fingerMetrics: Snapshot } {
  return { fingerMetrics: snapshot };
}

/** Gives the message of ours; `undefined` for one of somebody else's. */
function unwrap(message: unknown): Snapshot | undefined {
  return (message as { readonly fingerMetrics?: Snapshot } | null | undefined)?.fingerMetrics;
}
