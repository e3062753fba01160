import { createPrivateKey, X509Certificate } from "node:crypto";
import type { TlsOptions } from "node:tls";
import type { ListenOptions } from "finger-server";

/** The options of TLS, read anew each time. */
export type ReadTls = () => Promise<TlsOptions>;

/** Of options, or a function that gives them, what reads them; `undefined` for plain text. */
export function toReadTls(tls: ListenOptions["tls"]): ReadTls | undefined {
  if (tls === undefined) return undefined;
  return async () => {
    const options = typeof tls === "function" ? await tls() : tls;
    assertPair(options);
    return { ...options, ...FIXED };
  };
}

/** Node takes a key of another kind than the certificate's, and then shakes nobody's hand. */
function assertPair({ key, cert, passphrase }: TlsOptions): void {
  if (!isText(key) || !isText(cert)) return;
  const privateKey = createPrivateKey(passphrase === undefined ? { key } : { key, passphrase });
  if (!new X509Certificate(cert).checkPrivateKey(privateKey)) throw new Error("the key is of another certificate");
}

function isText(value: unknown): value is string | Buffer {
  return typeof value === "string" || Buffer.isBuffer(value);
}

/** No HTTP/2 is spoken here, so none is offered; and a peer has as long for its handshake as for a request. */
const FIXED: TlsOptions = { ALPNProtocols: ["http/1.1"], handshakeTimeout: 10_000 };
