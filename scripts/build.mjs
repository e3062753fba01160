// Builds every package: tsup writes the JavaScript, tsc the declarations, and the manual pages are made of what --help says.
import { readdirSync, rmSync } from "node:fs";
import { writeManPages } from "./man-page.mjs";
import { run } from "./run.mjs";

for (const folder of readdirSync("packages")) rmSync(`packages/${folder}/dist`, { recursive: true, force: true });
run("tsup", "--config", "tsup.config.ts");
run("tsc", "-b", "tsconfig.build.json");
await writeManPages();
