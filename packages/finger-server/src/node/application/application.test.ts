import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import {
  type Application,
  type ApplicationDescription,
  createApplication,
  type Logger,
  loadApplication,
  memoryPair,
  saveApplication,
} from "finger-server";
import { afterEach, describe, expect, it } from "vitest";
import { FOLDER, freshPath } from "../../../../../tests/support/programs.js";
import { exchange, listenWith } from "../../../../../tests/support/sockets.js";

const open: Application[] = [];
afterEach(async () => {
  for (const application of open.splice(0)) await application.stop();
});

/** What an application told its logger. */
type Told = readonly [level: keyof Logger, message: string];

function createLogger(): { readonly told: readonly Told[]; readonly logger: Logger } {
  const told: Told[] = [];
  const at = (level: keyof Logger) => (_: object, message: string) => void told.push([level, message]);
  return { told, logger: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") } };
}

async function make(description: ApplicationDescription, options = {}): Promise<Application> {
  const application = await createApplication({ listen: 0, ...description }, options);
  open.push(application);
  return application;
}

async function start(description: ApplicationDescription, options = {}): Promise<Application> {
  const application = await make(description, options);
  await application.start();
  return application;
}

/** The port of a service. */
function portOf(application: Application, service = "finger"): number {
  const found = application.addresses().find((address) => address.service === service);
  if (found === undefined) throw new Error(`${service} does not listen.`);
  return found.port;
}

/** What a setter answers. */
async function setStatus(port: number, text: string): Promise<string> {
  return (await exchange(port, [text], { halfClose: true })).trim();
}

const ask = (application: Application, query = "alice") => exchange(portOf(application), [`${query}\r\n`]);
const namesOf = (application: Application) => [...application].map(({ name }) => name);

/** A users file, which can be replaced. */
async function writeUsers(text = "alice: Happy and well\n", path = freshPath()): Promise<string> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
  return path;
}

async function writeModule(text: string): Promise<string> {
  const path = `${freshPath()}.mjs`;
  await writeFile(path, text);
  return path;
}

