import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { freshPath } from "../../../../../tests/support/programs.js";
import type { ApplicationDescription } from "../application/description.js";
import { findConfig } from "./find-config.js";
import { readConfig } from "./read-config.js";
import { writeConfig } from "./write-config.js";

/** A folder with these files in it. */
async function createFolder(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = freshPath();
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

it.each([...["ts", "mjs", "js", "json", "yaml", "yml", "toml"], ...["json.age", "yaml.age", "yml.age", "toml.age"]])(
  "finds finger.config.%s",
  async (ending) => {
    const folder = await createFolder({ [`finger.config.${ending}`]: "", "finger.conf": "", "config.json": "" });
    expect(findConfig(folder)).toBe(join(folder, `finger.config.${ending}`));
  },
);

it("finds none where there is none, and none where there is no folder", async () => {
  expect(findConfig(await createFolder())).toBeUndefined();
  expect(findConfig(freshPath())).toBeUndefined();
});

it("does not choose between two", async () => {
  const folder = await createFolder({ "finger.config.json": "{}", "finger.config.toml.age": "" });
  expect(() => findConfig(folder)).toThrow(
    expect.objectContaining({
      code: "ERR_FINGER_CONFIG",
      message: expect.stringMatching(
        /^There are 2 configs: .*finger\.config\.json, .*finger\.config\.toml\.age\. Keep one/,
      ),
    }),
  );
});

it("reads each format, its paths from its folder", async () => {
  const folder = await createFolder({
    "a.json": '{"$schema": "./schema.json", "users": "users"}',
    "a.yaml": "users: users",
    "a.yml": "users: ./users",
    "a.toml": 'users = "users"',
  });
  for (const name of await readdir(folder)) {
    expect(await readConfig(join(folder, name))).toEqual({ users: join(folder, "users") });
  }
});

const UNREADABLE: ReadonlyArray<
  readonly [name: string, text: string | undefined, message: RegExp, code: string | undefined]
> = [
  ["missing.json", undefined, /missing\.json: it cannot be read: there is no such file\.$/, "ENOENT"],
  ["missing.mjs", undefined, /missing\.mjs: it cannot be read: there is no such file\.$/, "ENOENT"],
  ["finger.conf", "", /finger\.conf: its name must end in \.json/, undefined],
  ["latin1.yaml", "users: \xe9", /latin1\.yaml: it is no UTF-8 text\.$/, undefined],
  ["long.json", `${" ".repeat(1024 * 1024)}{}`, /long\.json: it has more than 1048576 bytes\.$/, undefined],
  [
    "wrong.json",
    '{"user": "u"}',
    /wrong\.json: user is "u": there is no such key; did you mean "process\.user"\?$/,
    undefined,
  ],
];

it.each(UNREADABLE)("says why it does not read %s", async (name, text, message, code) => {
  const path = join(await createFolder(), name);
  if (text !== undefined) await writeFile(path, text, "latin1");
  const error = await readConfig(path).catch((error) => error);
  expect(error).toMatchObject({ name: "FingerError", code: "ERR_FINGER_CONFIG" });
  expect(error.message).toMatch(message);
  expect(error.cause?.code).toBe(code);
});

it("says that a folder is no config, and does not wait for a FIFO", async () => {
  const folder = await createFolder();
  await mkdir(join(folder, "a.json"));
  execFileSync("mkfifo", [join(folder, "b.json")]);
  await expect(readConfig(join(folder, "a.json"))).rejects.toThrow(/a\.json: it is a folder\.$/);
  await expect(readConfig(join(folder, "b.json"))).rejects.toThrow(/b\.json: it is no regular file\.$/);
});

/** Characters that formats write in a way of their own, and others. */
const WORD = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: fc.constantFrom(..."\n\r\t \"'\\#:-{}[],&*!|>%@`~\u0001\u007f\u0085\u2028\ufeff\u{1f600}0e.") }),
  fc.constantFrom("null", "yes", "1e3", "0x10", "2026-01-01", "~", "=", "<<", "true", "- a", "a: b", " a", "a\n"),
);

const PLAIN_DATA = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    WORD,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      WORD.filter((name) => name !== "__proto__"),
      tie("value"),
      { maxKeys: 4 },
    ),
  ),
})).value;

