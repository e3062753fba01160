import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** Sends `bytes` to a local port, in the pieces given, half-closes if asked to, and resolves to all that comes back. */
export async function exchange(
  port: number,
  pieces: readonly (string | Uint8Array)[],
  { halfClose = false }: { halfClose?: boolean } = {},
): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  const received: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => received.push(chunk));
  const sendAll = async () => {
    for (const piece of pieces) await new Promise((resolve) => socket.write(piece, resolve));
    if (halfClose) socket.end();
  };
  await Promise.all([once(socket, "end"), sendAll()]);
  socket.end();
  await once(socket, "close");
  return Buffer.concat(received).toString("utf8");
}

/** A server of our own making on a free local port, for clients to meet. */
export async function listenWith(serve: (socket: Socket) => void): Promise<{ port: number; server: Server }> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {});
    serve(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, server };
}
