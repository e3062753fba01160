import type { FingerError } from "finger-protocol";

/** How a worker has begun: it serves, or has ended before, by itself or by a signal that somebody sent it. */
export type Beginning = "serves" | "failed" | "killed";

/** One worker, as its keeper sees it. */
export interface WorkerProcess {
  readonly ready: Promise<Beginning>;
  /** Resolves when it has ended: to why, unless that was in order. */
  readonly ended: Promise<FingerError | undefined>;
  /** Asks it to end. */
  stop(): void;
}

/** What keeping workers takes. */
export interface Keeping {
  /** How many there shall be. */
  readonly count: number;
  /** Starts one, by its number from 1; who takes the place of another has the same. */
  readonly start: (number: number) => WorkerProcess;
  readonly signal: AbortSignal | undefined;
  /** Hears how many of them serve, each time that it changes. */
  readonly onServing?: ((count: number) => void) | undefined;
  readonly onError: (error: unknown) => void;
}

/**
 * Keeps so many workers running until the signal is aborted, and resolves when all have ended. One that ends by itself is
 * replaced. Rejects when one fails before any has ever served: nobody is helped by more attempts. What has worked may again.
 */
export async function keepWorkers({ count, start, signal, onServing = () => {}, onError }: Keeping): Promise<void> {
  const over = new AbortController();
  const end = () => over.abort();
  signal?.addEventListener("abort", end);
  if (signal?.aborted) end();
  const crew: Crew = {
    start,
    onServing,
    onError,
    end,
    over: over.signal,
    serving: 0,
    hasServed: false,
    first: undefined,
    hopeless: undefined,
  };
  const places = Array.from({ length: count }, (_, index) => keepPlace(crew, index + 1));
  try {
    await Promise.all(places);
  } finally {
    end();
    signal?.removeEventListener("abort", end);
    await Promise.allSettled(places);
  }
}

interface Crew extends Pick<Keeping, "start" | "onError"> {
  readonly onServing: (count: number) => void;
  readonly end: () => void;
  readonly over: AbortSignal;
  /** How many serve. */
  serving: number;
  /** Whether one has ever served. */
  hasServed: boolean;
  /** Settles when the one that starts while nobody serves has started, or has ended. */
  first: Promise<Beginning> | undefined;
  /** The one that failed before any had served. */
  hopeless: WorkerProcess | undefined;
}

async function keepPlace(crew: Crew, number: number): Promise<void> {
  let pause: number | undefined;
  for (;;) {
    // One goes ahead: it finds out whether it works, and two that open the same socket file at once could take it from each other.
    while (crew.serving === 0 && crew.first !== undefined) await crew.first;
    if (crew.over.aborted) return;
    const began = performance.now();
    await runOne(crew, number);
    if (crew.over.aborted) return;
    pause = toPause(pause, performance.now() - began);
    await rest(pause, crew.over);
  }
}

/** Runs one worker until it has ended. */
async function runOne(crew: Crew, number: number): Promise<void> {
  const worker = crew.start(number);
  const stop = () => worker.stop();
  crew.over.addEventListener("abort", stop);
  const isReady = await awaitReady(crew, worker);
  const fault = await worker.ended;
  if (isReady) crew.onServing(--crew.serving);
  crew.over.removeEventListener("abort", stop);
  if (fault === undefined) return;
  if (worker === crew.hopeless) throw fault;
  crew.onError(fault);
}

/** All that follows from it happens at once, so that whoever waits for the first finds it done. */
async function awaitReady(crew: Crew, worker: WorkerProcess): Promise<boolean> {
  if (crew.serving === 0) crew.first = worker.ready;
  const beginning = await worker.ready;
  if (crew.first === worker.ready) crew.first = undefined;
  if (beginning === "serves") {
    crew.hasServed = true;
    crew.onServing(++crew.serving);
  } else if (beginning === "failed" && !crew.hasServed && !crew.over.aborted) {
    crew.hopeless = worker;
    crew.end();
  }
  return beginning === "serves";
}

/** How long to wait before one takes the place of another that has lived so long, in milliseconds. */
function toPause(before: number | undefined, lived: number): number {
  if (before === undefined || lived >= CALM) return 0;
  return Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, 2 * before));
}

async function rest(ms: number, over: AbortSignal): Promise<void> {
  if (ms === 0 || over.aborted) return;
  await new Promise<void>((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      over.removeEventListener("abort", wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    over.addEventListener("abort", wake);
  });
}

const CALM = 10_000;
const SHORTEST_PAUSE = 250;
const LONGEST_PAUSE = 30_000;
