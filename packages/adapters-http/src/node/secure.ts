import type { TlsOptions } from "node:tls";
import type { ListenOptions } from "finger-server";

/** The options of TLS, read anew each time. */
export type ReadTls = () => Promise<TlsOptions>;

/** Of options, or a function that gives them, what reads them; `undefined` for plain text. */
export function toReadTls(tls: ListenOptions["tls"]): ReadTls | undefined {
  if (tls === undefined) return undefined;
  return async () => ({ ...(typeof tls === "function" ? await tls() : tls), ...FIXED });
}

/** No HTTP/2 is spoken here, so none is offered; and a peer has as long for its handshake as for a request. */
const FIXED: TlsOptions = { ALPNProtocols: ["http/1.1"], handshakeTimeout: 10_000 };
