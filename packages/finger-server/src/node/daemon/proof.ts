import { readdirSync, readFileSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { Identity } from "./identity.js";
import { toCode } from "./process-error.js";

/**
 * All that speaks against this process being somebody and nobody else, as phrases.
 *
 * @param witness - A path that root alone can open, by {@link findWitness}.
 */
export async function findDoubts(identity: Identity, witness: string | undefined): Promise<readonly string[]> {
  return [
    ...doubtIds(identity),
    ...doubtGroups(identity),
    ...readThreads().flatMap((thread) => doubtThread(identity, thread)),
    ...doubtReturn(),
    ...(await doubtWitness(witness)),
  ];
}

/** Something that root alone can open; `undefined` where nothing usual is so. To be called as root. */
export async function findWitness(): Promise<string | undefined> {
  for (const path of WITNESSES) {
    const file = await stat(path).catch(() => undefined);
    if (file?.uid === 0 && (file.mode & 0o077) === 0) return path;
  }
  return undefined;
}

const WITNESSES = ["/root", "/etc/shadow", "/etc/master.passwd", "/proc/slabinfo"];

/** What its ids say against it. */
export function doubtIds({ uid, gid }: Identity): readonly string[] {
  const ids = [process.getuid?.(), process.geteuid?.(), process.getgid?.(), process.getegid?.()];
  return String(ids) === String([uid, uid, gid, gid]) ? [] : [`it has the ids ${ids.join(", ")}`];
}

/** What its groups do: who is in that of root can do some of what root can. */
export function doubtGroups({ gid }: Identity): readonly string[] {
  return gid !== 0 && process.getgroups?.().includes(0) ? ["it is in the group of root"] : [];
}

/** What a thread may do, by proc_pid_status(5). */
interface Thread {
  readonly name: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** Linux knows users and capabilities of threads; it is the C library that changes those of all. */
function readThreads(): readonly Thread[] {
  try {
    return readdirSync(TASKS).flatMap(readThread);
  } catch {
    return [];
  }
}

function readThread(name: string): readonly Thread[] {
  try {
    const lines = readFileSync(`${TASKS}/${name}/status`, "utf8").split("\n");
    return [{ name, fields: new Map(lines.map((line) => line.split(":\t", 2) as [string, string])) }];
  } catch (error) {
    // Threads end.
    if (toCode(error) === "ENOENT" || toCode(error) === "ESRCH") return [];
    throw error;
  }
}

function doubtThread({ uid, gid }: Identity, { name, fields }: Thread): readonly string[] {
  const expected: ReadonlyArray<readonly [field: string, value: string]> = [
    ["Uid", Array(4).fill(uid).join(" ")],
    ["Gid", Array(4).fill(gid).join(" ")],
    ["Groups", toSorted(process.getgroups?.() ?? [])],
    ...["CapPrm", "CapEff", "CapAmb"].map((field) => [field, "0"] as const),
  ];
  return expected.flatMap(([field, value]) => {
    const seen = toValue(field, fields.get(field) ?? "");
    return seen === value ? [] : [`its thread ${name} has ${field} ${seen}`];
  });
}

/** Ids one space apart, groups in order, and capabilities without leading zeros. */
function toValue(field: string, text: string): string {
  if (field.startsWith("Cap")) return text.trim().replace(/^0+(?=.)/, "");
  const numbers = (text.match(/\d+/g) ?? []).map(Number);
  return field === "Groups" ? toSorted(numbers) : numbers.join(" ");
}

function toSorted(numbers: readonly number[]): string {
  return [...numbers].sort((one, other) => one - other).join(" ");
}

function doubtReturn(): readonly string[] {
  const ways = { setuid: process.setuid, seteuid: process.seteuid, setgroups: () => process.setgroups?.([0]) };
  return Object.entries(ways).flatMap(([name, change]) => {
    try {
      change?.(0);
      return [`it could become root again by ${name}`];
    } catch {
      return [];
    }
  });
}

/** Opens a file as most of Node does it, by another thread or the kernel's own (io_uring), which may have stayed root. */
async function doubtWitness(path: string | undefined): Promise<readonly string[]> {
  if (path === undefined) return [];
  try {
    await (await open(path)).close();
    return [`it can open ${path}`];
  } catch {
    return [];
  }
}

const TASKS = "/proc/self/task";
