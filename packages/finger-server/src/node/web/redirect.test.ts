import { expect, it } from "vitest";
import { followRedirect } from "./redirect.js";

const START = "https://example.org/~alice/status.txt";

const ALLOWED: ReadonlyArray<readonly [from: string, location: string, to: string, why: string]> = [
  [START, "/x", "https://example.org/x", "a path"],
  [START, "?x", "https://example.org/~alice/status.txt?x", "a query"],
  [START, "HTTPS://EXAMPLE.org:443/x", "https://example.org/x", "the same host, written in another way"],
  ["http://example.org/x", "https://example.org/x", "https://example.org/x", "into encryption"],
  ["http://example.org:8080/x", "http://example.org:8080/y", "http://example.org:8080/y", "the port of the template"],
  [START, "https://new.example/x", "https://new.example/x", "a host that is listed"],
  ["https://new.example/x", START, START, "and back"],
];

it.each(ALLOWED)("follows from %s to %s: %s, %s", (from, location, to) => {
  const start = new URL(from.includes("new.example") ? START : from);
  const isRedirectHost = (host: string) => host === "new.example";
  expect(followRedirect(location, { from: new URL(from), start, isRedirectHost }).href).toBe(to);
});

const DENIED: ReadonlyArray<readonly [location: string, why: string]> = [
  ["http://example.org/x", "out of encryption"],
  ["http://new.example/x", "even to a host that is listed"],
  ["https://evil.example/x", "another host"],
  ["//evil.example/x", "in short"],
  ["\\\\evil.example/x", "with backslashes"],
  ["https://example.org.evil.example/", "one that begins like it"],
  ["https://example.org@evil.example/", "one behind a user"],
  ["https://alice@example.org/", "a user"],
  ["https://:secret@example.org/", "a password"],
  ["https://example.org:22/", "another port"],
  ["https://example.org:80/", "the port of another scheme"],
  ["https://new.example:8443/", "of a host that is listed"],
  ["ftp://example.org/", "another scheme"],
  ["file:///etc/passwd", "a file"],
  ["data:text/plain,Hi", "a page in itself"],
  ["https://", "no URL"],
];

it.each(DENIED)("does not follow to %j: %s", (location) => {
  const from = new URL(START);
  const rules = { from, start: from, isRedirectHost: (host: string) => host === "new.example" };
  const denied = expect.objectContaining({ code: "ERR_FINGER_DENIED", message: expect.stringContaining(START) });
  expect(() => followRedirect(location, rules)).toThrow(denied);
});

it.each(["http://example.org/admin", "https://example.org/admin"])(
  "follows from a port of its own to no other service of the host: %s",
  (location) => {
    const start = new URL("http://example.org:8080/x");
    const follow = () => followRedirect(location, { from: start, start, isRedirectHost: () => true });
    expect(follow).toThrow("the port is another");
  },
);
