import { execFile } from "node:child_process";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "tsup";
import { beforeAll, expect, it } from "vitest";
import { freshPath } from "../../../../../tests/support/programs.js";

// Modules are for Node to load, not for the test runner; and by what is bundled as the command is.

let reader: string;
beforeAll(async () => {
  reader = freshPath();
  await build({
    config: false,
    silent: true,
    entry: { reader: fileURLToPath(new URL("./read-config.ts", import.meta.url)) },
    outDir: reader,
    format: "cjs",
    outExtension: () => ({ js: ".cjs" }),
    noExternal: [/^(?!ioredis$|jiti$|age-encryption$)/],
    esbuildOptions: (options) => {
      options.conditions = ["finger-source"];
      options.supported = { ...options.supported, "dynamic-import": false };
      options.external = ["ioredis", "jiti", "age-encryption"];
    },
  });
  await mkdir(join(reader, "node_modules"));
  await symlink(
    fileURLToPath(new URL("../../../node_modules/ioredis", import.meta.url)),
    join(reader, "node_modules/ioredis"),
  );
});

const HAS_TYPESCRIPT = Boolean((process.features as { readonly typescript?: unknown }).typescript);

async function createFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = freshPath();
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

async function installJiti(folder: string): Promise<void> {
  await mkdir(join(folder, "node_modules"), { recursive: true });
  await symlink(
    fileURLToPath(new URL("../../../node_modules/jiti", import.meta.url)),
    join(folder, "node_modules/jiti"),
  );
}

/** Runs a script that has `readConfig`, `write` for the file, and `tell` for what the test is to be told. */
async function run(path: string, script: string, program = reader): Promise<readonly unknown[]> {
  const code = `
    const { readConfig } = require(${JSON.stringify(join(program, "reader.cjs"))});
    const { writeFileSync } = require("node:fs");
    const path = ${JSON.stringify(path)};
    const told = [];
    const tell = (value) => told.push(value);
    const write = (text) => writeFileSync(path, text);
    (async () => { ${script} })()
      .catch((error) => tell({ code: error.code, message: error.message }))
      .finally(() => console.log(JSON.stringify(told)));`;
  // Package managers let their programs find more than is installed.
  const env = { ...process.env, NODE_PATH: "" };
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", code], { env });
  return JSON.parse(stdout);
}

const READ = "tell(await readConfig(path));";

const MODULES: ReadonlyArray<readonly [name: string, text: string, why: string]> = [
  ["a.mjs", 'export default { users: "users" };', "a module"],
  ["a.js", 'export default { users: "users" };', "a module by its syntax"],
  ["a.js", 'module.exports = { users: "users" };', "CommonJS by its syntax"],
  ["a.cjs", 'module.exports = { users: "users" };', "CommonJS"],
  ["a.cjs", 'module.exports = async () => ({ users: "users" });', "a function of CommonJS"],
  ["a.mjs", 'export default () => ({ users: "users", log: undefined });', "a function"],
  ["a.mjs", 'export default async () => ({ users: "users" });', "a function that takes time"],
  ["a.mjs", 'export default Promise.resolve({ users: "users" });', "a promise"],
  ["a.mjs", 'const name = await Promise.resolve("users"); export default { users: name };', "a module that takes time"],
  ["a.mjs", 'import { join } from "node:path"; export default { users: join("users") };', "a module with imports"],
];

it.each(MODULES)("reads %s, %j: %s", async (name, text) => {
  const folder = await createFolder({ [name]: text });
  expect(await run(join(folder, name), READ)).toEqual([{ users: join(folder, "users") }]);
});

const TYPESCRIPT = 'const name: string = "users"; export default { users: name } satisfies object;';

it("reads TypeScript by Node, or by jiti when it is installed with the config", async () => {
  const folder = await createFolder({ "finger.config.ts": TYPESCRIPT });
  if (!HAS_TYPESCRIPT) await installJiti(folder);
  expect(await run(join(folder, "finger.config.ts"), READ)).toEqual([{ users: join(folder, "users") }]);
});

it("reads TypeScript by Node, or by jiti when it is installed with the server", async () => {
  const folder = await createFolder({ "finger.config.ts": TYPESCRIPT });
  const program = freshPath();
  await cp(reader, program, { recursive: true });
  if (!HAS_TYPESCRIPT) await installJiti(program);
  expect(await run(join(folder, "finger.config.ts"), READ, program)).toEqual([{ users: join(folder, "users") }]);
});

it.skipIf(HAS_TYPESCRIPT)("says what to do where neither reads TypeScript", async () => {
  const folder = await createFolder({ "finger.config.ts": TYPESCRIPT });
  expect(await run(join(folder, "finger.config.ts"), READ)).toEqual([
    {
      code: "ERR_FINGER_CONFIG",
      message: expect.stringMatching(
        /finger\.config\.ts: Node [\d.]+ reads no TypeScript, and the package jiti is not there; use Node 22\.18 or newer, write JavaScript, or install it beside finger-server: npm install jiti\.$/,
      ),
    },
  ]);
});

