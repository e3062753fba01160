import { FingerError } from "finger-protocol";
import { startTimer, type Timer } from "../timer.js";
import { quote } from "../users/mistakes.js";
import type { Faults } from "./faults.js";
import type { Service } from "./service.js";

/** How far a service has come. */
export type State = "stopped" | "prepared" | "running";

/** A service of a group. */
export interface Member {
  readonly service: Service;
  state: State;
}

/** One that was not told anything yet. */
export function toMember(service: Service): Member {
  return { service, state: "stopped" };
}

export function toService({ service }: Member): Service {
  return service;
}

/**
 * Takes a member to where it shall be.
 *
 * @throws what it fails with; `FingerError` `ERR_FINGER_TIMEOUT` when it takes too long.
 */
export async function raiseWithin(startTime: number, member: Member, to: State, outer: AbortSignal): Promise<void> {
  const late = new AbortController();
  const message = `The service ${quote(member.service.name)} had not started after ${startTime} ms.`;
  const giveUp = () => late.abort(new FingerError("ERR_FINGER_TIMEOUT", message));
  const timer = startTimer(startTime, giveUp, undefined);
  try {
    await raiseOne(member, to, AbortSignal.any([outer, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}

/** One that takes too long for who waits is left in that state, to be stopped. */
async function raiseOne(member: Member, to: State, signal: AbortSignal): Promise<void> {
  const { service } = member;
  if (to === "stopped" || member.state === "running") return;
  signal.throwIfAborted();
  if (member.state === "stopped" && service.prepare !== undefined) {
    await unlessAborted(
      signal,
      member,
      "prepared",
      named(service, "could not be prepared", () => service.prepare?.(signal)),
    );
  }
  if (to === "prepared") return;
  await unlessAborted(
    signal,
    member,
    "running",
    named(service, "did not start", () => service.start(signal)),
  );
}

/** Waits for what takes a member to a state, but no longer than until the signal is aborted: then it may get there yet. */
function unlessAborted(signal: AbortSignal, member: Member, to: State, work: Promise<void>): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const giveUp = () => {
      // It has to be stopped. Whatever comes of it afterwards is too late.
      member.state = to;
      reject(signal.reason);
    };
    const succeed = () => {
      if (!signal.aborted) member.state = to;
      resolve();
    };
    signal.addEventListener("abort", giveUp);
    if (signal.aborted) giveUp();
    work.finally(() => signal.removeEventListener("abort", giveUp)).then(succeed, reject);
  });
}

/** Stops members, the last first. */
export async function lowerAll(
  members: readonly Member[],
  faults: Faults,
  stopTime: number,
  signal?: AbortSignal,
): Promise<void> {
  for (const member of [...members].reverse()) {
    if (member.state === "stopped") continue;
    member.state = "stopped";
    await stopWithin(stopTime, member.service, signal).catch(faults.add);
  }
}

/** @throws `FingerError` `ERR_FINGER_TIMEOUT` when it takes too long. */
function stopWithin(stopTime: number, service: Service, signal?: AbortSignal): Promise<void> {
  const timers: Array<Timer | undefined> = [];
  let onForce = () => {};
  return new Promise<void>((resolve, reject) => {
    const giveUp = (ms: number) => {
      const message = `The service ${quote(service.name)} had not stopped after ${ms} ms, and was left behind.`;
      reject(new FingerError("ERR_FINGER_TIMEOUT", message));
    };
    onForce = () => timers.push(startTimer(LAST_WORDS, giveUp, LAST_WORDS));
    timers.push(startTimer(stopTime, giveUp, stopTime));
    signal?.addEventListener("abort", onForce);
    if (signal?.aborted) onForce();
    named(service, "did not stop in order", () => service.stop(signal)).then(resolve, reject);
  }).finally(() => {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener("abort", onForce);
  });
}

/** Says of which service an error is; one of ours speaks for itself. */
async function named({ name }: Service, verb: string, work: () => Promise<void> | undefined): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (FingerError.is(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FingerError("ERR_FINGER_SERVICE", `The service ${quote(name)} ${verb}: ${reason}`, { cause });
  }
}

/** How long a service may take to end that has to end at once, in milliseconds. */
const LAST_WORDS = 1_000;
