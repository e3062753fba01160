import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freshFolder } from "../../../../../tests/support/server-command.js";
import { writeConfig } from "../config/write-config.js";
import { parseCommandLine } from "./command-line.js";
import type { CommandIO } from "./io.js";
import { readWanted, type Wanted } from "./read-description.js";

type Environment = Readonly<Record<string, string>>;

function want(argv: readonly string[], folder: string, env: Environment = {}): Promise<Wanted> {
  const io: CommandIO = { version: "1", env, signal: new AbortController().signal, out: () => {}, err: () => {} };
  return readWanted(parseCommandLine(argv).values, io, folder);
}

/** A folder with a config. */
function withConfig(text: string, name = "finger.config.yaml"): string {
  const folder = freshFolder();
  writeFileSync(join(folder, name), text);
  return folder;
}

const BASES: ReadonlyArray<[env: Environment, isForAll: boolean, store: string, why: string]> = [
  [{ STATE_DIRECTORY: "/s/x" }, true, "/s/x/statuses", "a unit has a folder"],
  [{ STATE_DIRECTORY: "/s/x:/s/y" }, true, "/s/x/statuses", "of several the first is taken"],
  [{ STATE_DIRECTORY: "/s/x", XDG_STATE_HOME: "/h" }, true, "/s/x/statuses", "it counts before that of a person"],
  [{ XDG_STATE_HOME: "/h" }, false, "/h/finger-server/statuses", "a person has one, too"],
];

it.each(BASES.filter(([, isForAll]) => isForAll || process.getuid?.() !== 0))(
  "answers, of %o alone, with the statuses of a folder of its own (for root, too: %j), %s: %s",
  async (env, _, folder) => {
    const wanted = await want([], freshFolder(), env);
    expect(wanted).toMatchObject({ path: undefined, ownFolder: folder, description: { store: `file:${folder}` } });
  },
);

const OTHERS: ReadonlyArray<[argv: string[], env: Environment, config: string, why: string]> = [
  [["--users", "u"], {}, "", "users are somebody"],
  [["--store", "memory:"], {}, "", "a store has somebody"],
  [[], { FINGER_STORE: "memory:" }, "", "also one of the environment"],
  [[], {}, "users: u", "a config says so, too"],
  [[], {}, "routes: { a: { page: 'http://example.org/{name}' } }", "so do routes"],
  [[], {}, "plugins: { a: { module: ./a.mjs } }", "and plug-ins, perhaps"],
];

it.each(OTHERS)("takes no folder of its own for %j, %o and %j: %s", async (argv, env, config) => {
  const { ownFolder, description } = await want(argv, withConfig(config), { STATE_DIRECTORY: "/s", ...env });
  expect(ownFolder).toBeUndefined();
  expect(description.store ?? "none").not.toContain("/s/");
});

it("takes the paths of options from the working directory, and those of the config from its own folder", async () => {
  const folder = withConfig("users: users\nprocess: { logfile: log, pidfile: run/pid }\n");
  const { path, description } = await want(
    ["--config", join(folder, "finger.config.yaml"), "--setter", "./s", "--store", "file:s", "--pidfile", "pid"],
    "/srv/here",
  );
  expect(path).toBe(join(folder, "finger.config.yaml"));
  expect(description).toEqual({
    users: join(folder, "users"),
    store: "file:/srv/here/s",
    setter: { listen: "/srv/here/s" },
    process: { logfile: join(folder, "log"), pidfile: "/srv/here/pid" },
  });
});

it("finds the config of the working directory, whatever its ending, unless another is named", async () => {
  const folder = withConfig('users = "found"\n', "finger.config.toml");
  const other = withConfig('{ "users": "named" }', "other.json");
  expect((await want([], folder)).description.users).toBe(join(folder, "found"));
  expect((await want(["--config", join(other, "other.json")], folder)).description.users).toBe(join(other, "named"));
});

it("is told which of two configs counts, or refuses", async () => {
  const folder = withConfig("users: a");
  writeFileSync(join(folder, "finger.config.json"), "{}");
  await expect(want([], folder)).rejects.toMatchObject({ code: "ERR_FINGER_CONFIG" });
  expect((await want(["--config", join(folder, "finger.config.yaml")], folder)).description.users).toMatch(/a$/);
});

it("reads an encrypted config with the passphrase of a file", async () => {
  const folder = freshFolder();
  const config = join(folder, "finger.config.json.age");
  await writeConfig(config, { users: "/u" }, { passphrase: "correct horse" });
  const secret = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return ["--passphrase-file", join(folder, name)];
  };
  expect((await want(secret("right", "correct horse\n"), folder)).description).toEqual({ users: "/u" });
  await expect(want(secret("wrong", "battery staple\n"), folder)).rejects.toThrow("the passphrase is wrong");
  await expect(want([], folder)).rejects.toThrow("it is encrypted; give its passphrase");
  await expect(want(["--passphrase-file", join(folder, "none")], folder)).rejects.toThrow(
    "The passphrase file cannot be read",
  );
});

it("blames the usage for what does not go together in options alone, and else the config", async () => {
  const argv = ["--store", "memory:", "--workers", "2"];
  await expect(want(argv, freshFolder())).rejects.toMatchObject({ exitCode: 64 });
  await expect(want(argv, withConfig("list: true"))).rejects.toMatchObject({ code: "ERR_FINGER_CONFIG" });
});

it("reads again what has changed", async () => {
  const folder = withConfig("users: a");
  mkdirSync(join(folder, "sub"));
  expect((await want([], folder)).description.users).toBe(join(folder, "a"));
  writeFileSync(join(folder, "finger.config.yaml"), "users: sub/b");
  expect((await want([], folder)).description.users).toBe(join(folder, "sub", "b"));
});

it("reads a config and a passphrase by the folder that the command was called in, wherever it is by now", async () => {
  const folder = freshFolder();
  writeFileSync(join(folder, "c.yaml"), "users: u\n");
  expect(await want(["--config", "c.yaml"], folder)).toMatchObject({
    path: join(folder, "c.yaml"),
    folder,
    description: { users: join(folder, "u") },
  });
});

it.runIf(process.getuid?.() === 0).each<[why: string, change: (folder: string, path: string) => void]>([
  ["the file is somebody else's", (_, path) => chownSync(path, 65534, 65534)],
  ["the folder is somebody else's", (folder) => chownSync(folder, 65534, 65534)],
  ["everybody can write to the file", (_, path) => chmodSync(path, 0o666)],
  ["everybody can write to the folder", (folder) => chmodSync(folder, 0o1777)],
])("takes no config that nobody has named when %s", async (_, change) => {
  const folder = freshFolder();
  const path = join(folder, "finger.config.mjs");
  writeFileSync(path, 'throw new Error("was run");');
  change(folder, path);
  await expect(want([], folder)).rejects.toThrow("Name it with --config if you mean it");
  await expect(want(["--config", path], folder)).rejects.toThrow("was run");
});

it("does not show the password of a store that it cannot read", async () => {
  const { message } = await want([], freshFolder(), { FINGER_STORE: "redis:/:s3cret@host" }).catch((error) => error);
  expect(message).toContain("is no store");
  expect(message).not.toContain("s3cret");
});
