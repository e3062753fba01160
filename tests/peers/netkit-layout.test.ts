import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { type FormatOptions, formatUser, formatUserList } from "finger-protocol";
import { afterAll, beforeAll, expect, it } from "vitest";
import { anyAccount, DAY, START } from "./support/made-up-accounts.js";
import { type Account, PLACES, toFingerUser, writeMachine } from "./support/made-up-machine.js";
import { describePeer, hasCommand } from "./support/peer.js";

const UNSHARE = process.getuid?.() === 0 ? ["-m"] : ["-rm"];
const canMount = spawnSync("unshare", [...UNSHARE, "mount", "-t", "tmpfs", "tmpfs", "/run"]).status === 0;

const account = anyAccount(
  fc.oneof(fc.stringMatching(/^[a-z][a-z0-9_-]{0,7}$/), fc.stringMatching(/^[a-z][a-z0-9]{10,30}$/)),
);

/** Some made up by hand, many by chance; each session has a terminal of its own. */
function makeUp(): Account[] {
  const seed = START;
  console.log(`made-up accounts of seed ${seed}`);
  const none = { shell: "/bin/bash", files: {}, sessions: [] };
  const byHand: Account[] = [
    { ...none, login: "alice", gecos: "& Liddell,Room 42,5551234,15558675309", files: { ".plan": "Happy\nand well" } },
    {
      ...none,
      login: "bob",
      gecos: "*Bob & Builder",
      last: { at: START - 400 * DAY, tty: "pts/9", host: "old.example" },
    },
    { ...none, login: "joined", gecos: `J,${"x".repeat(24)},1234567,` },
    { ...none, login: "apart", gecos: `A,${"x".repeat(25)},1234567,1234` },
    { ...none, login: "empty", gecos: "", shell: "", files: { ".plan": "", ".forward": "", ".project": "\n" } },
  ];
  const byChance = fc.sample(account, { numRuns: 60, seed });
  const unique = [...new Map([...byHand, ...byChance].map((made) => [made.login, made])).values()];
  let terminals = 0;
  return unique.map((made) => ({
    ...made,
    sessions: made.sessions.map((session) => ({
      ...session,
      tty: terminals++ % 7 === 6 ? `:${terminals}` : `pts/${terminals}`,
    })),
  }));
}

describePeer(
  "netkit's finger on a made-up machine",
  hasCommand("finger") && canMount,
  "apt-get install finger util-linux, and the right to unshare(1) its mounts",
  () => {
    const accounts = makeUp();
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "finger-machine-"));
      await writeMachine(folder, accounts);
    });
    afterAll(() => rm(folder, { recursive: true }));

    /**
     * Lays the made-up files over the real ones, for this one process, and asks finger through a pipe. Debian's takes the
     * width of the screen from COLUMNS.
     */
    async function netkit({ timeZone = "UTC", width = 80 }: FormatOptions, ...args: string[]): Promise<string> {
      const mounts = Object.entries(PLACES).map(([name, place]) => `mount --bind "$0/${name}" ${place}`);
      const script = ["set -e", ...mounts, 'finger "$@" | cat'].join("\n");
      const argv = [...UNSHARE, "sh", "-c", script, folder, ...args];
      const { stdout } = await promisify(execFile)("unshare", argv, {
        env: { ...process.env, TZ: timeZone, COLUMNS: String(width) },
        maxBuffer: 1e8,
      });
      return stdout.replaceAll("\ufffd", " "); // half a character, where finger cuts a column through one
    }

    /** finger reads the clock itself: what it prints is what we would in one of the seconds since it was started. */
    async function compare(
      args: string[],
      write: (users: ReturnType<typeof toFingerUser>[], options: FormatOptions) => string,
      options: FormatOptions = { timeZone: "UTC" },
    ) {
      const before = Math.floor(Date.now() / 1000);
      const printed = await netkit(options, ...args);
      const after = Math.floor(Date.now() / 1000);
      const ours = [];
      for (let now = before; now <= after; now++) {
        const users = accounts.map((made) => toFingerUser(folder, made, now));
        ours.push(write(users, { layout: "netkit", now: new Date(now * 1000), ...options }));
      }
      expect(ours.find((text) => text === printed) ?? ours.at(-1)).toBe(printed);
    }

    const logins = accounts.map(({ login }) => login);

    it.each(["UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Sydney", "America/Sao_Paulo"])(
      "prints what formatUser writes, to the byte, in %s",
      async (timeZone) => {
        const write = (users: ReturnType<typeof toFingerUser>[], options: FormatOptions) =>
          users.map((user) => formatUser(user, options)).join("\n");
        await compare(["-lm", ...logins], write, { timeZone });
      },
    );

    it("prints what formatUser writes without plans", async () => {
      await compare(["-lmp", ...logins], (users, options) =>
        users.map((user) => formatUser(user, { ...options, plans: false })).join("\n"),
      );
    });

    it.each(["UTC", "Asia/Tokyo"])("prints what formatUserList writes, to the byte, in %s", async (timeZone) => {
      await compare(["-sm", ...logins], formatUserList, { timeZone });
    });

    it.each([40, 72, 81, 100, 200])("prints what formatUserList writes on a screen of %i columns", async (width) => {
      await compare(["-sm", ...logins], formatUserList, { timeZone: "UTC", width });
    });

    it("prints what formatUserList writes of one user, whose columns are as narrow as can be", async () => {
      await compare(["-sm", "bob"], (users, options) =>
        formatUserList(
          users.filter(({ login }) => login === "bob"),
          options,
        ),
      );
    });
  },
);
