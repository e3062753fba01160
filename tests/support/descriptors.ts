import { once } from "node:events";
import { createServer, type ListenOptions, type Server } from "node:net";

/** The number of what a socket or a server has open, which has no public name. */
export function toDescriptor(holder: object): number {
  return (holder as { _handle: { fd: number } })._handle.fd;
}

/** Listens on a free local port, or where it is told, and gives the descriptor as well. */
export async function listen(
  where: ListenOptions = { port: 0, host: "127.0.0.1" },
): Promise<{ server: Server; fd: number }> {
  const server = createServer().listen(where);
  await once(server, "listening");
  return { server, fd: toDescriptor(server) };
}
