import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { FOLDER } from "../../../../../tests/support/programs.js";
import { toTzif } from "../../../../../tests/support/tzif.js";
import { readZoneName, type ZoneSource } from "./read-zone-name.js";

const TZDIR = join(FOLDER, "zones");
const WINTER = new Date("2026-01-15T12:00:00Z");
const SUMMER = new Date("2050-07-15T12:00:00Z");

beforeAll(() => {
  mkdirSync(join(TZDIR, "Europe"), { recursive: true });
  const write = (path: string, bytes: Buffer) => writeFileSync(join(TZDIR, path), bytes);
  const rule = "IST-1GMT0,M10.5.0,M3.5.0/1";
  write("Europe/Dublin", toTzif({ kinds: [[-1500, "LMT"]], times: [[0, 0]], rule }));
  write("Europe/Berlin", toTzif({ kinds: [[3600, "CET"]] }));
  // Whatever zone this process is in.
  const offset = -60 * WINTER.getTimezoneOffset();
  for (const name of ["UTC", "Here", "a.b"]) write(name, toTzif({ kinds: [[offset, name]] }));
  write("../localtime", toTzif({ kinds: [[offset, "LOCAL"]] }));
  write("None", Buffer.from("A list of zones"));
  write("Large", Buffer.concat([toTzif({ kinds: [[offset, "Large"]] }), Buffer.alloc(65_536)]));
  execFileSync("mkfifo", [join(TZDIR, "Pipe")]);
});

it("tells the name by what the clock shows, and nothing where the file does not know that time", async () => {
  const tell = async (zone: string) => {
    const toName = await readZoneName({ zone, env: { TZDIR } });
    return [WINTER, SUMMER].map((date) => toName?.(date));
  };
  expect(await tell("Europe/Dublin")).toEqual(["GMT", "IST"]);
  expect(await tell("Europe/Berlin")).toEqual(["CET", undefined]);
});

const SOURCES: ReadonlyArray<[source: ZoneSource, name: string | undefined, why: string]> = [
  [{ env: { TZDIR, TZ: "Here" } }, "Here", "the process is there"],
  [{ env: { TZDIR, TZ: ":Here" } }, "Here", "POSIX has names of files behind a colon"],
  [{ env: { TZDIR, TZ: "" } }, "UTC", "nothing is UTC to libc"],
  [{ env: { TZDIR } }, "LOCAL", "the process is where the machine is"],
  [{ env: { TZDIR }, localTime: join(FOLDER, "missing") }, undefined, "the machine does not say where it is"],
  [{ env: { TZDIR: join(FOLDER, "missing"), TZ: "Here" } }, undefined, "the machine has no tz database"],
  [{ env: { TZDIR, TZ: "EST5EDT,M3.2.0,M11.1.0" } }, undefined, "Node does not read rules either"],
  [{ env: { TZDIR, TZ: "../localtime" } }, undefined, "that is outside of the database"],
  [{ env: { TZDIR, TZ: "Europe/../Here" } }, undefined, "that is a detour"],
  [{ env: { TZDIR, TZ: join(TZDIR, "Here") } }, undefined, "Node does not read paths either"],
  [{ env: { TZDIR, TZ: "a.b" } }, undefined, "no zone is called that"],
  [{ env: { TZDIR, TZ: "Here\0" } }, undefined, "no file is called that"],
  [{ env: { TZDIR, TZ: "Europe" } }, undefined, "that is a folder"],
  [{ env: { TZDIR, TZ: "Pipe" } }, undefined, "nobody writes into it, and it must not be waited for"],
  [{ env: { TZDIR, TZ: "None" } }, undefined, "that is another file"],
  [{ env: { TZDIR, TZ: "Large" } }, undefined, "no zone has as much"],
  [{ env: { TZDIR }, zone: "Here" }, undefined, "Intl knows no such zone"],
];

it.each(SOURCES)("reads what %j is called: %j, for %s", async (source, name) => {
  const toName = await readZoneName({ localTime: join(FOLDER, "localtime"), ...source });
  expect(toName?.(WINTER)).toBe(name);
});
