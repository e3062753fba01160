import { FingerError, parseQuery } from "finger-protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { look } from "../../../../tests/support/programs.js";
import { createFingerServer } from "../index.js";
import { memoryProvider } from "../memory-provider.js";
import { createStore, type StoreBackend } from "./create-store.js";
import { memoryBackend, memoryStore } from "./memory-store.js";
import type { StoredStatus } from "./status-store.js";
import { type StoreProviderOptions, storeProvider } from "./store-provider.js";

/** A store that can be told to fail, and a provider of it. */
function set(options: StoreProviderOptions = {}) {
  const backend = memoryBackend();
  const broken = { isBroken: false };
  const check = () => {
    if (broken.isBroken) throw new FingerError("ERR_FINGER_STORE", "The disk is gone.");
  };
  const watched: StoreBackend = {
    ...backend,
    async read(login) {
      check();
      return backend.read(login);
    },
    list(prefix) {
      check();
      return backend.list(prefix);
    },
  };
  const errors: unknown[] = [];
  const store = createStore(watched);
  const provider = storeProvider(store, { onError: (error) => errors.push(error), ...options });
  return { store, provider, errors, broken };
}

describe("a provider of what is in a store", () => {
  it("answers with the status, since when it is, and gives the list by login", async () => {
    const { store, provider } = set();
    const { at } = await store.put("bob", "Asleep");
    await store.put("alice", "Happy and well");
    expect(await look(provider, "bob")).toEqual({ login: "bob", status: "Asleep", statusAt: at });
    expect(await look(provider, "carol")).toBeUndefined();
    const users = await provider.list?.({} as never);
    expect(users?.map(({ login, status }) => `${login}: ${status}`)).toEqual(["alice: Happy and well", "bob: Asleep"]);
  });

  it("tells at once what is put, put again and deleted behind its first answer", async () => {
    const { store, provider } = set();
    expect(await look(provider)).toBeUndefined();
    await store.put("alice", "one");
    expect(await look(provider)).toMatchObject({ status: "one" });
    await store.put("alice", "two");
    expect(await look(provider)).toMatchObject({ status: "two" });
    await store.delete("alice");
    expect(await look(provider)).toBeUndefined();
  });

  it("answers a status alone with its text, an empty one too", async () => {
    const { store, provider } = set();
    const server = createFingerServer({ provider });
    await store.put("alice", "Two\nlines");
    await store.put("bob", "");
    expect(await server.respond(parseQuery("alice"))).toBe("Two\nlines\n");
    expect(await server.respond(parseQuery("bob"))).toBe("\n");
  });

  it("goes on with what it knew while the store fails, tells of that once, and recovers by itself", async () => {
    const { store, provider, errors, broken } = set();
    await store.put("alice", "one");
    await provider.start();
    broken.isBroken = true;
    await store.put("alice", "two");
    await store.put("bob", "new");
    expect(await look(provider)).toMatchObject({ status: "one" });
    expect(await look(provider, "bob")).toBeUndefined();
    expect(errors.map(String)).toEqual(["FingerError: The disk is gone."]);
    broken.isBroken = false;
    await expect.poll(() => look(provider), { timeout: 5_000 }).toMatchObject({ status: "two" });
    expect(await look(provider, "bob")).toMatchObject({ status: "new" });
  });

  it("rejects while it has read nothing yet, and answers once the store can be read", async () => {
    const { store, provider, broken } = set();
    await store.put("alice", "one");
    broken.isBroken = true;
    await expect(provider.start()).rejects.toThrow("The disk is gone.");
    await expect(look(provider)).rejects.toThrow("The disk is gone.");
    broken.isBroken = false;
    expect(await look(provider)).toMatchObject({ status: "one" });
  });

  it("tells what it knew when it is stopped", async () => {
    const { store, provider } = set();
    await store.put("alice", "one");
    await provider.start();
    await provider.stop();
    await store.put("alice", "two");
    expect(await look(provider)).toMatchObject({ status: "one" });
    await provider.start();
    expect(await look(provider)).toMatchObject({ status: "two" });
    await provider[Symbol.asyncDispose]();
  });

  it("follows the store again when it is started before its stop is over", async () => {
    const { store, provider } = set();
    await provider.start();
    const stopped = provider.stop();
    await provider.start();
    await stopped;
    await store.put("alice", "two");
    expect(await look(provider)).toMatchObject({ status: "two" });
  });

  it("never goes back to what it knew while all is read", async () => {
    const backend = memoryBackend();
    let go = () => {};
    let gate = Promise.resolve();
    const list: StoreBackend["list"] = async function* (prefix) {
      const before: StoredStatus[] = [];
      for await (const status of backend.list(prefix)) before.push(status);
      await gate;
      yield* before;
    };
    const slow = createStore({ ...backend, list });
    const provider = storeProvider(slow);
    await slow.put("alice", "old");
    await provider.start();
    gate = new Promise((resolve) => {
      go = resolve;
    });
    const again = provider.start();
    await slow.put("alice", "new");
    expect(await look(provider)).toMatchObject({ status: "new" });
    go();
    await again;
    expect(await look(provider)).toMatchObject({ status: "new" });
  });

  it("tells once that it cannot watch, and lists ever more rarely", async () => {
    vi.useFakeTimers();
    try {
      const backend = memoryBackend();
      const watch = vi.fn((): AsyncIterable<never> => {
        throw new FingerError("ERR_FINGER_STORE", "You may not subscribe.");
      });
      const errors: unknown[] = [];
      const provider = storeProvider(createStore({ ...backend, watch }), { onError: (error) => errors.push(error) });
      await provider.start();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(errors).toHaveLength(1);
      expect(watch.mock.calls.length).toBeLessThan(10);
      await provider.stop();
    } finally {
      vi.useRealTimers();
    }
  });

  it("tells who watches, though nobody has asked yet", async () => {
    const { store, provider } = set();
    await store.put("alice", "one");
    const changes = provider.watch(new AbortController().signal)[Symbol.asyncIterator]();
    const heard: unknown[] = [];
    void changes.next().then(({ value }) => heard.push(value));
    // What it has when it is first read is no change.
    const putAgain = async () => {
      await store.put("bob", "two");
      return heard;
    };
    await expect.poll(putAgain).toEqual([{ login: "bob" }]);
    await provider.stop();
  });

  it("tells once of a login that cannot be read, and does not read the others again for it", async () => {
    vi.useFakeTimers();
    try {
      const backend = memoryBackend();
      const list = vi.fn(backend.list);
      let isSpoilt = false;
      const read = vi.fn(async (login: string) => {
        if (isSpoilt) throw new FingerError("ERR_FINGER_STORE", "alice.json does not hold statuses.");
        return backend.read(login);
      });
      const errors: unknown[] = [];
      const store = createStore({ ...backend, list, read });
      const provider = storeProvider(store, { onError: (error) => errors.push(error) });
      await store.put("alice", "one");
      await provider.start();
      isSpoilt = true;
      await store.put("alice", "two");
      await vi.advanceTimersByTimeAsync(60_000);
      expect(errors).toHaveLength(1);
      expect(list).toHaveBeenCalledTimes(1);
      expect(await look(provider)).toMatchObject({ status: "one" });
      isSpoilt = false;
      await vi.advanceTimersByTimeAsync(20_000);
      expect(await look(provider)).toMatchObject({ status: "two" });
      await provider.stop();
    } finally {
      vi.useRealTimers();
    }
  });

  it("tells who watches of a change, and ends when told to", async () => {
    const { store, provider } = set();
    await provider.start();
    const stop = new AbortController();
    const changes = provider.watch(stop.signal)[Symbol.asyncIterator]();
    await store.put("alice", "one");
    expect((await changes.next()).value).toEqual({ login: "alice" });
    await store.delete("alice");
    expect((await changes.next()).value).toEqual({ login: "alice" });
    stop.abort();
    expect((await changes.next()).done).toBe(true);
  });
});

