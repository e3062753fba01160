import { readPart } from "../../read-part.js";
import { withFile } from "../regular-file.js";

/** Whether this machine has accounts that are in no file of it, by its nsswitch.conf(5). */
export async function hasOtherAccounts(path: string): Promise<boolean> {
  try {
    const bytes = await withFile(path, (file, { size }) => readPart(file, 0, Math.min(size, MOST_BYTES)));
    return bytes !== undefined && hasOtherSources(bytes.toString("latin1"));
  } catch {
    // The C library, who reads it as we do, then knows of files alone.
    return false;
  }
}

/** Whether a line for `passwd` names more than what the list has: that of LDAP, for one, is often left out of it. */
export function hasOtherSources(text: string): boolean {
  const lines = text.split("\n").map((line) => line.replace(/#.*/, ""));
  const sources = lines.flatMap((line) => {
    const [, rest = ""] = /^\s*passwd\s*:(.*)/.exec(line) ?? [];
    return rest.replace(/\[[^\]]*\]/g, " ").split(/\s+/);
  });
  return sources.some((source) => source !== "" && !FILES.has(source));
}

const FILES: ReadonlySet<string> = new Set(["files", "compat", "db"]);
const MOST_BYTES = 64 * 1024;
