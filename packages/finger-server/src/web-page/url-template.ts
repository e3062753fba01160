/** Makes the URL of a name; `undefined` for a name that no URL of the template can stand for. */
export type ToUrl = (name: string) => URL | undefined;

/**
 * Reads a template such as `https://example.org/~{name}/status.txt`. The name is put in percent-encoded (RFC 3986 2.1), so
 * it stays where it is put: `a b` becomes `a%20b`, and no name makes another host, another path or another parameter. The
 * empty name has no URL; nor has one that is `..`, or has it between slashes, for some servers take `%2F` for a slash.
 *
 * @throws `TypeError` when the template is no http or https URL, or has not exactly one `{name}`, in its path or its query.
 */
export function parseUrlTemplate(template: string): ToUrl {
  if (template.split(NAME).length !== 2) throw wrong(template, `it must have ${NAME} in it, once`);
  let probe = "probe";
  while (template.includes(probe)) probe += "x";
  const url = readUrl(template.replace(NAME, probe), template);
  const index = url.href.indexOf(probe, url.origin.length + 1);
  if (index === -1) throw wrong(template, `${NAME} must stand in its path or its query`);
  const [before, after] = [url.href.slice(0, index), url.href.slice(index + probe.length)];
  return (name) => {
    if (!isPlain(name)) return undefined;
    const address = `${before}${encode(name)}${after}`;
    const made = new URL(address);
    // What the URL parser changes has become part of the path: `.` where the name is a whole segment.
    return made.href === address ? made : undefined;
  };
}

const NAME = "{name}";

function readUrl(address: string, template: string): URL {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw wrong(template, "it is no URL");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw wrong(template, "it must begin with https:// or http://");
  if (url.username !== "" || url.password !== "")
    throw wrong(template, "put a user and a password into the option headers");
  if (url.href.includes("#")) throw wrong(template, "what is behind # is never sent");
  return url;
}

/** Lone surrogates have no encoding. */
function isPlain(name: string): boolean {
  if (name === "" || /\p{Surrogate}/u.test(name)) return false;
  return !name.split(/[\\/]/).some((segment) => segment === "." || segment === "..");
}

/** encodeURIComponent leaves what RFC 3986 2.2 reserves but JavaScript does not. */
function encode(name: string): string {
  return encodeURIComponent(name).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function wrong(template: string, why: string): TypeError {
  return new TypeError(`The template ${JSON.stringify(template)} cannot be used: ${why}.`);
}
