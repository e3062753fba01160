import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { repository } from "./peers/support/network.js";
import { eventually, freshPath, FOLDER as SCRATCH } from "./support/programs.js";
import { exchange } from "./support/sockets.js";

const FOLDER = repository("docs/evolution");
const COMMAND = repository("packages/finger-server/bin/finger-server.cjs");

/** A program of a chapter that runs. */
interface Running {
  readonly child: ChildProcess;
  /** All that it has printed, errors too. */
  readonly printed: () => string;
  /** Resolves when what it has printed matches, to the first group. */
  readonly prints: (pattern: RegExp) => Promise<string>;
  /** Resolves to its exit code. */
  readonly ended: Promise<number | null>;
}

/** Runs a program as from the root of a clone. It is gone when the test is over. */
function run(program: string, ...args: readonly string[]): Running {
  const child = spawn(program, args, {
    cwd: repository(""),
    // What a chapter leaves behind there goes with the folder of the tests.
    env: { ...process.env, TMPDIR: SCRATCH },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const ended = once(child, "close").then(([code]) => code as number | null);
  const prints = async (pattern: RegExp) => {
    await eventually(() => pattern.test(output) || child.exitCode !== null);
    const match = pattern.exec(output);
    if (match === null)
      throw new Error(`${args.join(" ")} did not print ${pattern}; are the packages built? ${output}`);
    return match[1] ?? "";
  };
  return { child, printed: () => output, prints, ended };
}

const node = (chapter: string, ...args: readonly string[]) => run(process.execPath, `${FOLDER}/${chapter}`, ...args);
const fingerServer = (...args: readonly string[]) => run(process.execPath, COMMAND, ...args);

/** Ends it by a signal, and resolves to its exit code. */
function end({ child, ended }: Running): Promise<number | null> {
  child.kill("SIGTERM");
  return ended;
}

async function portIn({ prints }: Running, pattern: RegExp): Promise<number> {
  return Number(await prints(pattern));
}

/** A config in a folder of its own. */
function writeConfig(text: string): string {
  const folder = freshPath();
  mkdirSync(folder);
  const path = join(folder, "finger.config.yaml");
  writeFileSync(path, text);
  return path;
}

/** The config of a chapter on free ports, in another folder. */
function moveConfig(name: string, change: (text: string) => string = (text) => text): string {
  const text = readFileSync(`${FOLDER}/${name}`, "utf8")
    .replace(/\b(7979|1079)$/gm, "0")
    .replace("../../examples", repository("examples"))
    .replace("./32", `${FOLDER}/32`);
  return writeConfig(change(text));
}

const ask = (port: number, name: string) => exchange(port, [`${name}\r\n`]);
const set = (port: number, text: string) => exchange(port, [text], { halfClose: true });

const FINGER = /^Listening on 127\.0\.0\.1:(\d+)$/m;
const SETTER = /^Setting on 127\.0\.0\.1:(\d+)$/m;

const LOG_FINGER = /"service":"finger","address":"127\.0\.0\.1:(\d+)"/;
const LOG_SETTER = /"service":"setter","address":"127\.0\.0\.1:(\d+)"/;

describe.skipIf(process.platform === "win32")("chapter 12, an application", () => {
  it("loads what it has saved, and ends all of it at a signal", async () => {
    const program = node("12-application.mjs", "0");
    expect(await ask(await portIn(program, FINGER), "moshez")).toBe("Happy and well\r\n");
    await program.prints(/^Services: finger-server, uptime, users, answers, finger, finger on 127\.0\.0\.1:0$/m);
    expect(await end(program)).toBe(0);
    await program.prints(/^Ran for \d+ ms$/m);
  });

  it("saves a config that the command reads with the passphrase alone, and its owner alone has", async () => {
    const program = node("12-application.mjs", "0");
    const path = await program.prints(/^Saved as (.+)$/m);
    expect(readFileSync(path, "utf8")).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const passphrase = freshPath();
    const print = () => fingerServer("--config", path, "--passphrase-file", passphrase, "--print-config");
    writeFileSync(passphrase, "correct horse battery staple\n");
    await print().prints(/^users: .+examples\/users\nlisten: 0$/m);
    writeFileSync(passphrase, "wrong horse\n");
    const refused = print();
    expect(await refused.ended).toBe(78);
    expect(refused.printed()).toContain("the passphrase is wrong");
  });
});

describe.skipIf(process.platform === "win32")("chapter 13, a daemon", () => {
  it("is started, asked, changed and ended by its script", async () => {
    const script = run("sh", `${FOLDER}/13-daemon.sh`, "0");
    expect(await script.ended).toBe(0);
    expect(script.printed().replace(/\d{2,}/g, "N")).toMatch(
      new RegExp(
        [
          "^.+: no mistake",
          "finger-server: process N answers, and logs to .+",
          "finger-server: process N runs since .+",
          "Happy and well",
          "finger-server: process N reads its configuration again; its log tells of mistakes",
          "Happy and well",
          ".+ 6 users on .+",
          ".+ the configuration was read again",
          "finger-server: process N has ended\n$",
        ].join("\n"),
      ),
    );
  });

  it("is not started twice, keeps what a wrong config would change, and leaves no pidfile", async () => {
    const config = writeConfig(DAEMON);
    const [log, pidfile] = ["finger.log", "finger.pid"].map((name) => join(config, "..", name)) as [string, string];
    const command = (...args: readonly string[]) => fingerServer("--config", config, ...args);
    const started = command("--daemon");
    expect(await started.ended, started.printed()).toBe(0);
    onTestFinished(async () => void (await command("stop").ended));
    const port = Number(LOG_FINGER.exec(readFileSync(log, "utf8"))?.[1]);

    const second = command("--daemon");
    expect(await second.ended).toBe(69);
    expect(second.printed()).toContain("Another finger-server runs");
    expect(await ask(port, "boss")).toBe("Happy and well\r\n");

    writeFileSync(config, DAEMON.replace("aliases", "alias"));
    expect(await command("reload").ended).toBe(78);
    // Who does not name the config learns of its mistakes from the log.
    expect(await fingerServer("reload", "--pidfile", pidfile).ended).toBe(0);
    await eventually(() => readFileSync(log, "utf8").includes('did you mean \\"aliases\\"'));
    expect(await ask(port, "boss")).toBe("Happy and well\r\n");

    writeFileSync(config, DAEMON);
    expect(await command("stop").ended).toBe(0);
    expect(statSync(pidfile, { throwIfNoEntry: false })).toBeUndefined();
    expect(await command("status").ended).toBe(3);
  });

  it("tells at once why it cannot start", async () => {
    const failed = fingerServer("--config", writeConfig(DAEMON.replace("examples/users", "nowhere")), "--daemon");
    expect(await failed.ended).toBe(66);
    expect(failed.printed()).toMatch(/^finger-server: .+nowhere/);
  });
});

const DAEMON = `
users: ${repository("examples/users")}
listen: 0
aliases: { boss: moshez }
log: { format: json }
process: { pidfile: finger.pid, logfile: finger.log }
`;

describe.skipIf(process.platform === "win32")("chapter 30, organization", () => {
  it("tells what is set, ends at a signal, and has it after a restart", async () => {
    const folder = freshPath();
    const first = node("30-organization.mjs", "0", "0", folder);
    expect(await set(await portIn(first, SETTER), "moshez\nHappy and well\n")).toBe("OK\r\n");
    expect(await ask(await portIn(first, FINGER), "moshez")).toBe("Happy and well\r\n");
    expect(await end(first)).toBe(0);
    const second = node("30-organization.mjs", "0", "0", folder);
    expect(await ask(await portIn(second, FINGER), "moshez")).toBe("Happy and well\r\n");
  });

  it("closes what it has opened when another port is taken", async () => {
    const first = node("30-organization.mjs", "0", "0", freshPath());
    const taken = await portIn(first, SETTER);
    // It catches the error, so that it ends only when nothing is open any more.
    const code = `import(${JSON.stringify(`${FOLDER}/30-organization.mjs`)}).catch(({ code }) => {
      console.log(code);
      process.exitCode = 5;
    });`;
    const second = run(process.execPath, "-e", code, "as its name", "0", String(taken), freshPath());
    expect(await second.ended).toBe(5);
    expect(second.printed()).toMatch(/^Listening on .+\nERR_FINGER_LISTEN\n$/);
  });
});

const IN_ONE_CALL = /^finger on 127\.0\.0\.1:(\d+)\nsetter on 127\.0\.0\.1:(\d+)$/m;

describe.skipIf(process.platform === "win32")("chapter 31, easy configuration", () => {
  it("makes of a file what the file says", async () => {
    const program = node("31-easy-configuration.mjs", moveConfig("31-easy-configuration.yaml"));
    const port = await portIn(program, IN_ONE_CALL);
    const [, , setter] = IN_ONE_CALL.exec(program.printed()) ?? [];
    expect(await set(Number(setter), "moshez\nIn a meeting\n")).toBe("OK\r\n");
    expect(await ask(port, "boss")).toContain("In a meeting\r\n");
    expect(await ask(port, "nobody")).toBe("Nobody here is called nobody.\r\n");
    expect(await end(program)).toBe(0);
  });

  it("is the same by the command", async () => {
    const program = fingerServer("--config", moveConfig("31-easy-configuration.yaml"));
    expect(await ask(await portIn(program, LOG_FINGER), "nobody")).toBe("Nobody here is called nobody.\r\n");
    await program.prints(LOG_SETTER);
    expect(await end(program)).toBe(0);
  });

  it("tells all mistakes at once, and starts nothing", async () => {
    const wrong = moveConfig("31-easy-configuration.yaml", (text) => `${text}list: "ssl=0"\nsetters: 1079\n`);
    const program = node("31-easy-configuration.mjs", wrong);
    expect(await program.ended).toBe(1);
    expect(program.printed()).toContain('list is "ssl=0": it must be true or false');
    expect(program.printed()).toContain('setters is 1079: there is no such key; did you mean "setter"?');
    expect(program.printed()).not.toMatch(/^finger on/m);
  });
});

describe.skipIf(process.platform === "win32")("chapter 32, plug-ins", () => {
  it("tells the time to who asks the clock, unless somebody is called so, and logs what is set", async () => {
    const program = fingerServer("--config", moveConfig("32-plug-ins.yaml"));
    const port = await portIn(program, LOG_FINGER);
    expect(await ask(port, "clock")).toMatch(/^It is \w+,? \d+ \w+ \d{4} at \d\d:\d\d:\d\d \S+\.\r\n$/);
    expect(await ask(port, "moshez")).toContain("no such user");
    expect(await set(await portIn(program, LOG_SETTER), "clock\nBroken\n")).toBe("OK\r\n");
    await program.prints(/"msg":"news","login":"clock"/);
    expect(await ask(port, "clock")).toBe("Broken\r\n");
    expect(await end(program)).toBe(0);
  });

  it("does not start with options that it does not take", async () => {
    const program = fingerServer(
      "--config",
      moveConfig("32-plug-ins.yaml", (text) => text.replace("Europe/Berlin", "Mars")),
    );
    expect(await program.ended).toBe(78);
    expect(program.printed()).toMatch(/^finger-server: The plug-in clock cannot be made: .+ Mars/);
  });
});

describe.skipIf(process.platform !== "linux")("chapter 33, OS integration", () => {
  it("puts the files where systemd looks for them, and a config without a mistake", async () => {
    const root = freshPath();
    const script = run("sh", `${FOLDER}/33-os-integration.sh`, root);
    expect(await script.ended, script.printed()).toBe(0);
    expect(script.printed()).toBe(`${root}/etc/finger/finger.config.yaml: no mistake\n`);
    for (const unit of ["finger-server.service", "finger-server.socket", "finger-server-setter.socket"]) {
      const path = `packages/finger-server/systemd/${unit}`;
      expect(readFileSync(`${root}/usr/lib/systemd/system/${unit}`, "utf8")).toBe(
        readFileSync(repository(path), "utf8"),
      );
    }
    expect(readFileSync(`${root}/usr/lib/sysusers.d/finger-server.conf`, "utf8")).toMatch(/^u finger /m);
  });
});

const SHOWN: ReadonlyArray<readonly [page: string, file: string, language: string]> = [
  ["13-daemon.md", "13-daemon.sh", "sh"],
  ["31-easy-configuration.md", "31-easy-configuration.yaml", "yaml"],
  ["32-plug-ins.md", "32-plug-ins.yaml", "yaml"],
  ["33-os-integration.md", "33-os-integration.sh", "sh"],
  ["33-os-integration.md", "33-os-integration.yaml", "yaml"],
];

it.each(SHOWN)("%s shows %s as it is", (page, file, language) => {
  const shown = readFileSync(`${FOLDER}/${file}`, "utf8");
  expect(readFileSync(`${FOLDER}/${page}`, "utf8")).toContain(`\`\`\`${language}\n${shown}\`\`\``);
});
