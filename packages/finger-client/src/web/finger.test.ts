import * as node from "finger-client";
import { type Connect, finger, fingerStream, setStatus } from "finger-client/web";
import { createFingerServer, memoryPair, memoryProvider } from "finger-server";
import { expect, it, vi } from "vitest";

/** Connects to a server of ours in memory. */
function toServer(users: Record<string, string>): Connect {
  const server = createFingerServer({ provider: memoryProvider(users), limits: { rate: 1_000_000 } });
  return () => {
    const [near, far] = memoryPair();
    server.handle(far).catch(() => {});
    return near;
  };
}

it("asks over a connection of the caller's own, whose address it cannot know", async () => {
  const connect = vi.fn(toServer({ alice: "Happy and well" }));
  const reply = await finger("alice@plan.example:7979", { connect });
  expect(reply).toMatchObject({ text: "Happy and well\n", address: undefined, truncated: false });
  expect(connect).toHaveBeenCalledWith({ hostname: "plan.example", port: 7979 });
});

it("asks over it on Node too", async () => {
  expect((await node.finger("alice@h", { connect: toServer({ alice: "Here" }) })).text).toBe("Here\n");
});

it("streams over it, and reads no faster than the text is taken", async () => {
  let pulled = 0;
  const connect: Connect = () => ({
    readable: new ReadableStream({
      pull: (controller) => {
        pulled++;
        controller.enqueue(new TextEncoder().encode(`${pulled}\n`));
      },
    }),
    writable: new WritableStream(),
  });
  const texts = fingerStream("alice@h", { connect });
  expect((await texts.next()).value).toMatch(/^1\n/);
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(pulled).toBeLessThan(10);
  await texts.return();
});

it("closes the connection when it has been told enough", async () => {
  const cancel = vi.fn();
  const abort = vi.fn();
  const connect: Connect = () => ({
    readable: new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode("more\n")),
      cancel,
    }),
    writable: new WritableStream({ abort }),
  });
  expect(await finger("alice@h", { connect, maxBytes: 7 })).toMatchObject({ text: "more\nmo", truncated: true });
  await vi.waitFor(() => expect([cancel.mock.calls.length, abort.mock.calls.length]).toEqual([1, 1]));
});

const UNREACHABLE: ReadonlyArray<readonly [error: unknown, code: string, message: string]> = [
  [Object.assign(new Error("refused"), { code: "ECONNREFUSED" }), "ERR_FINGER_CONNECT", "No finger server listens"],
  [new Error("no route."), "ERR_FINGER_CONNECT", "cannot be reached: no route."],
  ["down", "ERR_FINGER_CONNECT", "cannot be reached: down."],
];

it.each(UNREACHABLE)("takes a rejection with %o for %s", async (error, code, message) => {
  const connect = () => Promise.reject(error);
  await expect(finger("alice@h", { connect })).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
});

it("fails with ERR_FINGER_TIMEOUT when the connection never comes, and closes it when it comes too late", async () => {
  const cancel = vi.fn();
  let arrive = (_: { readable: ReadableStream<Uint8Array>; writable: WritableStream<Uint8Array> }) => {};
  const connect: Connect = () =>
    new Promise((resolve) => {
      arrive = resolve;
    });
  await expect(finger("alice@h", { connect, timeout: 20 })).rejects.toMatchObject({ code: "ERR_FINGER_TIMEOUT" });
  arrive({ readable: new ReadableStream({ cancel }), writable: new WritableStream() });
  await vi.waitFor(() => expect(cancel).toHaveBeenCalledOnce());
});

it("says what is missing without the option", async () => {
  const error = new TypeError(
    "This runtime has no sockets of its own: give the option connect, which makes connections.",
  );
  await expect(finger("alice@h")).rejects.toThrow(error);
  await expect(fingerStream("alice@h").next()).rejects.toThrow(error);
  await expect(setStatus("alice", "Here")).rejects.toThrow(error);
});

it("sends nothing over a connection that comes when nobody waits any more", async () => {
  const write = vi.fn();
  const abort = vi.fn();
  const stop = new AbortController();
  const connect: Connect = async () => {
    stop.abort();
    return { readable: new ReadableStream(), writable: new WritableStream({ write, abort }) };
  };
  const setting = setStatus("alice@h", "gone", { connect, signal: stop.signal });
  await expect(setting).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED" });
  await vi.waitFor(() => expect(abort).toHaveBeenCalledOnce());
  expect(write).not.toHaveBeenCalled();
});

it("does not commit a status by closing when it is aborted", async () => {
  const close = vi.fn();
  const stop = new AbortController();
  const written = new Promise<void>((resolve) => {
    const writable = new WritableStream({ write: () => new Promise(() => resolve()), close });
    const connect: Connect = () => ({ readable: new ReadableStream(), writable });
    setStatus("alice@h", "gone", { connect, signal: stop.signal }).catch(() => {});
  });
  await written;
  stop.abort();
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(close).not.toHaveBeenCalled();
});

const NOT_ALL: ReadonlyArray<readonly [fail: (controller: ReadableStreamDefaultController) => void, why: string]> = [
  [(controller) => controller.error(), "a failure without a reason"],
  [(controller) => controller.error(new Error("down")), "one with a reason"],
  [(controller) => controller.enqueue("text"), "what are no bytes"],
];

it.each(NOT_ALL)("takes no half reply for a whole one: %s: %s", async (fail) => {
  const connect: Connect = () => {
    let turn = 0;
    const pull = (controller: ReadableStreamDefaultController) => {
      if (turn++ === 0) controller.enqueue(new TextEncoder().encode("half"));
      else fail(controller);
    };
    return { readable: new ReadableStream({ pull }), writable: new WritableStream() };
  };
  const reply = await finger("alice@h", { connect });
  expect(reply).toMatchObject({ text: "half", truncated: true, error: { code: "ERR_FINGER_IO" } });
});

it.each([{ tls: true }, { proxy: "socks5://h" }, { family: 4 as const }])(
  "refuses %o for connections of the caller's",
  async (options) => {
    const connect = toServer({});
    await expect(finger("alice@h", { connect, ...options })).rejects.toThrow(/^The options tls, proxy and family /);
  },
);
