import { FingerError } from "finger-protocol";
import { startTimer, type Timer } from "../timer.js";
import { describe, quote } from "../users/mistakes.js";
import { collectFaults, type Faults } from "./faults.js";
import type { Service } from "./service.js";

/** How a group goes about its services. */
export interface ServiceGroupOptions {
  /**
   * How long each service may take to start, or to be prepared, in milliseconds, before it is stopped again and that is an
   * error. @default Infinity
   */
  readonly startTime?: number | undefined;
  /**
   * How long each service may take to stop, in milliseconds, before it is left behind and that is told; `Infinity` waits. Of a
   * group within a group it is the time for all of that: give the outer one more. @default 10_000
   */
  readonly stopTime?: number | undefined;
}

/**
 * Services in an order, which are one service: they are started one after the other, and stopped in reverse. What a group is
 * asked for while it does something else is done behind that; only `stop` ends a start that is under way, or waits for its turn.
 */
export interface ServiceGroup extends Service, Iterable<Service>, AsyncDisposable {
  /** Whether it was started, and not stopped since. */
  readonly isRunning: boolean;
  prepare(signal?: AbortSignal): Promise<void>;
  /**
   * Starts the services. When one cannot be started, those before it are stopped again.
   *
   * @throws what that service has rejected with; `FingerError` `ERR_FINGER_SERVICE` when others could not be stopped either,
   * with all of it: its `cause` is an `AggregateError`.
   */
  start(signal?: AbortSignal): Promise<void>;
  /**
   * Stops the services, each when the one behind it has ended. One that fails, or takes too long, keeps none from being
   * stopped.
   *
   * @throws as `start` does.
   */
  stop(signal?: AbortSignal): Promise<void>;
  /** The service of that name. */
  get(name: string): Service | undefined;
  /**
   * Adds a service behind the others, and starts it when the group runs. When that fails it is not added. In its own `start`
   * a service must not wait for what it adds to its group.
   *
   * @throws `RangeError` when there is one of that name.
   */
  add(service: Service): Promise<void>;
  /** Takes a service out, and stops it when it runs. @throws `RangeError` when there is none of that name. */
  remove(name: string): Promise<void>;
  /**
   * Becomes a group of other services. Those that it has already go on; the others are started, in order; then those that
   * are not among them are stopped, in reverse. When one cannot be started, all is as before.
   *
   * @param change - Gives the services that there shall be, of those that there are when it is its turn.
   * @param onStarted - Called in between, when it is decided; what is to be stopped waits for it.
   * @throws as `start` does; with what cannot be stopped, too, but then it has become what it shall be.
   */
  change(change: Change, onStarted?: () => void | Promise<void>): Promise<void>;
}

/** Makes other services of those that there are. */
export type Change = (services: readonly Service[]) => readonly Service[];

/**
 * Makes a group of services.
 *
 * @param services - In the order in which they are started. No two may have the same name.
 * @throws `RangeError` when two have, or for a wrong `stopTime`; `TypeError` for what is no service.
 *
 * @example
 * ```ts
 * const server = createFingerServer({ provider: memoryProvider({ alice: "Happy and well" }) });
 * const group = createServiceGroup("example", [
 *   { name: "finger", start: async () => void (await server.listen({ port: 0 })), stop: () => server.close() },
 * ]);
 * await group.start();
 * await group.stop();
 * ```
 */
