import { FingerError } from "finger-protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Service } from "./service.js";
import { createServiceGroup } from "./service-group.js";

/** What happened, in order. */
let diary: string[] = [];
beforeEach(() => {
  diary = [];
});
afterEach(() => void vi.useRealTimers());

/** A service that writes down what it is told to do. */
function writer(name: string, how: Partial<Service> = {}): Service {
  return {
    name,
    start: async () => void diary.push(`start ${name}`),
    stop: async () => void diary.push(`stop ${name}`),
    ...how,
  };
}

/** One that fails at something. */
function failing(name: string, ...at: ReadonlyArray<"prepare" | "start" | "stop">): Service {
  const fail = (what: string) => async () => {
    diary.push(`${what} ${name}, in vain`);
    throw new Error(`no ${what} of ${name}`);
  };
  return writer(name, Object.fromEntries(at.map((what) => [what, fail(what)])));
}

function createSignal() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

const names = (group: Iterable<Service>) => [...group].map(({ name }) => name);

describe("a group of services", () => {
  it("starts in order and stops in reverse", async () => {
    const group = createServiceGroup("app", [writer("a"), writer("b"), writer("c")]);
    await group.start();
    await group.stop();
    expect(diary).toEqual(["start a", "start b", "start c", "stop c", "stop b", "stop a"]);
  });

  it("is a service: groups stand in groups", async () => {
    const inner = createServiceGroup("inner", [writer("b"), writer("c")]);
    const group = createServiceGroup("app", [writer("a"), inner, writer("d")]);
    await group.start();
    await group.stop();
    expect(diary.join()).toBe("start a,start b,start c,start d,stop d,stop c,stop b,stop a");
  });

  it("waits for each before the next", async () => {
    const slow = writer("slow", {
      start: async () => {
        await new Promise(setImmediate);
        diary.push("start slow");
      },
      stop: async () => {
        await new Promise(setImmediate);
        diary.push("stop slow");
      },
    });
    const group = createServiceGroup("app", [writer("a"), slow, writer("b")]);
    await group.start();
    await group.stop();
    expect(diary.join()).toBe("start a,start slow,start b,stop b,stop slow,stop a");
  });

  it("does twice what it is told twice only once", async () => {
    const group = createServiceGroup("app", [writer("a")]);
    await Promise.all([group.start(), group.start()]);
    await Promise.all([group.stop(), group.stop()]);
    expect(diary).toEqual(["start a", "stop a"]);
  });

  it("is not changed by being prepared, or started for nobody, while it runs", async () => {
    const group = createServiceGroup("app", [writer("a")]);
    await group.start();
    await group.prepare();
    await group.start(AbortSignal.abort());
    expect([diary, group.isRunning]).toEqual([["start a"], true]);
  });

  it("is left alone by what comes behind a failed start of it", async () => {
    const group = createServiceGroup("app", [writer("a", { prepare: async () => {} }), failing("b", "start")]);
    await group.prepare();
    await expect(group.start()).rejects.toThrow("no start of b");
    diary = [];
    await group.add(writer("c"));
    expect(diary).toEqual([]);
  });

  it("can be started again", async () => {
    const group = createServiceGroup("app", [writer("a")]);
    await group.start();
    await group.stop();
    await group.start();
    expect([diary, group.isRunning]).toEqual([["start a", "stop a", "start a"], true]);
  });

  it("prepares all before it starts any, and those without a preparation, too", async () => {
    const port = (name: string) => writer(name, { prepare: async () => void diary.push(`prepare ${name}`) });
    const group = createServiceGroup("app", [port("a"), writer("b"), port("c")]);
    await group.prepare();
    expect(group.isRunning).toBe(false);
    await group.start();
    expect(diary).toEqual(["prepare a", "prepare c", "start a", "start b", "start c"]);
  });

  it("stops what was prepared only", async () => {
    const group = createServiceGroup("app", [
      writer("a", { prepare: async () => void diary.push("prepare a") }),
      writer("b"),
    ]);
    await group.prepare();
    await group.stop();
    expect(diary).toEqual(["prepare a", "stop a"]);
  });

  it("is disposed of by being stopped", async () => {
    {
      await using group = createServiceGroup("app", [writer("a")]);
      await group.start();
    }
    expect(diary).toEqual(["start a", "stop a"]);
  });
});

