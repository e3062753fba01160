import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Application, type ApplicationDescription, createApplication } from "finger-server";
import { afterEach, expect, it } from "vitest";
import { FOLDER, freshPath } from "../../../../../tests/support/programs.js";

/** What stands for the package: it serves no pages, and keeps what it is given. */
const ADAPTER = `
  import { createServer } from "node:http";

  export const made = [];
  export const stopped = [];

  export function httpService(options) {
    let server;
    const pages = {
      name: "http",
      updates: [],
      reloads: 0,
      options,
      get address() {
        const bound = server?.address();
        return bound ? { host: bound.address, port: bound.port, path: undefined } : undefined;
      },
      async prepare() {
        await options.where.tls?.();
        server ??= createServer((_, response) => response.end("pages"));
        await new Promise((resolve, reject) => {
          server.once("error", reject).listen(options.where, resolve);
        });
      },
      start: async () => {},
      async stop() {
        stopped.push(pages);
        await new Promise((resolve) => server.close(resolve));
        server = undefined;
      },
      async reloadTls() {
        pages.reloads++;
        await options.where.tls?.();
      },
    };
    if (options.title !== "fixed") pages.update = (other) => pages.updates.push(other);
    made.push(pages);
    return pages;
  }`;

// biome-ignore lint/suspicious/noExplicitAny: the package may be given anything, and that is what is looked at
type Anything = any;

/** Installs a package that stands for finger-adapters-http, and gives where, and what it exports. */
async function install(code = ADAPTER): Promise<{ readonly folder: string; readonly adapter: Anything }> {
  const folder = freshPath();
  const home = join(folder, "node_modules/finger-adapters-http");
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "package.json"), '{ "type": "module", "exports": "./index.js" }');
  await writeFile(join(home, "index.js"), code);
  return { folder, adapter: await import(pathToFileURL(join(home, "index.js")).href) };
}

const open: Application[] = [];
afterEach(async () => {
  for (const application of open.splice(0)) await application.stop();
});

/** Makes an application where such a package is installed. */
async function make(description: ApplicationDescription, options: object = {}) {
  const { folder, adapter } = await install();
  const application = await createApplication({ listen: 0, ...description }, { folder, ...options } as object);
  open.push(application);
  return { application, adapter, given: adapter.made[0]?.options as Anything };
}

async function start(description: ApplicationDescription) {
  const made = await make(description);
  await made.application.start();
  return made;
}

const peer = { address: "192.0.2.1", port: 1 };
const context = { verbose: false, peer, signal: AbortSignal.timeout(10_000) };

const TOLD: ReadonlyArray<readonly [description: ApplicationDescription, given: object, why: string]> = [
  [{ http: 8123 }, { where: { host: "127.0.0.1", port: 8123 } }, "an address alone"],
  [{ http: { address: "./pages.sock", mode: "660" } }, { where: { path: "./pages.sock", mode: 0o660 } }, "a place"],
  [{ http: {} }, { where: { host: "127.0.0.1", port: 8000 } }, "the port of the tutorial"],
  [
    { http: { listen: "[::]:80", origin: "https://plan.example", hosts: ["plan.example"], base: "/finger" } },
    {
      where: { host: "::", port: 80 },
      origin: "https://plan.example",
      hosts: ["plan.example"],
      base: "/finger",
    },
    "where people reach it",
  ],
  [
    { http: { title: "Crew", cors: ["https://a.example"] } },
    { title: "Crew", cors: ["https://a.example"] },
    "what it says",
  ],
  [
    { http: { listen: { address: 443, tls: { key: "k", cert: "c" } }, hsts: 60 } },
    { where: { host: "127.0.0.1", port: 443, tls: expect.any(Function) }, hsts: 60 },
    "HTTPS",
  ],
  [{ http: 0 }, { limits: {}, idle: undefined }, "the bounds of the package"],
  [{ http: 0, limits: { lookupTime: 500, idle: 700, rate: 1 } }, { limits: { lookupTime: 500 }, idle: 700 }, "bounds"],
  [{ http: 0, limits: { lookupTime: false, idle: false } }, { limits: { lookupTime: false }, idle: undefined }, "none"],
  [
    { http: { limits: { lookupTime: 900, streams: false } }, limits: { lookupTime: 500 } },
    { limits: { lookupTime: 900, streams: false } },
    "bounds of their own",
  ],
  [{ http: 0, list: false, ambiguity: "refuse" }, { list: false, ambiguity: "refuse" }, "as finger answers"],
  [{ http: 0, ambiguity: "all" }, { ambiguity: "list" }, "there is one page for a name"],
  [{ http: 0 }, { store: undefined, setter: undefined, gateway: undefined }, "nobody sets or asks elsewhere"],
];

