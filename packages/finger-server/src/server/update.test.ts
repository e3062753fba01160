import { once } from "node:events";
import { connect } from "node:net";
import { createFingerServer, createSetter, memoryProvider, memoryStore, type QueryEvent } from "finger-server";
import { afterEach, describe, expect, it } from "vitest";
import { exchange } from "../../../../tests/support/sockets.js";

const open: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

const FIRST = memoryProvider({ alice: "Happy and well" });
const SECOND = memoryProvider({ alice: "Out", bob: "In" });

async function serve(options: Parameters<typeof createFingerServer>[0] = { provider: FIRST }) {
  const server = createFingerServer(options);
  open.push(() => server.close({ drain: 0 }));
  const listening = await server.listen({ port: 0 });
  return { server, listening, ask: (query: string) => exchange(listening.port, [`${query}\r\n`]) };
}

/** Opens a connection, and waits until the server has it. */
async function hold(port: number, server: { connections(): number }) {
  const before = server.connections();
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  await expect.poll(() => server.connections()).toBe(before + 1);
  return socket;
}

describe("a server that is updated", () => {
  it("answers by its new options at the port that is open", async () => {
    const { server, ask } = await serve();
    server.update({ provider: SECOND, texts: { noSuchUser: (name) => `Who is ${name}?` }, list: false });
    expect([await ask("alice"), await ask("carol"), await ask("")]).toEqual([
      "Out\r\n",
      "Who is carol?\r\n",
      "Finger online user list denied\r\n",
    ]);
  });

  it("goes back to the defaults in what the new options do not say", async () => {
    const { server, ask } = await serve({ provider: FIRST, limits: { queryBytes: 3 } });
    expect(await ask("alice")).toContain("too long");
    server.update({ provider: FIRST });
    expect(await ask("alice")).toBe("Happy and well\r\n");
  });

  it("goes on as it began with who is connected", async () => {
    const { server, listening } = await serve();
    const socket = await hold(listening.port, server);
    server.update({ provider: SECOND });
    socket.write("alice\r\n");
    const [answer] = await once(socket, "data");
    expect(String(answer)).toBe("Happy and well\r\n");
  });

  it("counts on what peers have asked, by the new rate", async () => {
    const { server, ask } = await serve({ provider: FIRST, limits: { rate: 30 } });
    for (let query = 0; query < 9; query++) await ask("alice");
    server.update({ provider: FIRST, limits: { rate: 30 } });
    expect([await ask("alice"), await ask("alice")]).toEqual([
      "Happy and well\r\n",
      "Too many queries from your address; please try again in a minute.\r\n",
    ]);
    server.update({ provider: FIRST, limits: { rate: false } });
    expect(await ask("alice")).toBe("Happy and well\r\n");
  });

  it("takes a limit to who is connected already", async () => {
    const { server, listening, ask } = await serve({ provider: FIRST, limits: { perPeer: 8 } });
    const socket = await hold(listening.port, server);
    server.update({ provider: FIRST, limits: { perPeer: 1 } });
    expect(await ask("alice")).toBe("Too many connections; please try again later.\r\n");
    socket.destroy();
    await expect.poll(() => server.connections()).toBe(0);
    expect(await ask("alice")).toBe("Happy and well\r\n");
  });

  it("keeps the time of who was there, and gives the new one to who comes", async () => {
    const { server, listening } = await serve({ provider: FIRST, limits: { queryTime: 60_000 } });
    const [early] = [await hold(listening.port, server)];
    server.update({ provider: FIRST, limits: { queryTime: 50 } });
    const late = connect(listening.port, "127.0.0.1");
    late.resume();
    await once(late, "close");
    expect(early.destroyed).toBe(false);
    early.destroy();
  });

  it("tells who hears now", async () => {
    const heard: string[] = [];
    const at = (ear: string) => (event: QueryEvent) => heard.push(`${ear} ${event.query}`);
    const { server, ask } = await serve({ provider: FIRST, onQuery: at("one") });
    await ask("alice");
    server.update({ provider: FIRST, onQuery: at("two") });
    await ask("bob");
    await expect.poll(() => heard).toEqual(["one alice", "two bob"]);
  });

  it("stays as it is when the options are wrong", async () => {
    const { server, ask } = await serve();
    expect(() => server.update({ provider: SECOND, limits: { rate: -1 } })).toThrow(RangeError);
    expect(await ask("alice")).toBe("Happy and well\r\n");
  });

  it("answers by respond, too", async () => {
    const { server } = await serve();
    server.update({ provider: SECOND });
    expect(await server.respond({ kind: "user", user: "bob", verbose: false })).toBe("In\n");
  });
});

describe("one port of several", () => {
  it("is closed alone, and lets who is connected finish", async () => {
    const { server, listening, ask } = await serve();
    const other = await server.listen({ port: 0 });
    const socket = await hold(other.port, server);
    await other.close();
    await expect(exchange(other.port, ["alice\r\n"])).rejects.toThrow("ECONNREFUSED");
    expect(await ask("alice")).toBe("Happy and well\r\n");
    socket.write("alice\r\n");
    const [answer] = await once(socket, "data");
    expect(String(answer)).toBe("Happy and well\r\n");
    await other.close();
    await listening.close();
    expect(await (await server.listen({ port: listening.port })).close()).toBeUndefined();
  });
});

describe("a setter that is updated", () => {
  it("sets by its new options at the port that is open", async () => {
    const [first, second] = [memoryStore(), memoryStore()];
    const setter = createSetter({ store: first });
    open.push(() => setter.close({ drain: 0 }));
    const { port } = await setter.listen({ port: 0 });
    const set = async (text: string) => (await exchange(port, [text], { halfClose: true })).trim();
    expect(await set("alice\none")).toBe("OK");
    setter.update({ store: second, limits: { statusBytes: 5 } });
    expect([await set("alice\ntwo"), await set("alice\nfar too long")]).toEqual([
      "OK",
      expect.stringMatching(/^Refused: /),
    ]);
    setter.update({ store: second, authenticate: () => false });
    expect(await set("alice\nthree")).toMatch(/^Refused: /);
    expect([(await first.get("alice"))?.text, (await second.get("alice"))?.text]).toEqual(["one", "two"]);
    expect(() => setter.update({ store: second, networks: ["nowhere"] })).toThrow(RangeError);
  });
});
