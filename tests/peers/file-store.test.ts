import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, lutimesSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withLock } from "../../packages/finger-server/src/node/folder/lock.js";
import { isAlive, toOwner } from "../../packages/finger-server/src/node/folder/lock-owner.js";
import { FOLDER, freshPath } from "../support/programs.js";
import { startOn } from "../support/store-process.js";
import { canMount, IS_ROOT } from "./support/mounts.js";
import { describePeer, hasCommand } from "./support/peer.js";

const UNSHARE = ["unshare", IS_ROOT ? "-m" : "-rm"];

/** The command that runs another where these shell commands have been run, in mounts of its own. */
function behind(...commands: readonly string[]): readonly string[] {
  return [...UNSHARE, "sh", "-c", ["set -e", ...commands, 'exec "$@"'].join("\n"), "sh"];
}

/** Without its capabilities, root may do what the rights of its files let it. */
const WITHOUT_POWER = IS_ROOT ? ["setpriv", "--bounding-set=-all"] : [];

interface Fault {
  readonly what: string;
  readonly argv: (folder: string) => readonly string[];
  /** Code that begins it, and code that ends it. */
  readonly begin: string;
  readonly end: string;
  readonly reason: string;
  readonly answer: string;
}

const FAULTS: readonly Fault[] = [
  {
    what: "the disk is full",
    argv: (folder) => behind(`mount -t tmpfs -o size=256k tmpfs '${folder}'`),
    begin: 'try { writeFileSync(folder + "/filler", "x".repeat(1e6)); } catch {}',
    end: 'rmSync(folder + "/filler");',
    reason: "there is no space left (ENOSPC)",
    answer: "Not stored: there is no space left.\r\n",
  },
  {
    what: "the disk has room for no more files",
    argv: (folder) => behind(`mount -t tmpfs -o nr_inodes=8 tmpfs '${folder}'`),
    begin: 'try { for (let n = 0; ; n++) writeFileSync(folder + "/filler" + n, ""); } catch {}',
    end: 'for (let n = 0; n < 8; n++) rmSync(folder + "/filler" + n, { force: true });',
    reason: "there is no space left (ENOSPC)",
    answer: "Not stored: there is no space left.\r\n",
  },
  {
    what: "the disk has become read-only",
    argv: (folder) => behind(`mount -t tmpfs tmpfs '${folder}'`),
    begin: 'execFileSync("mount", ["-o", "remount,ro", folder]);',
    end: 'execFileSync("mount", ["-o", "remount,rw", folder]);',
    reason: "the file system is read-only (EROFS)",
    answer: "Not stored: the store cannot be written.\r\n",
  },
  {
    what: "the folder may not be written",
    argv: () => WITHOUT_POWER,
    begin: "chmodSync(folder, 0o500);",
    end: "chmodSync(folder, 0o700);",
    reason: "the system does not allow it (EACCES)",
    answer: "Not stored: the store cannot be written.\r\n",
  },
];

/** A process with a store, what answers from it, and a setter, to which the fault happens. */
const toProgram = ({ begin, end }: Fault) => `
  const { execFileSync } = await import("node:child_process");
  const { chmodSync, readdirSync, rmSync, writeFileSync } = await import("node:fs");
  const { connect } = await import("node:net");
  const store = fileStore(folder, { patience: 2_000 });
  const provider = storeProvider(store, { onError: ({ message }) => say({ trouble: message }) });
  const setter = createSetter({ store, onError: () => {} });
  const { port } = await setter.listen({ port: 0 });
  const set = (text) => new Promise((resolve) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1").setEncoding("utf8");
    socket.on("data", (piece) => { answer += piece; }).on("end", () => resolve(answer));
    socket.end("alice\\n" + text + "\\n");
  });
  const context = { verbose: false, peer: { address: undefined, port: undefined }, signal: new AbortController().signal };
  const look = async () => (await provider.lookup("alice", context))?.status;
  const list = async () => {
    const texts = [];
    for await (const { text } of store.list()) texts.push(text);
    return texts.join();
  };
  await store.put("alice", "Happy and well");
  await provider.start();
  ${begin}
  try {
    await store.put("alice", "x".repeat(50_000));
  } catch ({ message, code, cause }) {
    say({ failed: message, code, cause: cause?.code });
  }
  say({ setter: await set("New") });
  say({ told: await look(), got: (await store.get("alice")).text, listed: await list() });
  ${end}
  say({ setter: await set("Recovered") });
  say({ got: (await store.get("alice")).text, hidden: readdirSync(folder).filter((name) => name.startsWith(".")).join() });
  await setter.close();`;