describe("an application", () => {
  it("answers for a users file", async () => {
    const application = await start({ users: await writeUsers() });
    expect(await ask(application)).toBe("Happy and well\r\n");
    expect(await ask(application, "")).toContain("alice");
  });

  it("binds nothing before it is told to", async () => {
    const application = await make({ users: await writeUsers(), setter: undefined });
    expect(application.addresses()).toEqual([]);
  });

  it("is a tree of services, which are started from the sources to the ports", async () => {
    const application = await make({
      users: await writeUsers(),
      store: "memory:",
      setter: 0,
      metrics: 0,
      listen: [0, "[::1]:0"],
    });
    expect(namesOf(application)).toEqual([
      "users",
      "store",
      "statuses",
      "answers",
      "finger",
      "finger on 127.0.0.1:0",
      "finger on [::1]:0",
      "tokens",
      "setter",
      "setter on 127.0.0.1:0",
      "metrics",
    ]);
    await application.start();
    expect(application.addresses().map(({ service, host }) => `${service} ${host}`)).toEqual([
      "finger 127.0.0.1",
      "finger ::1",
      "setter 127.0.0.1",
      "metrics 127.0.0.1",
    ]);
  });

  it("tells what is set, of those whom the users file knows", async () => {
    const application = await start({ users: await writeUsers(), store: "memory:", setter: 0 });
    const set = (login: string) => setStatus(portOf(application, "setter"), `${login}\nOn the train\n`);
    expect([await set("alice"), await set("mallory")]).toEqual(["OK", "Refused: there is no such user."]);
    expect(await ask(application)).toContain("On the train");
  });

  it("answers by all that is described", async () => {
    const application = await start({
      users: await writeUsers("alice: Happy\nbob: Out\nroot: Never\n"),
      show: [{ users: ["root"], show: "hidden" }, { show: "all" }],
      aliases: { boss: "alice" },
      routes: { echo: { program: ["/bin/echo", "--", "{name}"] } },
      texts: { noSuchUser: "{name}? Who is {name}?", listDenied: "No list." },
      list: false,
    });
    const answers = await Promise.all(["boss", "root", "echo:hello", ""].map((query) => ask(application, query)));
    expect(answers).toEqual(["Happy\r\n", "root? Who is root?\r\n", "-- hello\r\n", "No list.\r\n"]);
  });

  it("reads aliases of a file, and texts that they stand for", async () => {
    const motd = freshPath();
    await writeFile(motd, "Maintenance at noon.\n");
    const aliases = freshPath();
    await writeFile(aliases, `boss:alice\nmotd:${motd}\n`);
    const application = await start({ users: await writeUsers(), aliases });
    expect([await ask(application, "boss"), await ask(application, "motd")]).toEqual([
      "Happy and well\r\n",
      "Maintenance at noon.\r\n",
    ]);
  });

  it("heeds its limits", async () => {
    const application = await start({ users: await writeUsers(), limits: { queryBytes: 3 } });
    expect(await ask(application)).toBe("Finger query refused: it is too long\r\n");
  });

  it("speaks TLS where it is told to, and reads the certificate again", async () => {
    const tls = { key: join(FOLDER, "key.pem"), cert: join(FOLDER, "cert.pem") };
    writeCertificate("one.example", tls);
    const application = await start({ users: await writeUsers(), listen: { address: 0, tls } });
    expect(await nameOf(portOf(application))).toBe("one.example");
    writeCertificate("two.example", tls);
    await application.reload();
    expect(await nameOf(portOf(application))).toBe("two.example");
  });

  it("takes no key of another certificate, not even one of another kind", async () => {
    const [one, two] = [freshPath(), freshPath()];
    writeCertificate("one.example", { key: `${one}.key`, cert: `${one}.cert` });
    const rsa = `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=two.example -keyout ${two}.key -out ${two}.cert`;
    execFileSync("openssl", rsa.split(" "), { stdio: "ignore" });
    const tls = { key: `${two}.key`, cert: `${one}.cert` };
    const application = await make({ users: await writeUsers(), listen: { address: 0, tls } });
    await expect(application.start()).rejects.toMatchObject({
      code: "ERR_FINGER_CONFIG",
      message: `The key ${two}.key and the certificate ${one}.cert cannot be used: the key is of another certificate.`,
    });
  });

  it("has answers for other surfaces", async () => {
    const application = await start({ users: await writeUsers() });
    const context = {
      verbose: false,
      peer: { address: undefined, port: undefined },
      signal: AbortSignal.timeout(1000),
    };
    expect(await application.provider.lookup("alice", context)).toMatchObject({ status: "Happy and well" });
    const [ours, theirs] = memoryPair();
    const handled = application.handle(ours);
    const writer = theirs.writable.getWriter();
    await writer.write(new TextEncoder().encode("alice\r\n"));
    let text = "";
    for await (const chunk of theirs.readable) text += new TextDecoder().decode(chunk);
    await writer.close();
    await handled;
    expect(text).toBe("Happy and well\r\n");
  });

  it("lays records out as the description says", async () => {
    const users = await writeUsers();
    const told = async (description: ApplicationDescription) => ask(await start({ users, ...description }));
    expect(await told({})).toBe("Happy and well\r\n");
    expect(await told({ layout: "netkit" })).toBe("Login: alice          \t\t\tName: \r\nNo Plan.\r\n");
  });

  it("tells its metrics and its health", async () => {
    const application = await start({ users: await writeUsers(), metrics: 0 }, { version: "1.2.3" });
    await ask(application);
    const url = `http://127.0.0.1:${portOf(application, "metrics")}`;
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('finger_queries_total{kind="user",outcome="answered"} 1\n');
    expect(metrics).toContain('finger_build_info{version="1.2.3"} 1\n');
    expect(await (await fetch(`${url}/health`)).text()).toBe("ok\n");
  });

  it("logs what is asked and what goes wrong, when it has a logger", async () => {
    const { told, logger } = createLogger();
    const application = await start({ users: await writeUsers(), log: { audit: true } }, { logger });
    await ask(application);
    await expect.poll(() => told).toEqual([["info", "query"]]);
  });

  it.each<[description: object, message: string]>([
    [{ usrs: "users" }, 'the description: usrs is "users": there is no such key; did you mean "users"?'],
    [{ setter: 1079 }, "store"],
    [{ plugins: { gone: { module: "no-such-package" } } }, "install it: npm install no-such-package"],
    [{ plugins: { gone: { module: "/nowhere.mjs" } } }, "The plug-in gone cannot be loaded:"],
  ])("is not made of %j", async (description, message) => {
    const made = createApplication(description as ApplicationDescription);
    await expect(made).rejects.toThrow(message);
    await expect(made).rejects.toMatchObject({ code: "ERR_FINGER_CONFIG" });
  });

  it("starts as a whole or not at all", async () => {
    const { port, server } = await listenWith(() => {});
    const application = await make({ users: await writeUsers(), listen: [0, port] });
    await expect(application.start()).rejects.toMatchObject({ code: "ERR_FINGER_LISTEN" });
    expect(application.addresses()).toEqual([]);
    server.close();
    await once(server, "close");
    await application.start();
    expect(application.addresses()).toHaveLength(2);
  });

  it("tells why it cannot start", async () => {
    const application = await make({ users: await writeUsers("alice\n") });
    await expect(application.start()).rejects.toMatchObject({ code: "ERR_FINGER_USERS_FILE" });
  });

  it("can be stopped and started again", async () => {
    const application = await start({ users: await writeUsers() });
    await application.stop();
    expect(application.addresses()).toEqual([]);
    await application.start();
    expect(await ask(application)).toBe("Happy and well\r\n");
  });
});

