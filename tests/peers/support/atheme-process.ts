import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awaitLine } from "./await-line.js";
import { SERVICES } from "./inspircd-process.js";
import { hasCommand } from "./peer.js";

/** The services of a network, Atheme: NickServ, and SASL. */
export interface Atheme {
  /** Ends it; it stores its accounts before. */
  stop(): Promise<void>;
  /** Starts it again; resolves when it is on the network. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export const hasAtheme: boolean = hasCommand("atheme-services");

/** Starts services without any accounts; resolves when they are on the network. */
export async function startAtheme(linkPort: number): Promise<Atheme> {
  const folder = mkdtempSync(join(tmpdir(), "finger-atheme-"));
  const at = (name: string) => join(folder, name);
  writeFileSync(at("atheme.conf"), toConfig(linkPort));
  const args = ["-n", "-c", at("atheme.conf"), "-l", at("log"), "-p", at("pid"), "-D", folder];
  let child: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals) => {
    if (child === undefined) return;
    const exited = once(child, "exit");
    const group = -(child.pid ?? 0);
    if (child.kill(signal)) await exited;
    // What it has forked to write its database would hold the link to the server.
    if (group < 0) killAll(group);
    child = undefined;
  };
  const start = async () => {
    child = spawn("atheme-services", args, { stdio: ["ignore", "ignore", "pipe"], detached: true });
    await awaitLine(child, "finished synching");
  };
  const close = async () => {
    await end("SIGKILL");
    rmSync(folder, { recursive: true });
  };
  await start();
  return { start, stop: () => end("SIGTERM"), close };
}

function killAll(group: number): void {
  try {
    process.kill(group, "SIGKILL");
  } catch {
    // Nobody is left.
  }
}

function toConfig(linkPort: number): string {
  return `
${MODULES.map((name) => `loadmodule "modules/${name}";`).join("\n")}
serverinfo {
  name = "${SERVICES.name}"; desc = "Services"; numeric = "00A"; netname = "Example"; recontime = 1;
  adminname = "root"; adminemail = "root@example.org"; registeremail = "root@example.org"; auth = none;
  maxlogins = 50; maxusers = 50; casemapping = rfc1459; loglevel = { all; };
};
uplink "irc.example.org" {
  host = "127.0.0.1"; port = ${linkPort};
  send_password = "${SERVICES.password}"; receive_password = "${SERVICES.password}";
};
nickserv { nick = "NickServ"; user = "NickServ"; host = "${SERVICES.name}"; real = "Accounts"; };
saslserv { nick = "SaslServ"; user = "SaslServ"; host = "${SERVICES.name}"; real = "Logins"; };
`;
}

const MODULES: readonly string[] = [
  "protocol/inspircd",
  "backend/opensex",
  "crypto/posix",
  "nickserv/main",
  "nickserv/cert",
  "nickserv/identify",
  "nickserv/register",
  "saslserv/main",
  "saslserv/plain",
  "saslserv/external",
];
