import { networkInterfaces } from "node:os";
import { expect, it } from "vitest";
import { isOwnAddress } from "./own-addresses.js";

it.each(Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []))("knows $address", ({ address }) => {
  expect(isOwnAddress(address)).toBe(true);
});

it.each([
  ["127.8.9.1", true, "all of loopback is here"],
  ["::ffff:127.0.0.1", true, "and mapped into IPv6"],
  ["0.0.0.0", true, "to connect to it connects to this machine"],
  ["::", true, "and to this"],
  ["192.0.2.1", false, "nobody has that"],
  ["2001:db8::1", false, "nor that"],
])("of %s says %s: %s", (address, isOwn) => {
  expect(isOwnAddress(address)).toBe(isOwn);
});
