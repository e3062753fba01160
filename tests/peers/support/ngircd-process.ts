import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Certificate } from "./certificate.js";
import { findFreePort } from "./free-port.js";

/** An ngIRCd of our own, at 127.0.0.1. Its operator is `god`, by the password `secret`. */
export interface Ngircd {
  readonly port: number;
  /** Where it speaks TLS; 0 without a certificate. */
  readonly tlsPort: number;
  /** Is killed, and says nothing to anybody. */
  kill(): Promise<void>;
  /** Is there again, at the same ports. */
  start(): Promise<void>;
  /** Hangs, with all its connections open, or goes on. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void;
  close(): Promise<void>;
}

export interface NgircdOptions {
  readonly certificate?: Certificate | undefined;
  /** Connections of one address at a time. @default any number */
  readonly perAddress?: number | undefined;
  /** Longest nick. @default 9, as ever */
  readonly nickLength?: number | undefined;
}

export async function startNgircd(options: NgircdOptions = {}): Promise<Ngircd> {
  const { certificate, perAddress = 0, nickLength = 9 } = options;
  const folder = await mkdtemp(join(tmpdir(), "finger-ngircd-"));
  const [port, tlsPort] = [await findFreePort(), certificate === undefined ? 0 : await findFreePort()];
  const file = join(folder, "ngircd.conf");
  // It is nobody when root has started it, and reads its key only then.
  await chmod(folder, 0o755);
  const secure = certificate === undefined ? "" : await toSecure(certificate, folder, tlsPort);
  await writeFile(file, toConfig(port, perAddress, nickLength) + secure);
  let child: ChildProcess | undefined;
  const kill = async () => {
    const dying = child;
    child = undefined;
    if (dying === undefined) return;
    const exited = once(dying, "exit");
    dying.kill("SIGKILL");
    await exited;
  };
  const start = async () => {
    child = spawn("ngircd", ["-n", "-f", file], { stdio: ["ignore", "pipe", "inherit"] });
    await toBeReady(child);
  };
  await start();
  return {
    port,
    tlsPort,
    kill,
    start,
    signal: (signal) => void child?.kill(signal),
    async close() {
      await kill();
      await rm(folder, { recursive: true });
    },
  };
}

/** Resolves when it listens; rejects, with what it has said, when it ends. */
async function toBeReady(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new Error("ngIRCd has no output.");
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (!/Server ".*" \(on .*\) ready\./.test(line)) continue;
    child.stdout.resume();
    return;
  }
  throw new Error(`ngIRCd has ended: ${said.join("\n")}`);
}

async function toSecure({ key, cert }: Certificate, folder: string, port: number): Promise<string> {
  const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  await copyFile(key, keyFile);
  await copyFile(cert, certFile);
  await chmod(keyFile, 0o644);
  return `[SSL]\nKeyFile = ${keyFile}\nCertFile = ${certFile}\nPorts = ${port}\n`;
}

function toConfig(port: number, perAddress: number, nickLength: number): string {
  return `
[Global]
Name = irc.test
Info = A server of a test
AdminEMail = nobody@irc.test
MotdPhrase = Hello
Listen = 127.0.0.1
Ports = ${port}
[Limits]
MaxConnectionsIP = ${perAddress}
MaxNickLength = ${nickLength}
[Options]
DNS = no
Ident = no
PAM = no
[Operator]
Name = god
Password = secret
`;
}
