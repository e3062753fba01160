import { createSocket } from "node:dgram";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { type AddressInfo, connect, type Server } from "node:net";
import { describe, expect, it } from "vitest";
import { start, writeProgram } from "../../../../../tests/support/daemon-program.js";
import { listen, toDescriptor } from "../../../../../tests/support/descriptors.js";
import { freshPath } from "../../../../../tests/support/programs.js";
import { nameSockets, takeSockets } from "./activation.js";

describe("the sockets of systemd", () => {
  it.each<[what: string, env: Record<string, string>]>([
    ["it passed none", {}],
    ["it passed nothing", { LISTEN_PID: "7", LISTEN_FDS: "0" }],
    ["they are for another process", { LISTEN_PID: "8", LISTEN_FDS: "1", LISTEN_FDNAMES: "finger" }],
    ["it is not said for whom they are", { LISTEN_FDS: "1" }],
  ])("are none when %s", (_, env) => {
    expect(takeSockets(env, 7)).toEqual([]);
    expect(env).toEqual({});
  });

  it.each<[env: Record<string, string>, names: readonly string[], why: string]>([
    [{ LISTEN_PID: "7", LISTEN_FDS: "2", LISTEN_FDNAMES: "finger:http" }, ["finger", "http"], "they have names"],
    [{ LISTEN_PID: "7", LISTEN_FDS: "1" }, [], "they have none"],
    [{ LISTEN_PID: "8", LISTEN_FDS: "1", LISTEN_FDNAMES: "http" }, [], "they are for another process"],
    [{}, [], "there are none"],
  ])("have by %j the names %j, and are still to be taken: %s", (env, names) => {
    const before = { ...env };
    expect(nameSockets(env, 7)).toEqual(names);
    expect(env).toEqual(before);
  });

  it.each<[env: Record<string, string>, message: string]>([
    [
      { LISTEN_PID: "me", LISTEN_FDS: "1" },
      'The variable LISTEN_PID is "me", and no number. It is for systemd to set, and nobody else.',
    ],
    [
      { LISTEN_PID: "7", LISTEN_FDS: "-1" },
      'The variable LISTEN_FDS is "-1", and no number. It is for systemd to set, and nobody else.',
    ],
    [{ LISTEN_PID: "7", LISTEN_FDS: "100000" }, "The variable LISTEN_FDS is 100000: nobody passes so many sockets."],
    [
      { LISTEN_PID: "7", LISTEN_FDS: "2", LISTEN_FDNAMES: "finger" },
      "The variable LISTEN_FDNAMES has 1 names for the 2 sockets of LISTEN_FDS.",
    ],
  ])("are refused with %j", (env, message) => {
    const more = { ...env, PATH: "/bin" };
    expect(() => takeSockets(more, 7)).toThrow(expect.objectContaining({ code: "ERR_FINGER_PROCESS", message }));
    expect(more).toEqual({ PATH: "/bin" });
  });

  describe.runIf(process.platform === "linux")("that a process has from another", () => {
    /** What a process says that is passed these. */
    async function pass(...fds: readonly number[]): Promise<unknown> {
      const code = `const env = { LISTEN_PID: String(process.pid), LISTEN_FDS: "${fds.length}" };
        try { say(it.takeSockets(env)); } catch (error) { say(error.message); }`;
      return (await start(await writeProgram(code), { stdio: ["ignore", "pipe", "pipe", ...fds] }).ended).said[0];
    }

    it("are taken as they come, whether they have a port or a path", async () => {
      const sockets = [await listen(), await listen({ path: freshPath() }), await listen({ port: 0, host: "::1" })];
      const taken = await pass(...sockets.map(({ fd }) => fd));
      for (const { server } of sockets) server.close();
      expect(taken).toEqual([3, 4, 5].map((fd) => ({ fd, name: "unknown" })));
    });

    const MESSAGES = "is a socket of messages. Write ListenStream= into the unit of the socket.";
    const CONNECTION =
      "is a connection, or does not listen. Write Accept=no into the unit of the socket; or start finger-server with --inetd for each connection, and write StandardInput=socket into that of the service.";

    /** The descriptor of a connection to a server. */
    async function accept(server: Server): Promise<number> {
      const address = server.address() as AddressInfo | string;
      const client = connect(
        typeof address === "string" ? { path: address } : { port: address.port, host: "127.0.0.1" },
      );
      const [connection] = await once(server, "connection");
      server.once("close", () => client.destroy());
      return toDescriptor(connection);
    }

    it.each<[what: string, open: () => Promise<number>, why: string]>([
      ["connection", async () => accept((await listen()).server), CONNECTION],
      ["connection to a path", async () => accept((await listen({ path: freshPath() })).server), CONNECTION],
      [
        "socket of datagrams",
        async () => {
          const socket = createSocket("udp4").bind(0, "127.0.0.1");
          await once(socket, "listening");
          // biome-ignore lint/suspicious/noExplicitAny: it is there for node:cluster
          return (socket as any)[Object.getOwnPropertySymbols(socket).find((key) => /state/.test(String(key))) as any]
            .handle.fd;
        },
        MESSAGES,
      ],
      ["file", async () => openSync("/etc/passwd", "r"), "is no socket. Have the unit pass sockets only."],
    ])("cannot be a %s", async (_, open, why) => {
      const fd = await open();
      expect(await pass(fd)).toBe(`Descriptor 3 ("unknown"), which systemd passed, ${why}`);
      if (why.includes("no socket")) closeSync(fd);
    });
  });
});
