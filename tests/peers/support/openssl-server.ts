import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Certificate } from "./certificate.js";

/** `openssl s_server`, which shows what it is sent, and sends what it is told to. */
export interface OpensslServer {
  readonly port: number;
  /** The query lines so far. */
  readonly queries: readonly string[];
  close(): Promise<void>;
}

/** Serves one query: sends the reply, and closes without the alert that should end TLS, as it always does. */
export async function startOpenssl(
  { key, cert }: Certificate,
  reply: string,
  ...options: string[]
): Promise<OpensslServer> {
  const argv = ["s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", cert, ...options];
  const child = spawn("openssl", argv, { stdio: ["pipe", "pipe", "ignore"] });
  const exited = once(child, "exit");
  const queries: string[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    child.once("exit", () => reject(new Error("openssl s_server does not listen.")));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [, listening] = /^ACCEPT 127\.0\.0\.1:(\d+)$/.exec(line) ?? [];
      if (listening !== undefined) resolve(Number(listening));
      // What else it prints, of the handshake, begins with capitals.
      if (!/^(?:\/W )?[a-z]+$/.test(line)) return;
      queries.push(line);
      child.stdin.end(reply); // at the end of its input it hangs up
    });
  });
  const close = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  return { port, queries, close };
}
