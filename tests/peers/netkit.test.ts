import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { canMakeNetworks, inPrivateNetwork, repository } from "./support/network.js";
import { describePeer, hasCommand } from "./support/peer.js";

const CLIENT = [process.execPath, repository("packages/finger-client/bin/finger-client.cjs")];
const SERVER = [process.execPath, repository("packages/finger-server/bin/finger-server.cjs")];

/** Behind a pipe: when its output is a socket, as Node makes it, finger takes itself for a server and prints CRs. */
const netkit = (...args: string[]) => ["sh", "-c", 'finger "$@" | cat', "finger", ...args];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "finger-netkit-"));
  await writeFile(join(folder, "users"), "alice: Happy and well\njose: días — ok\n");
  await writeFile(join(folder, "inetd.conf"), "79 stream tcp nowait nobody /usr/sbin/in.fingerd in.fingerd\n");
});
afterAll(() => rm(folder, { recursive: true }));

describePeer(
  "netkit's finger",
  hasCommand("finger") && canMakeNetworks(),
  "apt-get install finger iproute2, and the right to unshare(1) a network",
  () => {
    it("gets its answers from our server, though it sends each query in three pieces", async () => {
      const server = { argv: [...SERVER, "--users", join(folder, "users"), "--port", "79"], port: 79 };
      const outcomes = await inPrivateNetwork(
        [server],
        [
          netkit("alice@127.0.0.1"),
          netkit("-l", "alice@127.0.0.1"),
          netkit("@127.0.0.1"),
          netkit("eve@127.0.0.1"),
          netkit("alice@elsewhere@127.0.0.1"),
        ],
      );
      expect(outcomes.map(({ stdout }) => stdout)).toEqual([
        "Happy and well\n",
        "Happy and well\n",
        // Its own filter spoils the dash, as it does all bytes from 0x80 to 0x9F.
        "Login  Status\nalice  Happy and well\njose   d\u00edas \ufffdM-^@M-^T ok\n",
        "finger: eve: no such user.\n",
        "Finger forwarding service denied\n",
      ]);
    });
  },
);

describePeer(
  "netkit's fingerd under inetd",
  hasCommand("/usr/sbin/in.fingerd") && hasCommand("inetd") && canMakeNetworks(),
  "apt-get install fingerd openbsd-inetd iproute2, and the right to unshare(1) a network",
  () => {
    it("answers our client", async () => {
      const inetd = { argv: ["inetd", "-i", join(folder, "inetd.conf")], port: 79 };
      const [root, long, nobody, list, json] = await inPrivateNetwork(
        [inetd],
        [
          [...CLIENT, "root@127.0.0.1"],
          [...CLIENT, "-l", "root@127.0.0.1"],
          [...CLIENT, "no-such-user@127.0.0.1"],
          [...CLIENT, "@127.0.0.1"],
          [...CLIENT, "--json", "root@127.0.0.1"],
        ],
      );
      expect(root).toMatchObject({
        code: 0,
        stderr: "",
        stdout: expect.stringMatching(/^Login: root {11}\t\t\tName: root\n/),
      });
      expect(long?.stdout).toBe(root?.stdout);
      expect(nobody).toMatchObject({ code: 0, stdout: "finger: no-such-user: no such user.\n" });
      expect(list?.stdout).toMatch(/^(No one logged on\.\n|Login )/);
      expect(JSON.parse(json?.stdout ?? "")).toMatchObject({
        target: "root@127.0.0.1",
        users: [{ login: "root", name: "root", directory: "/root" }],
        truncated: false,
        address: { address: "127.0.0.1", port: 79, family: 4 },
      });
    });
  },
);
