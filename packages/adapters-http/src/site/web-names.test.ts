import { expect, it } from "vitest";
import { assertBase, assertOrigin, toHosts } from "./web-names.js";

const BASES: ReadonlyArray<[base: string | undefined, path: string | undefined, why: string]> = [
  [undefined, "", "the root"],
  ["", "", "the root"],
  ["/", "", "the root"],
  ["/finger", "/finger", "a path"],
  ["/finger/", "/finger", "the slash at its end is ours"],
  ["/a/b-c.d~e", "/a/b-c.d~e", "a deeper one"],
  ["finger", undefined, "which is no path"],
  ["//evil.example", undefined, "which is another host"],
  ["/a//b", undefined, "an empty step"],
  ["/a/../b", undefined, "which browsers read as /b"],
  ["/.", undefined, "which is nowhere"],
  ["/a b", undefined, "blanks are encoded in a path"],
  ["/a\\b", undefined, "a backslash is a slash to some"],
  ["/a\r\nb", undefined, "a header would end there"],
  ["/a?b", undefined, "a query is no path"],
];

it.each(BASES)("takes the base %j for %j: %s", (base, path) => {
  if (path === undefined) expect(() => assertBase(base)).toThrow("base must be a path such as /finger");
  else expect(assertBase(base)).toBe(path);
});

const ORIGINS: ReadonlyArray<[origin: string, read: string | undefined, why: string]> = [
  ["https://plan.example", "https://plan.example", "a scheme and a host"],
  ["https://Plan.example/", "https://plan.example", "as it is written in a URL"],
  ["http://[::1]:8000", "http://[::1]:8000", "an address and a port"],
  ["https://plan.example:443", "https://plan.example", "the usual port is not said"],
  ["https://plan.example/finger", undefined, "a path is for the base"],
  ["https://a@plan.example", undefined, "a user is nobody's origin"],
  ["finger://plan.example", undefined, "another scheme"],
  ["plan.example", undefined, "no scheme"],
];

it.each(ORIGINS)("takes the origin %j for %j: %s", (origin, read) => {
  if (read === undefined) expect(() => assertOrigin(origin)).toThrow("origin must be such as https://plan.example");
  else expect(assertOrigin(origin)).toBe(read);
});

const HOSTS: ReadonlyArray<[host: string, read: string | undefined, why: string]> = [
  ["plan.example", "plan.example", "a name"],
  ["PLAN.example:8443", "plan.example:8443", "in any case, with a port"],
  ["bücher.example", "xn--bcher-kva.example", "in any script"],
  ["[::1]", "[::1]", "an address"],
  [".example", undefined, "an empty label"],
  ["plan.example.", undefined, "which no account has"],
  ["*.example", undefined, "hosts are said one by one"],
  ["a b", undefined, "no name"],
  ["plan.example/x", undefined, "more than a host"],
  ["plan.example:99999", undefined, "no such port"],
];

it.each(HOSTS)("takes the host %j for %j: %s", (host, read) => {
  if (read === undefined) expect(() => toHosts([host], undefined)).toThrow("hosts must be such as plan.example");
  else expect(toHosts([host], undefined)).toEqual([read]);
});

it("takes the host of the origin, when no hosts are given", () => {
  expect([toHosts(undefined, "https://plan.example:8443"), toHosts(undefined, undefined)]).toEqual([
    ["plan.example:8443"],
    undefined,
  ]);
});
