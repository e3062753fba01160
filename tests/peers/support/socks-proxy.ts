import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { eventually } from "../../support/programs.js";
import { withMounts } from "./mounts.js";

/** A SOCKS5 proxy that we did not write. */
export interface SocksProxy {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts microsocks on a free port; `hosts` is what it knows of names. */
export async function startMicrosocks(options: readonly string[] = [], hosts?: string): Promise<SocksProxy> {
  const argv = ["microsocks", "-i", "127.0.0.1", "-p", "0", ...options];
  const [file = "", ...args] = hosts === undefined ? argv : withMounts({ "/etc/hosts": hosts }, argv);
  const child = spawn(file, args, { stdio: "ignore" });
  const { pid } = child;
  if (pid === undefined) throw new Error("microsocks does not start.");
  const close = async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  await eventually(() => findListeningPort(pid) > 0);
  return { port: findListeningPort(pid), close };
}

/** The TCP port that a process listens on, from Linux's tables; 0 when it does not yet. It does not tell by itself. */
function findListeningPort(pid: number): number {
  const sockets = readdirSync(`/proc/${pid}/fd`).map((fd) => readLink(`/proc/${pid}/fd/${fd}`));
  for (const line of readFileSync(`/proc/${pid}/net/tcp`, "utf8").split("\n").slice(1)) {
    const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
    if (state === LISTENING && sockets.includes(`socket:[${inode}]`))
      return Number.parseInt(local.split(":")[1] ?? "", 16);
  }
  return 0;
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ""; // closed since
  }
}

const LISTENING = "0A";
