import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect } from "vitest";
import { IS_ROOT } from "./mounts.js";
import { type Outcome, repository } from "./network.js";
import { hasCommand } from "./peer.js";

/**
 * A machine of our own, as far as namespaces go, whose first process is systemd. It has the files of this one, which it
 * cannot change; `/etc`, `/run`, `/tmp`, `/var/lib`, the network and the processes are its own, and so are the units, of which it
 * has none but ours. This repository is at `/run/repository`, and `/run/bin` comes first in its `PATH`, with a `node`.
 */
export interface BootedMachine {
  /** Runs a command as its root; resolves to how it ended. */
  run(argv: readonly string[], input?: string): Promise<Outcome>;
  /** Writes a file, and the folders that it needs. */
  write(path: string, content: string): Promise<void>;
  close(): Promise<void>;
}

const SYSTEMD = "/lib/systemd/systemd";

/** Tells whether this machine lets us make one: root has to be real, and the control groups of version 2. */
export function canBoot(): boolean {
  if (!IS_ROOT || ![SYSTEMD, "nsenter", "ip"].every(hasCommand)) return false;
  return spawnSync("unshare", ["-m", "sh", "-c", `${OWN_GROUP}\n${NO_GROUP}`]).status === 0;
}

/** @param node - The Node that programs there find, whose version is then theirs. */
export async function bootMachine(node: string = process.execPath): Promise<BootedMachine> {
  const child = spawn("unshare", ["-m", "sh", "-c", KEEP, "sh", BOOT, node, repository("")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const pid = await readPid(child);
  const machine: BootedMachine = {
    run: (argv, input) => enter(pid, argv, input),
    async write(path, content) {
      const outcome = await enter(pid, ["sh", "-c", 'mkdir -p "$(dirname "$0")" && cat >"$0"', path], content);
      expect(outcome).toMatchObject({ code: 0 });
    },
    async close() {
      const exited = once(child, "exit");
      child.stdin?.end();
      await exited;
    },
  };
  const isUp = "until systemctl --quiet is-active basic.target; do sleep 0.05; done";
  expect(await machine.run(["timeout", "20", "sh", "-c", isUp])).toMatchObject({ code: 0 });
  return machine;
}

/** The first process there tells its number here, before it becomes systemd. */
async function readPid(child: ChildProcess): Promise<number> {
  for await (const line of createInterface({ input: child.stdout as Readable })) return Number(line);
  throw new Error("The machine has ended before it was booted.");
}

async function enter(pid: number, argv: readonly string[], input = ""): Promise<Outcome> {
  const child = spawn("nsenter", ["-t", `${pid}`, "-p", "-m", "-u", "-i", "-n", "-C", "--", ...argv], {
    env: { PATH },
    cwd: "/",
  });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code, stdout, stderr };
}

const PATH = "/run/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** A control group of our own, or systemd would take those of this machine for its own. */
const OWN_GROUP = `
set -e
groups=$(mktemp -d)
mount -t cgroup2 cgroup2 "$groups"
group=$(mktemp -d "$groups/finger-test-XXXXXX")`;

/** The last processes of a group may take a moment to be gone. */
const NO_GROUP = `
until find "$group" -depth -type d -exec rmdir {} + 2>/dev/null; do sleep 0.05; done
umount "$groups"
rmdir "$groups"`;

/** Keeps the machine until standard input ends, which it does when the test ends in whatever way; then nothing is left of it. */
const KEEP = `${OWN_GROUP}
(
  echo 0 >"$group/cgroup.procs"
  exec unshare --pid --mount --uts --ipc --net --cgroup --fork --kill-child sh -c "$@" </dev/null
) &
exec >/dev/null
cat
kill -KILL $! || true
wait
${NO_GROUP}`;

/** Targets that the units wait for, and no more: what else a machine does at its start would reach out of this one. */
const TARGETS = "sysinit basic network sockets multi-user shutdown umount";

const BOOT = `
set -e
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/repository /run/bin /run/etc/upper /run/etc/work /run/units
mount --rbind "$1" /run/repository
touch /run/bin/node
mount --bind "$0" /run/bin/node
mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work /etc
for place in /etc/systemd/system /tmp /var/tmp /var/lib; do mount -t tmpfs -o mode=755 tmpfs "$place"; done
chmod 1777 /tmp /var/tmp
mount --bind /dev/null /dev/console
mount -o remount,bind,ro /
ip link set lo up
for target in ${TARGETS}; do printf '[Unit]\\nDescription=%s\\n' "$target" >"/run/units/$target.target"; done
read -r pid rest </proc/self/stat
echo "$pid"
exec >/dev/null 2>&1
mount -t proc proc /proc
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount --make-rshared /
exec env -i container=finger-test PATH=${PATH} \\
  SYSTEMD_UNIT_PATH=/etc/systemd/system:/run/units SYSTEMD_GENERATOR_PATH=/run/none SYSTEMD_ENVIRONMENT_GENERATOR_PATH=/run/none \\
  ${SYSTEMD} --system --unit=basic.target`;
