/**
 * A text with something in it that somebody wrote, such as the message of a parser: what stands before an `@` in a URL may be a
 * password, even where the URL is none.
 *
 * @example hidePasswords("no such host: redis://me:secret@example.org") // "no such host: redis://…@example.org"
 */
export function hidePasswords(text: string): string {
  return text.replace(/([a-z][a-z\d+.-]*:\/*|\/\/:?).*@/is, "$1…@");
}

/**
 * A whole value. All before its last `@` may be a password, and in a URL of Redis that is none, all but its scheme.
 *
 * @example hideLogin("redis//:secret@example.org") // "…@example.org"
 */
export function hideLogin(value: string): string {
  if (PLAIN_REDIS.test(value)) return value;
  if (value.includes("@")) return value.replace(/^(rediss?:\/*|[a-z][a-z\d+.-]*:\/+)?.+@([^?#]*).*/is, "$1…@$2");
  return value.replace(/^(rediss?:\/*).*/is, "$1…");
}

/** One of a host alone, and perhaps its port and database, whether they can be or not. */
const PLAIN_REDIS = /^rediss?:\/\/(\[[\da-f:.]+\]|[\w.-]+)(:\d+)?(\/\d*)?$/i;

/**
 * Whether what stands at a path is likely a secret, by the name that somebody gave it. The keys that there are have paths of files.
 *
 * @param path - As it is shown, such as `setter.apiToken`.
 */
export function isSecret(path: string): boolean {
  const name = path.slice(path.lastIndexOf(".") + 1);
  return (
    /pass|secret|token|key/i.test(name) && !/(^|\.)(tls\.key|setter\.tokens|certificate\.key|passwordFile)$/.test(path)
  );
}
