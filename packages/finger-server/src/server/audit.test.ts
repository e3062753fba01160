import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { connect } from "node:net";
import {
  createFingerServer,
  type FingerServerOptions,
  memoryProvider,
  QUERY_CHANNEL,
  type QueryEvent,
} from "finger-server";
import { afterEach, expect, it } from "vitest";
import { exchange } from "../../../../tests/support/sockets.js";

const closing: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const provider = memoryProvider({ alice: "Happy and well" });

async function serve(options: Partial<FingerServerOptions> = {}): Promise<{ port: number; events: QueryEvent[] }> {
  const events: QueryEvent[] = [];
  const server = createFingerServer({ provider, onQuery: (event) => events.push(event), ...options });
  closing.push(() => server.close({ drain: 0 }));
  return { port: (await server.listen({ port: 0 })).port, events };
}

const failing = () => Promise.reject(new Error("secret"));

const EVENTS: ReadonlyArray<
  readonly [bytes: string, options: Partial<FingerServerOptions>, event: Partial<QueryEvent>]
> = [
  ["alice\r\n", {}, { query: "alice", kind: "user", outcome: "answered", bytes: 16 }],
  ["/W alice\r\n", {}, { query: "/W alice", kind: "user", outcome: "answered" }],
  ["eve\r\n", {}, { query: "eve", kind: "user", outcome: "unknown", bytes: 28 }],
  ["\r\n", {}, { query: "", kind: "list", outcome: "answered" }],
  ["\r\n", { list: false }, { query: "", kind: "list", outcome: "denied" }],
  ["alice@h1@h2\r\n", {}, { query: "alice@h1@h2", kind: "forward", outcome: "denied" }],
  ["alice@\r\n", {}, { query: "alice@", kind: "invalid", outcome: "invalid" }],
  ["a\x1b[31m\tb\0\r\n", {}, { query: "a\\x1b[31m\\x09b\\x00", kind: "invalid" }],
  ["back\\slash\r\n", {}, { query: "back\\\\slash", kind: "user" }],
  ["\u202eevil\u2028\r\n", {}, { query: "\\u{202e}evil\\u{2028}", kind: "user" }],
  ["zoë\r\n", {}, { query: "zoë", kind: "user" }],
  ["alice\r\n", { provider: failing, onError: () => {} }, { kind: "user", outcome: "failed", bytes: 26 }],
  ["alice\r\n", { limits: { connections: 1, perPeer: 1, rate: 1 } }, { outcome: "answered" }],
  ["alice\r\n", { accept: () => false }, { query: "", kind: undefined, outcome: "denied", bytes: 0 }],
];

it.each(EVENTS)("tells of %j under %o that it is %o", async (bytes, options, event) => {
  const { port, events } = await serve(options);
  await exchange(port, options.accept ? [] : [bytes]);
  await expect.poll(() => events).toMatchObject([{ ...event, peer: { address: "127.0.0.1" } }]);
  expect(events[0]?.at).toBeInstanceOf(Date);
  expect(events[0]?.duration).toBeGreaterThanOrEqual(0);
});

it("tells of nothing when nothing was asked", async () => {
  const { port, events } = await serve();
  await exchange(port, [], { halfClose: true });
  await exchange(port, ["alice\r\n"]);
  await expect.poll(() => events).toMatchObject([{ query: "alice" }]);
});

it("tells of a query that is one too many, and of a connection that is", async () => {
  const { port, events } = await serve({ limits: { rate: 1, perPeer: 1 } });
  const holding = connect({ port, host: "127.0.0.1" });
  holding.on("error", () => {});
  await once(holding, "connect");
  await exchange(port, []);
  holding.write("alice\r\n");
  holding.resume().end();
  await once(holding, "close");
  await expect.poll(() => events.length).toBe(2);
  await expect.poll(() => exchange(port, ["alice\r\n"])).toContain("Too many queries");
  await expect.poll(() => events.map(({ outcome, kind }) => `${outcome} ${kind}`)).toContain("limited user");
  expect(events[0]).toMatchObject({ outcome: "limited", kind: undefined });
});

it("tells that a peer left before its answer", async () => {
  let onAsked = () => {};
  const asked = new Promise<void>((resolve) => {
    onAsked = resolve;
  });
  const { port, events } = await serve({
    provider: () => {
      onAsked();
      return new Promise(() => {});
    },
  });
  const socket = connect({ port, host: "127.0.0.1" });
  socket.write("alice\r\n");
  await asked;
  socket.resetAndDestroy();
  await expect.poll(() => events).toMatchObject([{ query: "alice", outcome: "aborted", bytes: 0 }]);
});

it("keeps names and addresses to itself when it is told to", async () => {
  const { port, events } = await serve({ redactEvents: true });
  await exchange(port, ["alice\r\n"]);
  await expect.poll(() => events).toMatchObject([{ query: "", peer: { address: "127.0.0.0/24", port: undefined } }]);
});

it("names the network of an IPv6 peer, and of none", async () => {
  const events: QueryEvent[] = [];
  const server = createFingerServer({ provider, redactEvents: true, onQuery: (event) => events.push(event) });
  const query = { kind: "user", user: "alice", verbose: false } as const;
  await server.respond(query, { address: "2001:db8:1:2:3::4", port: 7 });
  await server.respond(query);
  expect(events.map(({ peer }) => peer.address)).toEqual(["2001:db8:1::/48", undefined]);
});

it("tells of answers without a connection too", async () => {
  const events: QueryEvent[] = [];
  const server = createFingerServer({ provider, onQuery: (event) => events.push(event) });
  const peer = { address: "192.0.2.1", port: 7 };
  await server.respond({ kind: "user", user: "alice", verbose: true }, peer);
  expect(events).toMatchObject([{ peer, query: "alice", kind: "user", outcome: "answered", bytes: 16 }]);
});

it("tells the subscribers of its channel, and only makes events while there are any", async () => {
  const heard: unknown[] = [];
  const onMessage = (message: unknown) => heard.push(message);
  const server = createFingerServer({ provider });
  closing.push(() => server.close({ drain: 0 }));
  const { port } = await server.listen({ port: 0 });
  subscribe(QUERY_CHANNEL, onMessage);
  await exchange(port, ["alice\r\n"]);
  await expect.poll(() => heard).toMatchObject([{ query: "alice", outcome: "answered" }]);
  unsubscribe(QUERY_CHANNEL, onMessage);
  await exchange(port, ["alice\r\n"]);
  expect(heard).toHaveLength(1);
});

it("gives what a listener throws to onError, and the peer notices nothing", async () => {
  const errors: unknown[] = [];
  const { port } = await serve({
    onQuery: () => {
      throw new Error("full disk");
    },
    onError: (error) => errors.push(error),
  });
  expect(await exchange(port, ["alice\r\n"])).toBe("Happy and well\r\n");
  await expect.poll(() => errors).toEqual([new Error("full disk")]);
});
