import { expect, it } from "vitest";
import { matchHosts, normalizeHost } from "./host-names.js";

const MATCHES: ReadonlyArray<readonly [names: string[], host: string, matches: boolean, why: string]> = [
  [["example.org"], "example.org", true, "the host itself"],
  [["example.org"], "EXAMPLE.org.", true, "in any case, and with the dot of the root"],
  [["Example.ORG."], "example.org", true, "of the list too"],
  [["example.org"], "www.example.org", false, "a host below it is another"],
  [["example.org"], "example.org.evil.example", false, "a host that begins like it"],
  [["*.example.org"], "www.example.org", true, "a pattern takes what is below"],
  [["*.example.org"], "a.b.example.org", true, "and below that"],
  [["*.example.org"], "example.org", false, "but not the host itself"],
  [["*.example.org"], "evilexample.org", false, "a host that ends like it"],
  [["*.example.org"], ".example.org", false, "an empty label is no host"],
  [["bücher.example"], "xn--bcher-kva.example", true, "letters in the list"],
  [["xn--bcher-kva.example"], "BÜCHER.example", true, "letters in the host"],
  [["[::1]"], "::1", true, "brackets belong to the writing"],
  [["localhost"], "localhost", true, "a host without a dot"],
  [[], "example.org", false, "nothing is in nothing"],
];

it.each(MATCHES)("of %j and %j says %s: %s", (names, host, matches) => {
  expect(matchHosts(names)(host)).toBe(matches);
});

it.each([[""], ["*"], ["*."], ["a.*.b"], ["a b"], ["http://example.org"], ["example.org/x"]])(
  "refuses %j in a list",
  (name) => {
    expect(() => matchHosts([name])).toThrow(TypeError);
    expect(() => matchHosts([name])).toThrow(JSON.stringify(name));
  },
);

it.each([
  ["１２７.0.0.1", "127.0.0.1", "full-width digits are digits"],
  ["bü cher", "", "what is no host"],
  ["ü/../x", "", "what is more than a host"],
  ["ü@evil.example", "", "what has a user in front"],
])("writes %j as %j: %s", (host, normal) => {
  expect(normalizeHost(host)).toBe(normal);
});
