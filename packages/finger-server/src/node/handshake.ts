import type { Socket } from "node:net";
import type { OpenExchange, OpenExchanges } from "../exchange/open-exchanges.js";
import type { Peer } from "../provider.js";
import type { PeerAccount } from "../server/peer-accounts.js";

/** A connection that is about to become an exchange. Nothing can be said to its peer yet, so it ends in silence. */
export class Handshake implements OpenExchange {
  readonly peer: Peer;
  account: PeerAccount | undefined;
  deadline: number;
  private readonly socket: Socket;
  private readonly onLate: (() => void) | undefined;

  /**
   * @param deadline - When it has to be over; `Infinity` where somebody else looks after that.
   * @param onLate - Hears that it was not.
   */
  constructor(socket: Socket, peer: Peer, deadline: number = Number.POSITIVE_INFINITY, onLate?: () => void) {
    this.socket = socket;
    this.peer = peer;
    this.deadline = deadline;
    this.onLate = onLate;
  }

  expire(): void {
    this.deadline = Number.POSITIVE_INFINITY;
    this.onLate?.();
    this.socket.destroy();
  }

  makeRoom(): void {
    this.socket.destroy();
  }

  hurry(): void {
    this.socket.destroy();
  }

  cut(): void {
    this.socket.destroy();
  }
}

/**
 * Takes a place for a handshake until its connection is closed, or becomes an exchange that has its own.
 *
 * @param before - The handshake that had the place of the connection until now.
 */
export function takePlace(open: OpenExchanges, socket: Socket, handshake: Handshake, before?: Handshake): void {
  socket.once("close", () => open.delete(handshake));
  if (!open.add(handshake, before)) handshake.makeRoom();
}
