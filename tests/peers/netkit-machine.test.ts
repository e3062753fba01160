import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { formatUser } from "finger-protocol";
import { afterAll, beforeAll, expect, it } from "vitest";
import { lookIntoHome } from "../../packages/finger-server/src/node/system/home/look-into-home.js";
import { readHome } from "../../packages/finger-server/src/node/system/home/read-home.js";
import { readMailbox } from "../../packages/finger-server/src/node/system/mailbox.js";
import { readTerminal } from "../../packages/finger-server/src/node/system/terminal.js";
import { type Account, PLACES, toFingerUser, writeMachine } from "./support/made-up-machine.js";
import { canMount, withMounts } from "./support/mounts.js";
import { describePeer, hasCommand } from "./support/peer.js";

const HOUR = 3600;
const now = Math.floor(Date.now() / 1000);

/** What an account has, where it is not as most are. */
interface Case {
  readonly why: string;
  readonly files?: Account["files"];
  readonly mail?: Account["mail"];
  /** Of its terminal: the seconds since the last key, and the right to write there; `undefined` when there is none. */
  readonly terminal?: { readonly idle: number; readonly mode: number } | "gone" | "display";
}

const CASES: readonly Case[] = [
  { why: "has nothing" },
  { why: "has mail that is new", mail: { text: "From\n", receivedAt: now - HOUR, readAt: now - 2 * HOUR } },
  { why: "has read the mail", mail: { text: "From\n", receivedAt: now - 2 * HOUR, readAt: now - HOUR } },
  { why: "has read the mail as it came", mail: { text: "From\n", receivedAt: now - HOUR, readAt: now - HOUR } },
  { why: "has an empty mailbox", mail: { text: "", receivedAt: now - HOUR, readAt: now - HOUR } },
  { why: "has been idle for hours", terminal: { idle: 30 * HOUR, mode: 0o620 } },
  { why: "wants no messages", terminal: { idle: 2 * HOUR, mode: 0o600 } },
  { why: "lets the group alone write", terminal: { idle: 2 * HOUR, mode: 0o020 } },
  { why: "lets the owner alone write", terminal: { idle: 2 * HOUR, mode: 0o200 } },
  { why: "has a key of tomorrow", terminal: { idle: -24 * HOUR, mode: 0o620 } },
  { why: "has lost the terminal", terminal: "gone" },
  { why: "has an X display", terminal: "display" },
  {
    why: "has all files",
    files: { ".plan": "A\n\nB", ".project": "", ".pgpkey": "key\n", ".forward": "bob@b.example\n" },
  },
];

const accounts: readonly Account[] = CASES.map(({ files = {}, mail, terminal }, index) => {
  const state = typeof terminal === "object" ? terminal : { idle: 0, mode: 0o620 };
  const session = {
    at: now - 40 * HOUR,
    tty: terminal === "display" ? ":7" : `pts/${index}`,
    host: "",
    keyAt: now - state.idle,
    messages: true,
  };
  const sessions = terminal === undefined ? [] : [session];
  return { login: `user${index}`, gecos: "User", shell: "/bin/sh", files, mail, sessions };
});

describePeer(
  "netkit's finger on a machine of which we read the mailboxes, the terminals and the homes",
  hasCommand("finger") && canMount(),
  "apt-get install finger util-linux, and the right to unshare(1) its mounts",
  () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "finger-machine-"));
      await writeMachine(folder, accounts);
      for (const [index, { terminal }] of CASES.entries()) {
        const path = join(folder, `pts/${index}`);
        if (typeof terminal === "object") await chmod(path, terminal.mode);
        if (terminal === "gone") await rm(path);
      }
    });
    afterAll(() => rm(folder, { recursive: true }));

    /** Its words, and not those for the operator. It takes our end of its output for a socket, and writes CR before LF. */
    async function netkit(login: string): Promise<string> {
      const places = Object.fromEntries(Object.entries(PLACES).map(([name, at]) => [at, join(folder, name)]));
      const [command = "", ...argv] = withMounts(places, ["finger", "-lm", login]);
      const { stdout } = await promisify(execFile)(command, argv, { env: { ...process.env, TZ: "UTC" } });
      return stdout.replaceAll("\r\n", "\n");
    }

    async function write(account: Account, at: Date): Promise<string> {
      const { login, sessions } = account;
      const { directory = "", ...user } = toFingerUser(folder, account, now);
      const uid = process.getuid?.() ?? 0; // whose the files of the machine are here
      const found = await lookIntoHome({ login, uid, gid: uid, gecos: "", directory, shell: "" }, readHome);
      if (!found) throw new Error(`The home of ${login} is not found.`);
      const seen = {
        ...user,
        directory,
        mail: await readMailbox(login, join(folder, "mail")),
        ...found,
        sessions: await Promise.all(
          sessions.map(async ({ at: since, tty }) => ({
            since: new Date(since * 1000),
            tty,
            ...(await readTerminal(tty, folder, at.getTime())),
          })),
        ),
      };
      return formatUser(seen, { layout: "netkit", timeZone: "UTC", now: at });
    }

    it.each(CASES.map(({ why }, index) => [index, why] as const))(
      "says what we say of user %i, who %s",
      async (index) => {
        const account = accounts[index] as Account;
        const start = Math.floor(Date.now() / 1000);
        const printed = await netkit(account.login);
        const ours: string[] = [];
        for (let at = start; at <= Date.now() / 1000; at++) ours.push(await write(account, new Date(at * 1000)));
        expect(ours.find((text) => text === printed) ?? ours.at(-1)).toBe(printed);
      },
    );
  },
);