const CHANGES: ReadonlyArray<readonly [name: string, first: string, second: string]> = [
  ["a.mjs", "export default { users: '/1' };", "export default { users: '/two' };"],
  ["a.js", "export default { users: '/1' };", "export default { users: '/two' };"],
  ["a.cjs", "module.exports = { users: '/1' };", "module.exports = { users: '/two' };"],
  ["a.js", "module.exports = { users: '/1' };", "module.exports = { users: '/two' };"],
  ["a.ts", "export default { users: '/1' as string };", "export default { users: '/two' as string };"],
];

it.each(CHANGES)("reads %s anew when it has changed", async (name, first, second) => {
  const folder = await createFolder({ [name]: first });
  if (!HAS_TYPESCRIPT) await installJiti(folder);
  const script = `${READ} write(${JSON.stringify(second)}); ${READ}`;
  expect(await run(join(folder, name), script)).toEqual([{ users: "/1" }, { users: "/two" }]);
});

it.each(["a.mjs", "a.cjs", "a.ts"])(
  "runs %s once as long as it does not change, but its function each time",
  async (name) => {
    const how = name === "a.cjs" ? "module.exports =" : "export default";
    const text = `globalThis.runs = (globalThis.runs ?? 0) + 1; let calls = 0;
    ${how} () => ({ users: "/" + globalThis.runs + "-" + ++calls });`;
    const folder = await createFolder({ [name]: text });
    if (!HAS_TYPESCRIPT) await installJiti(folder);
    expect(await run(join(folder, name), READ.repeat(3))).toEqual([
      { users: "/1-1" },
      { users: "/1-2" },
      { users: "/1-3" },
    ]);
  },
);

const WRONG: ReadonlyArray<readonly [name: string, text: string, message: RegExp]> = [
  [
    "a.mjs",
    "export const users = 1;",
    /a\.mjs: the module exports nothing by default; write export default \{ users: \.\.\. \}\.$/,
  ],
  ["a.mjs", "export default {\n users: u v\n};", /a\.mjs: it cannot be loaded: Unexpected identifier/],
  ["a.cjs", "module.exports = {\n users: u v\n};", /a\.cjs, line 2: it cannot be loaded: Unexpected identifier/],
  ["a.mjs", "import './nothing.mjs';", /a\.mjs: it cannot be loaded: Cannot find module .*nothing\.mjs/],
  ["a.mjs", "throw new Error('no');", /a\.mjs: it cannot be loaded: no\.$/],
  ["a.mjs", "throw null;", /a\.mjs: it cannot be loaded: null\.$/],
  [
    "a.mjs",
    "export default () => { throw new Error('redis://:pw@h is gone') };",
    /a\.mjs: its function failed: redis:\/\/…@h is gone\.$/,
  ],
  [
    "a.mjs",
    "export default { users: new Date(0) };",
    /a\.mjs: users is a date: it must be a text; put the date in quotes\.$/,
  ],
  ["a.mjs", "export default undefined;", /a\.mjs: the whole is missing: it must be a record of keys\.$/],
];

it.each(WRONG)("says what is wrong with %s, %j", async (name, text, message) => {
  const folder = await createFolder({ [name]: text });
  expect(await run(join(folder, name), READ)).toEqual([
    { code: "ERR_FINGER_CONFIG", message: expect.stringMatching(message) },
  ]);
});

it("reads a path with signs that mean something in a URL", async () => {
  const folder = await createFolder({ "a #1?%20.mjs": "export default { users: 'users' };" });
  expect(await run(join(folder, "a #1?%20.mjs"), READ)).toEqual([{ users: join(folder, "users") }]);
});

it("decrypts where age-encryption is installed beside the bundle, and says so where it is not", async () => {
  const folder = await createFolder({ "a.json.age": "age-encryption.org/v1\n" });
  const path = join(folder, "a.json.age");
  const script = 'await readConfig(path, { passphrase: "x" });';
  expect(await run(path, script)).toEqual([
    {
      code: "ERR_FINGER_CONFIG",
      message: expect.stringMatching(/; install it beside finger-server: npm install age-encryption\.$/),
    },
  ]);
  const program = freshPath();
  await cp(reader, program, { recursive: true });
  const age = fileURLToPath(new URL("../../../node_modules/age-encryption", import.meta.url));
  await symlink(age, join(program, "node_modules/age-encryption"));
  expect(await run(path, script, program)).toEqual([
    { code: "ERR_FINGER_CONFIG", message: expect.stringMatching(/it cannot be decrypted: it is no file of age/) },
  ]);
});
