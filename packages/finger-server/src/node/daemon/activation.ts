import { fstatSync } from "node:fs";
import type { PassedSocket } from "../application/places.js";
import { readTcpSockets, readUdpInodes, readUnixSockets } from "../proc/socket-table.js";
import { toProcessError } from "./process-error.js";

/**
 * Takes the sockets that systemd has passed to this process, by sd_listen_fds(3): none when it has not, or to another process. Its
 * variables are removed from the environment, so that children do not take the sockets for theirs.
 *
 * @throws `FingerError` `ERR_FINGER_PROCESS` when the variables are wrong, or when one of them is no stream socket that listens.
 */
export function takeSockets(env: NodeJS.ProcessEnv, pid: number = process.pid): readonly PassedSocket[] {
  const { LISTEN_PID: owner, LISTEN_FDS: count, LISTEN_FDNAMES: names } = env;
  for (const name of ["LISTEN_PID", "LISTEN_PIDFDID", "LISTEN_FDS", "LISTEN_FDNAMES"]) delete env[name];
  if (owner === undefined || count === undefined) return [];
  if (parseNumber("LISTEN_PID", owner) !== pid) return [];
  const sockets = toSockets(parseNumber("LISTEN_FDS", count), names);
  for (const socket of sockets) assertListens(socket);
  return sockets;
}

/** The names of the sockets that {@link takeSockets} would take, for one who only wants to know; what is wrong there it will tell. */
export function nameSockets(env: NodeJS.ProcessEnv, pid: number = process.pid): readonly string[] {
  const { LISTEN_PID: owner, LISTEN_FDS: count, LISTEN_FDNAMES: names } = env;
  if (owner !== String(pid) || count === undefined) return [];
  return names?.split(":") ?? [];
}

function parseNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw toProcessError(
    `The variable ${name} is ${JSON.stringify(text)}, and no number. It is for systemd to set, and nobody else.`,
  );
}

function toSockets(count: number, names: string | undefined): readonly PassedSocket[] {
  if (count > MOST) throw toProcessError(`The variable LISTEN_FDS is ${count}: nobody passes so many sockets.`);
  const named = names?.split(":");
  if (named !== undefined && named.length !== count) {
    throw toProcessError(
      `The variable LISTEN_FDNAMES has ${named.length} names for the ${count} sockets of LISTEN_FDS.`,
    );
  }
  return Array.from({ length: count }, (_, index) => ({ fd: FIRST + index, name: named?.[index] ?? "unknown" }));
}

function assertListens({ fd, name }: PassedSocket): void {
  const fault = findFault(fd);
  if (fault !== undefined)
    throw toProcessError(`Descriptor ${fd} (${JSON.stringify(name)}), which systemd passed, ${fault}`);
}

/** What is wrong with a descriptor, as the rest of a sentence. The kernel's tables tell of its socket by the inode. */
function findFault(fd: number): string | undefined {
  const inode = findSocket(fd);
  if (inode === undefined) return "is no socket. Have the unit pass sockets only.";
  const socket = [...readTcpSockets(), ...readUnixSockets()].find((candidate) => candidate.inode === inode);
  if (socket === undefined) {
    // One of another network namespace is in no table that we see: it may be as good as any.
    return readUdpInodes().includes(inode) ? NO_STREAM : undefined;
  }
  if ("isStream" in socket && !socket.isStream) return NO_STREAM;
  return socket.isListening ? undefined : NO_LISTENER;
}

function findSocket(fd: number): string | undefined {
  try {
    const file = fstatSync(fd, { bigint: true });
    return file.isSocket() ? String(file.ino) : undefined;
  } catch {
    return undefined;
  }
}

const NO_STREAM = "is a socket of messages. Write ListenStream= into the unit of the socket.";
const NO_LISTENER =
  "is a connection, or does not listen. Write Accept=no into the unit of the socket; or start finger-server with --inetd for each connection, and write StandardInput=socket into that of the service.";
/** The first descriptor that is passed, behind standard input, output and error. */
const FIRST = 3;
/** More than any process may have open by default. */
const MOST = 1024;
