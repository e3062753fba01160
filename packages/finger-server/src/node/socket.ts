import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Conversation } from "../exchange/conversation.js";
import type { OpenExchange } from "../exchange/open-exchanges.js";
import type { Peer } from "../provider.js";
import type { Begin } from "../server/runtime.js";

/** A connection with its conversation, so that all of them share the same four listeners. */
type Carrier = Duplex & { [CONVERSATION]?: Conversation };
const CONVERSATION = Symbol("conversation");

/**
 * Carries one conversation over a socket, or any other `Duplex`.
 *
 * @param before - What had the place of the connection until now.
 */
export function carry(duplex: Duplex, begin: Begin, peer: Peer, before?: OpenExchange): Conversation {
  const conversation = begin(duplex, peer, before);
  (duplex as Carrier)[CONVERSATION] = conversation;
  duplex.on("data", onData).on("end", onEnd).on("error", onError).on("close", onClose);
  return conversation;
}

/** The other end of a socket, which is asked who that is when somebody wants to know: it takes a call of the system. */
export class SocketPeer implements Peer {
  /** Private at run time too: whoever prints a peer must not print a socket. */
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Empty when the peer was gone before it could be asked: it must not pass for one that has no address. */
  get address(): string | undefined {
    const { remoteAddress } = this.#socket;
    if (remoteAddress !== undefined) return toAddress(remoteAddress);
    return this.#socket.localAddress === undefined ? undefined : "";
  }

  get port(): number | undefined {
    return this.#socket.remotePort;
  }

  toJSON(): Peer {
    return { address: this.address, port: this.port };
  }
}

/** An IPv4 address that came through an IPv6 port is that IPv4 address; a zone means something to this machine alone. */
function toAddress(address: string): string | undefined {
  if (!address.includes(":")) return address;
  if (address.startsWith("::ffff:") && address.includes(".")) return address.slice("::ffff:".length);
  return address.split("%", 1)[0];
}

function onData(this: Carrier, chunk: Uint8Array): void {
  this[CONVERSATION]?.push(chunk);
}

function onEnd(this: Carrier): void {
  this[CONVERSATION]?.inputEnded();
}

/** A peer that resets its connection is the peer's affair; the close that follows is ours. */
function onError(this: Carrier): void {}

function onClose(this: Carrier): void {
  this[CONVERSATION]?.closed();
}
