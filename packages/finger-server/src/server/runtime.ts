import type { TlsOptions } from "node:tls";
import type { Conversation, Wire } from "../exchange/conversation.js";
import type { OpenExchange, OpenExchanges } from "../exchange/open-exchanges.js";
import type { Peer } from "../provider.js";
import type { ResolvedLimits } from "./limits.js";

/** Where to listen: on a TCP port, unless there is a `path` or an `fd`. */
export interface ListenOptions {
  /** 0 takes any that is free. @default 79 */
  readonly port?: number | undefined;
  /** The address to be reached at; `::` is all of them, of IPv4 too. @default "127.0.0.1" */
  readonly host?: string | undefined;
  /** The path of a Unix socket. One that a dead server left behind is replaced. */
  readonly path?: string | undefined;
  /** The permissions of the Unix socket, such as `0o660`. @default what umask(2) leaves, or `0o600` with a `login` */
  readonly mode?: number | undefined;
  /** Whose file the Unix socket is. To give it away takes a privilege. @default this process's */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  /**
   * Who the peers of the Unix socket are, because nobody else may open it: see {@link Peer.login}. Only root may, too.
   * @default nobody in particular
   */
  readonly login?: string | undefined;
  /** A socket that was inherited and listens already: 3 is the first that systemd passes (sd_listen_fds(3)). */
  readonly fd?: number | undefined;
  /**
   * Speaks TLS, and TLS only: the options of `tls.createServer`, or a function that gives them, so that they can be read
   * again. Finger has no standard for TLS, so a client must be told. @default plain text
   */
  readonly tls?: TlsOptions | (() => TlsOptions | Promise<TlsOptions>) | undefined;
  /**
   * Speaks PROXY (version 1 or 2 of HAProxy's proxy-protocol.txt), and PROXY only: the networks of the proxies in front, such
   * as `["10.0.0.0/8"]`. Each of their connections has to begin with a header, and the peer is whom that names; who comes
   * from elsewhere is turned away. On a Unix socket everybody is such a proxy. @default no proxy is in front
   */
  readonly proxyProtocol?: readonly string[] | undefined;
}

/** Where a server listens. */
export interface Listening {
  /** The address; empty for a Unix socket. */
  readonly host: string;
  /** The port; 0 for a Unix socket. */
  readonly port: number;
  /** The path of a Unix socket. */
  readonly path: string | undefined;
  /**
   * Asks the function given as `tls` for its options again: connections to come are met with the new certificate, those
   * that are open stay. Rejects, and the old certificate stays, when it cannot be used.
   */
  reloadTls(): Promise<void>;
  /**
   * Stops listening here, and here only; resolves when the port is free. Connections that are open go on.
   */
  close(): Promise<void>;
}

/** A `Duplex` of `node:stream`, by what tells it from web streams. */
export interface NodeDuplex {
  readonly readable: boolean;
  readonly writable: boolean;
  readonly allowHalfOpen: boolean;
}

/** Makes a conversation with a peer. */
export type Converse = (wire: Wire, peer: Peer) => Conversation;

/**
 * Begins a conversation on a connection that was just opened, if there is room for it.
 *
 * @param before - What had the place of the connection until now.
 */
export type Begin = (wire: Wire, peer: Peer, before?: OpenExchange) => Conversation;

/** What a listener needs of its server. */
export interface Host {
  readonly begin: Begin;
  /** Begins a conversation only to turn the peer away, without a byte: it takes nobody's place. */
  readonly refuse: Begin;
  /** Counts connections that are about to become exchanges. */
  readonly open: OpenExchanges;
  readonly limits: ResolvedLimits;
  readonly onError: (error: unknown) => void;
}

/** What a runtime has of its own: connections that are not web streams. */
export interface Runtime {
  listen(host: Host, options: ListenOptions): Promise<Listener>;
  /** @param stranger - The peer of a connection that cannot tell who that is. */
  serveDuplex(duplex: NodeDuplex, begin: Begin, peer: Peer | undefined, stranger: Peer): Promise<void>;
}

/** One open port. */
export interface Listener {
  readonly address: Omit<Listening, "close">;
  /** Stops to listen; resolves when the port is free and its connections are closed, which is not its affair. */
  close(): Promise<void>;
}
