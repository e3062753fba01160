import { once } from "node:events";
import { connect } from "node:net";
import { Duplex, PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { setStatus } from "finger-client";
import { FingerError } from "finger-protocol";
import { afterEach, describe, expect, it, vi } from "vitest";
import { exchange, listenWith } from "../../../../tests/support/sockets.js";
import {
  createSetter,
  memoryPair,
  memoryProvider,
  memoryStore,
  type SetEvent,
  type SetRequest,
  type Setter,
  type SetterOptions,
} from "../index.js";
import { createStore } from "../store/create-store.js";
import { memoryBackend } from "../store/memory-store.js";

const setters: Setter[] = [];
afterEach(async () => {
  for (const setter of setters.splice(0)) await setter.close({ drain: 0 });
});

/** A setter on a store in memory, and all that it tells. */
function make(options: Partial<SetterOptions> = {}) {
  const events: SetEvent[] = [];
  const errors: unknown[] = [];
  const store = memoryStore();
  const given = {
    store,
    onSet: (event: SetEvent) => events.push(event),
    onError: (error: unknown) => errors.push(error),
  };
  const setter = createSetter({ ...given, ...options });
  setters.push(setter);
  const listen = async () => (await setter.listen({ port: 0 })).port;
  return { setter, store, events, errors, listen };
}

/** Sends a whole message over a connection in memory, as from that address, and resolves to what comes back. */
async function send(setter: Setter, message: string, address?: string): Promise<string> {
  const [near, far] = memoryPair();
  const served = setter.handle(far, { address, port: address === undefined ? undefined : 40_000 });
  const writer = near.writable.getWriter();
  const sent = (async () => {
    await writer.write(new TextEncoder().encode(message));
    await writer.close();
  })().catch(() => {});
  const answer = await new Response(near.readable).text();
  await Promise.all([sent, served]);
  return answer;
}

/** Two ends of a connection, as streams of Node; it has such a thing from version 22 on. */
function duplexPair(): [near: Duplex, far: Duplex] {
  const [there, back] = [new PassThrough(), new PassThrough()];
  return [Duplex.from({ readable: back, writable: there }), Duplex.from({ readable: there, writable: back })];
}

const whoKnowsTheWord: SetterOptions["authenticate"] = (_, token) => token === "s3cret";

describe("a setter", () => {
  it("stores the two lines of the tutorial when the peer ends its side, and says so", async () => {
    const { store, listen } = make();
    expect(await exchange(await listen(), ["moshez\r\nHappy and well\r\n"], { halfClose: true })).toBe("OK\r\n");
    expect(await store.get("moshez")).toMatchObject({ text: "Happy and well" });
  });

  it("takes them in any pieces, with LF, and of several lines", async () => {
    const { store, listen } = make();
    const pieces = [..."alice\none\ntwo\n"];
    expect(await exchange(await listen(), pieces, { halfClose: true })).toBe("OK\r\n");
    expect((await store.get("alice"))?.text).toBe("one\ntwo");
  });

  it("is what finger-client speaks to", async () => {
    const { store, listen } = make({ authenticate: whoKnowsTheWord });
    const port = await listen();
    await setStatus(`alice@127.0.0.1:${port}`, "Happy\nand well", { token: "s3cret" });
    expect((await store.get("alice"))?.text).toBe("Happy\nand well");
    await expect(setStatus(`alice@127.0.0.1:${port}`, "Bad", { token: "guess" })).rejects.toMatchObject({
      code: "ERR_FINGER_REFUSED",
      message: "The status of alice is not set: Refused: that is not the token of alice.",
    });
    expect((await store.get("alice"))?.text).toBe("Happy\nand well");
  });

  it("stores nothing of a peer that breaks off", async () => {
    const { setter, store, events } = make();
    let reset = () => {};
    const { port, server } = await listenWith((socket) => {
      void setter.handle(socket);
      // libuv takes a reset that comes with the last bytes for the end of them.
      socket.once("data", () => reset());
    });
    const socket = connect(port, "127.0.0.1");
    // resetAndDestroy() would end our side in order first.
    reset = () => (socket as unknown as { _handle: { reset(done: () => void): void } })._handle.reset(() => {});
    socket.write("alice\r\nHal");
    await expect.poll(() => events.map(({ outcome }) => outcome)).toEqual(["aborted"]);
    expect(await store.get("alice")).toBeUndefined();
    server.close();
  });

  it("stores before it says OK, and says what went wrong when it cannot", async () => {
    const backend = memoryBackend();
    let refuse: unknown;
    const change = async () => {
      throw refuse;
    };
    const { setter, errors, events } = make({ store: createStore({ ...backend, change }) });
    for (const [error, answer] of STORE_FAULTS) {
      refuse = error;
      expect(await send(setter, "alice\nWell\n")).toBe(`${answer}\r\n`);
      expect(events.pop()?.outcome).toBe("failed");
    }
    // One that does not work is told of once.
    expect(errors).toEqual([STORE_FAULTS[0]?.[0]]);
  });

  it("waits for the store, but not for ever", async () => {
    const backend = memoryBackend();
    const change = () => new Promise<never>(() => {});
    const { setter, errors } = make({ store: createStore({ ...backend, change }), limits: { storeTime: 20 } });
    expect(await send(setter, "alice\nWell\n")).toMatch(/^Perhaps not stored: ask for the status to see/);
    expect(errors).toMatchObject([{ code: "ERR_FINGER_TIMEOUT" }]);
  });

  it("says nothing to who says nothing, and tells nobody of it", async () => {
    const { setter, events } = make();
    expect(await send(setter, "")).toBe("");
    expect(events).toEqual([]);
  });
});

const store = (code: string) =>
  new FingerError("ERR_FINGER_STORE", "Cannot write /secret/path.", { cause: Object.assign(new Error(), { code }) });

const STORE_FAULTS: ReadonlyArray<readonly [error: unknown, answer: string]> = [
  [store("ENOSPC"), "Not stored: there is no space left."],
  [store("EROFS"), "Not stored: the store cannot be written."],
  [store("EIO"), "Not stored: the store does not work; please try again later."],
  [
    new FingerError("ERR_FINGER_IO", "Nobody knows."),
    "Perhaps not stored: ask for the status to see, and try again later.",
  ],
  [new Error("a fault"), "Perhaps not stored: ask for the status to see, and try again later."],
];

const ADMISSIONS: ReadonlyArray<
  readonly [options: Partial<SetterOptions>, address: string | undefined, line: string, answer: string, why: string]
> = [
  [{}, "127.0.0.1", "alice", "OK", "who is on this machine is trusted"],
  [{}, "::1", "alice", "OK", "of IPv6, too"],
  [{}, "::ffff:127.8.9.10", "alice", "OK", "and by any loopback address"],
  [{}, undefined, "alice", "OK", "and on a Unix socket"],
  [
    {},
    "127.0.0.1",
    "alice s3cret",
    "Refused: that is not the token of alice.",
    "a token that nobody looks at counts for none",
  ],
  [{}, "192.0.2.1", "alice", "Refused: from another machine it takes a token.", "it is another machine"],
  [{}, "192.0.2.1", "alice s3cret", "Refused: that is not the token of alice.", "nobody could know the token"],
  [{ authenticate: whoKnowsTheWord }, "192.0.2.1", "alice s3cret", "OK", "the token is right"],
  [
    { authenticate: whoKnowsTheWord },
    "192.0.2.1",
    "alice",
    "Refused: from another machine it takes a token.",
    "none was given",
  ],
  [
    { authenticate: () => true },
    "192.0.2.1",
    "alice",
    "Refused: from another machine it takes a token.",
    "whatever authenticate says",
  ],
  [
    { authenticate: whoKnowsTheWord },
    "127.0.0.1",
    "alice",
    "Refused: it takes the token of alice.",
    "authenticate decides",
  ],
  [
    { authenticate: async () => false },
    "127.0.0.1",
    "alice x",
    "Refused: that is not the token of alice.",
    "it may take its time",
  ],
  [
    { authenticate: () => "yes" as never },
    "127.0.0.1",
    "alice x",
    "Refused: that is not the token of alice.",
    "true is true alone",
  ],
  [{ networks: ["127.0.0.0/8"] }, "127.0.0.1", "alice", "OK", "the network is listed"],
  [{ networks: ["10.0.0.0/8"] }, undefined, "alice", "OK", "a Unix socket is in no network"],
];

describe("who may set a status", () => {
  it.each(ADMISSIONS)("%o from %s with %j: %s, for %s", async (options, address, line, answer) => {
    const { setter, store, events } = make(options);
    expect(await send(setter, `${line}\nWell\n`, address)).toBe(`${answer}\r\n`);
    expect((await store.get("alice"))?.text).toBe(answer === "OK" ? "Well" : undefined);
    expect(events.map(({ outcome }) => outcome)).toEqual([answer === "OK" ? "set" : "denied"]);
  });

  it("is nobody from a network that is not listed, who gets no byte", async () => {
    const { setter, store, events } = make({ networks: ["10.0.0.0/8"], authenticate: () => true });
    expect(await send(setter, "alice s3cret\nWell\n", "192.0.2.1")).toBe("");
    expect(await store.get("alice")).toBeUndefined();
    expect(events).toMatchObject([{ outcome: "denied", login: "" }]);
  });

  it("is asked of authenticate, whose failure is no permission", async () => {
    const fault = new Error("The directory of users is away.");
    const { setter, store, errors } = make({ authenticate: () => Promise.reject(fault) });
    expect(await send(setter, "alice x\nWell\n")).toMatch(/^Not stored: the setter cannot tell whether you may/);
    expect(errors).toEqual([fault]);
    expect(await store.get("alice")).toBeUndefined();
  });

  it("is the owner of a socket, and of no other's status", async () => {
    const { setter } = make();
    const answers = ["alice\nWell\n", "bob\nWell\n"].map(async (message) => {
      const [near, far] = memoryPair();
      void setter.handle(far, { address: undefined, port: undefined, login: "alice" });
      const writer = near.writable.getWriter();
      await writer.write(new TextEncoder().encode(message));
      await writer.close();
      return new Response(near.readable).text();
    });
    expect(await Promise.all(answers)).toEqual(["OK\r\n", "Refused: this is the socket of alice.\r\n"]);
  });

  it("is, from wherever, whom the carrier knows, without a token and whoever authenticates", async () => {
    const { setter, store } = make({ authenticate: () => false });
    const ada = { address: "", port: undefined, login: "ada" };
    await setter.set({ login: "ada", text: "On the train" }, ada);
    expect(await store.get("ada")).toMatchObject({ text: "On the train" });
    const other = setter.set({ login: "alice", text: "Gone" }, ada);
    await expect(other).rejects.toMatchObject({ code: "ERR_FINGER_DENIED" });
  });

  it("is not somebody whom nothing is known of", async () => {
    const { setter, store } = make();
    const [near, far] = memoryPair();
    void setter.handle(far);
    const writer = near.writable.getWriter();
    await writer.write(new TextEncoder().encode("alice\nWell\n"));
    await writer.close();
    expect(await new Response(near.readable).text()).toBe("Refused: from another machine it takes a token.\r\n");
    expect(await store.get("alice")).toBeUndefined();
  });

  it("is not who stands behind a Duplex that has no address, or any it likes", async () => {
    const { setter, events } = make();
    const strangers = [
      (duplex: Duplex) => duplex,
      (duplex: Duplex) => Object.assign(duplex, { remoteAddress: undefined }),
      (duplex: Duplex) => Object.assign(duplex, { remoteAddress: "127.0.0.1" }),
    ];
    for (const disguise of strangers) {
      const [near, far] = duplexPair();
      void setter.handle(disguise(far));
      near.end("alice\nWell\n");
      expect(await text(near)).toBe("Refused: from another machine it takes a token.\r\n");
    }
    expect(events.map(({ outcome }) => outcome)).toEqual(["denied", "denied", "denied"]);
  });

  it("is whom there is, where that is known, and nobody learns more without a token", async () => {
    const accounts = memoryProvider({ alice: { name: "Alice" } });
    const { setter, store } = make({
      accounts,
      authenticate: (_, token, { address }) => token === "s3cret" || address === undefined,
    });
    expect(await send(setter, "alice\nWell\n")).toBe("OK\r\n");
    expect(await send(setter, "mallory\nWell\n")).toBe("Refused: there is no such user.\r\n");
    expect(await send(setter, "mallory guess\nWell\n", "192.0.2.1")).toBe(
      "Refused: that is not the token of mallory.\r\n",
    );
    expect(await store.get("mallory")).toBeUndefined();
  });

  it("is nobody on an address that others reach, when nobody could tell", async () => {
    for (const host of ["0.0.0.0", "::", "192.0.2.1"]) {
      await expect(make().setter.listen({ host, port: 0 })).rejects.toMatchObject({
        code: "ERR_FINGER_LISTEN",
        message: expect.stringContaining(`on ${host}: say who may, with the option authenticate`),
      });
    }
    const { setter } = make({ authenticate: whoKnowsTheWord });
    expect((await setter.listen({ host: "0.0.0.0", port: 0 })).port).toBeGreaterThan(0);
  });
});

describe("what is too much for a setter", () => {
  it("is a status longer than the limit, to the byte, without waiting for its end", async () => {
    const { setter, store, listen } = make({ limits: { statusBytes: 10 } });
    expect(await send(setter, `alice\n${"é".repeat(5)}\n`)).toBe("OK\r\n");
    expect(await send(setter, `alice\n${"é".repeat(5)}!\n`)).toBe("Refused: it is longer than 10 bytes.\r\n");
    expect((await store.get("alice"))?.text).toBe("é".repeat(5));
    expect(await exchange(await listen(), [`alice\n${"x".repeat(2000)}`])).toBe(
      "Refused: it is longer than 10 bytes.\r\n",
    );
  });

  it("is more than a third of the rate at once from another machine, but not from this one", async () => {
    const { setter } = make({ authenticate: whoKnowsTheWord, limits: { rate: 6 } });
    const answers = async (address: string) => {
      const all: string[] = [];
      for (let n = 0; n < 4; n++) all.push(await send(setter, `alice s3cret\n${n}\n`, address));
      return all.map((answer) => answer.trim());
    };
    const late = "Refused: too often; please try again in a minute.";
    expect(await answers("192.0.2.1")).toEqual(["OK", "OK", late, late]);
    expect(await answers("192.0.2.2")).toEqual(["OK", "OK", late, late]);
    expect(await answers("127.0.0.1")).toEqual(["OK", "OK", "OK", "OK"]);
  });

  it("is a third of the wrong tokens of a minute at once, for one login, of one peer", async () => {
    const { setter } = make({ authenticate: whoKnowsTheWord, limits: { failures: 6 } });
    const tell = async (line: string, address = "2001:db8::1") =>
      (await send(setter, `${line}\nWell\n`, address)).trim();
    const late = "Refused: too many attempts; please try again in a minute.";
    for (let n = 0; n < 2; n++) expect(await tell("alice guess")).toBe("Refused: that is not the token of alice.");
    expect([await tell("alice guess"), await tell("alice s3cret")]).toEqual([late, late]);
    expect(await tell("bob s3cret")).toBe("OK");
    expect(await tell("alice s3cret", "2001:db8:1::1")).toBe("OK");
  });

  it("is a third of them, though they come at once", async () => {
    const looked = vi.fn(async () => false);
    const { setter } = make({ authenticate: looked, limits: { failures: 6, connections: 100 } });
    await Promise.all(Array.from({ length: 40 }, (_, n) => send(setter, `alice guess${n}\nWell\n`, "127.0.0.1")));
    expect(looked).toHaveBeenCalledTimes(2);
  });

  it("is no number of wrong tokens when that is not bounded", async () => {
    const { setter } = make({ authenticate: whoKnowsTheWord, limits: { failures: false } });
    for (let n = 0; n < 30; n++) {
      expect(await send(setter, "alice guess\nWell\n", "127.0.0.1")).toBe(
        "Refused: that is not the token of alice.\r\n",
      );
    }
    expect(await send(setter, "alice s3cret\nWell\n", "127.0.0.1")).toBe("OK\r\n");
  });

  it("is no number of right tokens, nor anything that was set without one", async () => {
    const authenticate = (_: string, token: string | undefined) => token === undefined || token === "s3cret";
    const { setter } = make({ authenticate, limits: { failures: 6, connections: 100 } });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => send(setter, `alice s3cret\n${n}\n`, "127.0.0.1")),
    );
    expect(new Set(answers)).toEqual(new Set(["OK\r\n"]));
    for (let n = 0; n < 4; n++) await send(setter, "alice guess\nWell\n", "127.0.0.1");
    expect(await send(setter, "alice\nWell\n", "127.0.0.1")).toBe("OK\r\n");
  });

  it("is the time of somebody who has to tell whether the peer may", async () => {
    const hanging = { authenticate: () => new Promise<boolean>(() => {}), limits: { storeTime: 20 } };
    const { setter, errors } = make(hanging);
    expect(await send(setter, "alice\nWell\n")).toMatch(/^Not stored: the setter cannot tell whether you may/);
    expect(await send(setter, "alice\nWell\n")).toMatch(/^Not stored: the setter cannot tell whether you may/);
    expect(errors).toMatchObject([{ code: "ERR_FINGER_TIMEOUT" }]);
  });

  it("is a status that does not arrive in time", async () => {
    const { listen, store } = make({ limits: { time: 40 } });
    const socket = connect(await listen(), "127.0.0.1");
    socket.write("alice\r\nWell\r\n");
    const [answer] = await once(socket, "data");
    expect(String(answer)).toBe("Refused: it did not arrive within 0.04 seconds.\r\n");
    socket.destroy();
    expect(await store.get("alice")).toBeUndefined();
  });

  it("is one more connection than the limit: who has been silent longest makes room", async () => {
    const { setter } = make({ limits: { connections: 1 } });
    const [near, far] = memoryPair();
    void setter.handle(far);
    expect(await send(setter, "alice\nWell\n")).toBe("OK\r\n");
    expect(await new Response(near.readable).text()).toBe("Refused: too many connections; please try again later.\r\n");
  });

  it("is one more connection of a peer than the limit, but not of this machine", async () => {
    const { setter } = make({ authenticate: whoKnowsTheWord, limits: { perPeer: 1 } });
    for (const [address, answer] of [
      ["192.0.2.1", "Refused: too many connections; please try again later.\r\n"],
      ["127.0.0.1", "OK\r\n"],
    ] as const) {
      const [, far] = memoryPair();
      void setter.handle(far, { address, port: 1 });
      expect(await send(setter, "alice s3cret\nWell\n", address)).toBe(answer);
    }
  });

  it.each([
    ["rates", 1],
    ["time", 0],
    ["statusBytes", 1.5],
  ])("refuses the limit %s of %s", (name, value) => {
    expect(() => make({ limits: { [name]: value } })).toThrow(RangeError);
  });
});

