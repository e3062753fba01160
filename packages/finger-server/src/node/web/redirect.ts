import { FingerError } from "finger-protocol";

/** Where a redirect comes from. */
export interface RedirectRules {
  /** The page that redirects. */
  readonly from: URL;
  /** The page that was asked for in the first place. */
  readonly start: URL;
  /** Whether it may lead to a host that is not the first one. */
  readonly isRedirectHost: (host: string) => boolean;
}

/**
 * Where a redirect leads, when it may be followed: not out of encryption, and neither to another host nor to another
 * service of the same.
 *
 * @throws `FingerError` `ERR_FINGER_DENIED`
 */
export function followRedirect(location: string, { from, start, isRedirectHost }: RedirectRules): URL {
  if (!URL.canParse(location, from.href)) throw denied(from, location, "that is no URL");
  const to = new URL(location, from);
  if (to.protocol !== "https:" && to.protocol !== from.protocol) throw denied(from, location, "the scheme is another");
  if (to.username !== "" || to.password !== "") throw denied(from, location, "there is a user in it");
  if (toPort(to) !== toPort(start) && !isUpgrade(start, to)) throw denied(from, location, "the port is another");
  if (to.hostname === start.hostname || isRedirectHost(to.hostname)) return to;
  throw denied(from, location, "the host is another; see the option redirectHosts");
}

/** From the usual port of http to that of https, as most web servers send everybody. */
function isUpgrade(start: URL, to: URL): boolean {
  return toPort(start) === 80 && toPort(to) === 443 && to.protocol === "https:";
}

function toPort({ port, protocol }: URL): number {
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

function denied(from: URL, location: string, why: string): FingerError {
  return new FingerError("ERR_FINGER_DENIED", `${from.href} redirects to ${JSON.stringify(location)}, but ${why}.`);
}
