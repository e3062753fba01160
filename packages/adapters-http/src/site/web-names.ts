/**
 * The path that pages are below, without a slash at its end.
 *
 * @throws `TypeError` when it is none.
 */
export function assertBase(base = ""): string {
  const path = base.replace(/\/$/, "");
  if (path === "" || (!/\/\.{1,2}(\/|$)/.test(path) && /^(?:\/[\w.~!$&'()*+,;=:@%-]+)+$/.test(path))) return path;
  throw new TypeError(`base must be a path such as /finger, but is ${JSON.stringify(base)}.`);
}

/**
 * A scheme and a host, as URLs have them.
 *
 * @throws `TypeError` when it is none, or more.
 */
export function assertOrigin(origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined;
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  const isOrigin = url !== undefined && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href;
  if (isOrigin) return url.origin;
  throw new TypeError(`origin must be such as https://plan.example, but is ${JSON.stringify(origin)}.`);
}

/**
 * The hosts whose accounts are told of, as URLs have them; `undefined` when that is not said.
 *
 * @throws `TypeError` for what is no host.
 */
export function toHosts(
  hosts: readonly string[] | undefined,
  origin: string | undefined,
): readonly string[] | undefined {
  if (hosts === undefined) return origin === undefined ? undefined : [new URL(origin).host];
  if (!Array.isArray(hosts)) throw new TypeError(`hosts must be a list of hosts, but is ${JSON.stringify(hosts)}.`);
  return hosts.map((host) => {
    const url = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
    if (url !== undefined && url.href === `http://${url.host}/` && HOST.test(url.host)) return url.host;
    throw new TypeError(`hosts must be such as plan.example, but there is ${JSON.stringify(host)} among them.`);
  });
}

/** @throws `TypeError` when it is neither `"*"` nor a list of origins. */
export function assertCors(cors: "*" | readonly string[] | undefined): "*" | readonly string[] | undefined {
  if (cors === undefined || cors === "*") return cors;
  if (!Array.isArray(cors)) throw new TypeError(`cors must be "*" or a list of origins, but is ${String(cors)}.`);
  return cors.map((origin) => assertOrigin(origin) as string);
}

/** A name of whole labels, or an IPv6 address in brackets; and a port that is not the usual one. */
const HOST = /^(?:\[[\da-f:.]+\]|[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*)(?::\d+)?$/;
