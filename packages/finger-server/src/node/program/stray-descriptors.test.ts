import { spawnSync } from "node:child_process";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { buildModule } from "../../../../../tests/support/module.js";
import { freshPath } from "../../../../../tests/support/programs.js";

/** Runs `ls` as a program of a process that was started with a file at these descriptors, and tells what it has open. */
async function listDescriptors(numbers: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const script = `${freshPath()}.mjs`;
  const module = await buildModule(fileURLToPath(new URL("./process-group.ts", import.meta.url)));
  writeFileSync(
    script,
    `import { startGroup } from ${JSON.stringify(module)};
     const rules = { cwd: "/", env: {}, user: undefined, grace: 500 };
     for (let times = 0; times < 2; times++) {
       const group = await startGroup("/bin/ls", ["-l", "/proc/self/fd"], rules, () => {});
       let text = "";
       for await (const piece of group.stdout) text += piece;
       if (times === 1) process.stdout.write(text);
     }`,
  );
  const secret = openSync(script, "r");
  const stdio: Array<"ignore" | "pipe" | "inherit" | number> = ["ignore", "pipe", "inherit"];
  for (let number = 3; number <= Math.max(2, ...numbers); number++) {
    stdio.push(numbers.includes(number) ? secret : "ignore");
  }
  const { stdout } = spawnSync(process.execPath, [script], { stdio, encoding: "utf8" });
  closeSync(secret);
  return new Map([...stdout.matchAll(/ (\d+) -> (.*)$/gm)].map(([, number, target = ""]) => [Number(number), target]));
}

const STRAYS: ReadonlyArray<readonly [numbers: readonly number[], why: string]> = [
  [[], "there are none"],
  [[3, 15], "Node closes low ones"],
  [[40], "Node finds no high one behind a gap"],
  [[17, 40, 99], "nor several"],
];

it.runIf(process.platform === "linux").each(STRAYS)(
  "nothing that this process was started with at %j is a program's: %s",
  async (numbers) => {
    const open = await listDescriptors(numbers);
    expect([...open.keys()]).toEqual(expect.arrayContaining([0, 1, 2]));
    for (const [number, target] of open) {
      if (number !== 1 && number !== 2) expect(target).toMatch(/^\/dev\/null$|^\/proc\/\d+\/fd$/);
    }
  },
);