describe("an application that is prepared", () => {
  it("has its ports, and keeps who asks and who sets waiting until it is started", async () => {
    const store = freshPath();
    const application = await make({ users: await writeUsers(), store: `file:${store}`, setter: 0, listen: 0 });
    await application.prepare();
    const asked = ask(application);
    const set = setStatus(portOf(application, "setter"), "alice\nOn the train\n");
    await once(connect(portOf(application), "127.0.0.1"), "connect");
    expect(() => readFileSync(store)).toThrow("ENOENT");
    await application.start();
    expect(await asked).toMatch(/Happy and well|On the train/);
    expect(await set).toBe("OK");
  });

  it("is closed again when it is stopped", async () => {
    const application = await make({ users: await writeUsers() });
    await application.prepare();
    await application.stop();
    expect(application.addresses()).toEqual([]);
  });
});

describe("an application that is reloaded", () => {
  it("goes by another description at the ports that are open", async () => {
    const one = { users: await writeUsers(), listen: 0 };
    const application = await start(one);
    const port = portOf(application);
    await application.reload({ ...one, users: await writeUsers("alice: Out\n"), limits: { queryBytes: 7 } });
    expect(portOf(application)).toBe(port);
    expect(await ask(application)).toBe("Out\r\n");
    expect(await ask(application, "somebody")).toContain("too long");
  });

  it("reads its users again", async () => {
    const users = await writeUsers();
    const application = await start({ users });
    await writeUsers("alice: Out\n", users);
    await application.reload();
    expect(await ask(application)).toBe("Out\r\n");
  });

  it("keeps what is in memory", async () => {
    const description = { store: "memory:", setter: 0, listen: 0 };
    const application = await start(description);
    await setStatus(portOf(application, "setter"), "alice\nOn the train\n");
    await application.reload({ ...description, limits: { rate: 1000 } });
    expect(await ask(application)).toBe("On the train\r\n");
  });

  it("opens ports and closes ports, and lets who is connected finish", async () => {
    const { port, server } = await listenWith(() => {});
    server.close();
    await once(server, "close");
    const users = await writeUsers();
    const application = await start({ users, listen: port });
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.write("ali");
    await application.reload({ users, listen: "[::1]:0" });
    expect(application.addresses().map(({ host }) => host)).toEqual(["::1"]);
    await expect(exchange(port, ["alice\r\n"])).rejects.toThrow("ECONNREFUSED");
    socket.end("ce\r\n");
    const [answer] = await once(socket, "data");
    expect(String(answer)).toBe("Happy and well\r\n");
  });

  it("begins to set, and sets no more", async () => {
    const description = { store: "memory:", listen: 0 };
    const application = await start(description);
    await application.reload({ ...description, setter: 0 });
    expect(await setStatus(portOf(application, "setter"), "alice\nHere\n")).toBe("OK");
    await application.reload(description);
    expect(application.addresses().map(({ service }) => service)).toEqual(["finger"]);
    expect(await ask(application)).toBe("Here\r\n");
  });

  it.each<[why: string, change: object]>([
    ["a key that there is not", { usrs: 1 }],
    ["a user who could not become others", { system: { programs: { home: true } }, process: { user: "nobody" } }],
    ["a users file that is not there", { users: "/nowhere/users" }],
    ["a port that nobody may have", { listen: "192.0.2.1:79" }],
    ["a plug-in that is not there", { plugins: { gone: { module: "/nowhere.mjs" } } }],
    ["another way to talk at a port that is open", { listen: { address: 0, proxyProtocol: ["127.0.0.1"] } }],
  ])("is as before when there is %s", async (_, change) => {
    const description = { users: await writeUsers(), listen: 0 };
    const application = await start(description);
    const before = namesOf(application);
    await expect(application.reload({ ...description, ...change })).rejects.toMatchObject({ code: /^ERR_FINGER/ });
    expect([namesOf(application), application.describe()]).toEqual([before, description]);
    expect(await ask(application)).toBe("Happy and well\r\n");
  });

  it("lets a status that is on its way be kept where statuses are by then", async () => {
    const [one, two] = [freshPath(), freshPath()];
    const application = await start({ store: `file:${one}`, setter: 0 });
    const socket = connect(portOf(application, "setter"), "127.0.0.1");
    await once(socket, "connect");
    await new Promise((resolve) => socket.write("alice\nOn the", resolve));
    await setStatus(portOf(application, "setter"), "bob\nHere\n");
    await application.reload({ store: `file:${two}`, setter: 0, listen: 0 });
    socket.end(" train\n");
    const [answer] = await once(socket, "data");
    expect(String(answer)).toBe("OK\r\n");
    await expect.poll(() => ask(application)).toBe("On the train\r\n");
  });

  it("stops what is gone when it has answered who asked before", async () => {
    const module = await writeModule(`
      export const heard = [];
      export default () => {
        let answer = () => {};
        return {
          provider: (name) => name === "slow" && new Promise((resolve) => {
            heard.push("asked");
            answer = () => resolve("done");
            setTimeout(answer, 200);
          }),
          service: { name: "slow", start: async () => {}, stop: async () => void heard.push("stopped") },
        };
      };`);
    const { heard } = await import(module);
    const users = await writeUsers();
    const application = await start({ users, plugins: { slow: { module } } });
    const asked = ask(application, "slow").then((answer) => heard.push(answer));
    await expect.poll(() => heard).toEqual(["asked"]);
    await Promise.all([application.reload({ users, listen: 0 }), asked]);
    expect(heard).toEqual(["asked", "done\r\n", "stopped"]);

    // The same for who asks by another surface.
    heard.length = 0;
    await application.reload({ users, listen: 0, plugins: { slow: { module } } });
    const context = {
      verbose: false,
      peer: { address: undefined, port: undefined },
      signal: AbortSignal.timeout(5000),
    };
    const looked = application.provider.lookup("slow", context).then((answer) => heard.push(answer));
    await Promise.all([application.reload({ users, listen: 0 }), looked]);
    expect(heard).toEqual(["asked", "done", "stopped"]);
  });

  it("reads all else again when one file cannot be read", async () => {
    const [one, two] = ["one", "two"].map((name) => ({
      key: join(FOLDER, `${name}.key`),
      cert: join(FOLDER, `${name}.cert`),
    })) as [{ key: string; cert: string }, { key: string; cert: string }];
    for (const tls of [one, two]) writeCertificate("old.example", tls);
    const users = await writeUsers();
    const listen = [one, two].map((tls, index) => ({ address: index === 0 ? "127.0.0.1:0" : "[::1]:0", tls }));
    const application = await start({ users, listen });
    await writeUsers("alice\n", users);
    await writeFile(one.cert, "no certificate");
    writeCertificate("new.example", two);
    await expect(application.reload()).rejects.toMatchObject({ code: "ERR_FINGER_SERVICE" });
    const names = application.addresses().map(({ port, host }) => nameOf(port, host));
    expect(await Promise.all(names)).toEqual(["old.example", "new.example"]);
    expect(application.describe()).toMatchObject({ users });
  });

  it("keeps the last good users when there is a mistake in them", async () => {
    const users = await writeUsers();
    const application = await start({ users });
    await writeUsers("alice\n", users);
    await expect(application.reload()).rejects.toMatchObject({ code: "ERR_FINGER_USERS_FILE" });
    expect(await ask(application)).toBe("Happy and well\r\n");
  });

  it("does one after the other what it is told at once", async () => {
    const application = await start({ users: await writeUsers(), listen: 0 });
    const files = await Promise.all(["One", "Two", "Three"].map((text) => writeUsers(`alice: ${text}\n`)));
    await Promise.all(files.map((users) => application.reload({ users, listen: 0 })));
    expect(await ask(application)).toBe("Three\r\n");
    expect(namesOf(application)).toEqual(["users", "answers", "finger", "finger on 127.0.0.1:0"]);
  });

  it("tells who watches that everybody may have changed, and of changes from then on", async () => {
    const application = await start({ users: await writeUsers(), listen: 0 });
    const stop = new AbortController();
    const changes = application.provider.watch(stop.signal)[Symbol.asyncIterator]();
    const first = changes.next();
    const users = await writeUsers("alice: Out\n");
    await application.reload({ users, listen: 0 });
    expect((await first).value).toEqual({ login: undefined });
    const second = changes.next();
    await writeUsers("alice: In\n", users);
    await application.reload();
    expect((await second).value).toEqual({ login: "alice" });
    stop.abort();
    expect((await changes.next()).done).toBe(true);
  });
});

