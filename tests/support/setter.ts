import type { Server } from "node:net";
import { afterEach } from "vitest";
import { listenWith } from "./sockets.js";

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** A setter that answers at the end of the input, as the protocol has it, and remembers what it was told. */
export async function startSetter(answer = "OK\r\n"): Promise<{ port: number; told: string[] }> {
  const told: string[] = [];
  const { port, server } = await listenWith((socket) => {
    const pieces: Buffer[] = [];
    socket.on("data", (piece: Buffer) => pieces.push(piece));
    socket.once("end", () => {
      told.push(Buffer.concat(pieces).toString());
      socket.end(answer);
    });
  });
  open.push(server);
  return { port, told };
}
