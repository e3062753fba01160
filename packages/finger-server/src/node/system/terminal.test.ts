import { chmod, mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freshPath } from "../../../../../tests/support/programs.js";
import { readTerminal, type Terminal } from "./terminal.js";

const NOW = Date.parse("2026-11-22T16:36:00.900Z");

async function makeTerminals(): Promise<string> {
  const dev = freshPath();
  await mkdir(join(dev, "pts"), { recursive: true });
  const terminals: ReadonlyArray<readonly [name: string, mode: number, secondsAgo: number]> = [
    ["pts/1", 0o620, 3600.5],
    ["pts/2", 0o600, 0],
    ["pts/3", 0o020, 60],
    ["pts/4", 0o200, 60],
    ["pts/5", 0o666, -60],
    ["x:0", 0o620, 60],
  ];
  for (const [name, mode, secondsAgo] of terminals) {
    await writeFile(join(dev, name), "");
    await chmod(join(dev, name), mode);
    await utimes(join(dev, name), NOW / 1000 - secondsAgo, 0);
  }
  await symlink("1", join(dev, "pts/link"));
  await symlink("pts", join(dev, "up"));
  return dev;
}

const TERMINALS: ReadonlyArray<readonly [tty: string, terminal: Terminal, why: string]> = [
  ["pts/1", { idle: 3600, messages: true }, "whole seconds count, as in C"],
  ["pts/2", { idle: 0, messages: false }, "mesg(1) said no"],
  ["pts/3", { idle: 60, messages: false }, "its owner may not write"],
  ["pts/4", { idle: 60, messages: false }, "its group may not write"],
  ["pts/5", { idle: 0, messages: true }, "the last key is yet to come"],
  ["x:0", { messages: false }, "it is an X display, which netkit never looks at"],
  [":0", { messages: false }, "it is an X display"],
  ["pts/9", {}, "it has gone"],
  ["pts", {}, "it is a folder"],
  ["pts/link", {}, "it may lead anywhere"],
  ["../pts/1", {}, "it leads out"],
  ["pts/../pts/1", {}, "it leads about"],
  ["/dev/null", {}, "it leads out"],
  ["pts//1", {}, "no terminal is called so"],
  ["", {}, "no terminal is called so"],
  ["a\0", {}, "no terminal is called so"],
  ["x".repeat(100), {}, "no terminal is called so"],
];

it.each(TERMINALS)("finds of %j %o: %s", async (tty, terminal) => {
  expect(await readTerminal(tty, await makeTerminals(), NOW)).toEqual(terminal);
});

it.skipIf(process.platform === "win32")("looks at devices", async () => {
  expect(await readTerminal("null")).toMatchObject({ messages: true });
});
