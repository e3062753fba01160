import assert from "node:assert/strict";
import { FingerError, type FingerErrorCode } from "finger-protocol";
import type { StatusNotice, StatusStore, StoredStatus } from "../store/status-store.js";

/** What several stores share: a folder, a database. */
export interface StoreBackground {
  /** Opens a store on it; it is closed by the case that asked for it. */
  open(): StatusStore | Promise<StatusStore>;
  /** Takes it away with all that is in it, when all stores on it are closed. */
  remove?(): void | Promise<void>;
}

/** One thing that holds for every store. */
export interface StoreCase {
  /** A sentence. */
  readonly title: string;
  /** Resolves when it holds; rejects with an `AssertionError` of `node:assert` when it does not. */
  run(): Promise<void>;
}

/**
 * All that a {@link StatusStore} has to do, as cases for any test runner. Each case opens two stores on one background that
 * is new, for what one does the other has to see.
 *
 * @param begin - Makes a background with nothing in it.
 *
 * @example
 * ```ts no-run
 * import { storeCases } from "finger-server/testing";
 * import { mkdtemp, rm } from "node:fs/promises";
 * import { test } from "node:test";
 *
 * const begin = async () => {
 *   const folder = await mkdtemp("/tmp/statuses-");
 *   return { open: () => fileStore(folder), remove: () => rm(folder, { recursive: true }) };
 * };
 * for (const { title, run } of storeCases(begin)) test(title, run);
 * ```
 */
export function storeCases(begin: () => StoreBackground | Promise<StoreBackground>): readonly StoreCase[] {
  return CASES.map(([title, check]) => ({
    title,
    async run() {
      const background = await begin();
      const opened: StatusStore[] = [];
      const open = async () => {
        const store = await background.open();
        opened.push(store);
        return store;
      };
      try {
        await check(await open(), await open());
      } finally {
        await Promise.all(opened.map((store) => store[Symbol.asyncDispose]()));
        await background.remove?.();
      }
    },
  }));
}

type Check = (one: StatusStore, other: StatusStore) => Promise<void>;