it.each(TOLD)("makes of %o pages of %o: %s", async (description, given) => {
  const { adapter } = await make(description);
  expect(adapter.made).toHaveLength(1);
  expect(adapter.made[0].options).toMatchObject(given);
  expect(adapter.made[0].options).toMatchObject({
    provider: { lookup: expect.any(Function) },
    onError: expect.any(Function),
  });
  // There are options that the daemon alone heeds.
  for (const name of ["listen", "logger"]) expect(adapter.made[0].options).not.toHaveProperty(name);
});

it("serves pages as long as it runs, and tells where", async () => {
  const { application } = await start({ http: 0 });
  const { port = 0 } = application.addresses().find(({ service }) => service === "http") ?? {};
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("pages");
  await application.stop();
  expect(application.addresses()).toEqual([]);
});

it("has pages at a socket that was passed for them, whether they are described or not", async () => {
  const sockets = [{ fd: 5, name: "http" }];
  for (const http of [undefined, 8000, { title: "Crew" }]) {
    const { given } = await make({ http }, { sockets });
    expect(given.where).toEqual({ fd: 5 });
  }
});

it("reads the certificate when they are opened, and again at each reload", async () => {
  const tls = { key: join(FOLDER, "pages.key"), cert: join(FOLDER, "pages.cert") };
  const description: ApplicationDescription = { listen: 0, http: { listen: { address: 0, tls } } };
  const { application, adapter } = await make(description);
  await expect(application.start()).rejects.toMatchObject({
    code: "ERR_FINGER_CONFIG",
    message: expect.stringContaining("pages.key cannot be read"),
  });
  const request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=plan.example";
  execFileSync("openssl", [...request.split(" "), "-keyout", tls.key, "-out", tls.cert], { stdio: "ignore" });
  await application.start();
  await application.reload();
  expect(adapter.made[0].reloads).toBe(1);
  await writeFile(tls.cert, "no certificate");
  await expect(application.reload()).rejects.toMatchObject({ code: "ERR_FINGER_CONFIG" });
});

it("lets statuses be set there, by a setter that has no port", async () => {
  const tokens = freshPath();
  const { application, given } = await start({ store: "memory:", setter: { listen: [], tokens }, http: 0 });
  expect(application.addresses().map(({ service }) => service)).toEqual(["finger", "http"]);
  const request = { login: "alice", text: "Happy and well" };
  await expect(given.setter.set(request, peer)).rejects.toMatchObject({ code: "ERR_FINGER_DENIED" });
  const here = { address: undefined, port: undefined };
  const { rev } = await given.setter.set(request, here);
  expect(await given.store.get("alice")).toMatchObject({ text: "Happy and well", rev });
  expect(await given.setter.delete({ login: "alice" }, here)).toBe(true);
  expect(await given.store.history("alice")).toEqual([]);
});

it("asks other servers by the rules of forward, or none but public ones", async () => {
  const { given } = await make({ http: { gateway: true }, forward: { hosts: ["plan.example"] } });
  await expect(given.gateway.lookup("alice@other.example", context)).rejects.toMatchObject({
    code: "ERR_FINGER_DENIED",
  });
  const { given: other } = await make({ http: { gateway: true } });
  await expect(other.gateway.lookup("alice@127.0.0.1", context)).rejects.toMatchObject({ code: "ERR_FINGER_DENIED" });
  // What finger answers is no matter of that.
  expect((await make({ http: { gateway: false }, forward: {} })).given.gateway).toBeUndefined();
});

it("keeps the pages over a reload, and reads and sets by the description of the moment", async () => {
  const [one, two] = [freshPath(), freshPath()].map((path) => ({ store: `file:${path}`, setter: 0, http: 0 })) as [
    ApplicationDescription,
    ApplicationDescription,
  ];
  const { application, adapter, given } = await start(one);
  const here = { address: undefined, port: undefined };
  await given.setter.set({ login: "alice", text: "Before" }, here);
  await application.reload({ ...two, listen: 0 });
  expect(await given.store.get("alice")).toBeUndefined();
  await given.setter.set({ login: "alice", text: "After" }, here);
  expect(await given.store.history("alice")).toMatchObject([{ text: "After" }]);
  expect(await given.provider.lookup("alice", context)).toMatchObject({ status: "After" });
  expect([adapter.made.length, adapter.made[0].updates, adapter.stopped]).toEqual([1, [], []]);
  await application.reload({ ...one, listen: 0 });
  expect(await given.store.get("alice")).toMatchObject({ text: "Before" });
});

