import { existsSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { finger, fingerStream } from "finger-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runClient } from "./support/client.js";
import { serveMachine } from "./support/machine-server.js";
import { canMount } from "./support/mounts.js";
import { describePeer, hasCommand } from "./support/peer.js";
import { unpacked } from "./support/unpacked.js";

const EFINGERD = unpacked("efingerd", "/usr/sbin/efingerd");
const SCRIPTS = unpacked("efingerd", "/etc/efingerd");
/** Where the library is depends on the architecture. */
const LIBRARIES = ["x86_64", "aarch64"].map((name) => unpacked("libident", `/usr/lib/${name}-linux-gnu`)).join(":");

/** A user's own program: a greeting in colour, and what else commands a terminal. */
const GREETING = `#!/bin/sh
printf '\\033[1;31mBonjour\\033[0m, \\343\\201\\223\\343\\202\\223 \\033]0;owned\\007caf\\303\\251\\033[2J\\n'
printf 'latin caf\\351, half \\303\\n'
`;

describePeer(
  "efingerd",
  existsSync(EFINGERD) && existsSync(unpacked("libident", "/usr")) && hasCommand("finger") && canMount(),
  "scripts/install-peers.sh, apt-get install finger, and the right to unshare(1) its mounts",
  () => {
    let machine: Awaited<ReturnType<typeof serveMachine>>;
    let place: string;
    beforeAll(async () => {
      machine = await serveMachine([EFINGERD, "-n"], {
        etc: { efingerd: SCRIPTS },
        env: { LD_LIBRARY_PATH: LIBRARIES },
      });
      place = `127.0.0.1:${machine.port}`;
      // dpkg-deb leaves them as they are in the package, where it is left to its postinst.
      for (const name of ["list", "luser", "nouser"]) await chmod(join(machine.folder, "etc/efingerd", name), 0o755);
      await writeFile(join(machine.folder, "home/bob/.efingerd"), GREETING, { mode: 0o755 });
    });
    afterAll(() => machine.close());

    const OF_ALICE =
      /^Alice Liddell Room 42 5551234 15558675309\n\nHello 127\.0\.0\.1,this is our dear user alice:\nLogin: alice [^\r]*\nPlan:\nHappy\nand well\n\n$/;
    const NOBODY =
      /^\nHello 127\.0\.0\.1,\nYou tried to finger non-existent user!!!\n[^\r]*\nExpect a visit soon\.\n\n\n$/;
    const LIST =
      /^\nHello 127\.0\.0\.1,\nusers currently logged in are:\n\nNAME .*\nalice .* pts\/7 .*\(hole\.example\)\n\n\n$/;
    const ANSWERS: ReadonlyArray<readonly [args: readonly string[], query: string, why: string, text: RegExp]> = [
      [[], "alice", "a user whose script it runs, and then finger", OF_ALICE],
      [["-l"], "alice", 'it looks for a user called "/W alice", and is asked again', OF_ALICE],
      [["-s"], "/W alice", "who types the switch gets what was typed", NOBODY],
      [[], "", "who is here", LIST],
      [["-l"], "", 'it looks for a user called "/W", and is asked again', LIST],
      [[], "eve", "nobody", NOBODY],
      [["-l"], "eve", "nobody is asked for twice, and printed once", NOBODY],
      [[], "alice@elsewhere.example", "it knows nothing of forwarding", NOBODY],
    ];
    it.each(ANSWERS)("with %j answers %j: %s", async (args, query, _why, text) => {
      const outcome = await runClient([...args, `${query}@${place}`]);
      expect(outcome).toEqual({ code: 0, stdout: expect.stringMatching(text), stderr: "" });
    });

    it("tells of a user, and the client reads who that is behind the greeting", async () => {
      const { users } = await finger(`alice@${place}`);
      expect(users).toMatchObject([{ login: "alice", name: "Alice Liddell", plan: "Happy\nand well" }]);
    });

    const SAFE = "Bob Builder\nBonjour, こん café\nlatin café, half Ã\n\n";
    const IN_COLOR = SAFE.replace("Bonjour", "\x1b[1;31mBonjour\x1b[0m");
    const FORMS: ReadonlyArray<readonly [args: readonly string[], stdout: string, why: string]> = [
      [[], SAFE, "what commands a terminal is left out, and both encodings are read"],
      [["--color"], `${IN_COLOR}\x1b[0m`, "colours stay, and nothing but colours"],
      [["--color", "--no-color"], SAFE, "the last word counts"],
      [["--ascii"], "Bob Builder\nBonjour, ?? cafe\nlatin cafe, half A\n\n", "letters lose their accents"],
    ];
    it.each(FORMS)("runs a user's own program, of which %j prints %j: %s", async (args, stdout) => {
      expect(await runClient([...args, `bob@${place}`])).toEqual({ code: 0, stdout, stderr: "" });
    });

    it("gives the library the same text in all ways, and the bytes as they came", async () => {
      const { text, bytes, users } = await finger(`bob@${place}`);
      let streamed = "";
      for await (const piece of fingerStream(`bob@${place}`)) streamed += piece;
      const { stdout } = await runClient(["--json", `bob@${place}`]);
      expect([text, streamed, JSON.parse(stdout).text]).toEqual([SAFE, SAFE, SAFE]);
      expect(Buffer.from(bytes).toString("latin1")).toBe(
        "Bob Builder\r\n\x1b[1;31mBonjour\x1b[0m, \xe3\x81\x93\xe3\x82\x93 \x1b]0;owned\x07caf\xc3\xa9\x1b[2J\nlatin caf\xe9, half \xc3\n\r\n",
      );
      expect(users).toEqual([]);
    });
  },
);