describe("a plug-in", () => {
  const CLOCK = `
    export const heard = [];
    export default async ({ zone }, { provider, logger }) => ({
      provider: (name) => (name === "time" ? "noon in " + zone : undefined),
      service: {
        name: "clock",
        start: async () => void heard.push("start"),
        stop: async () => void heard.push("stop"),
      },
    });`;

  it("answers for who is not known otherwise, and runs with its application", async () => {
    const module = await writeModule(CLOCK);
    const { heard } = await import(module);
    const users = await writeUsers();
    const application = await start({ users, plugins: { clock: { module, options: { zone: "Oslo" } } } });
    expect(await ask(application, "time")).toBe("noon in Oslo\r\n");
    expect(namesOf(application).at(-1)).toBe("plug-in clock");
    await application.reload();
    expect(heard).toEqual(["start"]);
    await application.reload({ users, listen: 0, plugins: { clock: { module, options: { zone: "Rome" } } } });
    expect(await ask(application, "time")).toBe("noon in Rome\r\n");
    expect(heard).toEqual(["start", "start", "stop"]);
    await application.reload({ users, listen: 0 });
    expect(heard).toEqual(["start", "start", "stop", "stop"]);
    expect(await ask(application, "time")).toContain("no such user");
  });

  it("may only add answers", async () => {
    const module = await writeModule('export default () => ({ provider: async () => "always" });');
    const application = await start({ plugins: { only: { module } } });
    expect(await ask(application, "anybody")).toBe("always\r\n");
  });

  it.each([
    ["export const plugin = 1;", "exports no function by default"],
    ['throw new Error("at the beginning");', "at the beginning"],
    ['export default () => { throw new Error("no options"); };', "no options"],
  ])("that is %j is told", async (text, message) => {
    const module = await writeModule(text);
    await expect(make({ plugins: { broken: { module } } })).rejects.toThrow(message);
  });

  it("may ask the application in its own start", async () => {
    const module = await writeModule(`
      export const heard = [];
      export default (_, { provider }) => ({
        service: {
          name: "curious",
          start: async () => void heard.push((await provider.list({ signal: AbortSignal.timeout(5000) })).length),
          stop: async () => {},
        },
      });`);
    const { heard } = await import(module);
    await start({ users: await writeUsers(), plugins: { curious: { module } } });
    expect(heard).toEqual([1]);
  });
});

