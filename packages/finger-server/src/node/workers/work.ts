import cluster, { type Worker } from "node:cluster";
import { startTimer } from "../../timer.js";
import { leave } from "../leave.js";
import { type FromPrimary, type FromWorker, toFault, unwrap, wrap } from "./messages.js";
import type { Serve, WorkerPlace } from "./serve.js";
import { createSiblings, type NewsCarrier, setSiblings } from "./siblings.js";

/**
 * Serves in a worker until the primary says stop, or is gone, or somebody ends this process in order. Never rejects: what
 * goes wrong is for the primary to tell.
 *
 * @param drain - How long this process may take to end, in milliseconds, when there is no primary to kill it.
 */
export async function work(
  worker: Worker,
  place: WorkerPlace,
  serve: Serve,
  drain: number,
  signal?: AbortSignal,
): Promise<void> {
  const siblings = createSiblings(place.count, (news) => send({ kind: "news", news }));
  setSiblings(siblings);
  /** Whether it has begun, be it in vain. */
  let hasBegun = false;
  // What has not begun may wait for ever for what the primary was to tell it, such as where to listen.
  worker.once("disconnect", () => hasBegun || leave(1));
  const stopping = awaitStop(worker, siblings, drain, signal);
  try {
    const service = await serve(place);
    assertDisposable(service);
    hasBegun = true;
    send({ kind: "ready" });
    await stopping;
    await service[Symbol.asyncDispose]();
  } catch (error) {
    hasBegun = true;
    send({ kind: "failed", fault: toFault(error) });
  } finally {
    setSiblings(undefined);
    if (worker.isConnected()) worker.disconnect();
  }
}

/** Resolves when it is time to end. */
function awaitStop(
  worker: Worker,
  siblings: NewsCarrier,
  drain: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve) => {
    /** The primary did not ask for it, or is gone, so it will not kill this process either. */
    const stopAlone = () => {
      startTimer(drain, leave, 1)?.unref();
      resolve();
    };
    process.on("message", (message) => {
      const told = unwrap<FromPrimary>(message);
      if (told?.kind === "news") siblings.hear(told.news);
      if (told?.kind === "stop") resolve();
      if (told?.kind === "signal") process.emit(told.signal, told.signal);
    });
    // What is sent in the moment in which the primary dies fails, also what Node sends by itself. The disconnect follows.
    worker.on("error", () => {});
    // Node would end the process at once, and with it the answers under way, when the primary has died.
    worker.once("disconnect", () => {
      worker.exitedAfterDisconnect = true;
      stopAlone();
    });
    process.once("SIGTERM", stopAlone);
    // A Ctrl-C reaches every process of a terminal: it means the primary, which tells the others.
    process.once("SIGINT", () => {});
    signal?.addEventListener("abort", stopAlone, { once: true });
    if (signal?.aborted) stopAlone();
  });
}

function assertDisposable(service: unknown): void {
  if (typeof (service as Partial<AsyncDisposable> | null | undefined)?.[Symbol.asyncDispose] === "function") return;
  throw new TypeError(
    `serve must resolve to what is to be disposed of at the end, such as a finger server, but gave ${typeof service}.`,
  );
}

/** A primary that has gone hears nothing. */
function send(message: FromWorker): void {
  if (cluster.worker?.isConnected()) process.send?.(wrap(message));
}