describe("what a setter tells", () => {
  it("is who set what, and how it ended", async () => {
    const { setter, events } = make({ authenticate: whoKnowsTheWord });
    await send(setter, "alice s3cret\nHappy é\n", "192.0.2.1");
    await send(setter, "alice \u001b[2J\nWell\n", "192.0.2.1");
    expect(events).toMatchObject([
      { peer: { address: "192.0.2.1", port: 40_000 }, login: "alice", outcome: "set", bytes: 8 },
      { peer: { address: "192.0.2.1" }, login: "alice", outcome: "invalid", bytes: 4 },
    ]);
    expect(events.every(({ at, duration }) => at instanceof Date && duration >= 0)).toBe(true);
  });

  it("never is the token, nor, when redacted, the login", async () => {
    const { setter, events } = make({ authenticate: whoKnowsTheWord, redactEvents: true });
    await send(setter, "alice s3cret\nWell\n", "192.0.2.1");
    expect(events).toMatchObject([{ login: "", peer: { address: "192.0.2.0/24", port: undefined } }]);
    expect(JSON.stringify(events)).not.toContain("s3cret");
  });
});

/** Wrong requests, for who sets by other ways. */
const REFUSALS: ReadonlyArray<
  readonly [request: Partial<SetRequest>, code: string, outcome: string, message: string, why: string]