const CASES: ReadonlyArray<readonly [title: string, check: Check]> = [
  [
    "has nothing of a login that it was told nothing of",
    async (one) => {
      assert.equal(await one.get("alice"), undefined);
      assert.deepEqual(await one.history("alice"), []);
      assert.deepEqual(await listOf(one), []);
      assert.equal(await one.delete("alice"), false);
    },
  ],
  [
    "gives a status as it was put, to the other store, too",
    async (one, other) => {
      const before = Date.now();
      const put = await one.put("alice", TEXT);
      assert.deepEqual(
        { ...put, at: undefined, rev: undefined },
        { login: "alice", text: TEXT, at: undefined, rev: undefined },
      );
      assert.ok(put.at.getTime() >= before && put.at.getTime() <= Date.now());
      for (const store of [one, other]) assert.deepEqual(await store.get("alice"), put);
    },
  ],
  [
    "puts a status in the place of another, under another revision",
    async (one, other) => {
      const first = await one.put("alice", "Well");
      const second = await other.put("alice", "Well");
      assert.notEqual(first.rev, second.rev);
      assert.deepEqual(await one.get("alice"), second);
    },
  ],
  [
    "keeps an empty status",
    async (one, other) => {
      const put = await one.put("alice", "");
      assert.deepEqual(await other.get("alice"), put);
    },
  ],
  [
    "keeps a status of 65,536 characters, and refuses a longer one",
    async (one, other) => {
      const text = "ü".repeat(65_536);
      await one.put("alice", text);
      assert.equal((await other.get("alice"))?.text, text);
      await assert.rejects(one.put("alice", `${text}!`), RangeError);
      assert.equal((await other.get("alice"))?.text, text);
    },
  ],
  [
    "keeps U+FFFD for half of a surrogate pair, a BOM as it is, and goes on",
    async (one, other) => {
      await one.put("alice", "\ufeffhalf \ud83d");
      assert.equal((await other.get("alice"))?.text, "\ufeffhalf \ufffd");
      await other.put("alice", "Well");
      assert.equal(await one.delete("alice"), true);
    },
  ],
  [
    "keeps logins apart, whatever is in them",
    async (one, other) => {
      for (const login of LOGINS) await one.put(login, `I am ${JSON.stringify(login)}`);
      for (const login of LOGINS) assert.equal((await other.get(login))?.text, `I am ${JSON.stringify(login)}`);
      assert.deepEqual(await listOf(other), [...LOGINS].sort());
      for (const login of LOGINS) assert.equal(await other.delete(login), true, JSON.stringify(login));
      assert.deepEqual(await listOf(one), []);
    },
  ],
  [
    "takes two spellings of one login for the same",
    async (one, other) => {
      await one.put("zoe\u0308", "Well");
      assert.equal((await other.get("zo\u00eb"))?.login, "zo\u00eb");
      assert.deepEqual(await listOf(other, "zoe\u0308"), ["zo\u00eb"]);
    },
  ],
  [
    "refuses what can be no login, text or time",
    async (one) => {
      for (const login of ["", "x".repeat(256)]) {
        await assert.rejects(one.put(login, "Well"), RangeError);
        await assert.rejects(one.get(login), RangeError);
      }
      for (const ttl of [0, -1, Number.NaN, 1e300]) await assert.rejects(one.put("alice", "Well", { ttl }), RangeError);
      await assert.rejects(one.put("alice", undefined as unknown as string), TypeError);
      assert.deepEqual(await listOf(one), []);
    },
  ],
  [
    "puts only in the place of the revision it is told",
    async (one, other) => {
      const first = await one.put("alice", "one", { ifRev: null });
      const second = await other.put("alice", "two", { ifRev: first.rev });
      await rejectsWith("ERR_FINGER_CONFLICT", one.put("alice", "three", { ifRev: first.rev }));
      await rejectsWith("ERR_FINGER_CONFLICT", one.put("alice", "three", { ifRev: null }));
      await rejectsWith("ERR_FINGER_CONFLICT", one.put("bob", "three", { ifRev: first.rev }));
      assert.deepEqual(await one.get("alice"), second);
      assert.deepEqual(
        (await one.history("alice")).map(({ text }) => text),
        ["two", "one"],
      );
      assert.equal(await one.get("bob"), undefined);
    },
  ],
  [
    "deletes only the revision it is told",
    async (one, other) => {
      const first = await one.put("alice", "one");
      const second = await one.put("alice", "two");
      await rejectsWith("ERR_FINGER_CONFLICT", other.delete("alice", { ifRev: first.rev }));
      assert.equal(await other.delete("alice", { ifRev: second.rev }), true);
      assert.equal(await one.get("alice"), undefined);
      await rejectsWith("ERR_FINGER_CONFLICT", other.delete("alice", { ifRev: second.rev }));
    },
  ],
  [
    "never gives a revision again, not for a login that was deleted",
    async (one) => {
      const first = await one.put("alice", "Well");
      await one.delete("alice");
      await one.put("alice", "Well");
      await rejectsWith("ERR_FINGER_CONFLICT", one.put("alice", "Late", { ifRev: first.rev }));
    },
  ],
  [
    "lets one of fifty who race on a login win each round",
    async (one, other) => {
      let rev: string | null = null;
      for (let round = 0; round < 4; round++) {
        const ifRev: string | null = rev;
        const puts: ReadonlyArray<PromiseSettledResult<StoredStatus>> = await Promise.allSettled(
          Array.from({ length: 50 }, (_, n) => (n % 2 === 0 ? one : other).put("alice", `${round} ${n}`, { ifRev })),
        );
        const [winner, ...others] = puts.flatMap((put) => (put.status === "fulfilled" ? [put.value] : []));
        assert.ok(winner !== undefined && others.length === 0, `${others.length + 1} won`);
        for (const put of puts) if (put.status === "rejected") assertCode("ERR_FINGER_CONFLICT", put.reason);
        assert.deepEqual(await other.get("alice"), winner);
        rev = winner.rev;
      }
      assert.equal((await one.history("alice")).length, 4);
    },
  ],
  [
    "loses none of many puts that ask for no revision",
    async (one, other) => {
      const texts = Array.from({ length: 30 }, (_, n) => `text ${n}`);
      await Promise.all(texts.map((text, n) => (n % 2 === 0 ? one : other).put("alice", text)));
      assert.deepEqual((await one.history("alice")).map(({ text }) => text).sort(), [...texts].sort());
    },
  ],
  [
    "never gives half of a status to who reads while it is written",
    async (one, other) => {
      const texts = ["a".repeat(20_000), "b".repeat(5_000), "c"];
      await one.put("alice", "c");
      let isWriting = true;
      const write = async () => {
        for (let n = 0; n < 30; n++) await one.put("alice", texts[n % 3] ?? "");
        isWriting = false;
      };
      const read = async () => {
        while (isWriting) assert.ok(texts.includes((await other.get("alice"))?.text ?? "nothing"));
      };
      await Promise.all([write(), read()]);
    },
  ],
  [
    "lists by prefix, a login that is the prefix included, and no pattern",
    async (one, other) => {
      for (const login of ["al", "alice", "albert", "bob", "a*", "a?b", "a[lb]", "a\\b"]) await one.put(login, "Well");
      assert.deepEqual(await listOf(other, "al"), ["al", "albert", "alice"]);
      assert.deepEqual(await listOf(other, "alicea"), []);
      assert.deepEqual(await listOf(other, "a*"), ["a*"]);
      assert.deepEqual(await listOf(other, "a["), ["a[lb]"]);
      assert.deepEqual(await listOf(other, "a\\"), ["a\\b"]);
    },
  ],
  [
    "lists each of many logins once",
    async (one, other) => {
      const logins = Array.from({ length: 300 }, (_, n) => `user${String(n).padStart(3, "0")}`);
      await Promise.all(logins.map((login) => one.put(login, "Well")));
      assert.deepEqual(await listOf(other), logins);
    },
  ],
  [
    "can be left while it lists",
    async (one) => {
      for (const login of ["alice", "bob", "carol"]) await one.put(login, "Well");
      for await (const { text } of one.list()) {
        assert.equal(text, "Well");
        break;
      }
      assert.equal((await listOf(one)).length, 3);
    },
  ],
  [
    "tells of a status until it expires, and keeps it in the history",
    async (one, other) => {
      const put = await one.put("alice", "Back at three", { ttl: 60_000.5 });
      assert.equal(put.expires?.getTime(), put.at.getTime() + 60_000);
      assert.deepEqual(await other.get("alice"), put);
      const short = await one.put("alice", "Back at once", { ttl: 30 });
      await until(async () => (await other.get("alice")) === undefined);
      assert.deepEqual(await listOf(other), []);
      assert.deepEqual((await other.history("alice"))[0], short);
      assert.equal(await other.delete("bob"), false);
    },
  ],
  [
    "takes an expired status for none when it compares revisions",
    async (one, other) => {
      const short = await one.put("alice", "Back at once", { ttl: 1 });
      await until(async () => (await other.get("alice")) === undefined);
      await rejectsWith("ERR_FINGER_CONFLICT", other.put("alice", "Late", { ifRev: short.rev }));
      const put = await other.put("alice", "Here", { ifRev: null });
      assert.deepEqual(await one.get("alice"), put);
    },
  ],
  [
    "keeps the history of a login, the latest first, until it is deleted",
    async (one, other) => {
      const first = await one.put("alice", "one");
      const two = await other.put("alice", "two", { ttl: 60_000 });
      await one.put("bob", "not hers");
      assert.deepEqual(await one.history("alice"), [two, first]);
      await one.delete("alice");
      assert.deepEqual(await other.history("alice"), []);
    },
  ],
  [
    "keeps a hundred statuses of a login",
    async (one, other) => {
      for (let n = 0; n < 103; n++) await one.put("alice", `${n}`);
      const texts = (await other.history("alice")).map(({ text }) => text);
      assert.deepEqual([texts.length, texts[0], texts.at(-1)], [100, "102", "3"]);
    },
  ],
  [
    "tells who watches of what the other store changes",
    async (one, other) => {
      await using follower = follow(other);
      await until(async () => {
        await one.put("somebody", "Well");
        return follower.texts.has("somebody");
      });
      // A notice that comes late may be taken for the next one; it cannot be for many.
      for (const login of LOGINS) {
        await one.put(login, "Well");
        await until(() => follower.texts.has(login));
        await one.delete(login);
        await until(() => !follower.texts.has(login));
      }
    },
  ],
  [
    "tells who watches of what the store changes itself, with the revision or without",
    async (one) => {
      await using follower = follow(one);
      await until(async () => {
        await one.put("somebody", "Well");
        return follower.texts.has("somebody");
      });
      for (const login of LOGINS) {
        const { rev } = await one.put(login, "Well");
        await until(() => follower.texts.has(login));
        const revs = follower.notices.flatMap((notice) => (notice.login === login ? [notice.rev ?? rev] : []));
        assert.ok(
          revs.every((told) => told === rev),
          `It tells of ${revs} in the place of ${rev}.`,
        );
      }
    },
  ],
  [
    "ends a watch when it is told to, and one that never began",
    async (one) => {
      await follow(one)[Symbol.asyncDispose]();
      for await (const _ of one.watch(AbortSignal.abort())) assert.fail("It tells of something.");
    },
  ],
  [
    "can be closed twice",
    async (one, other) => {
      await one.put("alice", "Well");
      await one[Symbol.asyncDispose]();
      await one[Symbol.asyncDispose]();
      assert.equal((await other.get("alice"))?.text, "Well");
    },
  ],
  [
    "does what has begun when it is closed, ends what is watched, and rejects all else; the other goes on",
    async (one, other) => {
      await other.put("alice", "Well");
      const hasEnded = watchToTheEnd(one);
      const listing = one.list()[Symbol.asyncIterator]();
      await listing.next();
      const put = one.put("bob", "Well");
      await one[Symbol.asyncDispose]();
      assert.deepEqual(await other.get("bob"), await put);
      await until(hasEnded);
      const late: ReadonlyArray<() => Promise<unknown>> = [
        () => one.get("alice"),
        () => one.put("alice", "Late"),
        () => one.delete("alice"),
        () => one.history("alice"),
        () => listOf(one),
        () => listing.next(),
      ];
      for (const call of late) await rejectsWith("ERR_FINGER_STORE", call());
      await until(watchToTheEnd(one));
      assert.deepEqual(await listOf(other), ["alice", "bob"]);
      assert.equal((await other.get("alice"))?.text, "Well");
    },
  ],
];

