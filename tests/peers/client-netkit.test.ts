import { finger } from "finger-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runClient } from "./support/client.js";
import { ALICE, serveMachine } from "./support/machine-server.js";
import { toFingerUser } from "./support/made-up-machine.js";
import { canMount, IS_ROOT } from "./support/mounts.js";
import { describePeer, hasCommand } from "./support/peer.js";

describePeer(
  "netkit's fingerd on a made-up machine",
  hasCommand("/usr/sbin/in.fingerd") && hasCommand("finger") && IS_ROOT && canMount(),
  "apt-get install finger fingerd util-linux, and to be root, since it makes itself nobody",
  () => {
    let machine: Awaited<ReturnType<typeof serveMachine>>;
    let place: string;
    beforeAll(async () => {
      machine = await serveMachine(["/usr/sbin/in.fingerd"]);
      place = `127.0.0.1:${machine.port}`;
    });
    afterAll(() => machine.close());

    const OF_ALICE = /^Login: alice {10}\t\t\tName: Alice Liddell\n[^\r]*\nPlan:\nHappy\nand well\n$/;
    const OF_BOB = /^Login: bob {12}\t\t\tName: Bob Builder\n[^\r]*\nNo Plan.\n$/;
    const LIST = /^Login {5}Name .*\nalice {5}Alice Liddell {2}\*pts\/7 [^\r\n]* \(hole.example\)\n$/;
    const ANSWERS: ReadonlyArray<readonly [args: readonly string[], query: string, why: string, text: RegExp]> = [
      [[], "alice", "a user is told of in the long form anyway", OF_ALICE],
      [["-l"], "alice", "it knows /W, and is asked once", OF_ALICE],
      [["-s"], "/W alice", "what RFC 1288 has on the line may be typed, too", OF_ALICE],
      [[], "bob", "somebody who is not here", OF_BOB],
      [[], "Liddell", "it looks for names, too (RFC 1288 2.5.3)", OF_ALICE],
      [[], "", "who is here", LIST],
      [["-l"], "", "who is here, at length", OF_ALICE],
      [[], "eve", "nobody", /^finger: eve: no such user\.\n$/],
      [["-l"], "eve", "nobody is asked for twice, and printed once", /^finger: eve: no such user\.\n$/],
      [[], "alice@elsewhere.example", "it forwards nothing", /^fingerd: forwarding not allowed\n$/],
    ];
    it.each(ANSWERS)("with %j answers %j: %s", async (args, query, _why, text) => {
      const outcome = await runClient([...args, `${query}@${place}`]);
      expect(outcome).toEqual({ code: 0, stdout: expect.stringMatching(text), stderr: "" });
    });

    it("tells of a user, and the client reads all of it", async () => {
      const { stdout } = await runClient(["--json", `alice@${place}`]);
      const { lastLogin: _, ...told } = toFingerUser("/", ALICE, Date.now() / 1000);
      const written = { ...told, officePhone: "555-1234", homePhone: "+1-555-867-5309" };
      const [session] = told.sessions ?? [];
      const user = { ...written, sessions: [{ ...session, idle: 3 * 3600 }] };
      expect(JSON.parse(stdout)).toMatchObject({ truncated: false, users: [JSON.parse(JSON.stringify(user))] });
    });

    it("tells of several users, and the client reads them all", async () => {
      const { users } = await finger(`alice bob@${place}`);
      const lastLogin = { tty: "pts/9", host: "old.example" };
      expect(users).toMatchObject([
        { login: "alice", plan: "Happy\nand well" },
        { login: "bob", lastLogin, mail: null },
      ]);
    });

    it("lists who is here, and the client reads the table", async () => {
      const { users } = await finger(`@${place}`);
      const session = { tty: "pts/7", host: "hole.example", idle: 3 * 3600, messages: false };
      expect(users).toMatchObject([{ login: "alice", name: "Alice Liddell", sessions: [session] }]);
    });
  },
);
