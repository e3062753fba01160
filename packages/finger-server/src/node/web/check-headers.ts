/**
 * Header fields that may be sent, by name in lower case.
 *
 * @throws `TypeError` for a name or a value that HTTP has no place for (RFC 9110 5.1, 5.5), or a field that is not the
 * caller's to set.
 */
export function checkHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const fields = Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  for (const [name, value] of fields) {
    if (!TOKEN.test(name) || RESERVED.has(name)) throw wrong(name, "cannot be set");
    if (typeof value !== "string" || !VALUE.test(value))
      throw wrong(name, "must be a text of Latin letters, on one line");
  }
  return Object.fromEntries(fields);
}

function wrong(name: string, why: string): TypeError {
  return new TypeError(`The header field ${JSON.stringify(name)} in the option headers ${why}.`);
}

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** What the connection and the memory of pages rest upon. */
const RESERVED: ReadonlySet<string> = new Set(
  "accept-encoding connection content-length expect host if-modified-since if-none-match range te transfer-encoding upgrade".split(
    " ",
  ),
);
