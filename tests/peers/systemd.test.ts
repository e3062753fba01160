import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, expect, it } from "vitest";
import { exchange } from "../support/sockets.js";
import { findFreePort } from "./support/free-port.js";
import { repository } from "./support/network.js";
import { describePeer, hasCommand } from "./support/peer.js";

const closing: Array<() => unknown> = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** Runs a program of a few lines behind a socket that systemd-socket-activate opens; resolves to its port. */
async function activate(program: string, ...options: string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "finger-systemd-"));
  const file = join(folder, "program.mjs");
  const entry = pathToFileURL(repository("packages/finger-server/dist/index.js"));
  writeFileSync(
    file,
    `import { createFingerServer, inetdConnection, memoryProvider } from "${entry}";
const server = createFingerServer({ provider: memoryProvider({ alice: "Happy and well" }) });
${program}`,
  );
  const port = await findFreePort();
  const argv = ["-l", `127.0.0.1:${port}`, ...options, process.execPath, file];
  const child: ChildProcess = spawn("systemd-socket-activate", argv, { stdio: ["ignore", "ignore", "pipe"] });
  closing.push(async () => {
    child.kill("SIGTERM");
    await once(child, "exit");
    rmSync(folder, { recursive: true });
  });
  // It tells when it listens.
  await once(child.stderr as NodeJS.ReadableStream, "data");
  return port;
}

describePeer("systemd-socket-activate", hasCommand("systemd-socket-activate"), "apt-get install systemd", () => {
  it("hands us the socket that it listens on", async () => {
    const port = await activate("await server.listen({ fd: 3 });");
    expect(await exchange(port, ["alice\r\n"])).toBe("Happy and well\r\n");
    expect(await exchange(port, ["/W ", "alice", "\r\n"], { halfClose: true })).toBe("Happy and well\r\n");
  });

  it("hands us each connection as standard input and output, as inetd does", async () => {
    const port = await activate("await server.handle(inetdConnection());", "--accept", "--inetd");
    expect(await exchange(port, ["alice\r\n"])).toBe("Happy and well\r\n");
    expect(await exchange(port, ["\r\n"], { halfClose: true })).toBe("Login  Status\r\nalice  Happy and well\r\n");
  });
});
