import { readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createLogins } from "../../packages/finger-server/src/node/system/logins/create-logins.js";
import { freshPath } from "../support/programs.js";
import { type BootedMachine, bootMachine, canBoot } from "./support/booted-machine.js";
import { describePeer, hasCommand } from "./support/peer.js";

/** As where it is installed, but for its walls. */
const LOGIND = `[Service]
Type=dbus
BusName=org.freedesktop.login1
ExecStart=/lib/systemd/systemd-logind
RuntimeDirectory=systemd/sessions systemd/seats systemd/users systemd/inhibit systemd/shutdown
RuntimeDirectoryPreserve=yes
`;

const isPossible = canBoot() && ["dbus-daemon", "loginctl", "script"].every(hasCommand);

describePeer("logind", isPossible, "root, apt-get install dbus libpam-systemd, and cgroups of version 2", () => {
  let machine: BootedMachine;
  let logins: ReturnType<typeof createLogins>;
  let time = 0;
  const errors: unknown[] = [];

  beforeAll(async () => {
    machine = await bootMachine();
    // Its terminals are to be its own.
    await run("mount", "-t", "devpts", "-o", "newinstance,ptmxmode=666", "devpts", "/dev/pts");
    await run("mount", "--bind", "/dev/pts/ptmx", "/dev/ptmx");
    for (const name of ["dbus.socket", "dbus.service"]) {
      await run("ln", "-s", `/lib/systemd/system/${name}`, `/etc/systemd/system/${name}`);
    }
    await machine.write("/etc/systemd/system/systemd-logind.service", LOGIND);
    await run("systemctl", "daemon-reload");
    await run("systemctl", "start", "dbus.socket", "systemd-logind");
    const first = findFirstProcess((await run("readlink", "/proc/self/ns/pid")).trim());
    const loginctl = freshPath();
    const enter = `exec nsenter -t ${first} -p -m -u -i -n -C -- loginctl "$@"`;
    writeFileSync(loginctl, `#!/bin/sh\n${enter}\n`, { mode: 0o755 });
    logins = createLogins({
      utmp: `/proc/${first}/root/run/utmp`,
      logind: `/proc/${first}/root/run/systemd/sessions`,
      commands: { loginctl, lastlog2: "/nowhere", wtmpdb: "/nowhere" },
      now: () => time,
      onError: (error) => void errors.push(error),
    });
  });
  afterAll(() => machine.close());

  it("has nobody before somebody logs in", async () => {
    expect(await logins.present()).toEqual(new Map());
  });

  it("tells who is on, at which terminal and since when, and not what runs for somebody without one", async () => {
    await run("systemd-run", "--unit=terminal", "script", "-qc", "sleep 1000", "/dev/null");
    await run("sh", "-c", "until [ -e /dev/pts/0 ]; do sleep 0.05; done");
    const before = Math.floor(Date.now() / 1000) * 1000;
    await run("systemd-run", "--unit=games", ...asLogin("games"), "--property=TTYPath=/dev/pts/0", "sleep", "1000");
    await run("systemd-run", "--unit=daemon", ...asLogin("daemon"), "sleep", "1000");
    await run("sh", "-c", "until [ $(loginctl list-sessions --no-legend | wc -l) = 2 ]; do sleep 0.05; done");
    const present = await look();
    expect([...present.keys()]).toEqual(["games"]);
    const [session, ...others] = present.get("games") ?? [];
    expect(others).toEqual([]);
    expect(session).toMatchObject({ login: "games", tty: "pts/0", host: undefined });
    expect(session?.since?.getTime()).toBeGreaterThanOrEqual(before);
    expect(session?.since?.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it("has nobody again when they have gone", async () => {
    await run("systemctl", "stop", "games");
    await run("sh", "-c", "until [ $(loginctl list-sessions --no-legend | wc -l) = 1 ]; do sleep 0.05; done");
    expect(await look()).toEqual(new Map());
    expect(errors).toEqual([]);
  });

  /** Later than anything is kept. */
  function look() {
    time += 60_000;
    return logins.present();
  }

  async function run(...argv: string[]): Promise<string> {
    const outcome = await machine.run(["timeout", "10", ...argv]);
    expect(outcome, argv.join(" ")).toMatchObject({ code: 0 });
    return outcome.stdout;
  }
});

/** What systemd does for login(1) and its like: a session begins and ends with the program. */
function asLogin(user: string): readonly string[] {
  return [`--property=User=${user}`, "--property=PAMName=login"];
}

/** The first process of a namespace, by the number that it has outside. */
function findFirstProcess(namespace: string): number {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const inside = pids.filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/ns/pid`) === namespace;
    } catch {
      return false;
    }
  });
  return Math.min(...inside.map(Number));
}
