import { expect, it } from "vitest";
import { formatPlace, parsePlace } from "./address.js";

const ADDRESSES: ReadonlyArray<readonly [text: string, where: object]> = [
  ["1079", { port: 1079 }],
  ["0", { port: 0 }],
  ["127.0.0.1:1079", { host: "127.0.0.1", port: 1079 }],
  ["example.org:65535", { host: "example.org", port: 65535 }],
  ["[::1]:1079", { host: "::1", port: 1079 }],
  ["./setter.sock", { path: "./setter.sock" }],
  ["/run/finger:1/setter", { path: "/run/finger:1/setter" }],
];

it.each(ADDRESSES)("reads %j as %o", (text, where) => {
  expect(parsePlace("--setter", text)).toEqual(where);
});

it.each(["", "x", "65536", ":1079", "host:", "host:x", "::1", "::1:79", "[::1]", "-1"])("refuses %j", (text) => {
  expect(() => parsePlace("--setter", text)).toThrow(/^--setter ".*" is no address; write PORT, HOST:PORT/);
});

it("shows places as they are read", () => {
  expect(formatPlace({ host: "::1", port: 79, path: undefined })).toBe("[::1]:79");
  expect(formatPlace({ host: "127.0.0.1", port: 79, path: undefined })).toBe("127.0.0.1:79");
  expect(formatPlace({ host: "", port: 0, path: "/run/finger" })).toBe("/run/finger");
});
