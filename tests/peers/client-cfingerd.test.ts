import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { finger } from "finger-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runClient } from "./support/client.js";
import { serveMachine } from "./support/machine-server.js";
import { canMount, IS_ROOT } from "./support/mounts.js";
import { describePeer } from "./support/peer.js";
import { unpacked } from "./support/unpacked.js";

const CFINGERD = unpacked("cfingerd", "/usr/sbin/cfingerd");
const USERLIST = "/usr/sbin/userlist";

describePeer(
  "cfingerd",
  existsSync(CFINGERD) && IS_ROOT && canMount(),
  "scripts/install-peers.sh, and to be root, since it takes its user's place",
  () => {
    let machine: Awaited<ReturnType<typeof serveMachine>>;
    let place: string;
    beforeAll(async () => {
      machine = await serveMachine([CFINGERD], { etc: { cfingerd: unpacked("cfingerd", "/etc/cfingerd") } });
      place = `127.0.0.1:${machine.port}`;
      const config = join(machine.folder, "etc/cfingerd/cfingerd.conf");
      // Its helper is where it was unpacked.
      await writeFile(config, (await readFile(config, "utf8")).replace(USERLIST, unpacked("cfingerd", USERLIST)));
    });
    afterAll(() => machine.close());

    const OF_ALICE = /^Username: alice +In real life: Alice Liddell +\n[^\r]*\nPlan:\nHappy\nand well\n+$/;
    const NOBODY = /^\nDebian GNU\/Linux [^\r]*\n\n +There is no such user\.\n\n$/;
    const ANSWERS: ReadonlyArray<readonly [args: readonly string[], query: string, why: string, text: RegExp]> = [
      [[], "alice", "a user", OF_ALICE],
      [["-l"], "alice", "it lets /W pass, and has one form only", OF_ALICE],
      [[], "", "who is here", /^Username Real name .*\nalice +Alice Liddell .* \(hole\.example\) *\n$/],
      [[], "eve", "nobody, said at length", NOBODY],
      [["-l"], "eve", "nobody is asked for twice, and printed once", NOBODY],
      [[], "alice@elsewhere.example", "it forwards nothing", /^Finger forwarding service denied\.\n$/],
      [[], "version", "what it calls itself", /^\nThis site is running the Configurable Finger-Query Daemon [^\r]*\n$/],
    ];
    it.each(ANSWERS)("with %j answers %j: %s", async (args, query, _why, text) => {
      const outcome = await runClient([...args, `${query}@${place}`]);
      expect(outcome).toEqual({ code: 0, stdout: expect.stringMatching(text), stderr: "" });
    });

    it("tells of a user, and the client reads who that is", async () => {
      const { stdout } = await runClient(["--json", `alice@${place}`]);
      const session = { tty: "pts/7", host: "hole.example", idle: 3 * 3600 };
      const known = { login: "alice", name: "Alice Liddell", directory: "/home/alice", shell: "/bin/bash" };
      const user = { ...known, project: "A garden", plan: "Happy\nand well", sessions: [session] };
      expect(JSON.parse(stdout)).toMatchObject({ truncated: false, users: [user] });
    });

    it("lists who is here, and the client reads the table", async () => {
      const { users } = await finger(`@${place}`);
      expect(users).toMatchObject([{ login: "alice", name: "Alice Liddell" }]);
    });
  },
);
