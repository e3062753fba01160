import { connect, isIP, type LookupFunction, type Socket } from "node:net";
import { encodeQuery, type FingerError, type ValidQuery } from "finger-protocol";
import { aborted, brokenOff, late, type Place, toFingerError } from "./reply-error.js";

/** An address that answered. */
export interface RemoteAddress {
  readonly address: string;
  readonly port: number;
  readonly family: 4 | 6;
}

/** How a connection is made and waited for. */
export interface ConnectionRules {
  /** Longest wait for the connection, in milliseconds. */
  readonly connectTimeout: number;
  /** Longest wait for the next bytes, in milliseconds. */
  readonly timeout: number;
  /** Ends the lookup when it is aborted. */
  readonly signal: AbortSignal | undefined;
  /** Where the host is; nothing is looked up then. */
  readonly addresses?: readonly string[] | undefined;
}

/**
 * A connection on which the query is sent, in one segment, and the reply is read until the server closes (RFC 1288 2.1).
 * Nothing is read ahead of the reader but what the buffers of the socket hold, and a slow reader is not a slow server.
 */
export class OpenReply {
  /** The address that answered; `undefined` before it did. */
  address: RemoteAddress | undefined;
  private readonly place: Place;
  private readonly rules: ConnectionRules;
  private readonly socket: Socket | undefined;
  private readonly pieces: Uint8Array[] = [];
  private lastByte: number | undefined;
  private outcome: { readonly error?: FingerError } | undefined;
  private wake: (() => void) | undefined;

  /** @throws `FingerError` `ERR_FINGER_QUERY`; what goes wrong later is thrown by {@link read}. */
  constructor(query: ValidQuery, place: Place, rules: ConnectionRules) {
    this.place = place;
    this.rules = rules;
    const line = encodeQuery(query);
    if (rules.signal?.aborted) {
      this.onAbort();
    } else {
      rules.signal?.addEventListener("abort", this.onAbort, { once: true });
      this.socket = connectTo(place, rules.addresses);
      this.listen(this.socket);
      // Nothing waits for the connection to write.
      this.socket.write(line);
    }
  }

  /** The next bytes, or `undefined` at the end. One call at a time. */
  async read(): Promise<Uint8Array | undefined> {
    while (this.pieces.length === 0 && this.outcome === undefined) await this.untilMore();
    const piece = this.pieces.shift();
    if (piece === undefined && this.outcome?.error !== undefined) throw this.outcome.error;
    return piece;
  }

  /** Closes the connection at once; for a read under way that is the end. */
  close(): void {
    this.pieces.length = 0;
    this.settle();
  }

  private untilMore(): Promise<void> {
    this.socket?.setTimeout(this.patience);
    this.socket?.resume();
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private get patience(): number {
    return this.address === undefined ? this.rules.connectTimeout : this.rules.timeout;
  }

  private listen(socket: Socket): void {
    socket.once("connect", () => {
      this.address = toAddress(socket);
      socket.setTimeout(this.patience);
    });
    socket.on("data", (piece: Buffer) => this.take(piece));
    socket.on("timeout", () => {
      if (this.wake !== undefined) this.settle(late(this.place, this.patience, this.address !== undefined));
    });
    socket.once("end", () => this.settle());
    socket.on("error", (error) => this.breakOff(error));
  }

  private take(piece: Uint8Array): void {
    if (this.outcome !== undefined) return;
    this.pieces.push(piece);
    this.lastByte = piece.at(-1);
    this.socket?.pause();
    this.notify();
  }

  /** What has come is the reply, even if the server then resets the connection, as some do behind the last byte. */
  private breakOff(error: Error): void {
    for (let piece = this.socket?.read(); piece; piece = this.socket?.read()) this.take(piece);
    if (this.lastByte === undefined) this.settle(toFingerError(error, this.place));
    else this.settle(this.lastByte === LF ? undefined : brokenOff(error, this.place));
  }

  private readonly onAbort = (): void => {
    this.pieces.length = 0;
    this.settle(aborted(this.rules.signal));
  };

  /** The first outcome counts. */
  private settle(error?: FingerError): void {
    this.outcome ??= error === undefined ? {} : { error };
    this.rules.signal?.removeEventListener("abort", this.onAbort);
    this.socket?.destroy();
    this.notify();
  }

  private notify(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }
}

/** Both families are tried, each a moment after the other (RFC 8305). */
function connectTo({ host, port }: Place, addresses: readonly string[] | undefined): Socket {
  const common = { host, port, noDelay: true, autoSelectFamily: true };
  if (addresses === undefined) return connect(common);
  // A host that is an address would be connected to as it is, and `lookup` not be asked.
  return connect({ ...common, host: "known.invalid", lookup: toLookup(addresses) });
}

/** A look-up that is done already. */
function toLookup(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, { all }, callback) => {
    if (all) callback(null, found);
    else callback(null, found[0]?.address ?? "", found[0]?.family);
  };
}

function toAddress(socket: Socket): RemoteAddress {
  const { remoteAddress = "", remotePort = 0, remoteFamily } = socket;
  return { address: remoteAddress, port: remotePort, family: remoteFamily === "IPv6" ? 6 : 4 };
}

const LF = 0x0a;
