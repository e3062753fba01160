import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Inetd, serveByInetd } from "./inetd.js";
import { type Account, PLACES, writeMachine } from "./made-up-machine.js";
import { withMounts } from "./mounts.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const now = Math.floor(Date.now() / 1000);
/** Most servers print no seconds. */
const minute = now - (now % MINUTE);

/** One who is here, and fills every line. */
export const ALICE: Account = {
  login: "alice",
  gecos: "Alice Liddell,Room 42,5551234,15558675309",
  shell: "/bin/bash",
  files: { ".plan": "Happy\nand well", ".project": "A garden" },
  mail: { text: "From a\n", receivedAt: minute - HOUR, readAt: minute - 2 * HOUR },
  sessions: [{ at: minute - 5 * HOUR, tty: "pts/7", host: "hole.example", keyAt: now - 3 * HOUR, messages: false }],
  last: { at: minute - 5 * HOUR, tty: "pts/7", host: "hole.example" },
};

/** One who was here once, and has nothing. */
const BOB: Account = {
  login: "bob",
  gecos: "Bob Builder",
  shell: "/bin/sh",
  files: {},
  sessions: [],
  last: { at: minute - 50 * HOUR, tty: "pts/9", host: "old.example" },
};

/** How a program sees its machine, other than by the accounts. */
interface Machine {
  /** The whole of /etc beside what tells of the accounts: folders, by name. @default as it is here */
  readonly etc?: Readonly<Record<string, string>> | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** Serves the program to a free port, as inetd does, on a machine where only Alice and Bob have accounts. */
export async function serveMachine(
  program: readonly string[],
  { etc, env }: Machine = {},
): Promise<Inetd & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "finger-machine-"));
  await chmod(folder, 0o755); // for servers that make themselves nobody
  await writeMachine(folder, [ALICE, BOB]);
  const passwd = join(folder, "passwd");
  await writeFile(passwd, (await readFile(passwd, "utf8")).replaceAll(join(folder, "home"), "/home"));
  const places = Object.fromEntries(Object.entries(PLACES).map(([name, at]) => [at, join(folder, name)]));
  const own = etc === undefined ? {} : { "/etc": await writeEtc(folder, etc) };
  const inetd = await serveByInetd(withMounts({ ...own, "/home": join(folder, "home"), ...places }, program), {
    TZ: "UTC",
    ...env,
  });
  const close = async () => {
    await inetd.close();
    await rm(folder, { recursive: true });
  };
  return { port: inetd.port, folder, close };
}

async function writeEtc(folder: string, parts: Readonly<Record<string, string>>): Promise<string> {
  const etc = join(folder, "etc");
  await mkdir(etc);
  await writeFile(join(etc, "hosts"), "127.0.0.1 localhost\n");
  await writeFile(join(etc, "group"), "root:x:0:\nnogroup:x:65534:\n");
  await writeFile(join(etc, "passwd"), "");
  for (const [name, path] of Object.entries(parts)) await cp(path, join(etc, name), { recursive: true });
  return etc;
}