> = [
  [
    { token: undefined },
    "ERR_FINGER_DENIED",
    "denied",
    "Refused: from another machine it takes a token.",
    "none was given",
  ],
  [{ token: "guess" }, "ERR_FINGER_DENIED", "denied", "Refused: that is not the token of alice.", "nor by guessing"],
  [{ login: "al ice" }, "ERR_FINGER_INVALID", "invalid", "Refused: that is no login.", "there is no such login"],
  [{ login: "@host" }, "ERR_FINGER_INVALID", "invalid", "Refused: that is no login.", "nobody could ask for it"],
  [{ login: 5 as never }, "ERR_FINGER_INVALID", "invalid", "Refused: it is no text.", "JavaScript has other types"],
  [
    { login: "\u001b[2J" },
    "ERR_FINGER_INVALID",
    "invalid",
    "Refused: there is a control character in it, 0x1b.",
    "a terminal would heed it",
  ],
];

/** The same of a text alone. */
const TEXT_REFUSALS: typeof REFUSALS = [
  [
    { text: "x".repeat(4097) },
    "ERR_FINGER_INVALID",
    "invalid",
    "Refused: it is longer than 4096 bytes.",
    "it is too long",
  ],
  [
    { text: "\u001b[2J" },
    "ERR_FINGER_INVALID",
    "invalid",
    "Refused: there is a control character in it, 0x1b.",
    "a terminal would heed it",
  ],
  [{ text: undefined as never }, "ERR_FINGER_INVALID", "invalid", "Refused: it is no text.", "there is none"],
];

