import { FingerError } from "finger-protocol";
import { startTimer, type Timer } from "../timer.js";
import { quote } from "../users/mistakes.js";
import { collectFaults, type Faults } from "./faults.js";
import type { Service } from "./service.js";

/** How a group goes about its services. */
export interface ServiceGroupOptions {
  /**
   * How long each service may take to stop, in milliseconds, before it is left behind and that is told; `Infinity` waits.
   * @default 10_000
   */
  readonly stopTime?: number | undefined;
}

/**
 * Services in an order, which are one service: they are started one after the other, and stopped in reverse. What a group is
 * asked for while it does something else is done behind that; only `stop` ends a start that is under way.
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
   * Becomes a group of these services. Those that it has already go on; the others are started, in order; then those that
   * are not among them are stopped, in reverse. When one cannot be started, all is as before.
   *
   * @param onStarted - Called in between, when nothing can fail any more.
   * @throws as `start` does; with what cannot be stopped, too, but then it has become what it shall be.
   */
  change(services: readonly Service[], onStarted?: () => void): Promise<void>;
}

/**
 * Makes a group of services.
 *
 * @param services - In the order in which they are started. No two may have the same name.
 * @throws `RangeError` when two have.
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
  { stopTime = 10_000 }: ServiceGroupOptions = {},
): ServiceGroup {
  assertDistinct(name, services);
  let members = services.map(toMember);
  let goal: State = "stopped";
  /** Ends the start that is under way. */
  let starting: AbortController | undefined;
  let last: Promise<unknown> = Promise.resolve();

  /** One thing after the other. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };

  /** Raises some members; when one fails, those of `undone` are lowered. */
  const raise = async (some: readonly Member[], to: State, undone: readonly Member[], signal?: AbortSignal) => {
    starting = new AbortController();
    const either = signal === undefined ? starting.signal : AbortSignal.any([signal, starting.signal]);
    try {
      for (const member of some) await raiseOne(member, to, either);
    } catch (error) {
      const faults = collectFaults(`${name} did not start`, [error]);
      await lowerAll(undone, faults, stopTime);
      throw faults.toError();
    } finally {
      starting = undefined;
    }
  };

  const raiseAll = (to: State, signal: AbortSignal | undefined) =>
    inTurn(async () => {
      await raise(members, to, members, signal);
      goal = to;
    });

  const become = async (services: readonly Service[], onStarted = () => {}) => {
    assertDistinct(name, services);
    const next = services.map((service) => members.find((member) => member.service === service) ?? toMember(service));
    const added = next.filter((member) => !members.includes(member));
    const gone = members.filter((member) => !next.includes(member));
    await raise(added, goal, added);
    members = next;
    onStarted();
    await lowerOrThrow(gone);
  };

  const lowerOrThrow = async (some: readonly Member[], signal?: AbortSignal) => {
    const faults = collectFaults(`${name} did not stop in order`);
    await lowerAll(some, faults, stopTime, signal);
    if (faults.count > 0) throw faults.toError();
  };

  const stop = (signal?: AbortSignal) => {
    starting?.abort(new FingerError("ERR_FINGER_ABORTED", `${name} was stopped before it had started.`));
    return inTurn(async () => {
      goal = "stopped";
      await lowerOrThrow(members, signal);
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
    add: (service) => inTurn(() => become([...members.map(toService), service])),
    remove: (unwanted) =>
      inTurn(async () => {
        const rest = members.map(toService).filter((service) => service.name !== unwanted);
        if (rest.length === members.length) throw new RangeError(`${name} has no service ${quote(unwanted)}.`);
        await become(rest);
      }),
    change: (services, onStarted) => inTurn(() => become(services, onStarted)),
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
  for (const { name } of services) {
    if (names.has(name)) throw new RangeError(`${group} can have one service ${quote(name)} only.`);
    names.add(name);
  }
}

/** Takes a member to where it shall be; what has failed is stopped. */
async function raiseOne(member: Member, to: State, signal: AbortSignal): Promise<void> {
  const { service } = member;
  signal.throwIfAborted();
  if (member.state === "stopped" && to !== "stopped" && service.prepare !== undefined) {
    await named(service, "could not be prepared", () => service.prepare?.(signal));
    member.state = "prepared";
  }
  if (member.state === "running" || to !== "running") return;
  await named(service, "did not start", () => service.start(signal));
  member.state = "running";
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
