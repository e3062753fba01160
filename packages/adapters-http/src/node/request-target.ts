/** Where a request goes: what stands between its method and its version (RFC 9112 3.2). */
export interface RequestTarget {
  /** As it was sent. */
  readonly path: string;
  /** From the `?` on; empty without one. */
  readonly search: string;
}

/** Never throws: what is no path is left for others to refuse, and `//host/path` is a path, for a request names no other host so. */
export function parseTarget(target: string): RequestTarget {
  const local = target.startsWith("/") ? target : toLocal(target);
  const mark = local.indexOf("?");
  return mark < 0 ? { path: local, search: "" } : { path: local.slice(0, mark), search: local.slice(mark) };
}

/** Of a whole URL, as proxies are asked (RFC 9112 3.2.2), what stands behind the host. */
function toLocal(target: string): string {
  const [authority] = AUTHORITY.exec(target) ?? [];
  if (authority === undefined) return target;
  const local = target.slice(authority.length);
  return local.startsWith("/") ? local : `/${local}`;
}

const AUTHORITY = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i;
