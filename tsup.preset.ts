import { readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
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
    noExternal: BUNDLED,
    skipNodeModulesBundle: true,
  };
}

/** Of packages that are large as they are installed, and of which little is used, that little is taken. */
const BUNDLED = [/^zod/, "smol-toml"];

/**
 * A package's command as one CommonJS file with all it needs: it starts in half the time. What it imports dynamically is a
 * file of its own beside it, so that a run loads no more than it uses.
 *
 * @param entry - What runs when the file does, as a path in `src`.
 * @param parts - The modules that are imported dynamically, as paths in `src`.
 */
export function command(folder: string, entry: string, parts: readonly string[] = []): Options {
  return {
    ...shared(folder, [entry, ...parts]),
    outDir: `${ROOT}packages/${folder}/dist/command`,
    format: "cjs",
    splitting: false,
    minify: true,
    noExternal: [/./],
    outExtension: () => ({ js: ".cjs" }),
    esbuildPlugins: [PARTS],
    esbuildOptions: (options) => {
      options.conditions = ["finger-source"];
      options.entryNames = "[name]";
      options.define = { ...options.define, VERSION: JSON.stringify(readVersion(folder)) };
      options.supported = { ...options.supported, "dynamic-import": false }; // it would load Node's loader of ES modules
    },
  };
}

/**
 * What of a command stands before the library, which it imports when there is something to do: as {@link command}, but what it
 * imports dynamically is an entry of {@link library}.
 */
export function front(folder: string, entry: string): Options {
  const whole = command(folder, entry);
  return {
    ...whole,
    esbuildPlugins: [importLibrary(`${ROOT}packages/${folder}/src`)],
    esbuildOptions: (options, context) => {
      whole.esbuildOptions?.(options, context);
      delete options.supported;
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

function importLibrary(source: string): NonNullable<Options["esbuildPlugins"]>[number] {
  return {
    name: "entries of the library",
    setup: ({ onResolve }) => {
      onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) =>
        kind === "dynamic-import"
          ? { path: `../${relative(source, join(resolveDir, path))}`, external: true }
          : undefined,
      );
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
