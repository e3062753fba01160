import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "tsup";
import { freshPath } from "./programs.js";

/** Builds a module of our sources, with what it imports, as a file that every Node runs. Resolves to its URL. */
export async function buildModule(source: string): Promise<string> {
  const outDir = freshPath();
  await build({
    config: false,
    silent: true,
    entry: { module: source },
    outDir,
    format: "esm",
    outExtension: () => ({ js: ".mjs" }),
    noExternal: [/./],
    esbuildOptions: (options) => {
      options.conditions = ["finger-source"];
    },
  });
  return pathToFileURL(join(outDir, "module.mjs")).href;
}
