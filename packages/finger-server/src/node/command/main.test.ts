import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freshFolder, runServer, startServer } from "../../../../../tests/support/server-command.js";
import { formatHelp } from "./help.js";

const FOLDER = freshFolder();
writeFileSync(join(FOLDER, "users"), "alice: Happy and well\n");
writeFileSync(join(FOLDER, "bad"), "alice\n");
writeFileSync(join(FOLDER, "good.yaml"), "users: users\nlisten: 0\nlimits: { rate: 1 }\n");
writeFileSync(join(FOLDER, "bad.yaml"), "userz: users\nlimits: { rate: -1, idle: 10 }\nlisten: [99999]\n");
writeFileSync(join(FOLDER, "web.yaml"), "store: 'memory:'\nsetter: { listen: [] }\n");
writeFileSync(
  join(FOLDER, "homes.yaml"),
  "system: { programs: { home: true } }\nlisten: 0\nprocess: { user: nobody }\n",
);

/** Puts the folder before words that begin with "@". */
function toArgv(words: readonly string[]): readonly string[] {
  return words.map((word) => word.replace(/^@/, `${FOLDER}/`));
}

const TOLD: ReadonlyArray<[argv: string[], out: string, why: string]> = [
  [["--help"], formatHelp(), "who asks for help gets it"],
  [["-h", "token"], formatHelp(), "also of a command"],
  [["--help", "--users", "@missing"], formatHelp(), "and whatever else is said"],
  [["--version"], "1.2.3\n", "a bug report wants to know"],
  [["--check", "--config", "@good.yaml"], `${FOLDER}/good.yaml: no mistake\n`, "a config is fine"],
  [["--check", "--users", "@users"], "finger-server: the options: no mistake\n", "so are options"],
  [["--check", "--users", "@missing", "--port", "79"], "finger-server: the options: no mistake\n", "users come later"],
  [
    ["--check", "--config", "@web.yaml", "--http", "0"],
    `${FOLDER}/web.yaml: no mistake\n`,
    "statuses are set by pages",
  ],
  [
    ["--check", "--config", "@homes.yaml", "--user", "root"],
    `${FOLDER}/homes.yaml: no mistake\n`,
    "the option has it stay root",
  ],
];

it.each(TOLD)("of %j prints %j, and ends with 0: %s", async (argv, out) => {
  expect(await runServer(toArgv(argv))).toEqual({ code: 0, out, err: "" });
});

const FAILURES: ReadonlyArray<[argv: string[], code: number, message: string, why: string]> = [
  [["serve"], 64, 'there is no command "serve"; see --help', "a command that there is not"],
  [["relaod"], 64, 'there is no command "relaod"; did you mean reload?; see --help', "one that is near another"],
  [["--prot", "79"], 64, "Unknown option '--prot'; did you mean --port?; see --help", "so is an option"],
  [["--users", "@users", "--setter", "0"], 64, "store", "nowhere to keep statuses"],
  [["--store", "memory:", "--workers", "2"], 64, "a memory of its own", "two memories"],
  [["--store", "memory:", "--port", "x"], 64, '--port "x" is no port', "an option that cannot be meant"],
  [["status", "now"], 64, 'status takes options only, not "now"', "an argument too many"],
  [["--users", "@bad", "--port", "0"], 65, `${FOLDER}/bad, line 1: "alice"`, "a line that cannot be read"],
  [["--users", "@missing", "--port", "0"], 66, "missing cannot be read: there is no such file", "no users"],
  [["--config", "@none.yaml"], 66, "none.yaml", "no config"],
  [["token", "revoke", "bob", "--store", "@s"], 64, "is no store", "a store of no kind"],
  [["token", "revoke", "bob", "--tokens", "@tokens"], 67, '"bob" has no token', "nothing to take away"],
  [["--store", "redis://127.0.0.1:1", "--port", "0"], 69, "redis://127.0.0.1:1", "a Redis that is not there"],
  [["--users", "@users", "--port", "0", "--host", "192.0.2.1"], 69, "does not have that address", "of another machine"],
  [["--users", "@users", "--port", "0", "--pidfile", "@no/no/pid"], 73, "The pidfile", "no folder for the pidfile"],
  [["--users", "@users", "--port", "0", "--logfile", "@no/no/log"], 73, "log", "nor for the log"],
  [["--config", "@bad.yaml"], 78, "bad.yaml", "a config with mistakes"],
  [["--config", "@users"], 78, "its name must end in .json", "a config of no kind"],
  [["--check", "--config", "@bad.yaml"], 78, 'did you mean "users"?', "also when only that is asked"],
  [["--check", "--config", "@web.yaml"], 78, "nobody could set anything", "a setter without a port or pages"],
  [["--config", "@homes.yaml"], 78, 'this one becomes user "nobody"; leave home out', "only root runs ~/.efingerd"],
  [["--check", "--config", "@homes.yaml", "--user", "games"], 78, 'becomes user "games"', "so says the option"],
  [["--users", "@users", "--port", "0", "--user", "no-such-user"], 78, "no-such-user", "nobody to become"],
];

