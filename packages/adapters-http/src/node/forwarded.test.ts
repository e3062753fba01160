import type { IncomingMessage } from "node:http";
import { expect, it } from "vitest";
import { createReadForwarded } from "./forwarded.js";

const PROXIES = ["10.0.0.0/8", "127.0.0.1", "2001:db8::/32"];

/** A request as it comes from a proxy. */
function toRequest(remoteAddress: string | undefined, headers: Record<string, string>): IncomingMessage {
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

const ROWS: ReadonlyArray<[from: string | undefined, headers: Record<string, string>, known: object, why: string]> = [
  ["192.0.2.1", { "x-forwarded-for": "198.51.100.1", "x-forwarded-proto": "https" }, {}, "no proxy of ours"],
  ["10.1.2.3", { "x-forwarded-for": "198.51.100.1" }, { ip: "198.51.100.1", protocol: "http" }, "a proxy of ours"],
  [
    "::ffff:10.1.2.3",
    { "x-forwarded-for": "198.51.100.1" },
    { ip: "198.51.100.1", protocol: "http" },
    "as a socket of both families has it",
  ],
  [
    undefined,
    { "x-forwarded-for": "198.51.100.1" },
    { ip: "198.51.100.1", protocol: "http" },
    "whoever may open the Unix socket",
  ],
  ["2001:db8::1", { "x-forwarded-for": "2001:db9::1" }, { ip: "2001:db9::1", protocol: "http" }, "of the other family"],
  [
    "10.1.2.3",
    { "x-forwarded-for": "203.0.113.9, 198.51.100.1 ,10.9.9.9" },
    { ip: "198.51.100.1", protocol: "http" },
    "the peer may have written the first of them",
  ],
  [
    "10.1.2.3",
    { "x-forwarded-for": "10.9.9.9, 127.0.0.1" },
    { ip: "10.9.9.9", protocol: "http" },
    "a proxy that asks itself",
  ],
  ["10.1.2.3", { "x-forwarded-for": "unknown" }, { ip: "", protocol: "http" }, "which is no address"],
  ["10.1.2.3", { "x-forwarded-for": "198.51.100.1:4711" }, { ip: "198.51.100.1", protocol: "http" }, "with a port"],
  ["10.1.2.3", { "x-forwarded-for": "[2001:db9::1]:99" }, { ip: "2001:db9::1", protocol: "http" }, "with a port"],
  ["10.1.2.3", { "x-forwarded-for": "[2001:db9::1]" }, { ip: "2001:db9::1", protocol: "http" }, "in brackets"],
  ["10.1.2.3", { "x-forwarded-proto": "https" }, { ip: "", protocol: "https" }, "TLS ends at the proxy"],
  [
    "10.1.2.3",
    { "x-forwarded-proto": "https, http" },
    { ip: "", protocol: "http" },
    "the last proxy is the one that is ours",
  ],
  ["10.1.2.3", { "x-forwarded-proto": "javascript" }, { ip: "", protocol: "http" }, "which is no protocol"],
  ["10.1.2.3", {}, { ip: "", protocol: "http" }, "a proxy that says nothing: it may be anybody"],
];

it.each(ROWS)("of %j with %o knows %o: %s", (from, headers, known) => {
  expect(createReadForwarded(PROXIES)(toRequest(from, headers))).toEqual(known);
});

it.each(["localhost", "10.0.0.0/33", "10.0.0.0/8/8", "10.0.0.0/", "::/129", "", "10.0.0.0/-1"])(
  "refuses %j",
  (network) => {
    expect(() => createReadForwarded([network])).toThrow(
      /^proxies must be networks such as 10\.0\.0\.0\/8, but there is/,
    );
  },
);
