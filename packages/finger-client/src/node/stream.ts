import { isIP, type Socket } from "node:net";
import { checkServerIdentity, connect as connectSecurely, type PeerCertificate, type TLSSocket } from "node:tls";
import type { Caller, Connection, DialRules, Place, RemoteAddress, TlsOptions } from "../connection/dial.js";
import { dialLater } from "../connection/dial-later.js";
import { connectThroughProxy } from "./proxy.js";
import { toAddress, toConnectOptions } from "./tcp.js";
import { hungUp, toTlsError } from "./tls-error.js";

/** Dials over TLS, through a SOCKS proxy, or both. */
export function dialStream(text: string, place: Place, rules: DialRules, caller: Caller): Connection {
  const { proxy } = rules;
  if (proxy === undefined) {
    const socket = secure(place, rules, undefined);
    return carry(socket, text, place, caller, () => toAddress(socket, place));
  }
  return dialLater(caller, async (signal) => {
    const socket = await connectThroughProxy(proxy, place, rules.connectTimeout, signal);
    const carrier = () => (rules.tls === undefined ? socket : secure(place, rules, socket));
    // Who answers at the other end of a proxy has an address that only the proxy knows.
    return () => carry(carrier(), text, place, caller, () => undefined);
  });
}

/** TLS is asked for, or not spoken at all: nothing falls back to plain text. */
function secure(place: Place, rules: DialRules, socket: Socket | undefined): TLSSocket {
  const { ca, cert, key, servername = toServerName(place) }: TlsOptions = rules.tls ?? {};
  const identity = { ca: ca as string, cert: cert as string, key: key as string, servername };
  const given = {
    ...Object.fromEntries(Object.entries(identity).filter(([, value]) => value !== undefined)),
    // The host that was asked for, not one that stands for addresses that are known.
    checkServerIdentity: (_: string, certificate: PeerCertificate) =>
      checkServerIdentity(servername ?? place.host, certificate),
  };
  if (socket !== undefined) return connectSecurely({ ...given, socket, host: place.host });
  return connectSecurely({ ...given, ...toConnectOptions(place, rules) });
}

/** An address is no name that could be sent (RFC 6066 3), and a name is sent without the dot of the root. */
function toServerName({ host }: Place): string | undefined {
  return isIP(host) === 0 ? host.replace(/\.$/, "") : undefined;
}

function carry(
  socket: Socket | TLSSocket,
  text: string,
  place: Place,
  caller: Caller,
  findAddress: () => RemoteAddress | undefined,
): Connection {
  const isSecure = "authorized" in socket;
  let isConnected = false;
  const connected = () => {
    isConnected = true;
    caller.connected(findAddress());
  };
  if (isSecure) socket.on("secureConnect", connected);
  else connected();
  socket.on("data", (bytes: Uint8Array) => caller.received(bytes));
  socket.on("end", () => caller.ended(isConnected ? undefined : hungUp(place)));
  socket.on("error", (error) => caller.ended(isSecure ? toTlsError(error, place) : error));
  socket.write(text);
  return socket;
}