it.each(FAILURES)("%j ends with %i and says %j: %s", async (argv, code, message) => {
  const { err, ...rest } = await runServer(toArgv(argv));
  expect(rest).toEqual({ code, out: "" });
  expect(err).toMatch(/^finger-server: /m);
  expect(err).toContain(message);
  expect(err).not.toMatch(/^ +at /m);
});

it("tells of a config all that is wrong with it, at once", async () => {
  const { err } = await runServer(["--check", "--config", join(FOLDER, "bad.yaml")]);
  for (const path of ["userz", "limits.rate", "limits.idle", "listen[0]"]) expect(err).toContain(`: ${path} is `);
});

it("ends with 69 when the port is taken, and says by whom", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  const { code, err } = await runServer(["--users", join(FOLDER, "users"), "--port", String(port)]);
  other.close();
  expect(code).toBe(69);
  expect(err).toContain(`Cannot listen on 127.0.0.1, port ${port}: `);
  if (process.platform === "linux") expect(err).toContain("this process itself");
});

/** Whether this system keeps port 79 from those without a privilege. */
function isPrivileged(port: number): boolean {
  if (process.platform !== "linux") return false;
  return port < Number(readFileSync("/proc/sys/net/ipv4/ip_unprivileged_port_start", "utf8"));
}

it.runIf(isPrivileged(79))("ends with 77 on port 79 without rights, and names three remedies and a port", async () => {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    const { code, err } = await runServer(["--users", join(FOLDER, "users"), "--port", "79"]);
    expect(code).toBe(77);
    for (const remedy of ["systemd", "CAP_NET_BIND_SERVICE", "redirect", "--port 7979"]) expect(err).toContain(remedy);
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

it("shows where in the program an error comes from with --debug alone", async () => {
  const argv = ["--users", join(FOLDER, "bad"), "--port", "0"];
  expect((await runServer([...argv, "--debug"])).err).toMatch(/^ +at /m);
  expect((await runServer(argv)).err).not.toMatch(/^ +at /m);
});

it("prints what it would do, as a config that is the same", async () => {
  const argv = [
    ...["--config", join(FOLDER, "good.yaml"), "--host", "::1", "--limit", "idle=off", "--audit", "--workers", "2"],
    ...["--store", `file:${FOLDER}/s`, "--setter", `${FOLDER}/setter.sock`, "--proxy-protocol", "10.0.0.0/8"],
  ];
  const { code, out, err } = await runServer([...argv, "--print-config"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toContain(`users: ${FOLDER}/users\n`);
  const printed = join(freshFolder(), "printed.yaml");
  writeFileSync(printed, out);
  expect((await runServer(["--config", printed, "--print-config"])).out).toBe(out);
});

it("opens and makes nothing when it only looks", async () => {
  const folder = freshFolder();
  const argv = ["--store", `file:${folder}/s`, "--pidfile", `${folder}/pid`, "--logfile", `${folder}/log`];
  for (const look of ["--check", "--print-config"]) await runServer([...argv, look]);
  for (const name of ["s", "pid", "log"]) expect(existsSync(join(folder, name))).toBe(false);
});

it("keeps two from one pidfile, and leaves none behind", async () => {
  const pidfile = join(freshFolder(), "pid");
  const first = await startServer(["--users", join(FOLDER, "users"), "--pidfile", pidfile]);
  const { code, err } = await runServer(["--users", join(FOLDER, "users"), "--port", "0", "--pidfile", pidfile]);
  expect(code).toBe(69);
  expect(err).toContain(`process ${process.pid}`);
  expect(existsSync(pidfile)).toBe(true);
  expect(await first.stop()).toBe(0);
  expect(existsSync(pidfile)).toBe(false);
});
