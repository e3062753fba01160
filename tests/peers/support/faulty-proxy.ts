import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a local port that a test can break. */
export interface FaultyProxy {
  readonly port: number;
  /** Carries nothing more on the connection that was opened last, and says nothing of it. */
  stallLast(): void;
  /** Ends the next connection that gets exactly this answer, in the place of it. Takes no other until `meanwhile` is done. */
  swallow(answer: string, meanwhile?: () => Promise<unknown>): void;
  /**
   * Ends the next connection that asks for something with this word in it, and keeps that back. Takes no other until
   * `meanwhile` is done. Returns what lets it go.
   */
  overtake(word: string, meanwhile?: () => Promise<unknown>): () => void;
  /** Keeps back what has this word in it, even when who sent it has gone. Returns what lets it go. */
  hold(word: string): () => void;
  /** Takes no more connections, and ends those that there are. */
  close(): Promise<void>;
}

/** Starts one that leads to a port of this machine. */
export async function startFaultyProxy(target: number): Promise<FaultyProxy> {
  const ways: Array<readonly [client: Socket, redis: Socket]> = [];
  let swallowed: string | undefined;
  let heldWord: string | undefined;
  let overtaken: string | undefined;
  let between: (() => Promise<unknown>) | undefined;
  let isShut = false;
  const held: Array<() => void> = [];
  const cut = async (client: Socket) => {
    isShut = true;
    client.destroy();
    await between?.();
    isShut = false;
  };
  const letGo = () => {
    heldWord = undefined;
    for (const send of held.splice(0)) send();
  };
  const server = createServer((client) => {
    if (isShut) return void client.destroy();
    const redis = connect(target, "127.0.0.1");
    ways.push([client, redis]);
    client.on("error", () => {}).on("close", () => held.length > 0 || redis.destroy());
    redis.on("error", () => {}).on("close", () => client.destroy());
    client.on("data", (chunk) => {
      const isOvertaken = overtaken !== undefined && chunk.includes(overtaken);
      const isHeld = isOvertaken || (heldWord !== undefined && chunk.includes(heldWord));
      if (isHeld) held.push(() => redis.write(chunk));
      else redis.write(chunk);
      if (!isOvertaken) return;
      overtaken = undefined;
      void cut(client);
    });
    redis.on("data", (chunk) => {
      if (chunk.toString() !== swallowed) return void client.write(chunk);
      swallowed = undefined;
      void cut(client);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    stallLast() {
      for (const socket of ways.at(-1) ?? []) socket.removeAllListeners("data").pause();
    },
    swallow(answer, meanwhile) {
      swallowed = answer;
      between = meanwhile;
    },
    overtake(word, meanwhile) {
      overtaken = word;
      between = meanwhile;
      return letGo;
    },
    hold(word) {
      heldWord = word;
      return letGo;
    },
    async close() {
      server.close();
      for (const way of ways) for (const socket of way) socket.destroy();
      await once(server, "close");
    },
  };
}
