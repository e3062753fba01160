import { connect, isIP, type LookupFunction, type Socket, type TcpNetConnectOpts } from "node:net";
import type { Caller, Connection, DialRules, Place, RemoteAddress } from "../connection/dial.js";

/**
 * Dials over TCP; the addresses of both families are tried, one after the other.
 *
 * All sockets read into one buffer, of which the bytes are copied at once: a stream would get 64 KiB of memory for every
 * piece. And the sockets are half-open, so that closing them at the end of the reply is one system call, not two.
 */
export function dialTcp(text: string, place: Place, rules: DialRules, caller: Caller): Connection {
  const onread = {
    buffer: SHARED,
    callback: (length: number, buffer: Uint8Array): boolean => {
      caller.received(new Uint8Array(buffer.subarray(0, length)));
      return true;
    },
  };
  const socket = connect({ ...toConnectOptions(place, rules), allowHalfOpen: true, onread });
  socket.on("connect", () => caller.connected(toAddress(socket, place)));
  let failure: Error | undefined;
  socket.on("end", () => void socket.destroy());
  socket.on("error", (error) => {
    failure = error;
  });
  // The next lookup begins when this socket is gone: that keeps their number, and with it the work, down.
  socket.on("close", () => caller.ended(failure));
  // Nothing waits for the connection to write.
  socket.write(text);
  return socket;
}

/** What `connect` of node:net and node:tls wants to know of a place. */
export function toConnectOptions({ host, port }: Place, { family, addresses }: DialRules): TcpNetConnectOpts {
  if (addresses === undefined && isIP(host) !== 0) return { host, port };
  const options = { host, port, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: ATTEMPT };
  if (addresses === undefined) return family === undefined ? options : { ...options, family };
  // A host that is an address would be connected to as it is, and `lookup` not be asked.
  return { ...options, host: "known.invalid", lookup: toLookup(addresses) };
}

/** To ask the system for the address costs as much as to read: a host that is one need not be asked for. */
export function toAddress(socket: Socket, { host, port }: Place): RemoteAddress {
  const address = isIP(host) === 0 ? (socket.remoteAddress ?? "") : host;
  return { address, port, family: isIP(address) === 6 ? 6 : 4 };
}

/** A look-up that is done already. */
function toLookup(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, { all }, callback) => {
    if (all) callback(null, found);
    else callback(null, found[0]?.address ?? "", found[0]?.family);
  };
}

/** An address that has not answered by then, in milliseconds, is given up for the next; Node races none. */
const ATTEMPT = 500;
const SHARED = Buffer.allocUnsafeSlow(64 * 1024);
