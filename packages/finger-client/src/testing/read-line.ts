import type { Socket } from "node:net";

/**
 * Reads the first line of a connection, without its line end; the end of the input ends it, too. Resolves to `undefined`
 * when nothing was asked. What follows is read and let go, so that the end of the connection is seen.
 */
export function readLine(socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    const read: string[] = [];
    const finish = (line: string | undefined) => {
      socket.off("data", onData);
      socket.resume();
      resolve(line);
    };
    const onData = (chunk: string) => {
      read.push(chunk);
      if (chunk.includes("\n")) finish(read.join("").split(/\r?\n/, 1)[0]);
    };
    socket.setEncoding("utf8").on("data", onData);
    socket.once("end", () => finish(read.length === 0 ? undefined : read.join("")));
    socket.once("close", () => finish(undefined));
  });
}
