import { constants, type Stats } from "node:fs";
import { FILES, type HomeFiles } from "./home-files.js";

/** A folder that stays the same one, whatever is put in its place. */
export interface Folder {
  readonly stats: Stats;
  /** Looks at what has that name in it, by a path that leads there. */
  at<T>(name: string, look: (path: string) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Takes hold of a folder, or of the one that a link leads to.
 *
 * @param descriptors - Where the system shows what this process has open; where it does not, the path is looked at again.
 * @throws What the system says.
 */
export async function holdFolder(
  path: string,
  files: HomeFiles = FILES,
  descriptors = "/proc/self/fd",
): Promise<Folder> {
  return (await holdByDescriptor(path, files, descriptors)) ?? holdByPath(path, files);
}

/** `undefined` where there is no such way into a folder, as in a chroot without /proc, and on other systems than Linux. */
async function holdByDescriptor(path: string, files: HomeFiles, descriptors: string): Promise<Folder | undefined> {
  if (process.platform !== "linux") return undefined;
  const handle = await files.open(path, FOLDER);
  const close = () => handle.close();
  try {
    const stats = await handle.stat();
    const own = `${descriptors}/${handle.fd}`;
    const shown = await files.stat(own).catch(() => undefined);
    if (shown !== undefined && isSame(shown, stats)) {
      return { stats, at: (name, look) => look(`${own}/${name}`), close };
    }
  } catch (error) {
    await close();
    throw error;
  }
  await close();
  return undefined;
}

async function holdByPath(path: string, files: HomeFiles): Promise<Folder> {
  const stats = await files.stat(path);
  const assertSame = async () => {
    if (!isSame(await files.stat(path), stats)) throw gone(path);
  };
  return {
    stats,
    async at(name, look) {
      await assertSame();
      const seen = await look(`${path}/${name}`);
      await assertSame();
      return seen;
    },
    close: async () => {},
  };
}

function isSame(one: Stats, other: Stats): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

/** As the system says it of what is not there. */
function gone(path: string): Error {
  return Object.assign(new Error(`ENOENT: another folder is at ${path} now`), { code: "ENOENT" });
}

/** Linux's O_PATH, which Node has no name for: it needs no right to list the folder, and many homes give none. */
const O_PATH = 0o10000000;
const FOLDER = O_PATH | constants.O_DIRECTORY;
