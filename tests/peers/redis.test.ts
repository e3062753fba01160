import { inspect } from "node:util";
import type { StatusStore, StoredStatus } from "finger-server";
import { redisStore } from "finger-server/redis";
import { storeCases } from "finger-server/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../support/programs.js";
import { type FaultyProxy, startFaultyProxy } from "./support/faulty-proxy.js";
import { describePeer, hasCommand } from "./support/peer.js";
import { buildRedisStore, runScript } from "./support/redis-process.js";
import { type Client, createRedisClient, type RedisServer, startRedis } from "./support/redis-server.js";

type StoreOptions = NonNullable<Parameters<typeof redisStore>[1]>;

/** Somebody who watches a store, and keeps what was told. */
interface Watcher {
  readonly told: Array<string | undefined>;
  stop(): Promise<void>;
}

function watch(store: StatusStore): Watcher {
  const stop = new AbortController();
  const told: Array<string | undefined> = [];
  const ended = (async () => {
    for await (const { login } of store.watch(stop.signal)) told.push(login);
  })();
  return {
    told,
    stop() {
      stop.abort();
      return ended;
    },
  };
}

/** Follows a store as its notices ask for; what cannot be read then shows in a later one. */
function follow(store: StatusStore): { readonly statuses: Map<string, string>; stop(): Promise<void> } {
  const stop = new AbortController();
  const statuses = new Map<string, string>();
  const readAll = async () => {
    for await (const { login, text } of store.list()) statuses.set(login, text);
  };
  const readOne = async (login: string) => statuses.set(login, (await store.get(login))?.text ?? "");
  const ended = (async () => {
    for await (const { login } of store.watch(stop.signal)) {
      await (login === undefined ? readAll() : readOne(login)).catch(() => undefined);
    }
  })();
  return {
    statuses,
    stop() {
      stop.abort();
      return ended;
    },
  };
}

/** What one does whose answer is lost, and another meanwhile: `first` is there before, when there is one. */
const MEANWHILE: ReadonlyArray<
  readonly [
    why: string,
    given: { readonly history?: number; readonly first?: string },
    act: (one: StatusStore, first: StoredStatus | undefined) => Promise<unknown>,
    another: (other: StatusStore) => Promise<unknown>,
    latest: string | undefined,
  ]
> = [
  ["a put, and another's delete", {}, (one) => one.put("alice", "A"), (other) => other.delete("alice"), undefined],
  [
    "a delete, and another's put",
    { first: "0" },
    (one) => one.delete("alice"),
    (other) => other.put("alice", "B"),
    "B",
  ],
  ["a put, and another's put", {}, (one) => one.put("alice", "A"), (other) => other.put("alice", "B"), "B"],
  [
    "a put that the history keeps no more",
    { history: 1 },
    (one) => one.put("alice", "A"),
    (other) => other.put("alice", "B"),
    "B",
  ],
  [
    "a put in the place of one that is no more",
    { history: 1, first: "0" },
    (one, first) => one.put("alice", "A", { ifRev: first?.rev }),
    (other) => other.put("alice", "B"),
    "B",
  ],
];

/** Makes a store of each kind that is closed behind the test. */
const KINDS: ReadonlyArray<readonly [what: string, open: (url: string, options?: StoreOptions) => StatusStore]> = [
  ["a URL", (url, options) => later(redisStore(url, { onError: () => {}, ...options }))],
  [
    "a client with the settings of ioredis, which sends again what was not answered",
    (url, options) => {
      const client = createRedisClient(url, { retryStrategy: () => 50 });
      toClose.push(async () => client.disconnect());
      return later(redisStore(client, { onError: () => {}, ...options }));
    },
  ],
];

/** How many scripts Redis was asked for by their digests. */
async function countScripts(admin: Client): Promise<number> {
  const [, calls] = /cmdstat_evalsha:calls=(\d+)/.exec(await admin.info("commandstats")) ?? [];
  return Number(calls);
}

