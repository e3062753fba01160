import { open } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

/**
 * What the programs that are run get in the place of all descriptors but the first three, by number. Node lets none of its own
 * through, and of those that it was started with none below 16; higher ones, such as a shell or a supervisor may have left
 * open, would be every program's, so they get an empty file there. The rest are not touched.
 *
 * @example [] // nearly always
 */
export function replaceStrayDescriptors(): Promise<readonly ("ignore" | number)[]> {
  // No more come later: what is opened here is not passed on.
  replaced ??= findStray().then(toReplacements);
  return replaced;
}

let replaced: Promise<readonly ("ignore" | number)[]> | undefined;

/** The descriptors that are passed on; none where that cannot be seen. */
async function findStray(): Promise<readonly number[]> {
  const numbers = (await readdir(FOLDER).catch(() => [])).map(Number).filter((number) => number > 2);
  const isStray = await Promise.all(numbers.map(isPassedOn));
  return numbers.filter((_number, index) => isStray[index]);
}

/** By proc_pid_fdinfo(5). One that is closed meanwhile was ours. */
async function isPassedOn(number: number): Promise<boolean> {
  const text = await readFile(`${FOLDER}/${number}`, "utf8").catch(() => "");
  const flags = text.match(/^flags:\s+([0-7]+)$/m)?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & O_CLOEXEC) === 0;
}

async function toReplacements(stray: readonly number[]): Promise<readonly ("ignore" | number)[]> {
  if (stray.length === 0) return [];
  // A number, unlike a FileHandle, is not closed when nobody seems to need it.
  const empty = await promisify(open)("/dev/null", "r");
  return Array.from({ length: Math.max(...stray) - 2 }, (_, index) => (stray.includes(index + 3) ? empty : "ignore"));
}

const FOLDER = "/proc/self/fdinfo";
/** Node has no name for it; it is the same on all machines that Node runs on. */
const O_CLOEXEC = 0o2000000;
