import { connect, isIP, type Socket, type TcpNetConnectOpts } from "node:net";
import type { ConnectionOptions } from "node:tls";
import type { FingerError } from "finger-protocol";
import type { IrcAccount, IrcServer } from "../options.js";
import { assertCertificate } from "./certificate.js";
import { brokenOff, cannotConnect, lateTo, type Place, stopped } from "./connect-error.js";
import type { OpenTransport, Transport } from "./transport.js";

/**
 * Opens connections over TCP, with TLS over it unless `server.tls` is false: the certificate is verified, and nothing falls
 * back to plain text.
 *
 * @throws `TypeError` when an account is to be proved by a certificate that there is not.
 */
export function openNodeTransport(server: IrcServer, account?: IrcAccount | undefined): OpenTransport {
  const { host, tls = true } = server;
  assertCertificate(server, account);
  const place = { host, port: server.port ?? (tls === false ? 6667 : 6697) };
  return async (signal) => {
    const dial = await loadConnect(tls);
    const socket = await becomeConnected(() => dial(place), place, tls !== false, signal);
    socket.setKeepAlive(true, KEEP_ALIVE);
    return toTransport(socket, place, tls !== false || isLoopback(socket.remoteAddress));
  };
}

/** TLS is loaded where it is spoken. */
async function loadConnect(tls: IrcServer["tls"]): Promise<(place: Place) => Socket> {
  if (tls === false) return (place) => connect(toConnectOptions(place));
  const { connect: connectSecurely } = await import("node:tls");
  const given = (typeof tls === "object" ? tls : {}) as ConnectionOptions;
  return (place) => connectSecurely({ ...toConnectOptions(place), ...toServerName(place), ...given });
}

function toConnectOptions({ host, port }: Place): TcpNetConnectOpts {
  return { host, port, noDelay: true, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: ATTEMPT };
}

/** An address is no name that could be sent (RFC 6066 3), and a name is sent without the dot of the root. */
function toServerName({ host }: Place): { readonly servername?: string } {
  return isIP(host) === 0 ? { servername: host.replace(/\.$/, "") } : {};
}

function becomeConnected(dial: () => Socket, place: Place, isSecure: boolean, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(stopped(signal));
    const socket = dial();
    const giveUp = (error: FingerError) => {
      settle();
      reject(error);
      socket.on("error", () => {}).destroy();
    };
    const fail = (cause: Error) => giveUp(cannotConnect(cause, place, isSecure));
    const hangUp = () => giveUp(cannotConnect(new Error("it hung up"), place, isSecure));
    const stop = () => giveUp(stopped(signal));
    const beLate = () => {
      // A server of plain IRC waits for a line that has an end, as we for its certificate.
      const isThere = isSecure && !socket.connecting;
      giveUp(isThere ? cannotConnect(new Error(MUTE), place, isSecure) : lateTo(place, CONNECT));
    };
    const timer = setTimeout(beLate, CONNECT);
    const ready = () => {
      settle();
      resolve(socket);
    };
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      socket.off("error", fail).off("close", hangUp).off(event, ready);
    };
    const event = isSecure ? "secureConnect" : "connect";
    socket.on("error", fail).on("close", hangUp).on(event, ready);
    signal.addEventListener("abort", stop, { once: true });
  });
}

function toTransport(socket: Socket, place: Place, isPrivate: boolean): Transport {
  // Who reads hears of it; when nobody does any more, it is no matter.
  socket.on("error", () => {});
  return {
    incoming: readAll(socket, place),
    isPrivate,
    write(line) {
      if (!socket.writable) return;
      gather(socket);
      socket.write(line);
      if (socket.writableLength > MOST_UNSENT) socket.destroy(new Error("it reads nothing of what is sent"));
    },
    close: (signal) => close(socket, signal),
  };
}

/**
 * Has all that is written in this turn sent at once. A server that lets nobody in says why and hangs up; the second piece that it
 * is sent then breaks the connection, and what it has said is lost.
 */
function gather(socket: Socket): void {
  if (socket.writableCorked > 0) return;
  socket.cork();
  process.nextTick(() => socket.uncork());
}

async function* readAll(socket: Socket, place: Place): AsyncGenerator<Uint8Array> {
  try {
    for await (const bytes of socket) yield bytes as Uint8Array;
  } catch (cause) {
    throw brokenOff(cause, place);
  }
}

/** A server that does not close its side, too, is not waited for long. */
function close(socket: Socket, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve();
    const cut = () => void socket.destroy();
    const timer = setTimeout(cut, CLOSE);
    socket.once("close", () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cut);
      resolve();
    });
    socket.end();
    // What is not read keeps the end of the connection from being seen.
    socket.resume();
    signal?.addEventListener("abort", cut, { once: true });
    if (signal?.aborted) cut();
  });
}

function isLoopback(address = ""): boolean {
  return /^(?:::ffff:)?127\.|^::1$/.test(address);
}

/** Milliseconds to be connected in, with TLS. */
const CONNECT = 20_000;
const MUTE = `nothing has come back in ${CONNECT / 1000} s`;
/** An address that has not answered by then is given up for the next. */
const ATTEMPT = 500;
const KEEP_ALIVE = 60_000;
const CLOSE = 2_000;
/** Bytes that the server has not taken. What is said is little, so it can only be gone, or mean harm. */
const MOST_UNSENT = 256 * 1024;