describe("a status that expires", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is told until then, and who watches hears of its end", async () => {
    const { store, provider } = set();
    await store.put("alice", "Back at three", { ttl: 60_000 });
    await store.put("bob", "Back at four", { ttl: 120_000 });
    await provider.start();
    const changes = provider.watch(new AbortController().signal)[Symbol.asyncIterator]();
    vi.setSystemTime(Date.now() + 59_000);
    expect(await look(provider)).toMatchObject({ status: "Back at three" });
    const change = changes.next();
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await change).value).toEqual({ login: "alice" });
    expect(await look(provider)).toBeUndefined();
    expect((await provider.list?.({} as never))?.map(({ login }) => login)).toEqual(["bob"]);
  });
});

describe("with accounts", () => {
  const alice = { login: "alice", name: "Alice Adams", status: "of the file", statusAt: new Date(0) };
  const accounts = memoryProvider([alice, { login: "bob", name: "Bob" }]);

  it("puts the status into the record, by its login", async () => {
    const byRole = { ...accounts, lookup: async (name: string) => (name === "boss" ? alice : undefined) };
    const { store, provider } = set({ accounts: byRole });
    const { at } = await store.put("alice", "of the store");
    expect(await look(provider, "boss")).toEqual({ ...alice, status: "of the store", statusAt: at });
  });

  it("leaves a record as it is without a status, and with an empty one", async () => {
    const { store, provider } = set({ accounts });
    expect(await look(provider)).toEqual(alice);
    await store.put("alice", "");
    expect(await look(provider)).toEqual(alice);
  });

  it("tells of nobody who has no account", async () => {
    const { store, provider } = set({ accounts });
    await store.put("mallory", "Here");
    expect(await look(provider, "mallory")).toBeUndefined();
    expect((await provider.list?.({} as never))?.map(({ login }) => login)).toEqual(["alice", "bob"]);
  });

  it("leaves texts as they are, and completes each of several records", async () => {
    const answers = new Map<string, unknown>([
      ["motd", "Maintenance at noon."],
      ["both", [{ login: "alice" }, { login: "bob" }]],
    ]);
    const { store, provider } = set({ accounts: (name) => answers.get(name) as string });
    await store.put("bob", "Asleep");
    expect(await look(provider, "motd")).toBe("Maintenance at noon.");
    expect(await look(provider, "both")).toMatchObject([{ login: "alice" }, { login: "bob", status: "Asleep" }]);
    expect(provider.list).toBeUndefined();
  });

  it("joins the changes of both", async () => {
    const store = memoryStore();
    const watched = {
      ...accounts,
      async *watch() {
        yield { login: "bob" };
      },
    };
    const provider = storeProvider(store, { accounts: watched });
    const changes = provider.watch(new AbortController().signal)[Symbol.asyncIterator]();
    expect((await changes.next()).value).toEqual({ login: "bob" });
  });
});
