/**
 * Whether a header such as `If-Match` or `If-None-Match` names an entity tag (RFC 9110 13.1): `*` names all.
 *
 * @param isStrong - Weak tags count for nothing, as `If-Match` has it.
 */
export function namesTag(header: string, tag: string, isStrong: boolean): boolean {
  if (header.trim() === "*") return true;
  for (const named of readTags(header)) {
    if (named === tag || (!isStrong && named === `W/${tag}`)) return true;
  }
  return false;
}

/** Reads a list of entity tags. A tag may contain a comma, so they are not simply split. */
function* readTags(header: string): Generator<string> {
  let at = 0;
  while (at < header.length) {
    const start = header.indexOf('"', at);
    const end = header.indexOf('"', start + 1);
    if (start < 0 || end < 0) return;
    const isWeak = header.slice(at, start).endsWith("W/");
    yield `${isWeak ? "W/" : ""}${header.slice(start, end + 1)}`;
    at = end + 1;
  }
}
