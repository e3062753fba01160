import { readFileSync } from "node:fs";
import { endianness } from "node:os";
import { formatAddress } from "../../network.js";

/** A TCP socket of this machine, or of the network that this process sees. */
export interface TcpSocket {
  readonly inode: string;
  readonly address: string;
  readonly port: number;
  readonly isListening: boolean;
}

/** A Unix socket. */
export interface UnixSocket {
  readonly inode: string;
  /** One of streams; others are of messages. */
  readonly isStream: boolean;
  readonly isListening: boolean;
  /** `undefined` when it has none; with an `@` for one that is no file. */
  readonly path: string | undefined;
}

/** The TCP sockets by proc_pid_net(5); none where there is no such file. */
export function readTcpSockets(): readonly TcpSocket[] {
  return ["tcp", "tcp6"].flatMap((table) => readRows(table).map(toTcpSocket));
}

/** The Unix sockets by proc_net_unix(5). */
export function readUnixSockets(): readonly UnixSocket[] {
  return readRows("unix").map(toUnixSocket);
}

/** The inodes of UDP sockets. */
export function readUdpInodes(): readonly (string | undefined)[] {
  return ["udp", "udp6"].flatMap((table) => readRows(table).map((row) => row.split(/\s+/)[9]));
}

/** The lines of a table, but the first, which has the names of the columns. */
function readRows(table: string): readonly string[] {
  try {
    const lines = readFileSync(`/proc/net/${table}`, "utf8").split("\n").slice(1);
    return lines.map((line) => line.trim()).filter((line) => line !== "");
  } catch {
    return [];
  }
}

function toTcpSocket(row: string): TcpSocket {
  const [, local = "", , state, , , , , , inode = ""] = row.split(/\s+/);
  const [address = "", port = ""] = local.split(":");
  return { inode, address: toAddress(address), port: Number.parseInt(port, 16), isListening: state === LISTENS };
}

/** An address is written as numbers of 32 bits, as this machine has them in memory. */
function toAddress(hex: string): string {
  const bytes = Buffer.from(hex, "hex");
  return formatAddress(endianness() === "LE" ? bytes.swap32() : bytes);
}

function toUnixSocket(row: string): UnixSocket {
  const [, , , flags = "", type, , inode = "", ...path] = row
    .split(" ")
    .filter((part, index) => part !== "" || index > 6);
  const isListening = (Number.parseInt(flags, 16) & ACCEPTS) !== 0;
  return { inode, isStream: type === STREAM, isListening, path: path.length === 0 ? undefined : path.join(" ") };
}

/** TCP_LISTEN of the kernel, in hexadecimal. */
const LISTENS = "0A";
/** SOCK_STREAM, in hexadecimal. */
const STREAM = "0001";
/** The flag __SO_ACCEPTON: listen(2) was called. */
const ACCEPTS = 0x10000;
