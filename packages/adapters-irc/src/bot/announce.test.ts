import type { LookupProvider, UserChange } from "finger-server";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { FingerBotOptions } from "../options.js";
import { type AskedBot, createAskedBot } from "../testing/ask-bot.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Statuses that tell of changes. */
function createStatuses(first: Readonly<Record<string, string>>) {
  const statuses = new Map(Object.entries(first));
  let put: (change: UserChange) => void = () => {};
  const provider: LookupProvider = {
    lookup: async (login) => {
      const status = statuses.get(login);
      return status === undefined ? undefined : { login, status };
    },
    list: async () => [...statuses].map(([login, status]) => ({ login, status })),
    async *watch(signal) {
      const changes: UserChange[] = [];
      let wake = () => {};
      put = (change) => {
        changes.push(change);
        wake();
      };
      signal.addEventListener("abort", () => wake());
      while (!signal.aborted) {
        yield* changes.splice(0);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
  const set = (login: string, status: string | undefined) => {
    if (status === undefined) statuses.delete(login);
    else statuses.set(login, status);
    put({ login });
  };
  return { provider, set, hint: () => put({ login: undefined }), setSilently: statuses.set.bind(statuses) };
}

async function begin(
  provider: LookupProvider,
  announce: FingerBotOptions["announce"] = { channels: ["#news key"] },
): Promise<AskedBot> {
  const bot = createAskedBot({ provider, announce });
  bot.begin();
  await vi.advanceTimersByTimeAsync(0);
  return bot;
}

it("tells what is new, and nothing of what was there before", async () => {
  const { provider, set } = createStatuses({ alice: "Home" });
  const { session } = await begin(provider);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(session.sent).toEqual([]);
  set("alice", "Out");
  await vi.advanceTimersByTimeAsync(1999);
  expect(session.sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(session.sent).toEqual(["PRIVMSG #news :Status of alice: Out"]);
  expect(session.urgencies).toEqual(["news"]);
});

it("tells of one who changes twice the last alone, and nothing when it is as before", async () => {
  const { provider, set } = createStatuses({ alice: "Home", bob: "Home" });
  const { session } = await begin(provider);
  for (const status of ["a", "b", "c"]) set("alice", status);
  for (const status of ["Out", "Home"]) set("bob", status);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(session.sent).toEqual(["PRIVMSG #news :Status of alice: c"]);
});

it("tells no more than one line in five seconds", async () => {
  const { provider, set } = createStatuses({});
  const { session } = await begin(provider);
  for (let index = 0; index < 10; index++) set(`user${index}`, "Here");
  await vi.advanceTimersByTimeAsync(2000);
  expect(session.sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(4999);
  expect(session.sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(session.sent).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(session.sent).toHaveLength(10);
});

it("tells later what it cannot tell now, and tells it only where it is", async () => {
  const { provider, set } = createStatuses({ alice: "Home" });
  const { session } = await begin(provider, { channels: ["#a", "#b"] });
  const isIn = vi.spyOn(session, "isIn").mockReturnValue(false);
  set("alice", "Out");
  await vi.advanceTimersByTimeAsync(20_000);
  expect(session.sent).toEqual([]);
  isIn.mockImplementation((channel) => channel === "#b");
  set("alice", "Back");
  await vi.advanceTimersByTimeAsync(20_000);
  expect(session.sent).toEqual(["PRIVMSG #b :Status of alice: Back"]);
});

it("tells of those alone who are asked for", async () => {
  const { provider, set, hint, setSilently } = createStatuses({ alice: "Home", bob: "Home" });
  const { session } = await begin(provider, { channels: ["#a", "#b"], logins: ["alice"] });
  set("bob", "Out");
  set("alice", undefined);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(session.sent).toEqual([]);
  setSilently("alice", "Back");
  hint();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(session.sent).toEqual(["PRIVMSG #a :Status of alice: Back", "PRIVMSG #b :Status of alice: Back"]);
});

it("watches again when that has failed, and looks at all then", async () => {
  const { provider, setSilently } = createStatuses({ alice: "Home" });
  const watch = vi.fn(provider.watch?.bind(provider)).mockImplementationOnce(() => {
    throw new Error("the line is cut");
  });
  const onError = vi.fn();
  const bot = createAskedBot({
    provider: { ...provider, watch: watch as never },
    announce: { channels: ["#c"] },
    onError,
  });
  bot.begin();
  await vi.advanceTimersByTimeAsync(0);
  setSilently("alice", "Out");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(onError).toHaveBeenCalledTimes(1);
  expect(bot.session.sent).toEqual(["PRIVMSG #c :Status of alice: Out"]);
});

it("complains once of a watch that fails again and again", async () => {
  const { provider } = createStatuses({});
  const watch = vi.fn(() => {
    throw new Error("the line is cut");
  });
  const onError = vi.fn();
  const bot = createAskedBot({ provider: { ...provider, watch }, announce: { channels: ["#c"] }, onError });
  bot.begin();
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(watch.mock.calls.length).toBeGreaterThan(100);
  expect(onError).toHaveBeenCalledTimes(1);
  await bot.end();
});

it("watches once, though it is begun twice, for all would be told twice", async () => {
  const { provider } = createStatuses({});
  const watch = vi.fn(provider.watch?.bind(provider));
  const bot = await begin({ ...provider, watch: watch as never });
  bot.begin();
  await vi.advanceTimersByTimeAsync(0);
  expect(watch).toHaveBeenCalledTimes(1);
});

it("goes on when there is a stream that does not end", async () => {
  const { provider, set } = createStatuses({});
  const never = () => new Promise<never>(() => {});
  const stream = { [Symbol.asyncIterator]: () => ({ next: never, return: never }) };
  const lookup: LookupProvider["lookup"] = async (login, context) =>
    login === "build" ? stream : provider.lookup(login, context);
  const { session } = await begin({ ...provider, lookup });
  set("build", "");
  set("alice", "Out");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(session.sent).toEqual(["PRIVMSG #news :Status of alice: Out"]);
});

it("is silent once it has ended", async () => {
  const { provider, set } = createStatuses({});
  const bot = await begin(provider);
  set("alice", "Out");
  await bot.end();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(bot.session.sent).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
