import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awaitLine } from "./await-line.js";
import { type Certificate, makeCertificate } from "./certificate.js";
import { findFreePort } from "./free-port.js";
import { hasCommand } from "./peer.js";

/** A network of one server, InspIRCd, which services may link to. */
export interface InspIRCd {
  readonly port: number;
  readonly tlsPort: number;
  /** Where services link to, which have to call themselves {@link SERVICES}. */
  readonly linkPort: number;
  /** What to trust to speak TLS with `localhost`. */
  readonly ca: Buffer;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Starts it again, at the same ports. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface InspIRCdOptions {
  /** Modules that it does without. */
  readonly without?: readonly string[] | undefined;
  /** More of its configuration. */
  readonly more?: string | undefined;
  /** More about those who connect, such as `password="sesame"`. */
  readonly connect?: string | undefined;
  /** Has those who say too much wait; without, it throws them out. @default true */
  readonly fakelag?: boolean | undefined;
}

export const hasInspIRCd: boolean = hasCommand("inspircd");
/** What services are called, and what they link by. */
export const SERVICES = { name: "services.example.org", password: "linked" } as const;
/** What an operator says to be one. */
export const OPER = "OPER root secret";

/** Starts one with the limits of its own example: 10 lines at once and one a second after that, by delay and not by ending. */
export async function startInspIRCd(options: InspIRCdOptions = {}): Promise<InspIRCd> {
  const folder = mkdtempSync(join(tmpdir(), "finger-inspircd-"));
  const file = join(folder, "inspircd.conf");
  const certificate = makeCertificate("localhost");
  // It does not tell the ports that it chooses.
  const [port, tlsPort, linkPort] = [await findFreePort(), await findFreePort(), await findFreePort()];
  writeFileSync(file, toConfig({ ...options, folder, certificate, ports: { port, tlsPort, linkPort } }));
  let child: ChildProcess | undefined;
  const start = async () => {
    child = await startIt(file);
  };
  const kill = async () => {
    if (child === undefined) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
    child = undefined;
  };
  const close = async () => {
    await kill();
    rmSync(folder, { recursive: true });
  };
  await start();
  return { port, tlsPort, linkPort, ca: readFileSync(certificate.cert), start, kill, close };
}

/** Resolves when it listens. */
async function startIt(config: string): Promise<ChildProcess> {
  const child = spawn("inspircd", ["--config", config, "--nofork", "--nopid", "--nolog", "--runasroot"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await awaitLine(child, "is now running");
  return child;
}

interface ConfigParts extends InspIRCdOptions {
  readonly folder: string;
  readonly certificate: Certificate;
  readonly ports: Pick<InspIRCd, "port" | "tlsPort" | "linkPort">;
}

function toConfig({
  without = [],
  more = "",
  connect = "",
  fakelag = true,
  folder,
  certificate,
  ports,
}: ConfigParts): string {
  const modules = MODULES.filter((name) => !without.includes(name));
  return `
<config format="xml">
<path configdir="${folder}" datadir="${folder}" logdir="${folder}" runtimedir="${folder}">
<server name="irc.example.org" description="A server" network="Example" id="001">
<admin name="root" nick="root" email="root@example.org">
<sslprofile name="tls" provider="gnutls" certfile="${certificate.cert}" keyfile="${certificate.key}"
  requestclientcert="yes" hash="sha256">
<bind address="127.0.0.1" port="${ports.port}" type="clients">
<bind address="127.0.0.1" port="${ports.tlsPort}" type="clients" sslprofile="tls">
<bind address="127.0.0.1" port="${ports.linkPort}" type="servers">
<connect name="all" allow="*" timeout="20" pingfreq="2m" hardsendq="1M" softsendq="10240" recvq="10K" threshold="10"
  commandrate="1000" fakelag="${fakelag ? "yes" : "no"}" localmax="500" globalmax="500" resolvehostnames="no" modes="+x" ${connect}>
<class name="all" commands="*" privs="*" usermodes="*" chanmodes="*">
<type name="all" classes="all">
<oper name="root" password="secret" host="*@*" type="all">
<dns server="127.0.0.1" timeout="1">
${modules.map((name) => `<module name="${name}">`).join("\n")}
<cloak mode="full" key="${"of no importance ".repeat(3)}" prefix="net-">
<sasl target="${SERVICES.name}" requiressl="yes">
<link name="${SERVICES.name}" ipaddr="127.0.0.1" port="${ports.linkPort}" allowmask="127.0.0.1"
  sendpass="${SERVICES.password}" recvpass="${SERVICES.password}">
<uline server="${SERVICES.name}" silent="yes">
${more}
`;
}

const MODULES: readonly string[] = [
  "botmode",
  "cap",
  "chghost",
  "cloaking",
  "conn_umodes",
  "ircv3",
  "ircv3_accounttag",
  "ircv3_capnotify",
  "ircv3_chghost",
  "ircv3_ctctags",
  "md5",
  "sasl",
  "services_account",
  "sha256",
  "spanningtree",
  "ssl_gnutls",
  "sslinfo",
];
