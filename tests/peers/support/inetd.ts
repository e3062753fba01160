import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** Listens on a free port, and starts a program for each connection, as inetd does. */
export interface Inetd {
  readonly port: number;
  close(): Promise<void>;
}

export async function serveByInetd(
  [file = "", ...args]: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<Inetd> {
  // Paused, so that the program reads the query and not we.
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
    const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: [socket, socket, socket] });
    // The program has a copy; closing ours ends nothing.
    child.once("spawn", () => socket.destroy());
    child.once("error", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      await once(server, "close");
    },
  };
}
