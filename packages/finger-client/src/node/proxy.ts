import { connect, type Socket } from "node:net";
import { FingerError } from "finger-protocol";
import type { SocksProxy } from "socks";
import { LONGEST_TIME } from "../connection/clock.js";
import { show, toMessage } from "../connection/connection-error.js";
import type { Place } from "../connection/dial.js";

/**
 * Connects to a place through a SOCKS5 proxy (RFC 1928), which is told the name of the host and looks it up itself.
 *
 * @throws `FingerError` `ERR_FINGER_PROXY` when the proxy cannot be used, and `ERR_FINGER_CONNECT` when it cannot reach the place.
 */
export async function connectThroughProxy(
  proxy: string,
  place: Place,
  patience: number,
  signal: AbortSignal,
): Promise<Socket> {
  const { SocksClient } = await loadSocks();
  signal.throwIfAborted();
  const { host, port, login } = parseProxy(proxy);
  const socket = connect({ host, port });
  signal.addEventListener("abort", () => socket.destroy(), { once: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", (cause) => {
      const what = `The proxy ${show({ host, port })} cannot be reached: ${toMessage(cause)}.`;
      reject(new FingerError("ERR_FINGER_PROXY", what, { cause }));
    });
  });
  try {
    await SocksClient.createConnection({
      proxy: { host, port, type: 5, ...login },
      command: "connect",
      destination: place,
      existing_socket: socket,
      timeout: Math.min(patience + LATER, LONGEST_TIME),
    });
    return socket;
  } catch (cause) {
    socket.destroy();
    throw toProxyError(cause, place);
  }
}

async function loadSocks(): Promise<typeof import("socks")> {
  try {
    return await import("socks");
  } catch (cause) {
    throw new FingerError("ERR_FINGER_PROXY", "A proxy needs the package socks: npm install socks.", { cause });
  }
}

/** The URL was looked at when the options were read. */
function parseProxy(url: string): Place & { login: Pick<SocksProxy, "userId" | "password"> } {
  const { hostname, port, username, password } = new URL(url);
  const login = { userId: decodeURIComponent(username), password: decodeURIComponent(password) };
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? 1080 : Number(port),
    login: username === "" ? {} : login,
  };
}

function toProxyError(cause: unknown, place: Place): FingerError {
  const why = toMessage(cause);
  const isFar = /ConnectionRefused|HostUnreachable|NetworkUnreachable|TTLExpired/.test(why);
  const what = `The proxy cannot reach ${show(place)}: ${why}.`;
  // The cause itself knows the password of the proxy, which belongs in no log.
  return new FingerError(isFar ? "ERR_FINGER_CONNECT" : "ERR_FINGER_PROXY", what, { cause: new Error(why) });
}

/** The lookup gives up first. But the timer of `socks` runs to its end whatever comes, and holds the socket. */
const LATER = 1000;
