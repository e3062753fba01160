import { chmodSync, chownSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { connect } from "node:tls";
import { beforeAll, expect, it } from "vitest";
import { eventually, freshPath } from "../support/programs.js";
import { exchange } from "../support/sockets.js";
import { makeCertificate } from "./support/certificate.js";
import { isFree } from "./support/free-port.js";
import { IS_ROOT } from "./support/mounts.js";
import { describePeer } from "./support/peer.js";
import { familyOf, readThreads } from "./support/processes.js";
import {
  findPort,
  freshPidfile,
  openFolder,
  type RunningServer,
  readLog,
  readPid,
  runServer,
  startServer,
  writeFresh,
} from "./support/server-command.js";

/** The number of the user, and of its group, as everywhere on Debian. */
const NOBODY = 65534;
const USERS = "alice: Happy and well\n";
const ALICE = "Happy and well\r\n";

/** A port that only root may open, and that nobody has. */
async function findLowPort(): Promise<number> {
  for (;;) {
    const port = 512 + Math.floor(Math.random() * 512);
    if (await isFree(port)) return port;
  }
}

/** A folder of the user's own. */
function ownFolder(): string {
  const folder = freshPath();
  mkdirSync(folder);
  chownSync(folder, NOBODY, NOBODY);
  return folder;
}

/** All that a process and its children may do, each kind once. */
function powersOf(pid: number): ReadonlySet<string> {
  const powers = familyOf(pid).flatMap((each) =>
    readThreads(each).map((fields) => FIELDS.map((name) => `${name} ${fields.get(name)?.trim()}`).join("; ")),
  );
  return new Set(powers);
}

const FIELDS = ["Uid", "Gid", "Groups", "CapPrm", "CapEff", "CapAmb"];
const NONE = "0000000000000000";
const ids = Array(4).fill(NOBODY).join("\t");
const POWERLESS = `Uid ${ids}; Gid ${ids}; Groups ${NOBODY}; CapPrm ${NONE}; CapEff ${NONE}; CapAmb ${NONE}`;

/** Has a server read another config. */
async function reload({ child, log }: RunningServer, path: string, config: object, level: string): Promise<string> {
  const before = log().length;
  writeFileSync(`${path}.new`, JSON.stringify(config));
  renameSync(`${path}.new`, path);
  child.kill("SIGHUP");
  const find = () =>
    log()
      .slice(before)
      .find((line) => line.level === level);
  await eventually(() => find() !== undefined);
  return find()?.msg ?? "";
}

describePeer("what root may do", IS_ROOT, "root", () => {
  beforeAll(openFolder);

  it.each([
    ["one process", [], "0"],
    ["one process, with io_uring", [], "1"],
    ["two workers", ["--workers", "2"], "0"],
    ["two workers, with io_uring", ["--workers", "2"], "1"],
  ])("is lost by every thread of a daemon of %s, which has a port of root", async (_, own, ring) => {
    const [pidfile, folder, port] = [freshPidfile(), ownFolder(), await findLowPort()];
    const files = ["--pidfile", pidfile, "--logfile", join(folder, "log"), "--users", writeFresh(USERS)];
    const args = ["--daemon", "--user", "nobody", "--port", `${port}`, ...files, ...own];
    const env = { ...process.env, UV_USE_IO_URING: ring };
    expect(await runServer(args, { env })).toMatchObject({ code: 0, err: "" });
    expect(await exchange(port, ["alice\r\n"])).toBe(ALICE);
    expect(powersOf(readPid(pidfile))).toEqual(new Set([POWERLESS]));

    // Root believes what stands in the one, and the other is opened anew by who it is now.
    expect([statSync(pidfile).uid, statSync(join(folder, "log")).uid]).toEqual([0, NOBODY]);
    renameSync(join(folder, "log"), join(folder, "log.1"));
    process.kill(readPid(pidfile), "SIGUSR1");
    await eventually(() => readdirSync(folder).includes("log"));
    expect(await runServer(["stop", "--pidfile", pidfile])).toMatchObject({ code: 0 });
    const said = [...readLog(join(folder, "log.1")), ...readLog(join(folder, "log"))];
    expect(said.filter(({ level }) => level === "error")).toEqual([]);
    expect(findPort(said)).toBe(port);
  });

  it("goes on in the old log file when it may not open a new one", async () => {
    const [pidfile, logfile] = [freshPidfile(), freshPath()];
    const args = ["--pidfile", pidfile, "--logfile", logfile, "--users", writeFresh(USERS), "--user", "nobody"];
    expect(await runServer(["--daemon", "--port", "0", ...args])).toMatchObject({ code: 0 });
    renameSync(logfile, `${logfile}.1`);
    process.kill(readPid(pidfile), "SIGUSR1");
    await eventually(() =>
      readLog(`${logfile}.1`).some(({ level, msg }) => level === "error" && msg.includes(logfile)),
    );
    expect(await exchange(findPort(readLog(`${logfile}.1`)) ?? 0, ["alice\r\n"])).toBe(ALICE);
  });

  it.each([[[]], [["--workers", "2"]]])(
    "writes no status, even of who is first at the port of the setter %j",
    async (own) => {
      const [finger, setter, store] = [await findLowPort(), await findLowPort(), ownFolder()];
      const ports = ["--port", `${finger}`, "--setter", `${setter}`];
      let isSet = false;
      const setUntilDone = async () => {
        for (let turn = 0; !isSet; turn++) {
          const answer = await exchange(setter, [`user${turn}\r\nFirst\r\n`], { halfClose: true }).catch(() => "");
          isSet = answer === "OK\r\n";
        }
      };
      const [server] = await Promise.all([
        startServer([...ports, "--store", `file:${store}`, "--user", "nobody", ...own]),
        setUntilDone(),
      ]);
      const owners = readdirSync(store, { recursive: true }).map((name) => statSync(join(store, String(name))).uid);
      expect(new Set(owners)).toEqual(new Set([NOBODY]));
      server.child.kill("SIGTERM");
      expect(await server.ended).toMatchObject({ code: 0 });
    },
  );

  it("gives the folder that it makes for statuses to the user", async () => {
    const [state, setter] = [freshPath(), await findLowPort()];
    const env = { ...process.env, STATE_DIRECTORY: state };
    const args = ["--port", "0", "--setter", `${setter}`, "--user", "nobody"];
    const { port, child, ended } = await startServer(args, { env });
    expect(await exchange(setter, ["alice\r\nHappy and well\r\n"], { halfClose: true })).toBe("OK\r\n");
    expect(await exchange(port, ["alice\r\n"])).toBe(ALICE);
    const { uid, gid, mode } = statSync(join(state, "statuses"));
    expect([uid, gid, mode & 0o777]).toEqual([NOBODY, NOBODY, 0o700]);
    child.kill("SIGTERM");
    expect(await ended).toMatchObject({ code: 0 });
  });

  it("cannot be had again for a port by reading the config again, and then all stays", async () => {
    const first = await findLowPort();
    const config = { users: writeFresh(USERS), listen: [first], process: { user: "nobody" }, limits: { rate: false } };
    const path = writeFresh(JSON.stringify(config), ".json");
    const server = await startServer(["--config", path]);
    const second = await findLowPort();
    const wanted = { ...config, listen: [first, second], aliases: { ada: "alice" } };
    expect(await reload(server, path, wanted, "error")).toContain(`port ${second}: ports below 1024 need a privilege`);
    expect(await exchange(first, ["alice\r\n"])).toBe(ALICE);
    expect(await exchange(first, ["ada\r\n"])).toBe("finger: ada: no such user.\r\n");
    expect(await reload(server, path, { ...wanted, listen: [first] }, "info")).toContain("was read again");
    expect(await exchange(first, ["ada\r\n"])).toBe(ALICE);
  });

  it("reads the key of a certificate, but not again when it is another", async () => {
    const { key, cert } = makeCertificate("localhost");
    chmodSync(key, 0o600);
    const config = {
      users: writeFresh(USERS),
      listen: { address: 0, tls: { key, cert } },
      process: { user: "nobody" },
    };
    const path = writeFresh(JSON.stringify(config), ".json");
    const server = await startServer(["--config", path]);
    expect(await askByTls(server.port)).toBe(ALICE);
    const reason = await reload(server, path, config, "error");
    expect(reason).toContain(key);
    expect(await askByTls(server.port)).toBe(ALICE);
  });

  it("does not read the users, which are read again and again", async () => {
    const users = writeFresh(USERS);
    chmodSync(users, 0o600);
    const outcome = await runServer(["--port", "0", "--users", users, "--user", "nobody"]);
    expect(outcome).toMatchObject({ code: 77, err: expect.stringContaining(users) });
  });
});

async function askByTls(port: number): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  socket.write("alice\r\n");
  return text(socket);
}
