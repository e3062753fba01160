import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Options } from "tsup";

// All that is special about tsup stands here; the declarations come from `tsc -b`, which is several times faster.

/** A package's entry points as ES modules, which leave their dependencies to be resolved by who installs them. */
export function library(folder: string, entries: readonly string[] = ["index.ts"]): Options {
  return {
    ...shared(folder, entries),
    format: "esm",
    splitting: true,
    // tsup would look for the dependencies in the package.json of the workspace, and bundle what it does not find there.
    external: [/^finger-/],
    skipNodeModulesBundle: true,
  };
}

/**
 * A package's command as one CommonJS file with all it needs: it starts in half the time. What it imports dynamically is a
 * file of its own beside it, so that a run loads no more than it uses.
 *
 * @param entry - What runs when the file does, as a path in `src`.
 * @param parts - The modules that are imported dynamically, as paths in `src`.
 * @param peers - The packages that are not bundled, because who needs them installs them.
 */
export function command(
  folder: string,
  entry: string,
  parts: readonly string[] = [],
  peers: readonly string[] = [],
): Options {
  return {
    ...shared(folder, [entry, ...parts]),
    outDir: `${ROOT}packages/${folder}/dist/command`,
    format: "cjs",
    splitting: false,
    minify: true,
    noExternal: [/./],
    outExtension: () => ({ js: ".cjs" }),
    esbuildPlugins: [PARTS, leaveOut(peers)],
    esbuildOptions: (options) => {
      options.conditions = ["finger-source"];
      options.entryNames = "[name]";
      options.define = { ...options.define, VERSION: JSON.stringify(readVersion(folder)) };
      options.supported = { ...options.supported, "dynamic-import": false }; // it would load Node's loader of ES modules
    },
  };
}

function readVersion(folder: string): string {
  return JSON.parse(readFileSync(`${ROOT}packages/${folder}/package.json`, "utf8")).version;
}

const ROOT = fileURLToPath(new URL(".", import.meta.url));

const PARTS: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "parts of a command",
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\.?\// }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path: `./${basename(path, ".js")}.cjs`, external: true } : undefined,
    );
  },
};

function leaveOut(packages: readonly string[]): NonNullable<Options["esbuildPlugins"]>[number] {
  return {
    name: "packages that are not bundled",
    setup: ({ onResolve }) => {
      for (const path of packages) onResolve({ filter: new RegExp(`^${path}$`) }, () => ({ path, external: true }));
    },
  };
}

function shared(folder: string, entries: readonly string[]): Options {
  const root = `${ROOT}packages/${folder}`;
  return {
    name: folder,
    entry: entries.map((entry) => `${root}/src/${entry}`),
    outDir: `${root}/dist`,
    tsconfig: `${root}/tsconfig.json`,
    target: "node20",
    platform: "node",
    dts: false,
    removeNodeProtocol: false,
    silent: true,
    // Bundles are made from the sources of the workspace, so that the order of the builds does not matter.
    esbuildOptions: (options) => {
      options.conditions = ["finger-source"];
    },
  };
}
