import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repository } from "./peers/support/network.js";
import { collectExamples, toTest } from "./support/doc-examples.js";

const ROOT = repository("");
const FOLDER = join(ROOT, "node_modules/.cache/doc-examples");

const examples = collectExamples(ROOT);
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
for (const [index, { code, name }] of examples.entries()) {
  writeFileSync(join(FOLDER, `${index}.ts`), `// ${name}\n${code}\nexport {};\n`);
  writeFileSync(join(FOLDER, `${index}.run.ts`), toTest(code));
}

it("finds examples in the pages and in the sources", () => {
  expect(examples.length).toBeGreaterThan(20);
});

it("compiles every example", () => {
  const tsconfig = {
    extends: join(ROOT, "tsconfig.base.json"),
    compilerOptions: {
      noEmit: true,
      declaration: false,
      isolatedDeclarations: false,
      noUnusedLocals: false,
      types: ["node"],
      typeRoots: [join(ROOT, "node_modules/@types")],
    },
    include: ["*.ts"],
    exclude: ["*.run.ts"],
  };
  writeFileSync(join(FOLDER, "tsconfig.json"), JSON.stringify(tsconfig));
  writeFileSync(join(FOLDER, "package.json"), '{ "type": "module" }');
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", FOLDER], { encoding: "utf8" });
  expect(stdout).toBe("");
});

it.each(examples.map(({ name, runs }, index) => ({ name, runs, index })).filter(({ runs }) => runs))(
  "runs $name",
  async ({ index }) => {
    await import(join(FOLDER, `${index}.run.ts`));
  },
);
