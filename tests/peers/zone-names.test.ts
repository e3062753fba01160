import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { readZoneName } from "../../packages/finger-server/src/node/zone-names/read-zone-name.js";
import { toSeconds } from "../../packages/finger-server/src/node/zone-names/to-seconds.js";
import { freshPath } from "../support/programs.js";
import { exchange } from "../support/sockets.js";
import { describePeer } from "./support/peer.js";
import { startServer, writeFresh } from "./support/server-command.js";

const FOLDER = "/usr/share/zoneinfo";
const DAYS = ["1970-07-01", "2026-01-15", "2026-07-15", "2050-01-15", "2050-07-15"];

/** On the first of {@link DAYS}. */
const ZONES: ReadonlyArray<[zone: string, names: readonly string[], why: string]> = [
  ["Europe/Dublin", ["IST", "GMT", "IST", "GMT", "IST"], "standard time is that of the summer"],
  ["Asia/Jerusalem", ["IST", "IST", "IDT", "IST", "IDT"], "there was no summer time in 1970"],
  ["America/St_Johns", ["NDT", "NST", "NDT", "NST", "NDT"], "half hours have names, too"],
  ["Asia/Kolkata", ["IST", "IST", "IST", "IST", "IST"], "there is no summer time"],
  ["UTC", ["UTC", "UTC", "UTC", "UTC", "UTC"], "nothing ever changes"],
  ["GMT", ["GMT", "GMT", "GMT", "GMT", "GMT"], "it is not UTC by name"],
  ["Africa/Casablanca", ["+00", "+01", "+01"], "summer time lasts all year but Ramadan, for now"],
  ["Antarctica/Troll", ["-00", "+00", "+02", "+00", "+02"], "nobody was there in 1970"],
];

/** What date(1) calls each zone on each day, with its offset; one process a zone. */
function askDate(zones: readonly string[]): ReadonlyArray<[zone: string, date: Date, offset: string, name: string]> {
  const days = freshPath();
  writeFileSync(days, DAYS.map((day) => `${day}T00:00:00Z\n`).join(""));
  const script = 'while read -r zone; do TZ=$zone date -f "$0" "+$zone %s %z %Z"; done';
  const lines = execFileSync("sh", ["-c", script, days], { input: zones.map((zone) => `${zone}\n`).join("") });
  return `${lines}`
    .trim()
    .split("\n")
    .map((line) => {
      const [zone = "", seconds, offset = "", name = ""] = line.split(" ");
      return [zone, new Date(Number(seconds) * 1000), offset, name];
    });
}

/** Node has a tz database of its own, which may be older or newer, and knows fewer zones in their past. */
function isSameTime(zone: string, date: Date, offset: string): boolean {
  try {
    const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
    const [, ours = ""] = format.format(date).split("GMT");
    return toSeconds(ours) === toSeconds(offset.replace(/(?=..$)/, ":"));
  } catch {
    return false;
  }
}

const isThere = existsSync(join(FOLDER, "Europe/Dublin")) && spawnSync("date", ["-d", "@0"]).status === 0;

describePeer("the tz database, as date(1) reads it", isThere, "apt-get install tzdata coreutils", () => {
  it.each(ZONES)("has names of %s: %j, for %s", async (zone, names) => {
    const toName = await readZoneName({ zone });
    expect(DAYS.slice(0, names.length).map((day) => toName?.(new Date(day)))).toEqual(names);
  });

  it("has the same names of all its zones", async () => {
    const files = readdirSync(FOLDER, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
    const paths = files.map(({ parentPath, name }) => relative(FOLDER, join(parentPath, name)));
    // What is beside the zones begins with a small letter.
    const theirs = askDate(paths.filter((path) => /^[A-Z]/.test(path)));
    const same = theirs.filter(([zone, date, offset]) => isSameTime(zone, date, offset));
    expect(same.length / theirs.length).toBeGreaterThan(0.95);
    const zones = [...new Set(same.map(([zone]) => zone))];
    const read = new Map(await Promise.all(zones.map(async (zone) => [zone, await readZoneName({ zone })] as const)));
    const ours = same.map(([zone, date, offset]) => [zone, date, offset, read.get(zone)?.(date)]);
    expect(ours).toEqual(same);
  });

  it.each([
    ["Europe/Dublin", "Thu Jul  2 01:00 2026 (IST)"],
    ["GMT", "Thu Jul  2 00:00 2026 (GMT)"],
    [":Asia/Hong_Kong", "Thu Jul  2 08:00 2026 (HKT)"],
  ])("has the name that the command shows in %s", async (zone, time) => {
    const users = writeFresh('{ "alice": { "mail": { "receivedAt": "2026-07-02T00:00:00Z" } } }', ".json");
    const { port } = await startServer(["--users", users, "--port", "0", "--host", "127.0.0.1"], {
      env: { ...process.env, TZ: zone },
    });
    expect(await exchange(port, ["alice\r\n"])).toContain(`New mail received ${time}\r\n`);
  });
});
