import { readPart } from "../../read-part.js";
import { withFile } from "../../regular-file.js";
import { hasUnlistedUsers } from "./userdb.js";

/** Where it is said whom NSS asks. */
export interface NssPlaces {
  /** Its nsswitch.conf(5). */
  readonly nsswitch: string;
  /** The folder of those whom systemd asks. */
  readonly userdb: string;
}

/** Whether this machine may have accounts that are in no list of all. */
export async function hasUnlistedAccounts({ nsswitch, userdb }: NssPlaces): Promise<boolean> {
  const others = await readOtherSources(nsswitch);
  if (others.some((source) => source !== SYSTEMD)) return true;
  return others.includes(SYSTEMD) && hasUnlistedUsers(userdb);
}

/** Whether it may have accounts that are in no file. */
export async function hasOtherAccounts({ nsswitch }: Pick<NssPlaces, "nsswitch">): Promise<boolean> {
  return (await readOtherSources(nsswitch)).length > 0;
}

async function readOtherSources(path: string): Promise<readonly string[]> {
  try {
    const bytes = await withFile(path, (file, { size }) => readPart(file, 0, Math.min(size, MOST_BYTES)));
    return bytes === undefined ? [] : toOtherSources(bytes.toString("latin1"));
  } catch {
    // The C library, who reads it as we do, then knows of files alone.
    return [];
  }
}

/** What a line for `passwd` names beside files: that of LDAP, for one, often has more than it lists. */
export function toOtherSources(text: string): readonly string[] {
  const lines = text.split("\n").map((line) => line.replace(/#.*/, ""));
  const sources = lines.flatMap((line) => {
    const [, rest = ""] = /^\s*passwd\s*:(.*)/.exec(line) ?? [];
    return rest.replace(/\[[^\]]*\]/g, " ").split(/\s+/);
  });
  return sources.filter((source) => source !== "" && !FILES.has(source));
}

const FILES: ReadonlySet<string> = new Set(["files", "compat", "db"]);
const SYSTEMD = "systemd";
const MOST_BYTES = 64 * 1024;
