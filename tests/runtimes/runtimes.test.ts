import { execFile, execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { copyFile, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createFingerServer, memoryProvider } from "finger-server";
import { build } from "tsup";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeChromium, launchChromium } from "../peers/support/browser.js";
import { describePeer } from "../peers/support/peer.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Where `.ci/run` puts the runtimes that are not this one. */
const RUNTIMES = join(ROOT, ".cache/runtimes/node_modules");
const HOW_TO_GET = "scripts/install-runtimes.sh fetches them";

/** Our packages, each with its folder. */
const PACKAGES: ReadonlyArray<readonly [name: string, folder: string]> = [
  ["finger-protocol", "finger-protocol"],
  ["finger-client", "finger-client"],
  ["finger-server", "finger-server"],
  ["finger-adapters-http", "adapters-http"],
];

/** A project of a stranger who installed our packages from their tarballs. */
let project: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "finger-project-"));
  for (const [name, source] of PACKAGES) {
    const folder = join(project, "node_modules", name);
    await mkdir(folder, { recursive: true });
    pack(source, project);
    const tarball = readdirSync(project).find((file) => file.startsWith(`${name}-`)) ?? "";
    execFileSync("tar", ["-xzf", join(project, tarball), "-C", folder, "--strip-components=1"]);
  }
  await copyDependencies("finger-server");
  // Deno resolves a bare name only where a package.json has it.
  const dependencies = Object.fromEntries(PACKAGES.map(([name]) => [name, "*"]));
  await writeFile(join(project, "package.json"), JSON.stringify({ private: true, dependencies }));
  for (const file of ["smoke.mjs", "serve.mjs", "pages.mjs"])
    await copyFile(new URL(file, import.meta.url), join(project, file));
  await writeFile(
    join(project, "main.mjs"),
    'import * as protocol from "finger-protocol";\nimport { check } from "./smoke.mjs";\ncheck(protocol);\nconsole.log("alike");\n',
  );
  await writeFile(join(project, "server.mjs"), toServerCheck("finger-server"));
  await writeFile(join(project, "web.mjs"), toServerCheck("finger-server/web"));
  await writeFile(join(project, "pages-here.mjs"), toPagesCheck("finger-adapters-http", "finger-server"));
  await writeFile(join(project, "pages-web.mjs"), toPagesCheck("finger-adapters-http/web", "finger-server/web"));
  await writeFile(join(project, "deno.mjs"), DENO);
  await writeFile(join(project, "worker.mjs"), WORKER);
  await writeFile(
    join(project, "main.cjs"),
    'require("finger-client"); require("finger-server"); require("finger-adapters-http"); console.log(require("finger-protocol").parseQuery("alice").user);\n',
  );
}, 60_000);
afterAll(() => rm(project, { recursive: true }));

function toServerCheck(entry: string): string {
  return `import * as server from "${entry}";\nimport { check } from "./serve.mjs";\nawait check(server);\nconsole.log("served");\n`;
}

function toPagesCheck(adapters: string, server: string): string {
  return `import * as adapters from "${adapters}";
import * as server from "${server}";
import { check } from "./pages.mjs";
await check(adapters, server);
console.log("shown");
`;
}

/** Serves a connection of Deno's own, which is a pair of web streams. */
const DENO = `
import { createFingerServer } from "finger-server/web";
const server = createFingerServer({ provider: (name, { peer }) => name + " for " + peer.address });
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const accept = async () => {
  const connection = await listener.accept();
  await server.handle(connection, { address: connection.remoteAddr.hostname, port: connection.remoteAddr.port });
};
const served = accept();
const client = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
await client.write(new TextEncoder().encode("alice\\r\\n"));
console.log((await new Response(client.readable).text()).trim());
await served;
listener.close();
`;

/** Puts what the package depends on beside it, as an installation does. */
async function copyDependencies(name: string): Promise<void> {
  const pending = [realpathSync(join(ROOT, "packages", name))];
  for (const folder of pending) {
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    for (const dependency of Object.keys(dependencies)) {
      const from = [join(folder, "node_modules", dependency), join(folder, "..", dependency)].find(existsSync);
      const to = join(project, "node_modules", dependency);
      if (from === undefined) throw new Error(`${dependency} of ${folder} is not installed`);
      if (existsSync(to)) continue;
      await cp(from, to, { recursive: true, dereference: true });
      pending.push(realpathSync(from));
    }
  }
}

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

