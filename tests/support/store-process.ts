import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";
import { buildModule } from "./module.js";
import { eventually, freshPath } from "./programs.js";

/** A process that works with our sources of the store in a folder. */
export interface StoreProcess {
  readonly child: ChildProcess;
  /** What it has said, in order. */
  readonly said: readonly Said[];
  /** Resolves to the first thing it says of that kind. */
  hear<Kind extends keyof Said>(kind: Kind): Promise<NonNullable<Said[Kind]>>;
  /** Writes it a line. */
  tell(line: string): void;
  /** Ends it as a crash does, and resolves when it is dead. */
  kill(): Promise<void>;
  /** Resolves when it has ended by itself, or by its own hand. */
  ended(): Promise<void>;
}

/** What a process says: whatever the test has it say. */
export interface Said {
  readonly [kind: string]: string | number | boolean | null | undefined;
}

const here = (file: string) =>
  JSON.stringify(fileURLToPath(new URL(`../../packages/finger-server/src/node/${file}`, import.meta.url)));

/** What the processes may use, by the file that it is in. */
const NAMES = {
  "file-store/file-store.ts": "fileStore",
  "folder/lock.ts": "withLock",
  "folder/lock-owner.ts": "isAlive, toOwner",
  "setter.ts": "createSetter",
  "../store/store-provider.ts": "storeProvider",
};

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

let module: Promise<string> | undefined;

/** The URL of a module with the store, for other processes. */
function buildStore(): Promise<string> {
  if (module === undefined) {
    const entry = `${freshPath()}.ts`;
    const exports = Object.entries(NAMES).map(([file, names]) => `export { ${names} } from ${here(file)};\n`);
    writeFileSync(entry, exports.join(""));
    module = buildModule(entry);
  }
  return module;
}

/**
 * Starts a process that runs this code, which may `say({ kind: value })`, await `told()` for the next line of ours, and use
 * `folder` and {@link NAMES}.
 *
 * @param before - Is run before the store is loaded.
 * @param argv - What Node is run by.
 */
export async function startOn(
  folder: string,
  code: string,
  { before = "", argv = [] }: { before?: string; argv?: readonly string[] } = {},
): Promise<StoreProcess> {
  const path = `${freshPath()}.mjs`;
  writeFileSync(
    path,
    `import { writeSync } from "node:fs";
     import { createInterface } from "node:readline";
     const folder = ${JSON.stringify(folder)};
     const say = (what) => writeSync(1, JSON.stringify(what) + "\\n");
     const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
     const told = async () => (await lines.next()).value;
     const forever = () => new Promise(() => setInterval(() => {}, 1e6));
     ${before}
     const { ${Object.values(NAMES).join(", ")} } = await import(${JSON.stringify(await buildStore())});
     try {
       ${code}
     } catch ({ message, code, cause }) {
       say({ failure: message, code, cause: cause?.code });
     }
     process.exit();`,
  );
  const [file = "", ...args] = [...argv, process.execPath, path];
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"] });
  running.push(child);
  child.stdin.on("error", () => {}); // it may be dead
  const said: Said[] = [];
  createInterface(child.stdout).on("line", (line) => said.push(JSON.parse(line)));
  const closed = once(child, "close");
  return {
    child,
    said,
    async hear(kind) {
      const find = () => said.find((what) => what[kind] !== undefined);
      await eventually(() => find() !== undefined || child.exitCode !== null);
      if (find() === undefined) throw new Error(`It has ended, and said ${JSON.stringify(said.at(-1))}.`);
      return find()?.[kind] as never;
    },
    tell: (line) => void child.stdin.write(`${line}\n`),
    async kill() {
      child.kill("SIGKILL");
      await closed;
    },
    ended: async () => void (await closed),
  };
}