const TEXT = 'Two lines\n\twith "quotes", a \\, {"json":1}, \u0000, \u{1f600} and \u00e9';

/** What names of files, keys of databases and patterns of names might stumble over. */
const LOGINS: readonly string[] = [
  ..."alice,Alice,ALICE,al,a:b,a_b,a/b,a%b,a%2Fb,%,%41,..,.,../alice,/etc/passwd,.hidden,~,a b,a\u0000b,a\nb".split(
    ",",
  ),
  ..."*,?,[a],{a},con,nul,a.json,a.lock,__proto__,constructor,-rf,\\,\u65e5\u672c\u8a9e,\u00e9,stra\u00dfe".split(","),
  "\u{1f600}",
  "x".repeat(255),
  `${"x".repeat(254)}y`,
  "\u65e5".repeat(85),
];

async function listOf(store: StatusStore, prefix?: string): Promise<string[]> {
  const statuses = await readAll(store.list(prefix));
  return statuses.map(({ login }) => login).sort();
}

async function rejectsWith(code: FingerErrorCode, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error) => {
    assertCode(code, error);
    return true;
  });
}

function assertCode(code: FingerErrorCode, error: unknown): void {
  assert.ok(FingerError.is(error), `It failed with ${String(error)}`);
  assert.equal(error.code, code, error.message);
}