/** The file that the packed package runs as its command. */
function findCommand(name: string): string {
  const folder = join("node_modules", name);
  const { bin } = JSON.parse(readFileSync(join(project, folder, "package.json"), "utf8"));
  return join(folder, bin[name]);
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
      expect(await run(node, "server.mjs")).toBe("served\n");
      expect(await run(node, "web.mjs")).toBe("served\n");
      expect(await run(node, "pages-here.mjs")).toBe("shown\n");
      expect(await run(node, "pages-web.mjs")).toBe("shown\n");
    });

    it(`runs the packed commands on ${name}`, async () => {
      const server = createFingerServer({ provider: memoryProvider({ alice: "Happy and well" }) });
      const { port } = await server.listen({ port: 0 });
      expect(await run(node, findCommand("finger-client"), `alice@127.0.0.1:${port}`)).toBe("Happy and well\n");
      for (const name of ["finger-client", "finger-server"]) {
        expect(await run(node, findCommand(name), "--version")).toBe("0.0.0\n");
      }
      await server.close();
    });
  });
}

describePeer("Bun", existsSync(join(RUNTIMES, ".bin/bun")), HOW_TO_GET, () => {
  it("runs the packed finger-protocol, finger-server and finger-adapters-http on Bun", async () => {
    expect(await run(join(RUNTIMES, ".bin/bun"), "main.mjs")).toBe("alike\n");
    expect(await run(join(RUNTIMES, ".bin/bun"), "server.mjs")).toBe("served\n");
    expect(await run(join(RUNTIMES, ".bin/bun"), "web.mjs")).toBe("served\n");
    expect(await run(join(RUNTIMES, ".bin/bun"), "pages-here.mjs")).toBe("shown\n");
    expect(await run(join(RUNTIMES, ".bin/bun"), "pages-web.mjs")).toBe("shown\n");
  });
});

describePeer("Deno", existsSync(join(RUNTIMES, ".bin/deno")), HOW_TO_GET, () => {
  const deno = join(RUNTIMES, ".bin/deno");

  it("runs the packed packages on Deno, which need no permission for it", async () => {
    expect(await run(deno, "run", "--no-prompt", "main.mjs")).toBe("alike\n");
    expect(await run(deno, "run", "--no-prompt", "web.mjs")).toBe("served\n");
    expect(await run(deno, "run", "--no-prompt", "pages-web.mjs")).toBe("shown\n");
  });

  it("serves the connections of Deno itself", async () => {
    expect(await run(deno, "run", "--no-prompt", "--allow-net=127.0.0.1", "deno.mjs")).toBe("alice for 127.0.0.1\n");
  });
});

describeChromium(() => {
  it("runs the packed packages in a Worker of a browser, bundled without Node", async () => {
    await build({
      config: false,
      entry: { worker: join(project, "worker.mjs") },
      outDir: project,
      outExtension: () => ({ js: ".js" }),
      format: "esm",
      platform: "browser",
      noExternal: [/./],
      splitting: false,
      clean: false,
      silent: true,
    });
    const bundle = readFileSync(join(project, "worker.js"), "utf8");
    expect(bundle).not.toMatch(/(?:from|import|require)\s*\(?\s*["']node:/);
    const web = createServer(({ url = "" }, response) => {
      response.setHeader("content-type", url === "/worker.js" ? "text/javascript" : "text/html");
      response.end(url === "/worker.js" ? bundle : "<!doctype html><title>finger</title>");
    }).listen(0, "127.0.0.1");
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(web.address() as AddressInfo).port}/`);
      expect(await page.evaluate(ASK_WORKER)).toBe("alike, served and shown");
    } finally {
      await browser.close();
      web.close();
    }
  });
});

const WORKER = `
import * as protocol from "finger-protocol";
import * as server from "finger-server";
import * as adapters from "finger-adapters-http";
import * as smoke from "./smoke.mjs";
import * as serve from "./serve.mjs";
import * as pages from "./pages.mjs";
const run = async () => {
  smoke.check(protocol);
  await serve.check(server);
  await pages.check(adapters, server);
  return "alike, served and shown";
};
run().then(postMessage, (error) => postMessage(String(error)));
`;

const ASK_WORKER = `new Promise((resolve, reject) => {
  const worker = new Worker("/worker.js", { type: "module" });
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
})`;
