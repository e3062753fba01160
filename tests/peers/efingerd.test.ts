import { existsSync } from "node:fs";
import { appendFile, chmod, chown, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildModule } from "../support/module.js";
import { FOLDER, freshPath } from "../support/programs.js";
import { exchange } from "../support/sockets.js";
import { serveMachine } from "./support/machine-server.js";
import { canMount, IS_ROOT } from "./support/mounts.js";
import { describePeer, hasCommand } from "./support/peer.js";
import { unpacked } from "./support/unpacked.js";

const EFINGERD = unpacked("efingerd", "/usr/sbin/efingerd");
const SCRIPTS = unpacked("efingerd", "/etc/efingerd");
/** Where the library is depends on the architecture. */
const LIBRARIES = ["x86_64", "aarch64"].map((name) => unpacked("libident", `/usr/lib/${name}-linux-gnu`)).join(":");
/** As the machine has them. */
const BOB = { login: "bob", uid: 2001, gid: 2001, directory: "/home/bob" };
const ALICE = { login: "alice", uid: 2000, gid: 2000, directory: "/home/alice" };

/** What Debian's scripts do not show. */
const OWN = `#!/bin/sh
echo "$# of $0" | sed 's,of .*/,of ,'
echo "<$1> <$2> <$3>"
printf 'caf\\303\\251 without an end'
[ "$3" = alice ]
`;

/** Answers one query on stdin as inetd's programs do, by our programs and nothing else. */
async function writeServer(): Promise<string> {
  const source = new URL("../../packages/finger-server/src/node/system/programs/programs.ts", import.meta.url);
  const path = `${freshPath()}.mjs`;
  await writeFile(
    path,
    `import { once } from "node:events";
     import { createPrograms } from ${JSON.stringify(await buildModule(fileURLToPath(source)))};
     const accounts = new Map(${JSON.stringify([ALICE, BOB].map((account) => [account.login, account]))});
     const programs = createPrograms({ folder: "/etc/efingerd", user: 65534, group: 65534, home: true });
     const [query] = await once(process.stdin.setEncoding("utf8"), "data");
     const name = query.trim();
     const context = { peer: { address: "127.0.0.1", port: 1 }, signal: new AbortController().signal };
     const account = accounts.get(name);
     const printed = await (name === "" ? programs.list(context)
       : account ? programs.user(account, context) : programs.nobody(name, context));
     for await (const piece of printed) process.stdout.write(piece);
     process.exit();`,
  );
  return path;
}

describePeer(
  "efingerd, whose scripts we run, too",
  IS_ROOT &&
    existsSync(EFINGERD) &&
    existsSync(unpacked("libident", "/usr")) &&
    ["finger", "setpriv"].every(hasCommand) &&
    canMount(),
  "scripts/install-peers.sh, apt-get install finger util-linux, and root, who may unshare(1) its mounts",
  () => {
    type Served = Awaited<ReturnType<typeof serveMachine>>;
    let theirs: Served;
    let ours: Served;
    beforeAll(async () => {
      await chmod(FOLDER, 0o755);
      const machine = { etc: { efingerd: SCRIPTS }, env: { LD_LIBRARY_PATH: LIBRARIES } };
      // It writes the real name by itself if it is not told to leave it out.
      theirs = await serveMachine([EFINGERD, "-n", "-f"], machine);
      ours = await serveMachine([process.execPath, await writeServer()], {
        etc: machine.etc,
        // Node would say on stderr, which is the peer's, that these are not on that machine.
        env: { NODE_EXTRA_CA_CERTS: "" },
      });
      for (const { folder } of [theirs, ours]) {
        for (const name of ["list", "luser", "nouser"]) await chmod(join(folder, "etc/efingerd", name), 0o755);
        await writeProgram(folder, OWN);
        await appendFile(join(folder, "etc/group"), "club:x:3000:bob\n");
      }
    });
    afterAll(() => Promise.all([theirs.close(), ours.close()]));

    /** Bob's own. */
    async function writeProgram(folder: string, text: string): Promise<void> {
      const home = join(folder, "home/bob");
      await writeFile(join(home, ".efingerd"), text, { mode: 0o755 });
      for (const path of [home, join(home, ".efingerd")]) await chown(path, BOB.uid, BOB.gid);
    }

    function ask({ port }: Served, query: string): Promise<string> {
      return exchange(port, [`${query}\r\n`]);
    }

    const QUERIES: ReadonlyArray<readonly [query: string, says: string, why: string]> = [
      ["", "users currently logged in are:", "who is here, by list"],
      ["alice", "this is our dear user alice:", "a user without a program, by luser"],
      ["bob", "<(null)> <127.0.0.1> <bob>\n", "a user with one"],
      ["eve", "You tried to finger non-existent user!!!", "nobody, by nouser"],
      ["uname", "Linux", "a word that Debian's nouser knows"],
      ["a b $(id) `id` *", "You tried to finger non-existent user!!!", "what no shell may see"],
    ];
    it.each(QUERIES)("is asked for %j, and tells the same as we: %s", async (query, says) => {
      const [answer, own] = [await ask(theirs, query), await ask(ours, query)];
      expect(own).toContain(says);
      // The empty line at the end is its own; line ends are the affair of our server.
      expect(`${own}\n`).toBe(answer.replaceAll("\r", ""));
    });

    const NAMES = ["a b", "../../etc/passwd", "$(id);`id`", "a|b&c<d>e'f\"g", "A.b_c-d:9", "x".repeat(300)];
    it.each(NAMES)("gives %j to nouser as we give it", async (name) => {
      for (const { folder } of [theirs, ours]) {
        await writeFile(join(folder, "etc/efingerd/nouser"), '#!/bin/sh\necho "<$3>"\n');
      }
      expect(`${await ask(ours, name)}\n`).toBe((await ask(theirs, name)).replaceAll("\r", ""));
    });

    it("runs a user's program as itself, and we as the user, in all groups of the user's", async () => {
      const script = "#!/bin/sh\nid -u; id -g; id -G; pwd\n";
      for (const { folder } of [theirs, ours]) await writeProgram(folder, script);
      expect(await ask(theirs, "bob")).toMatch(/^0\n0\n0[ \d]*\n.*\n\r\n$/);
      expect(await ask(ours, "bob")).toBe("2001\n2001\n2001 3000\n/home/bob\n");
    });
  },
);
