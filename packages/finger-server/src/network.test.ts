import fc from "fast-check";
import { expect, it } from "vitest";
import { formatAddress, isIn, isLoopback, normalizeAddress, parseNetwork, toPeerKey } from "./network.js";

const MEMBERS: ReadonlyArray<readonly [address: string, network: string, isIn: boolean, why: string]> = [
  ["10.1.2.3", "10.0.0.0/8", true, "inside"],
  ["11.0.0.0", "10.0.0.0/8", false, "the first behind it"],
  ["9.255.255.255", "10.0.0.0/8", false, "the last before it"],
  ["10.1.2.3", "10.1.2.3", true, "a network may be a single address"],
  ["10.1.2.4", "10.1.2.3", false, "and then is no other"],
  ["203.0.113.9", "0.0.0.0/0", true, "every IPv4 address"],
  ["::1", "0.0.0.0/0", false, "no IPv6 address is an IPv4 address"],
  ["203.0.113.9", "::/0", false, "nor the other way round"],
  ["10.1.2.3", "10.9.9.9/8", true, "the bits behind the prefix do not matter"],
  ["::ffff:10.0.0.1", "10.0.0.0/8", true, "a mapped address is that IPv4 address"],
  ["::ffff:a00:1", "10.0.0.0/8", true, "in either spelling"],
  ["10.0.0.1", "::ffff:10.0.0.0/104", true, "a network may be mapped, too"],
  ["2001:db8::1", "2001:db8::/32", true, "IPv6"],
  ["2001:DB8:0:0::1", "2001:db8::1/128", true, "however it is spelt"],
  ["2001:db9::1", "2001:db8::/32", false, "behind it"],
  ["fe80::1", "fe80::/9", true, "a prefix may end within a byte"],
  ["127.1", "127.0.0.0/8", false, "no address, although inet_aton(3) takes it"],
  ["0x7f.0.0.1", "127.0.0.0/8", false, "no address either"],
  ["", "0.0.0.0/0", false, "nothing"],
];

it.each(MEMBERS)("tells whether %s is in %s: %s, %s", (address, network, expected) => {
  expect(isIn(address, parseNetwork(network))).toBe(expected);
});

const BAD: ReadonlyArray<readonly [text: string, why: string]> = [
  ["", "nothing"],
  ["10.0.0.0/33", "longer than an address"],
  ["2001:db8::/129", "longer than an address"],
  ["::ffff:0:0/90", "more than the mapped addresses"],
  ["10.0.0.0/", "no length"],
  ["10.0.0.0/8/8", "two lengths"],
  ["10.0.0.0/-1", "a negative length"],
  ["10.0.0.0/8.0", "no whole number"],
  ["10.0.0.0/255.0.0.0", "a mask"],
  ["10/8", "no whole address"],
  ["example.org", "a name"],
  [" 10.0.0.0/8", "a blank"],
];

it.each(BAD)("refuses %j: %s", (text) => {
  expect(() => parseNetwork(text)).toThrow(RangeError);
  expect(() => parseNetwork(text)).toThrow(JSON.stringify(text));
});

const ADDRESSES: ReadonlyArray<
  readonly [text: string, kind: "ipv4" | "ipv6", address: string | undefined, why: string]
> = [
  ["192.0.2.1", "ipv4", "192.0.2.1", "an IPv4 address"],
  ["192.0.02.1", "ipv4", undefined, "a zero in front could mean an octal number"],
  ["192.0.2", "ipv4", undefined, "three numbers, which inet_aton(3) takes"],
  ["192.0.2.256", "ipv4", undefined, "no byte"],
  ["192.0.2.1\n", "ipv4", undefined, "a line end"],
  ["::1", "ipv4", undefined, "the other kind"],
  ["2001:DB8:0:0::1", "ipv6", "2001:db8::1", "an IPv6 address, in its usual form"],
  ["::ffff:192.0.2.1", "ipv6", "192.0.2.1", "a mapped address is that IPv4 address"],
  ["::ffff:c000:201", "ipv6", "192.0.2.1", "in either spelling"],
  ["0:0:0:0:0:ffff:192.0.2.1", "ipv6", "192.0.2.1", "or any other"],
  ["::10.0.0.1", "ipv6", "::a00:1", "what only looks like a mapped address is none"],
  ["::ffff:192.0.2.01", "ipv6", undefined, "a zero in front"],
  ["fe80::1%eth0", "ipv6", undefined, "a zone of another machine"],
  ["192.0.2.1", "ipv6", undefined, "the other kind"],
  ["2001:db8::1::2", "ipv6", undefined, "two gaps"],
  ["2001:db8:00001::", "ipv6", undefined, "five digits"],
  ["", "ipv6", undefined, "nothing"],
];

it.each(ADDRESSES)("takes %j for an address of %s: %s, %s", (text, kind, address) => {
  expect(normalizeAddress(text, kind)).toBe(address);
});

it("writes the bytes of an address as the address that is read from its text", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
  );
  fc.assert(
    fc.property(bytes, (some) => {
      const text = formatAddress(some);
      expect(normalizeAddress(text, text.includes(":") ? "ipv6" : "ipv4")).toBe(text);
    }),
  );
  expect(formatAddress(Uint8Array.of(192, 0, 2, 1))).toBe("192.0.2.1");
  expect(formatAddress(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 1))).toBe("192.0.2.1");
  expect(formatAddress(Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1))).toBe("2001:db8::1");
});

const KEYS: ReadonlyArray<readonly [address: string | undefined, key: string | undefined, why: string]> = [
  ["192.0.2.1", "192.0.2.1", "an IPv4 address is one peer"],
  ["::ffff:192.0.2.1", "192.0.2.1", "and so it is when it is mapped"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2", "64 bits of an IPv6 address"],
  ["2001:db8:1:2::6", "2001:db8:1:2", "zeros behind them"],
  ["2001:db8::6", "2001:db8:0:0", "zeros among them"],
  ["::1", "0:0:0:0", "zeros before all"],
  ["2001:db8::", "2001:db8:0:0", "zeros at the end"],
  [undefined, undefined, "no address"],
];

it.each(KEYS)("knows the peer %s by %s: %s", (address, key) => {
  expect(toPeerKey(address)).toBe(key);
});

it("knows all addresses of an IPv6 network of 64 bits by one key, and those of another by another", () => {
  const half = fc.array(fc.integer({ min: 1, max: 0xffff }), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(half, half, half, (network, host, other) => {
      const write = (...parts: number[][]) =>
        parts
          .flat()
          .map((part) => part.toString(16))
          .join(":");
      expect(toPeerKey(write(network, host))).toBe(toPeerKey(`${write(network)}::${other[0]?.toString(16)}`));
      fc.pre(write(network) !== write(other));
      expect(toPeerKey(write(network, host))).not.toBe(toPeerKey(write(other, host)));
    }),
  );
});

it.each([
  ["127.0.0.1", true],
  ["127.255.255.254", true],
  ["::1", true],
  ["::ffff:127.0.0.1", true],
  ["128.0.0.1", false],
  ["::2", false],
  ["", false],
])("tells of %j whether it is of this machine alone: %s", (address, isOwn) => {
  expect(isLoopback(address)).toBe(isOwn);
});