it("tells the pages how they are to answer now, at the port that is open", async () => {
  const { application, adapter } = await start({ http: { listen: 0, title: "Crew" } });
  const before = application.addresses();
  const changed: ApplicationDescription = {
    listen: 0,
    store: "memory:",
    setter: { listen: [] },
    list: false,
    limits: { lookupTime: 500 },
    http: { listen: 0, title: "Team", gateway: true, limits: { misses: 6 } },
  };
  await application.reload(changed);
  const [pages] = adapter.made;
  expect(pages.updates).toMatchObject([
    { title: "Team", list: false, store: {}, setter: {}, gateway: { lookup: expect.any(Function) } },
  ]);
  expect(pages.updates[0].limits).toEqual({ lookupTime: 500, misses: 6 });
  await application.reload(structuredClone(changed));
  expect([adapter.made.length, pages.updates.length]).toEqual([1, 1]);
  expect(application.addresses()).toEqual(before);
  await application.reload({ listen: 0, http: { listen: 0, title: "Team" } });
  expect(pages.updates.at(-1)).toMatchObject({ store: undefined, setter: undefined, gateway: undefined });
});

it("refuses a setter that has neither a port nor pages", async () => {
  const description: ApplicationDescription = { store: "memory:", setter: { listen: [] } };
  const message = expect.stringContaining("setter.listen is a list: nobody could set anything");
  await expect(make(description)).rejects.toMatchObject({ code: "ERR_FINGER_CONFIG", message });
  expect((await make(description, { sockets: [{ fd: 5, name: "http" }] })).given.setter).toBeDefined();
});

it("moves them to another port, and closes the one before", async () => {
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address() as { readonly port: number };
  free.close();
  await once(free, "close");
  const { application, adapter } = await start({ http: { listen: 0, title: "fixed" } });
  await application.reload({ listen: 0, http: { listen: port, title: "Team" } });
  expect(application.addresses().at(-1)).toMatchObject({ service: "http", port });
  expect(adapter.stopped).toEqual([adapter.made[0]]);
  expect(adapter.made[1]).toMatchObject({ options: { title: "Team" }, updates: [] });
  await application.reload({ listen: 0 });
  expect(adapter.stopped).toEqual(adapter.made);
});

const ONLY_BY_RESTART: ReadonlyArray<readonly [http: ApplicationDescription["http"], message: string, why: string]> = [
  [
    { listen: { address: 0, tls: { key: "k", cert: "c" } }, title: "fixed" },
    "How http on 127.0.0.1:0 is listened on can only be changed by a restart.",
    "a port talks in one way",
  ],
  [
    { listen: 0, title: "Team" },
    "What http, list and the like say of the pages can only be changed by a restart.",
    "the package knows no other way",
  ],
];

it.each(ONLY_BY_RESTART)("is as before when told %o: %s %s", async (http, message) => {
  const description: ApplicationDescription = { listen: 0, http: { listen: 0, title: "fixed" } };
  const { application, adapter } = await start(description);
  const change = application.reload({ listen: 0, http });
  await expect(change).rejects.toMatchObject({ code: "ERR_FINGER_CONFIG", message });
  expect(application.describe()).toEqual(description);
  expect(adapter.stopped).toEqual([]);
});

const BROKEN: ReadonlyArray<readonly [code: string, message: string, why: string]> = [
  ["export {};", "The package finger-adapters-http has no httpService; install a newer one.", "it cannot do that yet"],
  [
    'export const httpService = () => { throw new TypeError("The option base is wrong."); };',
    "What http takes cannot be made: The option base is wrong.",
    "it is stricter than the config",
  ],
];

it.each(BROKEN)("tells of a package that is `%s`: %s %s", async (code, message) => {
  const { folder } = await install(code);
  const made = createApplication({ http: 0 }, { folder } as object);
  await expect(made).rejects.toMatchObject({ code: "ERR_FINGER_CONFIG", message });
});
