import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { FingerError } from "finger-protocol";
import { type Application, type ApplicationDescription, createApplication } from "finger-server";
import { afterEach, expect, it } from "vitest";
import { makeCertificate } from "../../../../../tests/peers/support/certificate.js";
import { FOLDER, freshPath } from "../../../../../tests/support/programs.js";

/** What stands for the package: it is on no network, and keeps what it is given. */
const ADAPTER = `
  export const made = [];
  export const told = [];

  export function createFingerBot(options) {
    if (options.url === "ircs://wrong") throw new TypeError("The option url is wrong.");
    made.push(options);
    return {
      name: "irc",
      start: async () => void told.push("start " + options.url),
      stop: async () => void told.push("stop " + options.url),
    };
  }`;

// biome-ignore lint/suspicious/noExplicitAny: the package may be given anything, and that is what is looked at
type Anything = any;

const open: Application[] = [];
afterEach(async () => {
  for (const application of open.splice(0)) await application.stop();
});

/** Makes an application where a package is installed that stands for finger-adapters-irc. */
async function make(description: ApplicationDescription, options: object = {}) {
  const folder = freshPath();
  const home = join(folder, "node_modules/finger-adapters-irc");
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "package.json"), '{ "type": "module", "exports": "./index.js" }');
  await writeFile(join(home, "index.js"), ADAPTER);
  const application = await createApplication({ listen: 0, ...description }, { folder, ...options } as object);
  open.push(application);
  const { made, told }: Anything = await import(pathToFileURL(join(home, "index.js")).href);
  return { application, made, told };
}

async function writeUsers(text = "alice: Well\n"): Promise<string> {
  const path = freshPath();
  await writeFile(path, text);
  return path;
}

it("is where the URL says, and answers as finger does", async () => {
  const { application, made, told } = await make({ users: await writeUsers(), irc: "ircs://bot@h/#a" });
  await application.start();
  expect(told).toEqual(["start ircs://bot@h/#a"]);
  const [{ url, provider, forward, setting, account, server, limits }] = made;
  expect({ url, forward, setting, account, server, limits }).toEqual({ url: "ircs://bot@h/#a", limits: {} });
  const context = { verbose: false, peer: { address: "", port: undefined }, signal: new AbortController().signal };
  expect(await provider.lookup("alice", context)).toMatchObject({ login: "alice", status: "Well" });
});

it("is given what its record says", async () => {
  const passwordFile = join(FOLDER, "irc-password");
  await writeFile(passwordFile, "s3cret\nand more\n");
  const certificate = makeCertificate("bot.example");
  const { made } = await make({
    store: "memory:",
    setter: { listen: [] },
    forward: {},
    limits: { lookupTime: 500 },
    list: false,
    irc: {
      url: "ircs://h",
      channels: ["#a key"],
      rejoin: true,
      account: { name: "plan", passwordFile, certificate },
      gateway: true,
      announce: { channels: ["#a"] },
      setters: { Ada: "alice", Kim: "kim" },
      host: "plan.example",
      limits: { lines: 4 },
    },
  });
  const [{ account, server, forward, setting, ...options }] = made;
  expect(options).toMatchObject({
    url: "ircs://h",
    channels: ["#a key"],
    rejoin: true,
    announce: { channels: ["#a"] },
    host: "plan.example",
    limits: { lines: 4, lookupTime: 500 },
    list: false,
  });
  expect(options).not.toHaveProperty("setters");
  expect(account).toEqual({ name: "plan", password: "s3cret", external: true });
  expect(String(server.tls.key)).toContain("PRIVATE KEY");
  expect(forward.lookup).toBeTypeOf("function");
  expect(["ADA", "kim", "alice", "constructor"].map(setting.toLogin)).toEqual(["alice", "kim", undefined, undefined]);
  // The sign of Kelvin, of which a lower-case k can be made.
  expect(setting.toLogin("\u212aim")).toBeUndefined();
});

it("sets what an account may set, without a token, and nothing else", async () => {
  const { application, made } = await make({
    store: "memory:",
    setter: { listen: [] },
    irc: { url: "irc://h", setters: { Ada: "alice" } },
  });
  await application.start();
  const { setter, toLogin } = made[0].setting;
  const login = toLogin("Ada");
  const ada = { address: "", port: undefined, login };
  await setter.set({ login, text: "On the train" }, ada);
  const context = { verbose: false, peer: ada, signal: new AbortController().signal };
  expect(await application.provider.lookup("alice", context)).toMatchObject({ status: "On the train" });
  await expect(setter.set({ login: "bob", text: "Gone" }, ada)).rejects.toMatchObject({ code: "ERR_FINGER_DENIED" });
});

it("goes on when it is described as before, and is another otherwise", async () => {
  const users = await writeUsers();
  const { application, told } = await make({ users, irc: "irc://a" });
  await application.start();
  await application.reload({ users, listen: 0, irc: "irc://a" });
  expect(told).toEqual(["start irc://a"]);
  await application.reload({ users, listen: 0, irc: { url: "irc://b" } });
  expect(told).toEqual(["start irc://a", "start irc://b", "stop irc://a"]);
  await application.reload({ users, listen: 0 });
  expect(told.at(-1)).toBe("stop irc://b");
});

it("says in what it tells of trouble that it is on IRC", async () => {
  const told: string[] = [];
  const logger = { debug() {}, info() {}, warn() {}, error: (_: object, message: string) => void told.push(message) };
  const { made } = await make({ store: "memory:", irc: "irc://h" }, { logger });
  made[0].onError(new FingerError("ERR_FINGER_CONNECT", "No server listens on h."));
  made[0].onError(new Error("A mistake."));
  expect(told).toEqual(["On IRC: No server listens on h.", "A mistake."]);
});

it("is another when its password is, in the same file", async () => {
  const passwordFile = await writeUsers("s3cret\n");
  const description = { store: "memory:", listen: 0, irc: { url: "ircs://h", account: { passwordFile } } };
  const { application, made, told } = await make(description);
  await application.start();
  await application.reload();
  await writeFile(passwordFile, "an0ther\n");
  await application.reload();
  expect(made.map(({ account }: Anything) => account.password)).toEqual(["s3cret", "an0ther"]);
  expect(told).toEqual(["start ircs://h", "start ircs://h", "stop ircs://h"]);
});

it("is there once, though several processes answer", async () => {
  const { application, made, told } = await make({ store: "memory:", irc: "irc://a" }, { isSpokesman: false });
  await application.start();
  expect(made).toHaveLength(1);
  expect(told).toEqual([]);
});

const WRONG: ReadonlyArray<[irc: ApplicationDescription["irc"], message: RegExp]> = [
  ["ircs://wrong", /^What irc takes cannot be made: The option url is wrong\.$/],
  [{ url: "ircs://h", account: { passwordFile: "/nowhere/password" } }, /^\/nowhere\/password: it cannot be read: /],
  [{ url: "ircs://h", account: { passwordFile: "/dev/null" } }, /^\/dev\/null: it is no regular file/],
  [{ url: "ircs://h", account: { certificate: { key: "/nowhere/k", cert: "/c" } } }, /^\/nowhere\/k cannot be read: /],
];

it.each(WRONG)("cannot be made of %j", async (irc, message) => {
  const made = make({ store: "memory:", irc });
  await expect(made).rejects.toMatchObject({ code: "ERR_FINGER_CONFIG", message: expect.stringMatching(message) });
});