const ADDRESS = fc.constantFrom<number | string>(0, 79, "[::1]:79", "host:1", "/run/s");
const ACCOUNT = fc.constantFrom<string | number>("finger", 0, 1000);
const LIMIT = fc.oneof(fc.integer({ min: 100, max: 2 ** 31 - 1 }), fc.constant<false>(false));

const some = <T extends object>(model: { readonly [Name in keyof T]: fc.Arbitrary<T[Name]> }) =>
  fc.record(model, { requiredKeys: [] });

const PLACE = fc.record(
  { address: ADDRESS, tls: fc.constant({ key: "/k", cert: "/c" }), proxyProtocol: fc.constant(["10.0.0.0/8"]) },
  { requiredKeys: ["address"] },
);

const PLACES = fc.uniqueArray(fc.oneof(ADDRESS, PLACE), {
  minLength: 1,
  selector: (place) => (typeof place === "object" ? place.address : place),
});

const DESCRIPTION: fc.Arbitrary<ApplicationDescription> = some({
  users: WORD.filter((text) => !text.includes("\0")).map((text) => `/${text}x`),
  store: fc.constantFrom("redis://:p%40ss@host", "file:/var/lib/finger"),
  routes: fc.dictionary(fc.constantFrom("weather", "a.b", "ü"), fc.constant({ page: "https://h/{name}" })),
  aliases: fc.dictionary(fc.constantFrom("root", "1", "true", "null"), fc.constant("admin")),
  show: fc.array(some({ networks: fc.constant(["local"]) }).map((rule) => ({ ...rule, show: ["name" as const] }))),
  list: fc.boolean(),
  listen: fc.oneof(ADDRESS, PLACE, PLACES),
  plugins: fc.dictionary(
    WORD.filter((name) => name !== "__proto__"),
    fc.record({ module: fc.constant("/p.mjs"), options: PLAIN_DATA }, { requiredKeys: ["module"] }),
    { maxKeys: 3 },
  ),
  limits: some({ idle: LIMIT, rate: LIMIT }),
  texts: some({ closing: WORD, noSuchUser: WORD }),
  process: some({ user: ACCOUNT, umask: fc.constantFrom("027", "0022"), workers: fc.integer({ min: 1, max: 999 }) }),
}) as fc.Arbitrary<ApplicationDescription>;

it.each(["json", "yaml", "toml"])("reads the %s that it has written as the same", async (ending) => {
  const path = join(await createFolder(), `finger.config.${ending}`);
  const isSame = async (description: ApplicationDescription) => {
    await writeConfig(path, description);
    expect(await readConfig(path)).toEqual(normalize(description));
  };
  await fc.assert(fc.asyncProperty(DESCRIPTION, isSame), { numRuns: 300 });
});

/** JSON has no `-0`, and a record without a value is one without its key. */
function normalize(description: ApplicationDescription): unknown {
  return JSON.parse(JSON.stringify(description));
}

it("writes a file for its owner alone, in place of what was there, and leaves nothing else", async () => {
  const folder = await createFolder({ "a.json": "{}" });
  const path = join(folder, "a.json");
  await chmod(path, 0o644);
  await writeConfig(path, { users: "/users" });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual({ users: "/users" });
  expect(await readdir(folder)).toEqual(["a.json"]);
});

const UNWRITABLE: ReadonlyArray<readonly [name: string, options: object, description: object, message: RegExp]> = [
  ["a.mjs", {}, {}, /a\.mjs: its name must end in \.json, \.yaml, \.yml or \.toml, with \.age behind it or not\.$/],
  ["a.json.age", {}, {}, /a\.json\.age: it is to be encrypted; give a passphrase\.$/],
  ["a.json", { passphrase: "x" }, {}, /a\.json: it would not be encrypted; call it a\.json\.age\.$/],
  ["a.json", {}, { user: 5 }, /a\.json: user is 5: there is no such key/],
  ["nowhere/a.json", {}, {}, /a\.json: it cannot be written: there is no such file\.$/],
];

it.each(UNWRITABLE)("says why it does not write %s with %j: %j", async (name, options, description, message) => {
  const folder = await createFolder();
  const error = await writeConfig(join(folder, name), description, options).catch((error) => error);
  expect(error).toMatchObject({ name: "FingerError", code: "ERR_FINGER_CONFIG" });
  expect(error.message).toMatch(message);
  expect(await readdir(folder)).toEqual([]);
});
