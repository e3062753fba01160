import fc from "fast-check";
import { expect, it } from "vitest";
import { parseUrlTemplate } from "./url-template.js";

const URLS: ReadonlyArray<readonly [template: string, name: string, url: string | undefined, why: string]> = [
  ["https://example.org/~{name}/status.txt", "alice", "https://example.org/~alice/status.txt", "in the path"],
  ["https://example.org/status?user={name}&x=1", "alice", "https://example.org/status?user=alice&x=1", "in the query"],
  ["HTTP://Example.ORG:80/{name}", "alice", "http://example.org/alice", "the template is read as a URL"],
  ["http://probe.example:8080/probe/{name}", "a", "http://probe.example:8080/probe/a", "whatever else is in it"],
  ["https://[2606:4700::1]/{name}", "a", "https://[2606:4700::1]/a", "an address of IPv6"],
  ["https://e.org/{name}", "a b", "https://e.org/a%20b", "a blank"],
  ["https://e.org/{name}", "a/b", "https://e.org/a%2Fb", "a slash opens no other path"],
  ["https://e.org/{name}", "a?b#c", "https://e.org/a%3Fb%23c", "nor does the mark of a query"],
  ["https://e.org/?q={name}", "a&b=c+d", "https://e.org/?q=a%26b%3Dc%2Bd", "nor makes an ampersand a parameter"],
  ["https://e.org/?q={name}", "o'neil!(*)", "https://e.org/?q=o%27neil%21%28%2A%29", "what browsers leave as it is"],
  ["https://e.org/{name}", "josé", "https://e.org/jos%C3%A9", "letters in UTF-8"],
  ["https://e.org/{name}", "%2e%2e", "https://e.org/%252e%252e", "what is encoded already is encoded again"],
  ["https://e.org/{name}", "@evil.example", "https://e.org/%40evil.example", "no host"],
  ["https://e.org/{name}", "a\r\nX: y", "https://e.org/a%0D%0AX%3A%20y", "no header"],
  ["https://e.org/~{name}/x", "..", undefined, "the parent, even behind something"],
  ["https://e.org/u/{name}", ".", undefined, "the folder itself"],
  ["https://e.org/u/{name}", "..", undefined, "the parent"],
  ["https://e.org/u/.{name}/x", ".", undefined, "a parent made of both"],
  ["https://e.org/u/.{name}/x", "plan", "https://e.org/u/.plan/x", "which others are not"],
  ["https://e.org/~{name}/x", "../../secret", undefined, "a way up, for servers that decode before they look"],
  ["https://e.org/~{name}/x", "a\\..\\b", undefined, "with backslashes"],
  ["https://e.org/~{name}/x", "...", "https://e.org/~.../x", "three dots are a name"],
  ["https://e.org/{name}", "", undefined, "nobody"],
  ["https://e.org/{name}", "a\ud800", undefined, "half a character"],
];

it.each(URLS)("makes of %j and %j %j: %s", (template, name, url) => {
  expect(parseUrlTemplate(template)(name)?.href).toBe(url);
});

it.each([
  ["https://example.org/", "no name"],
  ["https://example.org/{name}/{name}", "two names"],
  ["{name}", "the name alone"],
  ["{name}://example.org/", "the name for a scheme"],
  ["https://{name}/", "for a host"],
  ["https://{name}.example.org/", "in a host"],
  ["https://example.org:{name}/", "for a port"],
  ["https://{name}@example.org/", "for a user"],
  ["https://example.org#{name}", "in what is not sent"],
  ["https://example.org/{name}#top", "with something that is not sent"],
  ["https://me:secret@example.org/{name}", "with a password"],
  ["ftp://example.org/{name}", "another scheme"],
  ["file:///home/{name}/.plan", "a file"],
  ["/~{name}", "no host"],
])("refuses the template %j: %s", (template) => {
  expect(() => parseUrlTemplate(template)).toThrow(TypeError);
  expect(() => parseUrlTemplate(template)).toThrow(JSON.stringify(template));
});

it("leaves scheme, host and path to the template, whatever the name", () => {
  const templates = fc.constantFrom(
    "https://e.org:8443/a/{name}/b",
    "http://e.org/.{name}",
    "https://e.org/x?q={name}&r=1",
  );
  const hostile = fc.array(fc.constantFrom("/", "\\", "..", ".", "%2e", "@", "?", "#", "&", ":", "\t", "a"));
  const names = fc.oneof(
    fc.string({ unit: "binary" }),
    hostile.map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(templates, names, (template, name) => {
      const url = parseUrlTemplate(template)(name);
      if (url === undefined) return;
      const [before = "", after = ""] = template.split("{name}");
      expect(url.href.startsWith(before) && url.href.endsWith(after)).toBe(true);
      const middle = url.href.slice(before.length, url.href.length - after.length);
      expect(middle).toMatch(/^[\w.~%-]+$/);
      expect(decodeURIComponent(middle)).toBe(name);
    }),
  );
});