const toClose: Array<() => Promise<void>> = [];
function later(store: StatusStore): StatusStore {
  toClose.push(async () => store[Symbol.asyncDispose]());
  return store;
}
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

describePeer("Redis", hasCommand("redis-server"), "apt-get install redis-server", () => {
  let redis: RedisServer;
  let admin: Client;
  beforeAll(async () => {
    redis = await startRedis();
    admin = createRedisClient(redis.url, { retryStrategy: () => 50 });
  });
  afterAll(async () => {
    admin.disconnect();
    await redis.close();
  });
  let prefixes = 0;
  const freshPrefix = () => `test${++prefixes}:`;
  const open = (options?: StoreOptions) => later(redisStore(redis.url, { onError: () => {}, ...options }));
  const openProxy = async (): Promise<FaultyProxy> => {
    const proxy = await startFaultyProxy(redis.port);
    toClose.push(proxy.close);
    return proxy;
  };

  describe("a store of a URL", () => {
    for (const { title, run } of storeCases(() => {
      const prefix = freshPrefix();
      return { open: () => redisStore(redis.url, { prefix }) };
    })) {
      it(title, run);
    }
  });

  describe("a store of the caller's client, with a prefix of its own", () => {
    for (const { title, run } of storeCases(() => {
      const prefix = freshPrefix();
      const client = createRedisClient(redis.url, { keyPrefix: "own:" });
      return { open: () => redisStore(client, { prefix }), remove: async () => void (await client.quit()) };
    })) {
      it(title, run);
    }
  });

  describe.each(KINDS)("a store of %s", (_what, openKind) => {
    it("loses no acknowledged put, and does none that it refused, while Redis is killed again and again", async () => {
      const options = { prefix: freshPrefix(), history: 100_000, timeout: 250 };
      const stores = [openKind(redis.url, options), openKind(redis.url, options)];
      const acknowledged: string[] = [];
      const refused: string[] = [];
      const others: unknown[] = [];
      let isOver = false;
      let number = 0;
      const work = async (store: StatusStore, login: string) => {
        while (!isOver) {
          const text = `text ${number++}`;
          try {
            await store.put(login, text);
            acknowledged.push(text);
          } catch (error) {
            if (/^Cannot change/.test((error as Error).message)) refused.push(text);
            else if (!/^Nobody knows/.test((error as Error).message)) others.push(error);
          }
        }
      };
      const logins = ["alice", "bob", "carol"];
      const view = follow(stores[0] as StatusStore);
      const workers = stores.flatMap((store) => logins.map((login) => work(store, login)));
      for (let round = 0; round < 3; round++) {
        const sofar = acknowledged.length;
        await eventually(() => acknowledged.length > sofar + 150);
        await redis.kill();
        if (round === 1) await eventually(() => refused.length > 0);
        await redis.start();
      }
      const sofar = acknowledged.length;
      await eventually(() => acknowledged.length > sofar + 50);
      isOver = true;
      await Promise.all(workers);

      // One of the two may not be back yet.
      const reader = open({ prefix: options.prefix, history: options.history });
      const kept = new Map<string, string>();
      for (const login of logins) {
        for (const { text, rev } of await reader.history(login)) {
          expect(kept.has(text), `${text} is kept once`).toBe(false);
          kept.set(text, rev);
        }
      }
      expect(others).toEqual([]);
      expect(acknowledged.filter((text) => !kept.has(text))).toEqual([]);
      expect(refused.filter((text) => kept.has(text))).toEqual([]);
      const latest = new Map<string, string>();
      for await (const { login, text } of reader.list()) latest.set(login, text);
      await expect.poll(() => view.statuses).toEqual(latest);
      await view.stop();
    });

    it("finds a put done whose answer was lost, and does it once", async () => {
      const proxy = await openProxy();
      const store = openKind(`redis://127.0.0.1:${proxy.port}`, { prefix: freshPrefix() });
      const first = await store.put("alice", "one");
      proxy.swallow(":1\r\n");
      const second = await store.put("alice", "two", { ifRev: first.rev });
      expect(await store.history("alice")).toEqual([second, first]);
      proxy.swallow(":1\r\n");
      expect(await store.delete("alice", { ifRev: second.rev })).toBe(true);
      expect(await store.history("alice")).toEqual([]);
    });

    it.each(MEANWHILE)(
      "undoes nothing of others when the answer was lost: %s",
      async (_why, given, act, another, text) => {
        const proxy = await openProxy();
        const options = { prefix: freshPrefix(), history: given.history };
        const one = openKind(`redis://127.0.0.1:${proxy.port}`, options);
        const other = open(options);
        const first = given.first === undefined ? undefined : await other.put("alice", given.first);
        await one.put("bob", "Well"); // so that the script is known
        proxy.swallow(":1\r\n", () => another(other));
        await act(one, first);
        expect((await other.get("alice"))?.text).toBe(text);
      },
    );

    it("does once what it has sent again, though the first comes late", async () => {
      const proxy = await openProxy();
      const prefix = freshPrefix();
      const store = openKind(`redis://127.0.0.1:${proxy.port}`, { prefix });
      const other = open({ prefix });
      const release = proxy.overtake("evalsha");
      await store.put("alice", "Well");
      await other.delete("alice");
      const before = await countScripts(admin);
      release();
      await expect.poll(() => countScripts(admin)).toBe(before + 1);
      expect(await other.get("alice")).toBeUndefined();
    });

    it("says that nobody knows when another came first, and what was sent first may still come", async () => {
      const proxy = await openProxy();
      const prefix = freshPrefix();
      const store = openKind(`redis://127.0.0.1:${proxy.port}`, { prefix });
      const other = open({ prefix });
      const release = proxy.overtake("evalsha", () => other.put("alice", "B"));
      await expect(store.put("alice", "A", { ifRev: null })).rejects.toMatchObject({
        code: "ERR_FINGER_IO",
        message: expect.stringMatching(/the connection broke, and somebody else has changed it\. Read it before/),
      });
      expect((await other.get("alice"))?.text).toBe("B");
      await other.delete("alice");
      release();
      await expect.poll(async () => (await other.get("alice"))?.text).toBe("A");
    });

    it("says that nobody knows when the answer was lost, and Redis does not come back", async () => {
      const proxy = await openProxy();
      const prefix = freshPrefix();
      const store = openKind(`redis://127.0.0.1:${proxy.port}`, { prefix, timeout: 500 });
      await store.put("alice", "one");
      const release = proxy.hold("evalsha");
      await expect(store.put("alice", "two")).rejects.toMatchObject({
        code: "ERR_FINGER_IO",
        message: expect.stringMatching(/^Nobody knows whether the status of "alice" was changed .* Read it before/),
      });
      release();
      const count = async () => Number(await admin.get(`${prefix}changes`));
      await open({ prefix }).put("bob", "Well");
      await expect.poll(count).toBe(2);
      expect((await open({ prefix }).history("alice")).map(({ text }) => text)).toEqual(["one"]);
    });

    it("rejects in time while Redis hangs, does nothing of it later, and recovers", async () => {
      const store = openKind(redis.url, { prefix: freshPrefix(), timeout: 400 });
      await store.put("alice", "before");
      redis.pause();
      const began = performance.now();
      const calls = [store.put("alice", "during"), store.get("alice"), store.delete("alice"), store.history("alice")];
      for (const outcome of await Promise.allSettled(calls)) {
        expect(outcome).toMatchObject({ status: "rejected", reason: { code: "ERR_FINGER_STORE" } });
      }
      expect(performance.now() - began).toBeLessThan(2_000);
      redis.resume();
      await expect.poll(() => store.get("alice").catch(() => undefined), { timeout: 5_000 }).toBeDefined();
      await store.put("alice", "after");
      expect((await store.history("alice")).map(({ text }) => text)).toEqual(["after", "before"]);
    });

    it("waits for a Redis that starts meanwhile", async () => {
      const store = openKind(redis.url, { prefix: freshPrefix() });
      await redis.kill();
      const put = store.put("alice", "Well");
      await redis.start();
      expect((await put).text).toBe("Well");
      expect(await store.get("alice")).toEqual(await put);
    });
  });

  it("lists each login once, though Redis is restarted meanwhile, and knows the place no more", async () => {
    const store = open({ prefix: freshPrefix() });
    const logins = Array.from({ length: 2_000 }, (_, n) => `user${String(n).padStart(4, "0")}`);
    await Promise.all(logins.map((login) => store.put(login, "Well")));
    const listed: string[] = [];
    for await (const { login } of store.list()) {
      listed.push(login);
      if (listed.length !== 300) continue;
      await redis.kill();
      await redis.start();
    }
    expect(listed.sort()).toEqual(logins);
  });

  it("takes many puts of one login at once, in their order", async () => {
    const store = open({ prefix: freshPrefix(), history: 1_000 });
    const puts = await Promise.all(Array.from({ length: 600 }, (_, n) => store.put("alice", `text ${n}`)));
    expect(await store.history("alice")).toEqual(puts.reverse());
  });

  it("rejects in time all that wait for their turn while Redis hangs", async () => {
    const store = open({ prefix: freshPrefix(), timeout: 400 });
    await store.put("alice", "before");
    redis.pause();
    const began = performance.now();
    const outcomes = await Promise.allSettled(Array.from({ length: 500 }, (_, n) => store.put("alice", `text ${n}`)));
    redis.resume();
    expect(performance.now() - began).toBeLessThan(2_000);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: "ERR_FINGER_STORE" } });
    await expect.poll(() => store.get("alice").catch(() => undefined)).toMatchObject({ text: "before" });
  });

  describe("somebody who watches", () => {
    it("is told when the subscription was cut, and puts were missed", async () => {
      const prefix = freshPrefix();
      const watcher = watch(open({ prefix }));
      const other = open({ prefix });
      await eventually(() => watcher.told.includes(undefined));
      watcher.told.length = 0;
      await admin.call("CLIENT", "KILL", "TYPE", "pubsub");
      await other.put("alice", "Well");
      await eventually(() => watcher.told.some((login) => login === undefined || login === "alice"));
      watcher.told.length = 0;
      await other.put("bob", "Well");
      await eventually(() => watcher.told.some((login) => login === undefined || login === "bob"));
    });

    it("is told when the subscription is dead, and does not show it", async () => {
      const prefix = freshPrefix();
      const proxy = await openProxy();
      const store = later(redisStore(`redis://127.0.0.1:${proxy.port}`, { prefix, pollInterval: 50 }));
      await store.put("alice", "one");
      const watcher = watch(store);
      await eventually(() => watcher.told.includes(undefined));
      watcher.told.length = 0;
      proxy.stallLast();
      await open({ prefix }).put("alice", "two");
      await eventually(() => watcher.told.length > 0);
      expect(watcher.told).toEqual([undefined]);
    });

    it("is told when Redis has less than it had", async () => {
      const prefix = freshPrefix();
      const store = open({ prefix, pollInterval: 20 });
      const watcher = watch(store);
      await eventually(() => watcher.told.includes(undefined));
      await store.put("alice", "Well");
      await eventually(() => watcher.told.includes("alice"));
      watcher.told.length = 0;
      await admin.del(`${prefix}statuses`, `${prefix}changes`);
      await eventually(() => watcher.told.includes(undefined));
    });

    it("is told by the count alone where the channel is not allowed", async () => {
      const prefix = freshPrefix();
      await admin.call("ACL", "SETUSER", "deaf", "on", ">pw", "~*", "+@all", "resetchannels");
      const errors: unknown[] = [];
      const url = redis.url.replace("//", "//deaf:pw@");
      const watcher = watch(
        later(redisStore(url, { prefix, pollInterval: 20, onError: (error) => errors.push(error) })),
      );
      await eventually(() => watcher.told.includes(undefined));
      watcher.told.length = 0;
      await open({ prefix }).put("alice", "Well");
      await eventually(() => watcher.told.includes(undefined));
      expect(String(errors)).toMatch(/access list does not allow it \(NOPERM\)/);
      expect(errors).toHaveLength(1);
    });

    it("takes a notice that is none, or out of turn, for one that was missed", async () => {
      const prefix = freshPrefix();
      const store = open({ prefix, pollInterval: 60_000 });
      const watcher = watch(store);
      await eventually(() => watcher.told.includes(undefined));
      await store.put("alice", "Well");
      await eventually(() => watcher.told.includes("alice"));
      for (const text of ['{"login":"alice","rev":"r","seq":77}', "rubbish", "null", '{"login":"alice"}']) {
        watcher.told.length = 0;
        await admin.publish(`${prefix}changes:0`, text);
        await eventually(() => watcher.told.length > 0);
        expect(watcher.told, text).toEqual([undefined]);
      }
    });

    it("hears nothing of another database", async () => {
      const prefix = freshPrefix();
      const store = open({ prefix });
      const elsewhere = later(redisStore(`${redis.url}/1`, { prefix, onError: () => {} }));
      const watcher = watch(store);
      await eventually(() => watcher.told.includes(undefined));
      await store.put("alice", "Well");
      await eventually(() => watcher.told.includes("alice"));
      watcher.told.length = 0;
      await elsewhere.put("carol", "Well");
      await store.put("bob", "Well");
      await eventually(() => watcher.told.length > 0);
      expect(watcher.told).toEqual(["bob"]);
    });

    it("shares one subscription with all others, which ends when they do", async () => {
      const prefix = freshPrefix();
      const store = open({ prefix });
      const subscribers = async () => (await admin.pubsub("NUMSUB", `${prefix}changes:0`))[1];
      const watchers = [watch(store), watch(store), watch(store)];
      await expect.poll(subscribers).toBe(1);
      await watchers[0]?.stop();
      expect(await subscribers()).toBe(1);
      for (const watcher of watchers) await watcher.stop();
      await expect.poll(subscribers).toBe(0);
      const again = watch(store);
      await expect.poll(subscribers).toBe(1);
      await store[Symbol.asyncDispose]();
      await again.stop();
      await expect.poll(subscribers).toBe(0);
    });
  });

  describe("what Redis refuses", () => {
    const REFUSALS: ReadonlyArray<
      readonly [why: string, begin: readonly string[], end: readonly string[], message: RegExp]
    > = [
      ["no memory", ["CONFIG", "SET", "maxmemory", "1"], ["CONFIG", "SET", "maxmemory", "0"], /memory is full \(OOM\)/],
      [
        "it is a replica",
        ["REPLICAOF", "127.0.0.1", "1"],
        ["REPLICAOF", "NO", "ONE"],
        /is a replica, and takes no writes \(READONLY\)/,
      ],
      [
        "too few replicas",
        ["CONFIG", "SET", "min-replicas-to-write", "1"],
        ["CONFIG", "SET", "min-replicas-to-write", "0"],
        /too few replicas \(NOREPLICAS\)/,
      ],
    ];
    it.each(REFUSALS)(
      "is told, and nothing changes: %s",
      async (_why, [begin = "", ...args], [end = "", ...more], message) => {
        const prefix = freshPrefix();
        const store = open({ prefix });
        const put = await store.put("alice", "Well");
        await admin.call(begin, ...args);
        try {
          const refused = { code: "ERR_FINGER_STORE", message: expect.stringMatching(message) };
          await expect(store.put("alice", "Better")).rejects.toMatchObject(refused);
          await expect(store.put("bob", "Well")).rejects.toMatchObject(refused);
        } finally {
          await admin.call(end, ...more);
        }
        expect(await store.history("alice")).toEqual([put]);
        expect(await store.get("bob")).toBeUndefined();
        expect(await admin.get(`${prefix}changes`)).toBe("1");
      },
    );

    it("is not to take away what takes up the memory", async () => {
      const store = open({ prefix: freshPrefix() });
      await store.put("alice", "Well");
      await admin.config("SET", "maxmemory", "1");
      const isDeleted = await store.delete("alice").finally(() => admin.config("SET", "maxmemory", "0"));
      expect(isDeleted).toBe(true);
    });

    const WRONG_TYPES: ReadonlyArray<readonly [key: string, why: string]> = [
      ["statuses", "the statuses are in a hash"],
      ["history:alice", "the history is a list"],
      ["changes", "the changes are a number"],
    ];
    it.each(WRONG_TYPES)("is a change where %s is something else, and nothing changes: %s", async (key) => {
      const prefix = freshPrefix();
      const store = open({ prefix });
      const kept = { statuses: await store.put("alice", "Well"), changes: await admin.get(`${prefix}changes`) };
      await admin.rename(`${prefix}${key}`, `${prefix}aside`);
      await admin.sadd(`${prefix}${key}`, "a set");
      for (const change of [() => store.put("alice", "Better"), () => store.delete("alice")]) {
        await expect(change()).rejects.toMatchObject({
          code: "ERR_FINGER_STORE",
          message: expect.stringMatching(/something else is kept there; choose another prefix \(WRONGTYPE\)/),
        });
      }
      await admin.rename(`${prefix}aside`, `${prefix}${key}`);
      expect(await store.history("alice")).toEqual([kept.statuses]);
      expect(await store.get("alice")).toEqual(kept.statuses);
      expect(await admin.get(`${prefix}changes`)).toBe(kept.changes);
    });

    it.each(["rubbish", "1.5", "007x", "9223372036854775807", ""])(
      "is a change where %j is the count",
      async (count) => {
        const prefix = freshPrefix();
        const store = open({ prefix });
        const put = await store.put("alice", "Well");
        await admin.set(`${prefix}changes`, count);
        await expect(store.put("alice", "Better")).rejects.toThrow(/WRONGTYPE/);
        await expect(store.delete("alice")).rejects.toThrow(/WRONGTYPE/);
        expect(await store.history("alice")).toEqual([put]);
        expect(await admin.get(`${prefix}changes`)).toBe(count);
      },
    );

    it("is not to put something where the channel is not allowed", async () => {
      const prefix = freshPrefix();
      await admin.call("ACL", "SETUSER", "mute", "on", ">pw", "~*", "+@all", "resetchannels");
      const store = later(redisStore(redis.url.replace("//", "//mute:pw@"), { prefix, onError: () => {} }));
      const put = await store.put("alice", "Well");
      expect(await store.history("alice")).toEqual([put]);
      expect(await admin.get(`${prefix}changes`)).toBe("1");
    });

    const RUBBISH: readonly string[] = [
      "rubbish",
      "7",
      "null",
      '{"rev":"","text":"","at":"2026-01-01T00:00:00.000Z"}',
      '{"rev":"r","text":1,"at":"2026-01-01T00:00:00.000Z"}',
      '{"rev":"r","text":"t","at":"soon"}',
      '{"rev":"r","text":"t","at":"2026-01-01T00:00:00.000Z","expires":1}',
    ];
    it.each(RUBBISH)("does not take %s for a status", async (json) => {
      const prefix = freshPrefix();
      const store = open({ prefix });
      await admin.hset(`${prefix}statuses`, "alice", json);
      await admin.lpush(`${prefix}history:alice`, json);
      const refused = { code: "ERR_FINGER_STORE", message: expect.stringContaining('status of "alice" is none') };
      await expect(store.get("alice")).rejects.toMatchObject(refused);
      await expect(store.put("alice", "Well")).rejects.toMatchObject(refused);
      await expect(store.history("alice")).rejects.toMatchObject(refused);
    });

    it("leaves what is no status out of lists, and tells of it once until it is one", async () => {
      const prefix = freshPrefix();
      const errors: unknown[] = [];
      const store = open({ prefix, onError: (error) => errors.push(error) });
      const put = await store.put("bob", "Well");
      const list = async () => {
        const listed: unknown[] = [];
        for await (const status of store.list()) listed.push(status);
        return listed;
      };
      const told = { code: "ERR_FINGER_STORE", message: expect.stringMatching(/^What redis:.* "alice" is none: "rub/) };
      await admin.hset(`${prefix}statuses`, "alice", "rubbish");
      for (let round = 0; round < 3; round++) expect(await list()).toEqual([put]);
      expect(errors).toMatchObject([told]);
      await admin.hdel(`${prefix}statuses`, "alice");
      await store.put("alice", "Well");
      expect(await list()).toHaveLength(2);
      await admin.hset(`${prefix}statuses`, "alice", "rubbish");
      expect(await list()).toEqual([put]);
      expect(errors).toMatchObject([told, told]);
    });

    const ODD_BYTES: ReadonlyArray<readonly [text: string, why: string]> = [
      ["half \\ud83d", "half of a surrogate pair, which no script can decode"],
      ["\xff", "no UTF-8"],
      ["a\\u0000b", "a NUL"],
    ];
    it.each(ODD_BYTES)("is not to put something in the place of %j: %s", async (text) => {
      const prefix = freshPrefix();
      const store = open({ prefix });
      const json = Buffer.from(`{"text":"${text}","rev":"r","at":"2026-01-01T00:00:00.000Z"}`, "latin1");
      await admin.hset(`${prefix}statuses`, "alice", json, "bob", json);
      await store.put("alice", "Well", { ifRev: "r" });
      expect(await store.get("alice")).toMatchObject({ text: "Well" });
      expect(await store.delete("bob")).toBe(true);
    });

    it("knows scripts again that Redis has forgotten", async () => {
      const store = open({ prefix: freshPrefix() });
      await store.put("alice", "one");
      await admin.script("FLUSH");
      const put = await store.put("alice", "two");
      expect(await store.get("alice")).toEqual(put);
    });
  });

  describe("a password", () => {
    const SECRET = "s3cr:t/@%é";
    const CASES: ReadonlyArray<readonly [why: string, login: string, message: RegExp | undefined]> = [
      ["the right one", `:${encodeURIComponent(SECRET)}@`, undefined],
      ["the right one, and the name of the login", `default:${encodeURIComponent(SECRET)}@`, undefined],
      ["none", "", /wants a password \(NOAUTH\)/],
      ["a wrong one", ":wr0ng-secret@", /does not take this login and password \(WRONGPASS\)/],
    ];
    let locked: RedisServer;
    beforeAll(async () => {
      locked = await startRedis(["--requirepass", SECRET, "--appendonly", "yes"]);
    });
    afterAll(() => locked.close());
    it.each(CASES)("is told nobody: %s", async (_why, login, message) => {
      const errors: unknown[] = [];
      const url = locked.url.replace("//", `//${login}`);
      const store = later(redisStore(url, { timeout: 600, onError: (error) => errors.push(error) }));
      const shown = (error: unknown) => inspect(error, { depth: 9, showHidden: true });
      expect(store.name).toBe(`redis://127.0.0.1:${locked.port}/0`);
      if (message === undefined) {
        await store.put("alice", "Well");
        return expect(errors).toEqual([]);
      }
      const error = await store.put("alice", "Well").catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "ERR_FINGER_STORE", message: expect.stringMatching(message) });
      expect(errors).toMatchObject([{ code: "ERR_FINGER_STORE", message: expect.stringMatching(message) }]);
      expect(shown([error, errors])).not.toMatch(/wr0ng|s3cr/);
    });
  });

  it("tells once that a Redis without a log loses what was acknowledged", async () => {
    const forgetful = await startRedis([]);
    const errors: unknown[] = [];
    const store = redisStore(forgetful.url, { onError: (error) => errors.push(error) });
    await store.put("alice", "Well");
    await store.put("alice", "Better");
    await eventually(() => errors.length > 0);
    expect(String(errors[0])).toMatch(
      /keeps no log: statuses may be lost when it restarts\. Set its option appendonly/,
    );
    await store[Symbol.asyncDispose]();
    expect(errors).toHaveLength(1);
    await forgetful.close();
  });

  it("tells once that nobody listens, however many call and watch", async () => {
    const gone = await startRedis();
    await gone.close();
    const errors: unknown[] = [];
    const store = later(redisStore(gone.url, { timeout: 300, pollInterval: 20, onError: (e) => errors.push(e) }));
    const watcher = watch(store);
    for (let round = 0; round < 2; round++) {
      const calls = Array.from({ length: 20 }, (_, n) => store.put(`user${n}`, "Well"));
      for (const outcome of await Promise.allSettled(calls)) {
        const message = expect.stringMatching(/^Cannot change .*: nobody listens there \(ECONNREFUSED\)\.$/);
        expect(outcome).toMatchObject({ reason: { code: "ERR_FINGER_STORE", message } });
      }
    }
    await watcher.stop();
    expect(errors.map(String)).toEqual([expect.stringMatching(/Cannot use redis:.*nobody listens there/)]);
  });

  it("leaves the caller's client as it was", async () => {
    const client = createRedisClient(redis.url);
    const before = client.eventNames().map((name) => client.listenerCount(name));
    const store = redisStore(client, { prefix: freshPrefix() });
    await store.put("alice", "Well");
    await store[Symbol.asyncDispose]();
    expect(client.eventNames().map((name) => client.listenerCount(name))).toEqual(before);
    expect(await client.ping()).toBe("PONG");
    await client.quit();
    await expect(redisStore(client, { onError: () => {} }).get("alice")).rejects.toMatchObject({
      code: "ERR_FINGER_STORE",
    });
  });

  it("is one of many on the caller's client, and Node warns of no leak", async () => {
    const client = createRedisClient(redis.url);
    toClose.push(async () => client.disconnect());
    const most = client.getMaxListeners();
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on("warning", onWarning);
    const stores = Array.from({ length: 30 }, () => redisStore(client, { prefix: freshPrefix(), onError: () => {} }));
    await Promise.all(stores.map((store) => store.put("alice", "Well")));
    await Promise.all(stores.map((store) => store[Symbol.asyncDispose]()));
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
    expect(client.getMaxListeners()).toBe(most);
  });

  describe("a process", () => {
    let path: string;
    beforeAll(async () => {
      path = await buildRedisStore();
    });
    const SCRIPTS: ReadonlyArray<readonly [why: string, body: string]> = [
      [
        "the store was closed",
        'await store.put("alice", "Well"); await store[Symbol.asyncDispose](); console.log("done");',
      ],
      ["nobody closed it", 'await store.put("alice", "Well"); console.log("done");'],
      ["nothing was asked of it", 'console.log("done");'],
      [
        "somebody still watches",
        'await store.put("alice", "Well"); store.watch(new AbortController().signal); console.log("done");',
      ],
    ];
    it.each(SCRIPTS)("ends when %s", async (_why, body) => {
      const began = performance.now();
      expect(await runScript(path, `const store = redisStore("${redis.url}"); ${body}`)).toBe("done\n");
      expect(performance.now() - began).toBeLessThan(2_500);
    });

    it("ends when Redis is gone, too, and not before it was said so", async () => {
      const url = "redis://127.0.0.1:1";
      const body = `const store = redisStore("${url}", { timeout: 300, onError() {} });
        store.watch(new AbortController().signal);
        await store.put("alice", "Well").catch(({ code }) => console.log(code));`;
      expect(await runScript(path, body)).toBe("ERR_FINGER_STORE\n");
    });
  });
});
