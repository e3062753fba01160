import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BootedMachine, bootMachine, canBoot } from "./support/booted-machine.js";
import { repository } from "./support/network.js";
import { describePeer, hasCommand } from "./support/peer.js";

const FOLDER = repository("packages/finger-server/systemd");
const UNITS = readdirSync(FOLDER).filter((name) => /\.(service|socket)$/.test(name));

describePeer("systemd-analyze", hasCommand("systemd-analyze"), "apt-get install systemd", () => {
  it.each(UNITS)("finds nothing wrong with %s", (name) => {
    const { status, stdout, stderr } = analyze("verify", name);
    // An unknown setting is told on standard error, and is no failure.
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  it("sees an exposure of 2.0 at most", () => {
    const { status, stdout } = analyze("security", "--offline=true", "--threshold=20", "finger-server.service");
    expect(stdout).toContain("Overall exposure level for finger-server.service");
    expect(status).toBe(0);
  });
});

function analyze(...args: readonly string[]) {
  return spawnSync("systemd-analyze", args, { cwd: FOLDER, encoding: "utf8" });
}

const STORE = "file:/var/lib/finger-server/statuses";
const CONFIG = { users: "users", store: STORE, limits: { rate: false } };
const SETTING = { ...CONFIG, setter: 1079 };
const CONFIG_FILE = "/etc/finger/finger.config.yaml";
const COMMAND = "/run/repository/packages/finger-server/bin/finger-server.cjs";

/** This one, and another where it is installed. */
const NODES = [process.execPath, repository(".cache/runtimes/node_modules/node26/bin/node")].filter(existsSync);

describePeer("systemd as the first process", canBoot(), "root, with systemd and cgroups of version 2", () => {
  describe.each(NODES)("with the Node at %s", testUnits);
});

function testUnits(node: string): void {
  let machine: BootedMachine;

  beforeAll(async () => {
    machine = await bootMachine(node);
    for (const name of UNITS) await machine.write(`/etc/systemd/system/${name}`, readUnit(name));
    await machine.write("/etc/sysusers.d/finger-server.conf", readUnit("finger-server.sysusers.conf"));
    await run("ln", "-s", COMMAND, "/run/bin/finger-server");
    await machine.write("/etc/finger/users", "alice: Happy and well\n");
    await writeConfig(CONFIG);
    // Only the place of Node is another than on a machine where it is installed.
    const place = `[Service]\nEnvironment=PATH=/run/bin:/usr/bin:/bin\n`;
    await machine.write("/etc/systemd/system/finger-server.service.d/path.conf", place);
    await run("systemd-sysusers", "finger-server.conf");
    await run("systemctl", "daemon-reload");
    await run("systemctl", "enable", "finger-server.service");
    await run("systemctl", "start", "finger-server.socket");
  });
  afterAll(() => machine.close());

  it("starts the server when somebody asks", async () => {
    expect(await show("ActiveState")).toBe("inactive");
    expect(await ask("alice@127.0.0.1")).toBe("Happy and well\n");
    expect(await ask("alice@[::1]")).toBe("Happy and well\n");
    expect(await show("ActiveState")).toBe("active");
  });

  it("tells when it answers, and where", async () => {
    expect(await show("StatusText")).toMatch(/^1 user on /);
  });

  it("hands it the port of the setter, too, once that is enabled and the server is started again", async () => {
    await writeConfig(SETTING);
    await run("systemctl", "enable", "finger-server-setter.socket");
    await run("systemctl", "restart", "finger-server");
    expect(await run("systemctl", "is-active", "finger-server-setter.socket")).toBe("active\n");
    expect(await show("StatusText")).toMatch(/^1 user on .*; setter on 127\.0\.0\.1:1079$/);
  });

  it("has statuses set there with tokens, for which its user is asked", async () => {
    const issue = ["finger-server", "token", "issue", "alice", "--store", STORE];
    const token = (await run("runuser", "-u", "finger", "--", ...issue)).trim();
    expect(await set("alice", "On the train")).toMatchObject({ code: 77 });
    expect(await set("alice", "On the train", token)).toMatchObject({ code: 0 });
    expect(await ask("alice@127.0.0.1")).toBe("On the train\n");
    expect(await run("find", "/var/lib/finger-server", "!", "-user", "finger")).toBe("");
  });

  it("runs it without a privilege, and with few system calls", async () => {
    const status = await run("cat", `/proc/${await show("MainPID")}/status`);
    expect(await run("stat", "-c", "%U", `/proc/${await show("MainPID")}`)).toBe("finger\n");
    expect(status).toMatch(/^CapBnd:\s+0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(status).toMatch(/^Seccomp:\s+2$/m);
  });

  it("has it read its config again", async () => {
    const before = await show("MainPID");
    await writeConfig({ ...SETTING, aliases: { ada: "alice" } });
    await run("systemctl", "reload", "finger-server");
    await expect.poll(() => ask("ada@127.0.0.1")).toBe("On the train\n");
    expect(await show("MainPID")).toBe(before);
    expect(await show("ActiveState")).toBe("active");
  });

  it("has it keep the config that it has, when another is wrong", async () => {
    await machine.write(CONFIG_FILE, "usrs: users");
    await run("systemctl", "reload", "finger-server");
    await expect.poll(() => show("ActiveState")).toBe("active");
    expect(await ask("ada@127.0.0.1")).toBe("On the train\n");
  });

  it("hands its ports to workers", async () => {
    await writeConfig({ ...SETTING, process: { workers: 2 } });
    await run("systemctl", "restart", "finger-server");
    expect(await show("StatusText")).toContain("2 workers");
    const processes = await run("cat", "/sys/fs/cgroup/system.slice/finger-server.service/cgroup.procs");
    expect(processes.trim().split("\n")).toHaveLength(3);
    expect(await Promise.all(Array.from({ length: 4 }, () => ask("alice@[::1]")))).toEqual(
      Array(4).fill("On the train\n"),
    );
    await run("systemctl", "reload", "finger-server");
    expect(await ask("alice@127.0.0.1")).toBe("On the train\n");
  });

  it("keeps who asks waiting while it is started again", async () => {
    let isOver = false;
    const restarts = async () => {
      for (let count = 0; count < 3; count++) await run("systemctl", "restart", "finger-server");
      isOver = true;
    };
    const queries = async () => {
      while (!isOver) expect(await ask("alice@127.0.0.1")).toBe("On the train\n");
    };
    await Promise.all([restarts(), queries(), queries()]);
  });

  it("keeps who asks waiting until a wrong config is mended", async () => {
    await run("systemctl", "stop", "finger-server");
    await machine.write(CONFIG_FILE, "{");
    const asked = ask("alice@127.0.0.1");
    await expect.poll(() => show("ExecMainStatus"), { timeout: 10_000 }).toBe("78");
    await writeConfig(SETTING);
    expect(await asked).toBe("On the train\n");
  });

  it("stops it in order", async () => {
    await run("systemctl", "stop", "finger-server.socket", "finger-server-setter.socket", "finger-server.service");
    expect(await show("Result")).toBe("success");
    expect(await show("ExecMainStatus")).toBe("0");
    expect(await run("find", "/var/lib/finger-server", "-maxdepth", "0", "-printf", "%u %m")).toBe("finger 700");
  });

  async function run(...argv: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await machine.run(argv);
    if (code !== 0) throw new Error(`${argv.join(" ")} ended with ${code}: ${stderr}`);
    return stdout;
  }

  function ask(target: string): Promise<string> {
    return run("node", "/run/repository/packages/finger-client/bin/finger-client.cjs", target);
  }

  async function show(property: string): Promise<string> {
    return (await run("systemctl", "show", "finger-server.service", `--property=${property}`, "--value")).trim();
  }

  function set(login: string, status: string, token = "") {
    const client = "/run/repository/packages/finger-client/bin/finger-client.cjs";
    const argv = ["env", `FINGER_TOKEN=${token}`, "node", client, "--set", status, `${login}@127.0.0.1`];
    return machine.run(argv);
  }

  function writeConfig(config: object): Promise<void> {
    return machine.write(CONFIG_FILE, JSON.stringify(config));
  }
}

function readUnit(name: string): string {
  return readFileSync(`${FOLDER}/${name}`, "utf8");
}
