/**
 * Makes a test of host names out of a list of them: `example.org` is that host, and `*.example.org` every host below it,
 * but not itself. Upper and lower case are the same, and so are a name with a dot at its end and without. International
 * names may be in letters or in ASCII.
 *
 * @throws `TypeError` when one of the list is no host name.
 */
export function matchHosts(names: readonly string[]): (host: string) => boolean {
  const exact = new Set<string>();
  const suffixes: string[] = [];
  for (const name of names) {
    const isPattern = name.startsWith("*.");
    const host = normalizeHost(isPattern ? name.slice(2) : name);
    if (!/^[\w.:-]+$/.test(host)) throw noHost(name);
    if (isPattern) suffixes.push(`.${host}`);
    else exact.add(host);
  }
  return (host) => {
    const normal = normalizeHost(host);
    return exact.has(normal) || suffixes.some((suffix) => normal.endsWith(suffix) && normal !== suffix);
  };
}

/**
 * The one spelling of a host: in lower case, international letters in ASCII (UTS 46), without a dot at its end, an IPv6
 * address without brackets. What is no host is `""`.
 */
export function normalizeHost(host: string): string {
  const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  const plain = /^[\x21-\x7e]*$/.test(bare) ? bare : toAscii(bare);
  return (plain.endsWith(".") ? plain.slice(0, -1) : plain).toLowerCase();
}

function noHost(name: string): TypeError {
  return new TypeError(`${JSON.stringify(name)} is no host name; write one such as example.org or *.example.org.`);
}

function toAscii(host: string): string {
  try {
    const url = new URL(`http://${host}`);
    return url.href === `http://${url.hostname}/` ? url.hostname : "";
  } catch {
    return "";
  }
}
