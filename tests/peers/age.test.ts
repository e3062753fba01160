import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { readConfig } from "../../packages/finger-server/src/node/config/read-config.js";
import { writeConfig } from "../../packages/finger-server/src/node/config/write-config.js";
import { freshPath } from "../support/programs.js";
import { describePeer, hasCommand } from "./support/peer.js";

const PASSPHRASE = "correct horse battery staple";
const DESCRIPTION = { store: "redis://:secret@host", listen: [79, { address: "/run/s", mode: "660" }] };

let folder: string;
beforeAll(async () => {
  folder = freshPath();
  await mkdir(folder);
});

/** Runs age on a terminal, where it asks for passphrases and is told this one. Resolves to its exit code. */
function runAge(passphrase: string, ...args: readonly string[]): Promise<number | null> {
  const command = ["age", ...args].map((word) => `'${word}'`).join(" ");
  const terminal = spawn("script", ["-qec", command, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
  let shown = "";
  let answers = 0;
  terminal.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
    const questions = shown.match(/(Enter|Confirm) passphrase/g)?.length ?? 0;
    for (; answers < questions; answers++) terminal.stdin.write(`${passphrase}\r`);
  });
  return new Promise((resolve, reject) => {
    terminal.on("error", reject);
    terminal.on("close", resolve);
  });
}

describePeer("age", hasCommand("age") && hasCommand("script"), "apt-get install age bsdutils", () => {
  it.each(["json", "yaml", "toml"])("decrypts the %s that we have written", async (ending) => {
    const path = join(folder, `ours.${ending}.age`);
    await writeConfig(path, DESCRIPTION, { passphrase: PASSPHRASE });
    const plain = join(folder, `ours.${ending}`);
    expect(await runAge(PASSPHRASE, "-d", "-o", plain, path)).toBe(0);
    expect(await readConfig(plain)).toEqual(DESCRIPTION);
    expect(await readFile(plain, "utf8")).toContain("redis://:secret@host");
  });

  it("refuses ours with another passphrase", async () => {
    const path = join(folder, "refused.json.age");
    await writeConfig(path, DESCRIPTION, { passphrase: PASSPHRASE });
    expect(await runAge("guess", "-d", "-o", join(folder, "refused.json"), path)).not.toBe(0);
  });

  it.each([[["-p"]], [["-p", "-a"]]])("writes by %j what we decrypt", async (how) => {
    const plain = join(folder, "theirs.json");
    await writeFile(plain, JSON.stringify(DESCRIPTION));
    const path = join(folder, `theirs${how.length}.json.age`);
    expect(await runAge(PASSPHRASE, ...how, "-o", path, plain)).toBe(0);
    expect(await readConfig(path, { passphrase: PASSPHRASE })).toEqual(DESCRIPTION);
    await expect(readConfig(path, { passphrase: "guess" })).rejects.toThrow(
      /: the passphrase is wrong, or the beginning/,
    );
  });
});
