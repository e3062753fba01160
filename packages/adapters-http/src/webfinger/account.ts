import { FINGER_PORT, type FingerTarget, parseTarget } from "finger-protocol";
import { parseRoute } from "../route.js";
import { decodePercent } from "../text/percent.js";

/** Whose accounts are told of, and where their pages are. */
export interface AccountRules {
  /** The scheme and the host of the pages: `https://plan.example`. */
  readonly origin: string;
  /** The path before all pages: `/finger`; empty when there is none. */
  readonly base: string;
  /** The hosts that accounts are at, with a port where they have one. */
  readonly hosts: readonly string[];
}

/**
 * The login that a URI means: an account (`acct:alice@plan.example`), what finger calls it (`finger://plan.example/alice`), or the
 * address of a page. `undefined` when it is none of these, or at another host.
 */
export function toAccount(resource: string, rules: AccountRules): string | undefined {
  const login = readAccount(resource, rules);
  return login === undefined || login === "" || CONTROL.test(login) ? undefined : login;
}

function readAccount(resource: string, rules: AccountRules): string | undefined {
  if (/^acct:/i.test(resource)) return fromAcct(resource.slice("acct:".length), rules);
  if (/^finger:/i.test(resource)) return fromFinger(resource, rules);
  return /^https?:/i.test(resource) ? fromPage(resource, rules) : undefined;
}

/** RFC 7565 7: the name is percent-encoded, and may have an `@` so. */
function fromAcct(account: string, { hosts }: AccountRules): string | undefined {
  const at = account.lastIndexOf("@");
  if (!isOneOf(hosts, account.slice(at + 1))) return undefined;
  return decodePercent(account.slice(0, Math.max(at, 0)).replace(/^@/, ""));
}

function fromFinger(url: string, { hosts }: AccountRules): string | undefined {
  const { query, host = "", port } = readTarget(url) ?? {};
  if (query?.kind !== "user" || port !== FINGER_PORT) return undefined;
  return isOneOf(hosts, host.includes(":") ? `[${host}]` : host) ? query.user : undefined;
}

function fromPage(address: string, { origin, base }: AccountRules): string | undefined {
  const url = toUrl(address);
  if (url === undefined || url.origin !== toUrl(origin)?.origin) return undefined;
  if (!url.pathname.startsWith(`${base}/`) || /[?#]/.test(address)) return undefined;
  return readPage(url.pathname.slice(base.length));
}

function readPage(path: string): string | undefined {
  try {
    const route = parseRoute(path);
    return route?.kind === "person" && route.form === undefined ? route.login : undefined;
  } catch {
    return undefined;
  }
}

function isOneOf(hosts: readonly string[], asked: string): boolean {
  const host = toHost(asked);
  // RFC 7565 has no ports, yet who tries a server out on one writes it.
  return host !== undefined && hosts.some((known) => host === toHost(known) || host === toHostname(known));
}

/** As hosts are compared: in lower case and ASCII (UTS 46), with the port unless it is that of HTTPS, which WebFinger uses. */
function toHost(host: string): string | undefined {
  return toHostUrl(host)?.host;
}

/** The host without its port, as an account has it; `undefined` when it is none. */
export function toHostname(host: string): string | undefined {
  return toHostUrl(host)?.hostname;
}

/** More than a host would be read for a path, or for a user. */
function toHostUrl(host: string): URL | undefined {
  return /[/?#@\\]/.test(host) ? undefined : toUrl(`https://${host}`);
}

function toUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function readTarget(url: string): FingerTarget | undefined {
  try {
    return parseTarget(url);
  } catch {
    return undefined;
  }
}

const CONTROL = /[\0-\x1f\x7f-\x9f]/;
