import type { IrcAccount, IrcServer } from "../options.js";

/** @throws `TypeError` when an account is to be proved by a certificate, and none is given. */
export function assertCertificate({ tls }: IrcServer, account: IrcAccount | undefined): void {
  if (!account?.external) return;
  const given: object = typeof tls === "object" ? tls : {};
  if (["cert", "pfx", "secureContext"].some((name) => name in given)) return;
  const what = "The option account.external needs a certificate to prove it by";
  throw new TypeError(`${what}: give server.tls.cert and server.tls.key.`);
}
