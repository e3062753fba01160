import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseUtmp } from "../../packages/finger-server/src/node/system/logins/utmp.js";
import { toUtmp } from "../support/login-records.js";
import { freshPath } from "../support/programs.js";
import { describePeer, hasCommand } from "./support/peer.js";

function utmpdump(args: readonly string[], input?: string | Buffer): Buffer {
  const { stdout, status } = spawnSync("utmpdump", args, { input, env: { ...process.env, TZ: "UTC" } });
  expect(status).toBe(0);
  return stdout;
}

const record = fc.record({
  type: fc.integer({ min: 1, max: 8 }),
  // Its lines have brackets around the fields.
  login: fc.stringMatching(/^[a-z][a-z0-9_-]{0,31}$/),
  tty: fc.constantFrom("pts/1", "pts/123", ":0", "tty1", "ttyS0"),
  host: fc.stringMatching(/^([a-z0-9.:-]{1,60})?$/),
  at: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
});

/** Layouts other than this machine's it cannot read. */
const isHere = hasCommand("utmpdump") && process.arch === "x64";

describePeer("utmpdump", isHere, "apt-get install util-linux", () => {
  it("reads in a file what we read in it", () => {
    const records = fc.sample(record, { numRuns: 200, seed: 7 });
    const path = freshPath();
    writeFileSync(path, Buffer.concat(records.map((one) => toUtmp(one))));
    const dumped = utmpdump([path]).toString().trim().split("\n").map(parseLine);
    const ours = parseUtmp(Buffer.concat(records.map((one) => toUtmp(one))));
    expect(ours.length).toBeGreaterThan(5);
    expect(ours).toEqual(dumped.filter((line) => line.type === 7).map(({ type, ...presence }) => presence));
  });

  it("writes a file in which we read what it was given", () => {
    const line = "[7] [04711] [ts/3] [alice   ] [pts/3       ] [hole.example        ] [192.0.2.7      ] ";
    const bytes = utmpdump(["-r"], `${line}[2026-11-26T08:49:12,000000+00:00]\n`.repeat(3));
    const alice = { login: "alice", tty: "pts/3", host: "hole.example", since: new Date("2026-11-26T08:49:12Z") };
    expect(parseUtmp(bytes)).toEqual([alice, alice, alice]);
  });

  it("finds in the files of this machine whom we find", () => {
    for (const path of ["/run/utmp", "/var/log/wtmp"]) {
      const { stdout } = spawnSync("cat", [path], { maxBuffer: 1e9 });
      const dumped = utmpdump([path])
        .toString()
        .split("\n")
        .filter((line) => line.startsWith("[7]"));
      expect(parseUtmp(stdout)).toEqual(dumped.map(parseLine).map(({ type, ...presence }) => presence));
    }
  });
});

/** `[type] [pid] [id] [user] [line] [host] [address] [time]` */
function parseLine(line: string) {
  const [type, , , login = "", tty, host, , time = ""] = line
    .slice(1, -1)
    .split("] [")
    .map((field) => field.trim());
  const since = new Date(Math.floor(Date.parse(time.replace(",", ".")) / 1000) * 1000);
  return { type: Number(type), login, tty, host: host || undefined, since };
}