async function readAll<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}

/** Watches for as long as the store lets one. Returns what tells whether that is over. */
function watchToTheEnd(store: StatusStore): () => boolean {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  void readAll(store.watch(new AbortController().signal)).then(end);
  return () => isOver;
}

/** Somebody who knows of a store what its notices make them read. */
interface Follower extends AsyncDisposable {
  readonly notices: readonly StatusNotice[];
  /** What each login said when it was read last. */
  readonly texts: ReadonlyMap<string, string>;
}

function follow(store: StatusStore): Follower {
  const stop = new AbortController();
  const notices: StatusNotice[] = [];
  const texts = new Map<string, string>();
  const read = async (login: string) => {
    const status = await store.get(login);
    if (status === undefined) texts.delete(login);
    else texts.set(login, status.text);
  };
  const ended = (async () => {
    for await (const notice of store.watch(stop.signal)) {
      notices.push(notice);
      const logins = notice.login === undefined ? [...texts.keys(), ...(await listOf(store))] : [notice.login];
      for (const login of new Set(logins)) await read(login);
    }
  })();
  return {
    notices,
    texts,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}

/** Waits for what a store does in its own time; ten seconds are more than any needs. */
async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; !(await check()); ) {
    assert.ok(Date.now() < end, "It did not come true within ten seconds.");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
