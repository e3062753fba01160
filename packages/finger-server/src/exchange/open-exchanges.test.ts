import { once } from "node:events";
import { connect } from "node:net";
import { createFingerServer, memoryProvider } from "finger-server";
import { describe, expect, it } from "vitest";
import { eventually } from "../../../../tests/support/programs.js";

/** A server that is about to close, and a connection on which nothing was said yet. */
async function openSilently() {
  let isMet = false;
  const accept = () => {
    isMet = true;
    return true;
  };
  const server = createFingerServer({ provider: memoryProvider({ alice: "Happy and well" }), accept });
  const { port } = await server.listen({ port: 0 });
  const socket = connect({ port, host: "127.0.0.1" }).setEncoding("utf8");
  let text = "";
  socket.on("data", (piece: string) => {
    text += piece;
  });
  await eventually(() => isMet);
  return { server, socket, read: () => text };
}

describe("a server that closes", () => {
  it("answers a query that was on its way", async () => {
    const { server, socket, read } = await openSilently();
    const closed = server.close();
    socket.write("alice\r\n");
    await Promise.all([closed, once(socket, "close")]);
    expect(read()).toBe("Happy and well\r\n");
  });

  it("sends away who asks nothing, long before it cuts off answers", async () => {
    const { server, socket, read } = await openSilently();
    await Promise.all([server.close({ drain: Number.POSITIVE_INFINITY }), once(socket, "close")]);
    expect(read()).toBe("");
  });
});