describe("for other ways to set a status", () => {
  const peer = { address: "192.0.2.1", port: 1 };
  const RIGHT = { login: "alice", token: "s3cret", text: "Well" };

  it("sets it under the same rules", async () => {
    const { setter, store, events } = make({ authenticate: whoKnowsTheWord });
    const { rev } = await setter.set({ ...RIGHT, ttl: 60_000 }, peer);
    expect(await store.get("alice")).toMatchObject({ text: "Well", rev });
    const late = setter.set({ ...RIGHT, text: "Late", ifRev: "older" }, peer);
    await expect(late).rejects.toMatchObject({ code: "ERR_FINGER_CONFLICT" });
    expect(events).toMatchObject([
      { login: "alice", outcome: "set", bytes: 4 },
      { login: "alice", outcome: "failed", bytes: 4 },
    ]);
  });

  it.each([...REFUSALS, ...TEXT_REFUSALS])("does not set %o, by %s: %s, %j, for %s", async (request, code, ...told) => {
    const [outcome, message] = told;
    const { setter, store, events } = make({ authenticate: whoKnowsTheWord });
    await expect(setter.set({ ...RIGHT, ...request }, peer)).rejects.toMatchObject({ code, message });
    expect(await store.get("alice")).toBeUndefined();
    expect(events).toMatchObject([{ outcome }]);
  });

  it("deletes one, and tells whether there was one", async () => {
    const { setter, store, events } = make({ authenticate: whoKnowsTheWord });
    await setter.set(RIGHT, peer);
    expect(await setter.delete({ login: "alice", token: "s3cret" }, peer)).toBe(true);
    expect([await store.get("alice"), await store.history("alice")]).toEqual([undefined, []]);
    expect(await setter.delete({ login: "alice", token: "s3cret" }, peer)).toBe(false);
    expect(events).toMatchObject([
      { outcome: "set", bytes: 4 },
      { peer, login: "alice", outcome: "deleted", bytes: 0 },
      { outcome: "deleted" },
    ]);
  });

  it("deletes only the one that is meant", async () => {
    const { setter, store, events } = make({ authenticate: whoKnowsTheWord });
    const { rev } = await setter.set(RIGHT, peer);
    const wrong = setter.delete({ login: "alice", token: "s3cret", ifRev: "older" }, peer);
    await expect(wrong).rejects.toMatchObject({ code: "ERR_FINGER_CONFLICT" });
    expect((await store.get("alice"))?.text).toBe("Well");
    expect(await setter.delete({ login: "alice", token: "s3cret", ifRev: rev }, peer)).toBe(true);
    expect(events.map(({ outcome }) => outcome)).toEqual(["set", "failed", "deleted"]);
  });

  it.each(REFUSALS)("does not delete %o, by %s: %s, %j, for %s", async (request, code, outcome, message) => {
    const { setter, store, events } = make({ authenticate: whoKnowsTheWord });
    await store.put("alice", "Well");
    const { login, token } = { ...RIGHT, ...request };
    await expect(setter.delete({ login, token }, peer)).rejects.toMatchObject({ code, message });
    expect((await store.get("alice"))?.text).toBe("Well");
    expect(events).toMatchObject([{ outcome, bytes: 0 }]);
  });

  it("has one budget for all that a peer sets and deletes", async () => {
    const { setter, events } = make({ authenticate: whoKnowsTheWord, limits: { rate: 6 } });
    await setter.set(RIGHT, peer);
    await setter.delete(RIGHT, peer);
    for (const late of [setter.set(RIGHT, peer), setter.delete(RIGHT, peer)]) {
      await expect(late).rejects.toMatchObject({
        code: "ERR_FINGER_LIMITED",
        message: "Refused: too often; please try again in a minute.",
      });
    }
    expect(events.map(({ outcome }) => outcome)).toEqual(["set", "deleted", "limited", "limited"]);
  });

  it("has one budget for all guesses, and tells one who guesses too often from one who may not", async () => {
    const { setter, events } = make({ authenticate: whoKnowsTheWord, limits: { failures: 6 } });
    const guess = { ...RIGHT, token: "guess" };
    await expect(setter.set(guess, peer)).rejects.toMatchObject({ code: "ERR_FINGER_DENIED" });
    await expect(setter.delete(guess, peer)).rejects.toMatchObject({ code: "ERR_FINGER_DENIED" });
    await expect(setter.delete(RIGHT, peer)).rejects.toMatchObject({
      code: "ERR_FINGER_LIMITED",
      message: "Refused: too many attempts; please try again in a minute.",
    });
    expect(events.map(({ outcome }) => outcome)).toEqual(["denied", "denied", "limited"]);
  });

  it("deletes of whom there is alone, where that is known", async () => {
    const { setter } = make({ authenticate: whoKnowsTheWord, accounts: memoryProvider({ bob: { name: "Bob" } }) });
    await expect(setter.delete({ login: "alice", token: "s3cret" }, peer)).rejects.toMatchObject({
      code: "ERR_FINGER_DENIED",
      message: "Refused: there is no such user.",
    });
    expect(await setter.delete({ login: "bob", token: "s3cret" }, peer)).toBe(false);
  });

  it("tells why it cannot be deleted", async () => {
    const fault = new FingerError("ERR_FINGER_STORE", "Cannot write.");
    const backend = memoryBackend();
    const { setter, errors, events } = make({
      store: createStore({ ...backend, change: () => Promise.reject(fault) }),
    });
    await expect(setter.delete({ login: "alice" }, { address: undefined, port: undefined })).rejects.toBe(fault);
    expect([errors, events]).toMatchObject([[fault], [{ outcome: "failed" }]]);
  });
});

describe("a setter that closes", () => {
  it("lets who is being stored hear of it, and sends away who has not finished", async () => {
    const backend = memoryBackend();
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const entered = vi.fn();
    const change: typeof backend.change = async (login, amend) => {
      entered();
      await gate;
      await backend.change(login, amend);
    };
    const { setter } = make({ store: createStore({ ...backend, change }) });
    const storing = send(setter, "alice\nWell\n");
    await expect.poll(() => entered.mock.calls.length).toBe(1);
    const [near, far] = memoryPair();
    void setter.handle(far);
    await near.writable.getWriter().write(new TextEncoder().encode("bob\nWe"));
    const closed = setter.close();
    expect(await new Response(near.readable).text()).toBe("Not stored: the setter is closing.\r\n");
    go();
    expect(await storing).toBe("OK\r\n");
    await closed;
  });
});
