import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { finger } from "finger-client";
import { createFingerServer, memoryProvider } from "finger-server";
import { afterEach, expect, it } from "vitest";
import { repository } from "./support/network.js";
import { describePeer } from "./support/peer.js";

/** Debian's Python, which has Debian's Twisted; another may come first on the path. */
const PYTHON = "/usr/bin/python3";
const isThere = spawnSync(PYTHON, ["-c", "import twisted.protocols.finger"]).status === 0;

describePeer("Twisted", isThere, "apt-get install python3-twisted", () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill());

  it("answers our client", async () => {
    child = spawn(PYTHON, [repository("tests/peers/support/finger_server.py")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(child.stdout as NodeJS.ReadableStream, "data");
    const place = `127.0.0.1:${Number(line)}`;

    expect((await finger(`moshez@${place}`)).text).toBe("Happy and well\n");
    expect((await finger(`moshez@${place}`, { verbose: true })).text).toBe("Happy and well (verbose)\n");
    expect((await finger(`eve@${place}`)).text).toBe("Login: eve\nNo such user\n");
    expect((await finger(`@${place}`)).text).toBe("Finger online list denied\n");
    expect((await finger(`a@b@${place}`)).text).toBe("Finger forwarding service denied\n");
  });

  it("gets its answers from our server", async () => {
    const server = createFingerServer({ provider: memoryProvider({ moshez: "Happy and well", zoë: "Ça va" }) });
    const { port } = await server.listen({ port: 0 });
    const args = [
      repository("tests/peers/support/finger_client.py"),
      String(port),
      "moshez",
      "zoë",
      "eve",
      "/W moshez",
    ];
    const { stdout } = await promisify(execFile)(PYTHON, args);
    await server.close();
    expect(stdout).toBe("Happy and well\r\nÇa va\r\nfinger: eve: no such user.\r\nHappy and well\r\n");
  });
});