describe("a saved application", () => {
  const DESCRIPTION: ApplicationDescription = {
    store: "memory:",
    listen: [0, { address: "[::1]:0" }],
    setter: { listen: "127.0.0.1:0", limits: { rate: false } },
    show: [{ networks: ["10.0.0.0/8"], show: ["name", "plan"] }],
    texts: { noSuchUser: "{name}?" },
    process: { user: "nobody", workers: 1 },
  };

  it.each(["json", "yaml", "toml", "json.age", "yaml.age", "toml.age"])(
    "is loaded from .%s as it was",
    async (ending) => {
      const path = `${freshPath()}.${ending}`;
      const options = ending.endsWith(".age") ? { passphrase: "correct horse" } : {};
      const application = await make(DESCRIPTION);
      await saveApplication(path, application, options);
      const same = await loadApplication(path, options);
      expect(same.describe()).toEqual(DESCRIPTION);
      expect(namesOf(same)).toEqual(namesOf(application));
    },
  );

  it("keeps its files, wherever it is loaded", async () => {
    const path = `${freshPath()}.json`;
    await saveApplication(path, await make({ users: "users" }));
    expect((await loadApplication(path)).describe().users).toBe(join(process.cwd(), "users"));
  });

  it("is not loaded with another passphrase", async () => {
    const path = `${freshPath()}.json.age`;
    await saveApplication(path, await make(DESCRIPTION), { passphrase: "one" });
    await expect(loadApplication(path, { passphrase: "two" })).rejects.toMatchObject({ code: "ERR_FINGER_CONFIG" });
    await expect(loadApplication(path)).rejects.toThrow("passphrase");
  });

  it("describes itself by a copy", async () => {
    const application = await make(DESCRIPTION);
    (application.describe().show as unknown[]).push("changed");
    expect(application.describe()).toEqual(DESCRIPTION);
  });
});

function writeCertificate(name: string, { key, cert }: { readonly key: string; readonly cert: string }): void {
  const request = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=${name}`;
  execFileSync("openssl", [...request.split(" "), "-keyout", key, "-out", cert], { stdio: "ignore" });
}

/** Whom the certificate at a port is for. */
async function nameOf(port: number, host = "127.0.0.1"): Promise<string> {
  const socket = connectTls({ port, host, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}