describe("a start that fails", () => {
  it("stops those that had started, in reverse, and starts no other", async () => {
    const group = createServiceGroup("app", [writer("a"), writer("b"), failing("c", "start"), writer("d")]);
    await expect(group.start()).rejects.toThrow('The service "c" did not start: no start of c');
    expect(diary).toEqual(["start a", "start b", "start c, in vain", "stop b", "stop a"]);
    expect(group.isRunning).toBe(false);
  });

  it("is told of a service that throws at once, too", async () => {
    const start = () => {
      throw new Error("at once");
    };
    await expect(createServiceGroup("app", [writer("a", { start })]).start()).rejects.toThrow(
      '"a" did not start: at once',
    );
  });

  it("stops what was prepared behind it, too, and itself", async () => {
    const port = (name: string, how: Partial<Service> = {}) => writer(name, { prepare: async () => {}, ...how });
    const group = createServiceGroup("app", [port("a", failing("a", "start")), port("b")]);
    await expect(group.start()).rejects.toThrow("no start of a");
    expect(diary).toEqual(["start a, in vain", "stop a"]);
    diary = [];
    await group.prepare();
    await expect(group.start()).rejects.toThrow("no start of a");
    expect(diary).toEqual(["start a, in vain", "stop b", "stop a"]);
  });

  it("passes on an error of ours as it is, so that its code can be matched", async () => {
    const error = new FingerError("ERR_FINGER_LISTEN", "The port is taken.");
    const taken = writer("a", { start: async () => Promise.reject(error) });
    await expect(createServiceGroup("app", [taken]).start()).rejects.toBe(error);
  });

  it("keeps every error", async () => {
    const group = createServiceGroup("app", [failing("a", "stop"), failing("b", "start")]);
    const error = await group.start().catch((fault) => fault);
    expect(error).toMatchObject({ code: "ERR_FINGER_SERVICE" });
    expect(error.message).toBe(
      [
        "app did not start, for 2 reasons:",
        '- The service "b" did not start: no start of b',
        '- The service "a" did not stop in order: no stop of a',
      ].join("\n"),
    );
    expect(error.cause.errors).toHaveLength(2);
  });

  it("can be tried again", async () => {
    const start = vi.fn(async () => {}).mockRejectedValueOnce(new Error("not yet"));
    const group = createServiceGroup("app", [writer("a"), writer("b", { start })]);
    await expect(group.start()).rejects.toThrow("not yet");
    await group.start();
    expect(group.isRunning).toBe(true);
  });

  it("is over when the caller waits no longer", async () => {
    const waiting = new AbortController();
    const start = (signal?: AbortSignal) =>
      new Promise<void>((_, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
        waiting.abort(new FingerError("ERR_FINGER_ABORTED", "Never mind."));
      });
    const group = createServiceGroup("app", [writer("a"), writer("b", { start }), writer("c")]);
    await expect(group.start(waiting.signal)).rejects.toThrow("Never mind.");
    expect(diary).toEqual(["start a", "stop b", "stop a"]);
  });

  it("is over when the group is stopped meanwhile", async () => {
    const start = (signal?: AbortSignal) =>
      new Promise<void>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    const group = createServiceGroup("app", [writer("a"), writer("b", { start })]);
    const started = group.start();
    const stopped = group.stop();
    await expect(started).rejects.toThrow("app was stopped before it had started.");
    await stopped;
    expect(diary).toEqual([]);
  });

  it("is over when a service takes too long, which is then stopped", async () => {
    vi.useFakeTimers();
    const services = [writer("a"), writer("b", { start: () => new Promise(() => {}) })];
    const group = createServiceGroup("app", services, { startTime: 3_000 });
    const started = group.start().catch((error) => error);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await started).toMatchObject({
      code: "ERR_FINGER_TIMEOUT",
      message: 'The service "b" had not started after 3000 ms.',
    });
    expect(diary).toEqual(["start a", "stop b", "stop a"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves a service that gets there after all as one that was stopped", async () => {
    const late = createSignal();
    const start = vi.fn(() => late.promise);
    const group = createServiceGroup("app", [writer("a", { start })]);
    const started = group.start();
    await expect.poll(() => start.mock.calls).toHaveLength(1);
    const stopped = group.stop();
    await expect(started).rejects.toThrow();
    await stopped;
    late.resolve();
    await late.promise;
    await group.start();
    expect(start).toHaveBeenCalledTimes(2);
  });

  it("is over even when a service does not heed that, which is then stopped", async () => {
    const starting = createSignal();
    const start = () => {
      starting.resolve();
      return new Promise<void>(() => {});
    };
    const group = createServiceGroup("app", [writer("a"), writer("b", { start })]);
    const started = group.start();
    await starting.promise;
    const stopped = group.stop();
    await expect(started).rejects.toThrow("app was stopped before it had started.");
    await stopped;
    expect(diary).toEqual(["start a", "stop b", "stop a"]);
  });
});

describe("a stop that fails", () => {
  it("stops the others all the same, and tells of all that failed", async () => {
    const group = createServiceGroup("app", [failing("a", "stop"), writer("b"), failing("c", "stop")]);
    await group.start();
    diary = [];
    await expect(group.stop()).rejects.toThrow(/for 2 reasons:\n- .*"c".*\n- .*"a"/);
    expect(diary).toEqual(["stop c, in vain", "stop b", "stop a, in vain"]);
  });

  it("leaves behind a service that takes too long", async () => {
    vi.useFakeTimers();
    const group = createServiceGroup("app", [writer("a"), writer("b", { stop: () => new Promise(() => {}) })], {
      stopTime: 3_000,
    });
    await group.start();
    const stopped = group.stop().catch((error) => error);
    await vi.advanceTimersByTimeAsync(2_999);
    expect(diary).not.toContain("stop a");
    await vi.advanceTimersByTimeAsync(1);
    expect(await stopped).toMatchObject({
      code: "ERR_FINGER_TIMEOUT",
      message: 'The service "b" had not stopped after 3000 ms, and was left behind.',
    });
    expect(diary.at(-1)).toBe("stop a");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("waits no longer than a second for each when it is forced, and tells them", async () => {
    vi.useFakeTimers();
    const stop = vi.fn((_?: AbortSignal) => new Promise<void>(() => {}));
    const group = createServiceGroup("app", [writer("a"), writer("b", { stop })]);
    await group.start();
    const force = new AbortController();
    const stopped = group.stop(force.signal).catch((error) => error);
    await vi.advanceTimersByTimeAsync(10);
    expect(stop.mock.calls[0]?.[0]?.aborted).toBe(false);
    force.abort();
    expect(stop.mock.calls[0]?.[0]?.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await stopped).toMatchObject({ code: "ERR_FINGER_TIMEOUT" });
    expect(diary.at(-1)).toBe("stop a");
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the services of a group", () => {
  it("are found by name, and stand in order", () => {
    const [a, b] = [writer("a"), writer("b")];
    const group = createServiceGroup("app", [a, b]);
    expect([group.get("b"), group.get("z"), names(group)]).toEqual([b, undefined, ["a", "b"]]);
  });

  it("have names of their own", async () => {
    expect(() => createServiceGroup("app", [writer("a"), writer("a")])).toThrow('app can have one service "a" only.');
    const group = createServiceGroup("app", [writer("a")]);
    await expect(group.add(writer("a"))).rejects.toThrow(RangeError);
    await expect(group.remove("b")).rejects.toThrow('app has no service "b".');
  });

  it("are started when they are added while it runs, and stopped in their turn", async () => {
    const group = createServiceGroup("app", [writer("a")]);
    await group.start();
    await group.add(writer("b"));
    await group.stop();
    expect(diary).toEqual(["start a", "start b", "stop b", "stop a"]);
  });

  it("are not started when they are added before it runs", async () => {
    const group = createServiceGroup("app");
    await group.add(writer("a"));
    expect(diary).toEqual([]);
    await group.start();
    expect(diary).toEqual(["start a"]);
  });

  it("are started once when they are added while it starts", async () => {
    const group = createServiceGroup("app", [
      writer("a", { start: async () => void group.add(writer("b")).catch(() => {}) }),
    ]);
    await group.start();
    await group.add(writer("c"));
    expect(diary).toEqual(["start b", "start c"]);
  });

  it("are not among them when they cannot start", async () => {
    const group = createServiceGroup("app", [writer("a")]);
    await group.start();
    await expect(group.add(failing("b", "start"))).rejects.toThrow("no start of b");
    expect([names(group), group.isRunning]).toEqual([["a"], true]);
  });

  it("are stopped when they are taken out, unless it does not run", async () => {
    const group = createServiceGroup("app", [writer("a"), writer("b")]);
    await group.remove("b");
    await group.start();
    await group.remove("a");
    expect([diary, names(group)]).toEqual([["start a", "stop a"], []]);
  });
});

describe("a group that becomes another", () => {
  it("starts the new before it stops the old, and leaves alone what stays", async () => {
    const [a, b, c, d] = [writer("a"), writer("b"), writer("c"), writer("d")];
    const group = createServiceGroup("app", [a, b, c]);
    await group.start();
    diary = [];
    await group.change(
      () => [a, d],
      () => void diary.push("now"),
    );
    expect(diary).toEqual(["start d", "now", "stop c", "stop b"]);
    expect(names(group)).toEqual(["a", "d"]);
  });

  it("puts a new service in the place of one of the same name", async () => {
    const group = createServiceGroup("app", [writer("a")]);
    await group.start();
    const other = writer("a");
    await group.change(() => [other]);
    expect(diary).toEqual(["start a", "start a", "stop a"]);
    expect(group.get("a")).toBe(other);
  });

  it("is as before when a new one cannot start", async () => {
    const group = createServiceGroup("app", [writer("a")]);
    await group.start();
    const onStarted = vi.fn();
    await expect(group.change(() => [writer("b"), failing("c", "start")], onStarted)).rejects.toThrow("no start of c");
    expect([names(group), diary]).toEqual([["a"], ["start a", "start b", "start c, in vain", "stop b"]]);
    expect(onStarted).not.toHaveBeenCalled();
  });

  it("does not lose what is added at the same time", async () => {
    const [a, b] = [writer("a"), writer("b")];
    const group = createServiceGroup("app", [a]);
    await group.start();
    await Promise.all([group.add(b), group.change((before) => [...before, writer("c")])]);
    expect(names(group)).toEqual(["a", "b", "c"]);
  });

  it("stops the old even when what is called in between fails, and tells", async () => {
    const group = createServiceGroup("app", [writer("a")]);
    await group.start();
    const fail = () => Promise.reject(new Error("not now"));
    await expect(group.change(() => [writer("b")], fail)).rejects.toThrow("not now");
    expect([names(group), diary.at(-1)]).toEqual([["b"], "stop a"]);
  });

  it("has changed even when an old one cannot be stopped", async () => {
    const group = createServiceGroup("app", [failing("a", "stop")]);
    await group.start();
    await expect(group.change(() => [writer("b")])).rejects.toThrow("no stop of a");
    expect(names(group)).toEqual(["b"]);
  });
});
