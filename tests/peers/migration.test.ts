import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type BootedMachine, bootMachine, canBoot } from "./support/booted-machine.js";
import { repository } from "./support/network.js";
import { describePeer, hasCommand } from "./support/peer.js";

// The steps of docs/guides/migration.md, on a machine where netkit's fingerd answers.

const GUIDE = readFileSync(repository("docs/guides/migration.md"), "utf8");
const STEPS = GUIDE.slice(GUIDE.indexOf("## On Debian, step by step"));

/** The only block of this language in the steps in which these words stand. */
function blockWith(words: string, language = "sh"): string {
  const blocks = [...STEPS.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))];
  const found = blocks.map(([, block = ""]) => block).filter((block) => block.includes(words));
  if (found.length !== 1) throw new Error(`${found.length} blocks of ${language} in the guide have ${words} in them.`);
  return found[0] as string;
}

const NPM = `#!/bin/sh
case "$1" in
  root) echo /run/repository/packages ;;
  install) for name in server client; do ln -s "/run/repository/packages/finger-$name/bin/finger-$name.cjs" "/run/bin/finger-$name"; done ;;
esac
`;
const PLACE = "[Service]\nEnvironment=PATH=/run/bin:/usr/bin:/bin\n";
const INETD = "finger stream tcp nowait nobody /usr/sbin/in.fingerd in.fingerd\n";
const ACCOUNTS = ["alice:x:2000:2000:Alice Liddell,,,:/home/alice:/bin/sh", "bob:x:2001:2001:Bob,,,:/home/bob:/bin/sh"];

describePeer(
  "a machine that leaves netkit's fingerd for this one",
  canBoot() && ["/usr/sbin/in.fingerd", "update-inetd", "inetd"].every(hasCommand),
  "root, with systemd and cgroups of version 2, and apt-get install fingerd openbsd-inetd",
  () => {
    let machine: BootedMachine;
    beforeAll(async () => {
      machine = await bootMachine();
      await run(`mount -t tmpfs -o mode=755 tmpfs /home && printf '%s\\n' ${quote(ACCOUNTS)} >>/etc/passwd`);
      for (const [login, mode] of Object.entries({ alice: "711", bob: "700" })) {
        await machine.write(`/home/${login}/.plan`, `The plan of ${login}.\n`);
        await run(`chown -R ${login}: /home/${login}; chmod ${mode} /home/${login}`);
      }
      await machine.write("/run/bin/npm", NPM);
      await run("chmod +x /run/bin/npm");
      await machine.write("/etc/inetd.conf", INETD);
      await run("systemd-run --quiet --unit=inetd inetd -i");
    });
    afterAll(() => machine.close());

    it("installs the units, takes the config, and finds no mistake in it", async () => {
      await run(blockWith("npm install"));
      await machine.write("/etc/finger/finger.config.yaml", blockWith("system", "yaml"));
      await machine.write(
        "/etc/systemd/system/finger-server.service.d/accounts.conf",
        blockWith("PrivateUsers", "ini"),
      );
      // Only the place of Node is another than on a machine where it is installed.
      await machine.write("/etc/systemd/system/finger-server.service.d/path.conf", PLACE);
      await run(blockWith("--check"));
    });

    it("finds that both servers say the same of everybody", async () => {
      const trial = blockWith("--port 7979").trim();
      await run(`systemd-run --quiet --unit=trial --setenv=PATH="$PATH" ${trial}`);
      await expect.poll(() => run("finger-client alice@127.0.0.1:7979 || true")).toContain("The plan of alice.");
      const said = await run(blockWith("diff"));
      // The machine has whom this one has, too.
      expect(said).toMatch(/^(.+: the same\n)+$/);
      expect(said).toMatch(/^alice: the same\nbob: the same$/m);
      await run("systemctl stop trial");
    });

    it("switches, and has the plans of those whose homes let others in", async () => {
      await run(blockWith("update-inetd --disable"));
      const said = await run(blockWith("journalctl").replace(/^journalctl.*\n/m, ""));
      expect(said).toMatch(/^active\nactive\nLogin: alice .*Name: Alice Liddell\n/);
      expect(said).toMatch(/Plan:\nThe plan of alice\.\nNo one logged on\.\n$/);
      expect(await run("systemctl show finger-server.service --property=StatusText")).toContain("79");
      expect(await run("finger-client bob@127.0.0.1")).toMatch(/No Plan\.\n$/);
      await run(GUIDE.match(/^chmod o\+x.*\nchmod o\+r.*\n/m)?.[0].replaceAll("alice", "bob") ?? "false");
      expect(await run("finger-client bob@127.0.0.1")).toMatch(/Plan:\nThe plan of bob\.\n$/);
    });

    it("goes back", async () => {
      await run(blockWith("update-inetd --enable"));
      expect(await run("finger-client root@127.0.0.1")).toMatch(/^Login: root /);
    });

    async function run(script: string): Promise<string> {
      const { code, stdout, stderr } = await machine.run(["bash", "--norc", "-c", script]);
      if (code !== 0) throw new Error(`${script} ended with ${code}: ${stdout}${stderr}`);
      return stdout;
    }
  },
);

function quote(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(" ");
}
