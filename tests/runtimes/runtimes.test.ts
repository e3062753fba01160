import { execFile, execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createFingerServer, memoryProvider } from "finger-server";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describePeer } from "../peers/support/peer.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Where `.ci/run` puts the runtimes that are not this one. */
const RUNTIMES = join(ROOT, ".cache/runtimes/node_modules");
const HOW_TO_GET = "scripts/install-runtimes.sh fetches them";
const CHROMIUM = "/usr/bin/chromium";

/** A project of a stranger who installed our packages from their tarballs. */
let project: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "finger-project-"));
  for (const name of ["finger-protocol", "finger-client", "finger-server"]) {
    const folder = join(project, "node_modules", name);
    await mkdir(folder, { recursive: true });
    pack(name, project);
    const tarball = readdirSync(project).find((file) => file.startsWith(`${name}-`)) ?? "";
    execFileSync("tar", ["-xzf", join(project, tarball), "-C", folder, "--strip-components=1"]);
  }
  // Deno resolves a bare name only where a package.json has it.
  const dependencies = { "finger-protocol": "*", "finger-client": "*", "finger-server": "*" };
  await writeFile(join(project, "package.json"), JSON.stringify({ private: true, dependencies }));
  await copyFile(new URL("smoke.mjs", import.meta.url), join(project, "smoke.mjs"));
  await writeFile(
    join(project, "main.mjs"),
    'import * as protocol from "finger-protocol";\nimport { check } from "./smoke.mjs";\ncheck(protocol);\nconsole.log("alike");\n',
  );
  await writeFile(
    join(project, "main.cjs"),
    'require("finger-client"); require("finger-server"); console.log(require("finger-protocol").parseQuery("alice").user);\n',
  );
}, 60_000);
afterAll(() => rm(project, { recursive: true }));

function pack(name: string, into: string): void {
  const script = process.env["npm_execpath"] ?? "";
  const [command = "", ...args] = script.includes("pnpm") ? [process.execPath, script] : ["npx", "-y", "pnpm@10"];
  execFileSync(command, [...args, "--dir", join(ROOT, "packages", name), "pack", "--pack-destination", into], {
    stdio: "ignore",
  });
}

async function run(command: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(command, args, { cwd: project });
  return stdout + stderr;
}

const NODES: Array<[name: string, node: string]> = [
  ["this Node", process.execPath],
  ["Node 20", join(RUNTIMES, "node20/bin/node")],
  ["Node 22", join(RUNTIMES, "node22/bin/node")],
  ["Node 24", join(RUNTIMES, "node24/bin/node")],
  ["Node 26", join(RUNTIMES, "node26/bin/node")],
];

for (const [name, node] of NODES) {
  describePeer(name, existsSync(node), HOW_TO_GET, () => {
    it(`imports, requires and runs the packed packages on ${name}, without a warning`, async () => {
      expect(await run(node, "main.mjs")).toBe("alike\n");
      expect(await run(node, "main.cjs")).toBe("alice\n");
    });

    it(`runs the packed commands on ${name}`, async () => {
      const server = createFingerServer({ provider: memoryProvider({ alice: "Happy and well" }) });
      const { port } = await server.listen({ port: 0 });
      const command = "node_modules/finger-client/bin/finger-client.cjs";
      expect(await run(node, command, `alice@127.0.0.1:${port}`)).toBe("Happy and well\n");
      expect(await run(node, "node_modules/finger-server/bin/finger-server.cjs", "--version")).toBe("0.0.0\n");
      await server.close();
    });
  });
}

describePeer("Bun", existsSync(join(RUNTIMES, ".bin/bun")), HOW_TO_GET, () => {
  it("runs the packed finger-protocol on Bun", async () => {
    expect(await run(join(RUNTIMES, ".bin/bun"), "main.mjs")).toBe("alike\n");
  });
});

describePeer("Deno", existsSync(join(RUNTIMES, ".bin/deno")), HOW_TO_GET, () => {
  it("runs the packed finger-protocol on Deno, which needs no permission for it", async () => {
    expect(await run(join(RUNTIMES, ".bin/deno"), "run", "--no-prompt", "main.mjs")).toBe("alike\n");
  });
});

describePeer("Chromium", existsSync(CHROMIUM), "apt-get install chromium", () => {
  it("runs the packed finger-protocol in a browser", async () => {
    const files: Readonly<Record<string, string>> = {
      "/finger-protocol.js": readFileSync(join(project, "node_modules/finger-protocol/dist/index.js"), "utf8"),
      "/smoke.js": readFileSync(join(project, "smoke.mjs"), "utf8"),
    };
    const web = createServer(({ url = "" }, response) => {
      response.setHeader("content-type", url in files ? "text/javascript" : "text/html");
      response.end(files[url] ?? "<!doctype html><title>finger</title>");
    }).listen(0, "127.0.0.1");
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(web.address() as AddressInfo).port}/`);
      const outcome = await page.evaluate(
        'Promise.all([import("/finger-protocol.js"), import("/smoke.js")]).then(([protocol, smoke]) => { smoke.check(protocol); return "alike"; })',
      );
      expect(outcome).toBe("alike");
    } finally {
      await browser.close();
      web.close();
    }
  });
});

/** As root, and without a word to hosts outside. */
const QUIET = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
