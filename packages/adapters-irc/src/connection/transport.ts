/** A connection to a server of IRC: bytes in both ways. */
export interface Transport {
  /** What comes, until the server has gone. Rejects when the connection breaks. */
  readonly incoming: AsyncIterable<Uint8Array>;
  /** Sends a line, with its end; lines are sent in order. */
  write(line: Uint8Array): void;
  /** Ends it: what was written is sent, for as long as `signal` is not aborted. */
  close(signal?: AbortSignal): Promise<void>;
  /** Whether nobody on the way can read it: TLS, or a connection within this machine. */
  readonly isPrivate: boolean;
}

/** Opens a connection. Rejects with a `FingerError`: `ERR_FINGER_RESOLVE`, `ERR_FINGER_CONNECT`, `ERR_FINGER_TLS` or `ERR_FINGER_ABORTED`. */
export type OpenTransport = (signal: AbortSignal) => Promise<Transport>;
