import cluster, { type Worker } from "node:cluster";
import { FingerError } from "finger-protocol";
import { startTimer } from "../../timer.js";
import type { Beginning, WorkerProcess } from "./keep-workers.js";
import { type FromPrimary, type FromWorker, toError, unwrap, wrap } from "./messages.js";
import { createOutbox } from "./outbox.js";
import type { Listener } from "./relay.js";
import type { NewsElsewhere, ServerNews } from "./siblings.js";

/** The variable that has the number of a worker. */
export const WORKER_NUMBER = "FINGER_SERVER_WORKER";

/** A worker in a process of its own. */
export interface ForkedWorker extends WorkerProcess, Listener {
  /** Has it do what it does at a signal. */
  raise(signal: NodeJS.Signals): void;
}

/** Who listens to a worker. */
export interface WorkerEars {
  onNews(news: ServerNews): void;
  /** It hears of its siblings, and has missed what was told until now. */
  onBehind(): void;
}

/**
 * Starts the program once more, as a worker.
 *
 * @param drain - How long it may take to end when it is asked to, in milliseconds, before it is killed.
 */
export function forkWorker(number: number, drain: number, ears: WorkerEars): ForkedWorker {
  const worker = cluster.fork({ [WORKER_NUMBER]: String(number) });
  const life: Life = { ...UNBORN, worker, number, drain, ears, raised: new Set() };
  const ended = new Promise<FingerError | undefined>((resolve) => {
    worker.once("exit", (code, signal) => resolve(life.fault ?? toEnd(life, code, signal)));
    // Other errors are of the channel, and its end comes as the end of the process.
    worker.on("error", (cause) => {
      if (worker.process.pid === undefined) resolve(cannotFork(number, cause));
    });
  });
  const ready = new Promise<Beginning>((resolve) => {
    worker.on("message", (message) => hear(life, message, resolve));
    void ended.then(() => resolve(toBeginning(life)));
  });
  const sendNews = (news: NewsElsewhere, onSent: () => void) => send(life, { kind: "news", news }, onSent);
  const raise = (signal: NodeJS.Signals) => {
    life.raised.add(signal);
    if (life.isReady) sendRaised(life);
  };
  return { ready, ended, stop: () => stop(life), raise, tell: createOutbox(sendNews, ears.onBehind) };
}

/** What is known of a worker. */
interface Life {
  readonly worker: Worker;
  readonly number: number;
  readonly drain: number;
  readonly ears: WorkerEars;
  isReady: boolean;
  isStopping: boolean;
  isKilled: boolean;
  /** Signals that it has not been told of: while it is loading its program it does not hear yet. */
  readonly raised: Set<NodeJS.Signals>;
  /** What it told of itself. */
  fault: FingerError | undefined;
}

const UNBORN = { isReady: false, isStopping: false, isKilled: false, fault: undefined };

function hear(life: Life, message: unknown, onReady: (beginning: "serves") => void): void {
  const told = unwrap<FromWorker>(message);
  if (told?.kind === "news") life.ears.onNews(told.news);
  if (told?.kind === "failed") {
    life.fault = toError(told.fault);
    // It serves no more. What keeps such a process alive was left open, and must not keep the fault from being told.
    killIn(life, Math.min(life.drain, FAREWELL));
  }
  if (told?.kind === "ready") {
    life.isReady = true;
    // While it was loading its program it did not hear yet.
    if (life.isStopping) sendStop(life);
    else sendRaised(life);
    life.ears.onBehind();
    onReady("serves");
  }
}

/** How it began, when it has ended without serving. */
function toBeginning({ fault, worker }: Life): Beginning {
  return fault === undefined && typeof worker.process.signalCode === "string" ? "killed" : "failed";
}

function stop(life: Life): void {
  if (life.isStopping || life.worker.isDead()) return;
  life.isStopping = true;
  sendStop(life);
  killIn(life, life.drain);
}

function sendStop(life: Life): void {
  send(life, { kind: "stop" }, () => {});
}

function sendRaised(life: Life): void {
  for (const signal of life.raised) send(life, { kind: "signal", signal }, () => {});
  life.raised.clear();
}

function killIn(life: Life, ms: number): void {
  const timer = startTimer(ms, kill, life);
  life.worker.once("exit", () => clearTimeout(timer));
}

function kill(life: Life): void {
  life.isKilled = true;
  life.worker.process.kill("SIGKILL");
}

/** One that has ended meanwhile hears nothing. */
function send({ worker }: Life, message: FromPrimary, onSent: () => void): void {
  if (worker.isConnected()) worker.send(wrap(message), onSent);
}

/** Why it ended; `undefined` when that was in order. */
function toEnd(life: Life, code: number | null, signal: string | null): FingerError | undefined {
  const { isReady, isStopping, isKilled, drain } = life;
  const name = `Worker ${life.number} (process ${life.worker.process.pid})`;
  if (isKilled) return fault(`${name} had not ended ${drain} ms after it was asked to, and was killed.`);
  if (isStopping && (signal === "SIGTERM" || signal === "SIGINT")) return undefined;
  if (code === 0 && (isReady || isStopping)) return undefined;
  const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
  return fault(isReady ? `${name} ${how}.` : `${name} ${how} before it served; what it printed may tell why.`);
}

function cannotFork(number: number, cause: Error): FingerError {
  return new FingerError("ERR_FINGER_LISTEN", `Worker ${number} cannot be started: ${cause.message}.`, { cause });
}

function fault(message: string): FingerError {
  return new FingerError("ERR_FINGER_LISTEN", message);
}

/** How long one that has failed may take to end by itself, in milliseconds. */
const FAREWELL = 1000;
