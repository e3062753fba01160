import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { exchange } from "../../../../../tests/support/sockets.js";
import { createFingerServer, memoryProvider, type QueryEvent, type SetEvent } from "../../index.js";
import { type AuditLogOptions, createAuditLog } from "./audit-log.js";

const QUERY: QueryEvent = {
  at: new Date("2026-11-26T01:47:52.123Z"),
  peer: { address: "192.0.2.7", port: 4000 },
  query: "alice",
  kind: "user",
  outcome: "answered",
  bytes: 16,
  duration: 3,
};
const SET: SetEvent = {
  at: QUERY.at,
  peer: { address: "127.0.0.1", port: 4000 },
  login: "alice",
  outcome: "set",
  bytes: 14,
  duration: 2,
};

function open(options: Partial<AuditLogOptions> = {}) {
  const written: string[] = [];
  const audit = createAuditLog({ format: "json", write: (text) => written.push(text), ...options });
  return { audit, written };
}

function line(act: (audit: ReturnType<typeof createAuditLog>) => void, options: Partial<AuditLogOptions> = {}): string {
  const { audit, written } = open(options);
  act(audit);
  audit.flush();
  return written.join("");
}

describe("an audit log of JSON", () => {
  it("has all that an event has on a line", () => {
    expect(line(({ query }) => query(QUERY))).toBe(
      '{"time":"2026-11-26T01:47:52.123Z","level":"info","msg":"query","peer":{"address":"192.0.2.7","port":4000},"query":"alice","kind":"user","outcome":"answered","bytes":16,"duration":3}\n',
    );
    expect(JSON.parse(line(({ set }) => set(SET)))).toEqual({
      time: "2026-11-26T01:47:52.123Z",
      level: "info",
      msg: "set",
      peer: SET.peer,
      login: "alice",
      outcome: "set",
      bytes: 14,
      duration: 2,
    });
  });

  it("spells out what could upset a log, should an event have such a thing", () => {
    const query = 'a"\n\u2028\u202e\u009b';
    const text = line((audit) => audit.query({ ...QUERY, query }));
    expect(text).toMatch(/^[\x20-\x7e]+\n$/);
    expect(JSON.parse(text).query).toBe(query);
  });
});

describe("an audit log for people", () => {
  it.each<[event: Partial<QueryEvent>, text: string, why: string]>([
    [{}, '192.0.2.7 asked for "alice": answered, 16 bytes in 3 ms', "what most lines are"],
    [{ kind: "list", query: "" }, "192.0.2.7 asked for the list: answered, 16 bytes in 3 ms", "a list has no name"],
    [
      { kind: undefined, query: "", outcome: "limited", bytes: 0 },
      "192.0.2.7 came and did not ask: limited, 0 bytes in 3 ms",
      "one that was turned away",
    ],
    [
      { query: "", peer: { address: "192.0.2.0/24", port: undefined } },
      "192.0.2.0/24 asked for a user: answered, 16 bytes in 3 ms",
      "a redacted event tells no names",
    ],
    [
      { peer: { address: undefined, port: undefined } },
      'somebody asked for "alice": answered, 16 bytes in 3 ms',
      "a pipe has no address",
    ],
    [
      { peer: { address: undefined, port: undefined, login: "bob" } },
      'bob asked for "alice": answered, 16 bytes in 3 ms',
      "some sockets know their user",
    ],
    [
      { peer: { address: "", port: undefined } },
      'a peer that had gone asked for "alice": answered, 16 bytes in 3 ms',
      "it could not be asked any more",
    ],
    [
      { query: 'x": answered' },
      '192.0.2.7 asked for "x\\": answered": answered, 16 bytes in 3 ms',
      "a query cannot tell its own end",
    ],
    [{ query: "\u202e" }, '192.0.2.7 asked for "\\u{202e}": answered, 16 bytes in 3 ms', "nothing turns the text"],
  ])("of the query %o tells %j: %s", (event, text) => {
    expect(line(({ query }) => query({ ...QUERY, ...event }), { format: "human" })).toBe(
      `2026-11-26T01:47:52Z info  ${text}\n`,
    );
  });

  it.each<[event: Partial<SetEvent>, text: string]>([
    [{}, '127.0.0.1 asked to change the status of "alice": set, 14 bytes in 2 ms'],
    [{ outcome: "deleted", bytes: 0 }, '127.0.0.1 asked to change the status of "alice": deleted, 0 bytes in 2 ms'],
    [{ login: "", outcome: "invalid" }, "127.0.0.1 asked to change a status: invalid, 14 bytes in 2 ms"],
  ])("of the setting %o tells %j", (event, text) => {
    expect(line(({ set }) => set({ ...SET, ...event }), { format: "human" })).toBe(
      `2026-11-26T01:47:52Z info  ${text}\n`,
    );
  });
});

describe("lines are written together", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("a tenth of a second later at most", () => {
    const { audit, written } = open();
    audit.query(QUERY);
    vi.advanceTimersByTime(60);
    audit.query(QUERY);
    expect(written).toEqual([]);
    vi.advanceTimersByTime(40);
    expect(written.join("").split("\n")).toHaveLength(3);
    vi.advanceTimersByTime(1000);
    expect(written).toHaveLength(1);
  });

  it("at once when they are as much as a pipe takes in one piece, and whole", () => {
    const { audit, written } = open();
    for (let count = 0; count < 100; count++) audit.query({ ...QUERY, query: "é".repeat(count) });
    audit.flush();
    expect(written.join("").split("\n")).toHaveLength(101);
    for (const text of written) {
      expect(text).toMatch(/\n$/);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096);
    }
  });

  it("at once when they are to be, and not again", () => {
    const { audit, written } = open();
    audit.query(QUERY);
    audit.flush();
    audit.flush();
    vi.advanceTimersByTime(1000);
    expect(written).toHaveLength(1);
  });
});

it("tells what a server tells", async () => {
  const { audit, written } = open({ format: "human" });
  const server = createFingerServer({ provider: memoryProvider({ alice: "Happy" }), onQuery: audit.query });
  const { port } = await server.listen({ port: 0 });
  await exchange(port, ["alice\r\n"]);
  const leaver = connect(port, "127.0.0.1");
  leaver.end("eve\u001b[2J\r\n").resume(); // a control character makes it no query
  await once(leaver, "close");
  await server.close();
  audit.flush();
  expect(written.join("").replace(/\d+ ms|^\S+/gm, "*")).toBe(
    '* info  127.0.0.1 asked for "alice": answered, 7 bytes in *\n* info  127.0.0.1 asked for "eve\\x1b[2J": invalid, 58 bytes in *\n',
  );
});
