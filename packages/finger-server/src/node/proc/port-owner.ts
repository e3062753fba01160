import { readdirSync, readlinkSync } from "node:fs";
import { basename, resolve } from "node:path";
import { readProc, unlessHidden } from "./read-proc.js";
import { readTcpSockets, readUnixSockets, type TcpSocket } from "./socket-table.js";

/** The program that has a socket. */
export interface PortOwner {
  readonly pid: number;
  /** What it is called, as for a sentence: plain characters only. */
  readonly command: string;
}

/**
 * Finds who listens on a TCP port; `undefined` where that cannot be seen, as of processes of other users. Never throws.
 *
 * @param host - The address that is wanted; who listens on another one is in nobody's way. @default any
 */
export function findPortOwner(port: number, host?: string | undefined): PortOwner | undefined {
  const listening = readTcpSockets().filter((socket) => socket.isListening && socket.port === port);
  return findOwner(listening.filter((socket) => isInTheWay(socket, host)));
}

/** Finds who listens on a Unix socket; `undefined` where that cannot be seen. Never throws. */
export function findSocketOwner(path: string): PortOwner | undefined {
  const names = [path, resolve(path)];
  return findOwner(readUnixSockets().filter((socket) => socket.isListening && names.includes(socket.path ?? "")));
}

/** Who listens on all addresses, or wants to, is in the way of all others. A name may stand for any address. */
function isInTheWay({ address }: TcpSocket, host: string | undefined): boolean {
  const isAddress = host !== undefined && /^[\d.]+$|:/.test(host);
  return !isAddress || ANY.includes(host) || [...ANY, host].includes(address);
}

/** Looks through what all processes have open. */
function findOwner(sockets: readonly { readonly inode: string }[]): PortOwner | undefined {
  const targets = new Set(sockets.map(({ inode }) => `socket:[${inode}]`));
  if (targets.size === 0) return undefined;
  const pid = list("/proc").find((name) => /^\d+$/.test(name) && hasOneOf(name, targets));
  return pid === undefined ? undefined : { pid: Number(pid), command: toCommand(pid) };
}

function hasOneOf(pid: string, targets: ReadonlySet<string>): boolean {
  return list(`/proc/${pid}/fd`).some((fd) => targets.has(readLink(`/proc/${pid}/fd/${fd}`) ?? ""));
}

/** The name of its program; and, where that is ours, of what it runs: every server of Node is called "node". */
function toCommand(pid: string): string {
  const executable = readLink(`/proc/${pid}/exe`)?.replace(/ \(deleted\)$/, "") ?? readProc(`/proc/${pid}/comm`) ?? "";
  const program = basename(executable);
  const script = program === basename(process.execPath) ? findScript(pid) : undefined;
  return toPlain(script === undefined ? program : `${program} ${basename(script)}`);
}

/** The first argument that is no option. */
function findScript(pid: string): string | undefined {
  const [, ...words] = readProc(`/proc/${pid}/cmdline`)?.split("\0") ?? [];
  return words.find((word) => /^[^-]/.test(word));
}

/** Other programs choose their names. */
function toPlain(name: string): string {
  return name
    .trim()
    .replace(/[^ -~]/g, "?")
    .slice(0, LONGEST_NAME);
}

function list(folder: string): readonly string[] {
  return unlessHidden(() => readdirSync(folder)) ?? [];
}

function readLink(path: string): string | undefined {
  return unlessHidden(() => readlinkSync(path));
}

const ANY: readonly string[] = ["0.0.0.0", "::"];
const LONGEST_NAME = 60;