describePeer("a machine that lets us mount", canMount() && hasCommand("setpriv"), "run as root", () => {
  it.each(FAULTS)(
    "a store goes on answering while $what, says why it cannot be written, and recovers",
    async (fault) => {
      const folder = freshPath();
      mkdirSync(folder, { mode: 0o700 });
      const child = await startOn(folder, toProgram(fault), { argv: fault.argv(folder) });
      await child.ended();
      const failed = `Cannot write alice.json in ${folder}: ${fault.reason}.`;
      expect(child.said).toEqual([
        { failed, code: "ERR_FINGER_STORE", cause: expect.any(String) },
        { setter: fault.answer },
        { told: "Happy and well", got: "Happy and well", listed: "Happy and well" },
        { setter: "OK\r\n" },
        { got: "Recovered", hidden: "" },
      ]);
    },
  );

  it("a folder that is on a disk that was always read-only is read", async () => {
    const folder = freshPath();
    const code = `
      const store = fileStore(folder);
      await store.put("alice", "Well").catch(({ message }) => say({ failed: message }));
      say({ found: (await store.list().next()).done === false });`;
    mkdirSync(folder);
    const argv = behind(`mount -t tmpfs -o ro tmpfs '${folder}'`);
    const child = await startOn(folder, code, { argv });
    await child.ended();
    const reason = "the file system is read-only (EROFS)";
    expect(child.said).toEqual([{ failed: `Cannot write alice.json in ${folder}: ${reason}.` }, { found: false }]);
  });

  it("a process that cannot be seen from where it is asked for is not taken for dead", async () => {
    const folder = freshPath();
    mkdirSync(folder);
    const owner = toOwner();
    const ask = async (...commands: readonly string[]) => {
      const code = `say({ alive: isAlive(${JSON.stringify(owner)}) ?? null, owner: toOwner() });`;
      const child = await startOn(folder, code, { argv: behind(...commands) });
      await child.ended();
      return child.said[0];
    };
    expect((await ask())?.["alive"]).toBe(true);
    // There is no /proc; there is one of other processes.
    for (const commands of [["mount -t tmpfs tmpfs /proc"], ['exec unshare -pf "$@"']]) {
      const said = await ask(...commands);
      expect(said?.["alive"]).toBeNull();
      expect(isAlive(String(said?.["owner"]))).toBeUndefined();
    }
  });

  it("a store works without /proc, and takes what was left there after ten seconds", async () => {
    const folder = freshPath();
    const argv = behind("mount -t tmpfs tmpfs /proc");
    const code =
      'await fileStore(folder).put("alice", "Well"); await withLock(folder, 50, async () => { say({ holds: true }); await forever(); });';
    const holder = await startOn(folder, code, { argv });
    await holder.hear("holds");
    await holder.kill();
    const take = () => withLock(folder, 20, async () => "taken");
    await expect(take()).rejects.toThrow("another process holds");
    const then = Date.now() / 1000 - 11;
    lutimesSync(join(folder, ".lock"), then, then);
    await expect(take()).resolves.toBe("taken");
  });
});

describePeer("a root who can hide processes", IS_ROOT && canMount() && hasCommand("setpriv"), "run as root", () => {
  it("a process of another user whom the system hides is waited for, until it is dead", async () => {
    const folder = freshPath();
    mkdirSync(folder);
    for (const path of [FOLDER, folder]) chmodSync(path, 0o777);
    const holder = await startOn(
      folder,
      "await withLock(folder, 50, async () => { say({ owner: toOwner() }); await forever(); });",
    );
    const owner = await holder.hear("owner");
    const code = `
      const { existsSync } = await import("node:fs");
      say({ isHidden: !existsSync("/proc/${holder.child.pid}") });
      const take = () => withLock(folder, 50, async () => "taken").catch(({ message }) => message);
      say({ alive: isAlive(${JSON.stringify(owner)}) ?? null, first: await take() });
      await told();
      say({ second: await take() });`;
    const hide = "mount -t proc -o hidepid=2 proc /proc";
    const observer = await startOn(folder, code, {
      argv: behind(hide, 'exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"'),
    });
    expect(await observer.hear("isHidden")).toBe(true);
    expect(await observer.hear("first")).toBe(`another process holds ${join(folder, ".lock")}`);
    await holder.kill();
    observer.tell("go on");
    expect(await observer.hear("second")).toBe("taken");
  });
});

describePeer("Python", hasCommand("python3") && process.platform === "linux", "apt-get install python3", () => {
  it("a process whose first thread has ended is not taken for dead while another goes on", async () => {
    const child = spawn("python3", ["-c", ENDS_ITS_FIRST_THREAD], { stdio: ["pipe", "pipe", "inherit"] });
    const closed = once(child, "close");
    await once(child.stdout, "data");
    const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    expect(fields[0]).toBe("Z");
    const [, , ...place] = toOwner().split(" ");
    const owner = [child.pid, fields[19], ...place].join(" ");
    expect(isAlive(owner)).toBe(true);
    child.kill("SIGKILL");
    await closed;
    expect(isAlive(owner)).toBe(false);
  });
});

/** exit(2) ends a thread alone; the other says when the kernel has seen that, as it does where a Node is killed. */
const ENDS_ITS_FIRST_THREAD = `
import ctypes, platform, threading, time
def tell():
    while ") Z " not in open("/proc/self/stat").read(): time.sleep(0.005)
    print("ended", flush=True)
    input()
threading.Thread(target=tell).start()
ctypes.CDLL(None).syscall({"x86_64": 60}.get(platform.machine(), 93), 0)
`;
