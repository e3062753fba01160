// Packs every public package as it is published, and has publint and attw look at the tarballs.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./run.mjs";

// Only pnpm's own pack replaces `workspace:` and applies `publishConfig`.
const script = process.env["npm_execpath"] ?? "";
const [pnpm, ...first] = script.includes("pnpm") ? [process.execPath, script] : ["npx", "-y", "pnpm@10"];

const packed = mkdtempSync(join(tmpdir(), "finger-packed-"));
try {
  for (const folder of readdirSync("packages")) {
    const { private: isPrivate } = JSON.parse(readFileSync(`packages/${folder}/package.json`, "utf8"));
    if (!isPrivate)
      run(String(pnpm), ...first, "--dir", `packages/${folder}`, "--silent", "pack", "--pack-destination", packed);
  }
  for (const tarball of readdirSync(packed)) {
    run("publint", "--strict", join(packed, tarball));
    run("attw", join(packed, tarball), "--profile", "esm-only", "--quiet");
  }
} finally {
  rmSync(packed, { recursive: true });
}
