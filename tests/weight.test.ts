import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

/** A path in the repository. */
const repository = (path: string) => new URL(`../${path}`, import.meta.url).pathname;

// Who only embeds a server must not pay for the daemon, and who installs it not for what hardly anybody needs.

/** What is published of a package of ours, in bytes. */
function weighOurs(folder: string): number {
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", "--dry-run", "--json"], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
  return packed.unpackedSize;
}

/** All files of an installed package, in bytes. */
function weighFolder(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    if (entry.name === "node_modules") return sum;
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? weighFolder(path) : statSync(path).size);
  }, 0);
}

/** The folders of a package and of all that npm installs with it. */
function findInstalled(folder: string, found = new Set<string>()): ReadonlySet<string> {
  found.add(folder);
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    const place = findPackage(name, folder);
    if (!found.has(place)) findInstalled(place, found);
  }
  return found;
}

function findPackage(name: string, from: string): string {
  const paths = createRequire(join(from, "package.json")).resolve.paths(name) ?? [];
  const path = paths.map((folder) => join(folder, name)).find((folder) => statSync(folder, { throwIfNoEntry: false }));
  if (path === undefined) throw new Error(`${name} is not installed for ${from}.`);
  return realpathSync(path);
}

it("installs at most ten packages and 3 MB", () => {
  const folders = [...findInstalled(repository("packages/finger-server"))];
  const weights = folders.map((folder) => [
    folder,
    folder.includes("node_modules") ? weighFolder(folder) : weighOurs(folder),
  ]);
  expect(folders.length, folders.join("\n")).toBeLessThanOrEqual(10);
  const total = weights.reduce((sum, [, bytes]) => sum + Number(bytes), 0);
  expect(total, weights.join("\n")).toBeLessThan(3_000_000);
});

/** The files that an entry imports at once, not when they are needed. */
function findStaticImports(file: string, found = new Set<string>()): ReadonlySet<string> {
  found.add(file);
  for (const [, path = ""] of readFileSync(file, "utf8").matchAll(/^(?:import|export)[^;"]*"(\.[^"]+)";$/gm)) {
    const next = join(dirname(file), path);
    if (!found.has(next)) findStaticImports(next, found);
  }
  return found;
}

it("loads nothing of the daemon for who embeds a server", () => {
  const files = [...findStaticImports(repository("packages/finger-server/dist/index.js"))];
  const text = files.map((file) => readFileSync(file, "utf8")).join("\n");
  expect(text).toContain("createFingerServer");
  for (const ofDaemon of ["ZodMini", "smol-toml", "systemd-notify", "Prometheus"]) expect(text).not.toContain(ofDaemon);
});
