import { FingerError } from "finger-protocol";
import { describe, quote } from "../users/mistakes.js";
import { collectFaults } from "./faults.js";
import { lowerAll, type Member, raiseWithin, type State, toMember, toService } from "./member.js";
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
