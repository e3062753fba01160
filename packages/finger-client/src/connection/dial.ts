// The seam between a lookup and what carries it: TCP of Node, TLS, a proxy, or a connection of the caller's own.

/** The host and the port that are asked. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** An address that answered. */
export interface RemoteAddress {
  readonly address: string;
  readonly port: number;
  readonly family: 4 | 6;
}

/** How a connection is made. */
export interface DialRules {
  /** Longest wait for the connection, in milliseconds. */
  readonly connectTimeout: number;
  /** Only addresses of this family. */
  readonly family: 4 | 6 | undefined;
  /** Where the host is; nothing is looked up then. */
  readonly addresses: readonly string[] | undefined;
  readonly tls: TlsOptions | undefined;
  /** The URL of a SOCKS proxy. */
  readonly proxy: string | undefined;
}

/** How a server proves who it is. */
export interface TlsOptions {
  /** Certificates to trust instead of the system's, as PEM. */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined;
  /** The name that the certificate must have. @default the host */
  readonly servername?: string | undefined;
  /** Our own certificate and its key, for a server that asks who we are, as PEM. */
  readonly cert?: string | Uint8Array | undefined;
  readonly key?: string | Uint8Array | undefined;
}

/** Hears how a connection fares; nothing comes behind its end. */
export interface Caller {
  connected(address: RemoteAddress | undefined): void;
  /** The bytes are the caller's; none are a sign of life. */
  received(bytes: Uint8Array): void;
  /** The peer has closed, or the connection has failed. */
  ended(error?: unknown): void;
}

/** A connection on its way, or made; a socket of Node is one. */
export interface Connection {
  /** Gives its caller nothing more than what is on its way, until {@link resume}. */
  pause(): unknown;
  resume(): unknown;
  /** Says that nothing more will be sent, behind what was. Who asks a query does not: some servers take it for a leave. */
  end(): unknown;
  /** Gives its caller what it has held back, before that gives up. */
  release?(): void;
  /** Closes at once. */
  destroy(): unknown;
}

/** Connects to a place, sends a text in one segment without waiting for the connection, and reads. */
export type Dial = (text: string, place: Place, rules: DialRules, caller: Caller) => Connection;