export function createServiceGroup(
  name: string,
  services: readonly Service[] = [],
  { startTime = Number.POSITIVE_INFINITY, stopTime = 10_000 }: ServiceGroupOptions = {},
): ServiceGroup {
  for (const [option, ms] of Object.entries({ startTime, stopTime })) {
    if (!(ms >= 0)) throw new RangeError(`${option} must be a number of milliseconds, but is ${String(ms)}.`);
  }
  assertDistinct(name, services);
  let members = services.map(toMember);
  let goal: State = "stopped";
  /** What ends the starts that are under way, or wait for their turn. */
  const starts = new Set<AbortController>();
  let last: Promise<unknown> = Promise.resolve();

  /** One thing after the other. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };

  /** Starts something in its turn, unless a stop comes before that is done. */
  const startInTurn = (work: (signal: AbortSignal) => Promise<void>, outer?: AbortSignal): Promise<void> => {
    const start = new AbortController();
    starts.add(start);
    const signal = outer === undefined ? start.signal : AbortSignal.any([outer, start.signal]);
    return inTurn(() => work(signal)).finally(() => starts.delete(start));
  };

  /** Raises some members; when one fails, those of `undone` are lowered. */
  const raise = async (some: readonly Member[], to: State, undone: readonly Member[], signal: AbortSignal) => {
    try {
      for (const member of some) await raiseWithin(startTime, member, to, signal);
    } catch (error) {
      const faults = collectFaults(`${name} did not start`, [error]);
      await lowerAll(undone, faults, stopTime);
      throw faults.toError();
    }
  };

  const raiseAll = (to: "prepared" | "running", outer: AbortSignal | undefined) =>
    startInTurn(async (signal) => {
      if (goal === "running" || goal === to) return;
      goal = "stopped";
      await raise(members, to, members, signal);
      goal = to;
    }, outer);

  const become = async (change: Change, signal: AbortSignal, onStarted: () => void | Promise<void> = () => {}) => {
    const services = change(members.map(toService));
    assertDistinct(name, services);
    const next = services.map((service) => members.find((member) => member.service === service) ?? toMember(service));
    const added = next.filter((member) => !members.includes(member));
    const gone = members.filter((member) => !next.includes(member));
    await raise(added, goal, added, signal);
    members = next;
    const faults = collectFaults(`${name} did not change in order`);
    await Promise.resolve().then(onStarted).catch(faults.add);
    await lowerAll(gone, faults, stopTime);
    faults.refuse();
  };

  const stop = (signal?: AbortSignal) => {
    const reason = new FingerError("ERR_FINGER_ABORTED", `${name} was stopped before it had started.`);
    for (const start of starts) start.abort(reason);
    return inTurn(async () => {
      goal = "stopped";
      const faults = collectFaults(`${name} did not stop in order`);
      await lowerAll(members, faults, stopTime, signal);
      faults.refuse();
    });
  };

  return {
    name,
    get isRunning() {
      return goal === "running";
    },
    prepare: (signal) => raiseAll("prepared", signal),
    start: (signal) => raiseAll("running", signal),
    stop,
    get: (wanted) => members.find(({ service }) => service.name === wanted)?.service,
    add: (service) => startInTurn((signal) => become((before) => [...before, service], signal)),
    remove: (unwanted) =>
      startInTurn(async (signal) => {
        if (!members.some(({ service }) => service.name === unwanted)) {
          throw new RangeError(`${name} has no service ${quote(unwanted)}.`);
        }
        await become((before) => before.filter((service) => service.name !== unwanted), signal);
      }),
    change: (change, onStarted) => startInTurn((signal) => become(change, signal, onStarted)),
    [Symbol.iterator]: () => members.map(toService).values(),
    [Symbol.asyncDispose]: () => stop(),
  };
}

type State = "stopped" | "prepared" | "running";

interface Member {
  readonly service: Service;
  state: State;
}

function toMember(service: Service): Member {
  return { service, state: "stopped" };
}

function toService({ service }: Member): Service {
  return service;
}

function assertDistinct(group: string, services: readonly Service[]): void {
  const names = new Set<string>();
  for (const service of services) {
    const { name, start, stop } = Object(service) as Partial<Service>;
    if (typeof name !== "string" || typeof start !== "function" || typeof stop !== "function") {
      throw new TypeError(`A service of ${group} has a name, a start and a stop, which ${describe(service)} has not.`);
    }
    if (names.has(name)) throw new RangeError(`${group} can have one service ${quote(name)} only.`);
    names.add(name);
  }
}

/** @throws `FingerError` `ERR_FINGER_TIMEOUT` when it takes too long. */
async function raiseWithin(startTime: number, member: Member, to: State, outer: AbortSignal): Promise<void> {
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

/** Takes a member to where it shall be. One that takes too long for who waits is left in that state, to be stopped. */
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
async function lowerAll(
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
