import { join } from "node:path";
import { readPart } from "../read-part.js";
import { withFile } from "../regular-file.js";
import { parseTzif } from "./parse-tzif.js";
import { toSeconds } from "./to-seconds.js";

/** Where it says which time zone, and how those are called. */
export interface ZoneSource {
  /** The IANA name of the zone. @default that of this process, by `TZ`, or else of the machine */
  readonly zone?: string | undefined;
  /** What `TZ` and `TZDIR` are read from. @default the environment of this process */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** The file of the machine's zone. @default /etc/localtime */
  readonly localTime?: string | undefined;
}

/**
 * Reads what a time zone is called at each time from the tz database of the machine, as date(1) `%Z` has it: `Intl` knows the
 * abbreviations of few. Gives `undefined` when there is no such file, or it is none, and so does what is given when the file
 * and `Intl`, which tells the time, disagree. Never rejects.
 */
export async function readZoneName({
  zone,
  env = process.env,
  localTime = "/etc/localtime",
}: ZoneSource = {}): Promise<((date: Date) => string | undefined) | undefined> {
  try {
    const name = zone ?? env["TZ"]?.replace(/^:/, "");
    const path = name === undefined ? localTime : toPath(name || "UTC", env["TZDIR"]);
    const bytes =
      path &&
      (await withFile(path, async (file, { size }) => (size > MOST_BYTES ? undefined : readPart(file, 0, size))));
    const periods = bytes ? parseTzif(bytes) : [];
    const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
    if (periods.length === 0) return undefined;
    return (date) => {
      const offset = toSeconds(format.format(date).split("GMT")[1] ?? "");
      return periods.findLast((period) => period.since * 1000 <= +date && period.offset === offset)?.name;
    };
  } catch {
    return undefined;
  }
}

/** A name is a path in the folder of the zones, and leads nowhere else. */
function toPath(name: string, folder = "/usr/share/zoneinfo"): string | undefined {
  return /^[\w+-]+(?:\/[\w+-]+)*$/.test(name) ? join(folder, name) : undefined;
}

/** Those of the tz database have 4 kB at most. */
const MOST_BYTES = 65_536;
