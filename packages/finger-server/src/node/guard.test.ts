import { FingerError } from "finger-protocol";
import { expect, it, vi } from "vitest";
import { type HostAddress, isPublic, parseAllowList, resolvePublic } from "./guard.js";

const ADDRESSES: ReadonlyArray<readonly [address: string, isPublic: boolean, why: string]> = [
  ["8.8.8.8", true, "an address of the internet"],
  ["1.1.1.1", true, "another"],
  ["172.15.255.255", true, "just below a private network"],
  ["172.32.0.0", true, "just above it"],
  ["100.63.255.255", true, "just below carrier-grade NAT"],
  ["100.128.0.0", true, "just above it"],
  ["2606:4700:4700::1111", true, "an address of IPv6"],
  ["2001:4860:4860::8888", true, "beyond the special part of 2001::/16"],
  ["::ffff:8.8.8.8", true, "a public IPv4 address, mapped"],
  // RFC 6890 and the registry of IPv4 special-purpose addresses
  ["0.0.0.0", false, "this host"],
  ["0.1.2.3", false, "this network"],
  ["10.0.0.1", false, "private"],
  ["100.64.0.1", false, "carrier-grade NAT"],
  ["127.0.0.1", false, "loopback"],
  ["127.255.255.254", false, "all of loopback"],
  ["169.254.169.254", false, "link-local, where clouds keep their secrets"],
  ["172.16.0.1", false, "private"],
  ["172.31.255.255", false, "private, at its end"],
  ["192.0.0.1", false, "protocol assignments"],
  ["192.0.0.170", false, "NAT64 discovery"],
  ["192.0.2.1", false, "documentation"],
  ["192.31.196.1", false, "AS112"],
  ["192.52.193.1", false, "AMT"],
  ["192.88.99.1", false, "6to4 relays"],
  ["192.168.1.1", false, "private"],
  ["192.175.48.1", false, "AS112"],
  ["198.18.0.1", false, "benchmarks"],
  ["198.19.255.255", false, "benchmarks, at their end"],
  ["198.51.100.1", false, "documentation"],
  ["203.0.113.1", false, "documentation"],
  ["224.0.0.1", false, "multicast"],
  ["239.255.255.255", false, "multicast, at its end"],
  ["240.0.0.1", false, "reserved"],
  ["255.255.255.255", false, "broadcast"],
  // the registry of IPv6 special-purpose addresses
  ["::", false, "unspecified"],
  ["::1", false, "loopback"],
  ["0:0:0:0:0:0:0:1", false, "loopback, at length"],
  ["::127.0.0.1", false, "IPv4-compatible"],
  ["::8.8.8.8", false, "IPv4-compatible, and nobody routes it"],
  ["::ffff:127.0.0.1", false, "mapped loopback"],
  ["::ffff:7f00:1", false, "the same in hexadecimal"],
  ["::ffff:10.0.0.1", false, "mapped private"],
  ["::ffff:0:127.0.0.1", false, "translated (RFC 6145)"],
  ["64:ff9b::7f00:1", false, "NAT64 to loopback"],
  ["64:ff9b::8.8.8.8", false, "NAT64 to anywhere"],
  ["64:ff9b:1::1", false, "local NAT64"],
  ["100::1", false, "discard"],
  ["100:0:0:1::1", false, "dummy prefix"],
  ["2001::1", false, "Teredo"],
  ["2001:1::1", false, "port control anycast"],
  ["2001:2::1", false, "benchmarks"],
  ["2001:3::1", false, "AMT"],
  ["2001:4:112::1", false, "AS112"],
  ["2001:10::1", false, "ORCHID"],
  ["2001:20::1", false, "ORCHIDv2"],
  ["2001:30::1", false, "drone identifiers"],
  ["2001:db8::1", false, "documentation"],
  ["2002:7f00:1::1", false, "6to4 to loopback"],
  ["2620:4f:8000::1", false, "AS112"],
  ["3fff::1", false, "documentation"],
  ["4000::1", false, "not given out"],
  ["5f00::1", false, "segment routing"],
  ["fc00::1", false, "unique local"],
  ["fd00:ec2::254", false, "unique local, where a cloud keeps its secrets"],
  ["fe80::1", false, "link-local"],
  ["fe80::1%eth0", false, "with a zone"],
  ["2606:4700:4700::1111%1", false, "a zone makes any address local"],
  ["fec0::1", false, "site-local"],
  ["ff02::1", false, "multicast"],
  // what is an address to inet_aton(3), or to nobody
  ["127.1", false, "two parts"],
  ["8.8.2056", false, "three parts"],
  ["0x7f.1", false, "hexadecimal"],
  ["0x8.0x8.0x8.0x8", false, "hexadecimal, of a public address"],
  ["010.8.8.8", false, "octal: 8.8.8.8 to some, 10.8.8.8 to others"],
  ["2130706433", false, "one number"],
  ["134744072", false, "one number, of a public address"],
  ["[::ffff:127.0.0.1]", false, "in brackets"],
  ["[2606:4700:4700::1111]", false, "in brackets, which are no part of it"],
  ["8.8.8.8.", false, "with a dot at the end"],
  ["8.8.8.8 ", false, "with a blank"],
  ["localhost", false, "a name"],
  ["", false, "nothing"],
];

it.each(ADDRESSES)("of %j says %s: %s", (address, expected) => {
  expect(isPublic(address)).toBe(expected);
});

/** A name service that knows what it is told, and counts how often it was asked. */
function names(known: Readonly<Record<string, string[]>>) {
  return vi.fn(async (host: string): Promise<HostAddress[]> => {
    const found = known[host];
    if (found === undefined) throw Object.assign(new Error("ENOTFOUND"), { code: "ENOTFOUND" });
    return found.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  });
}

const lookup = names({
  "public.example": ["8.8.8.8", "2606:4700:4700::1111"],
  "mixed.example": ["8.8.8.8", "10.0.0.1"],
  "inside.example": ["10.1.2.3"],
  localhost: ["127.0.0.1", "::1"],
  "xn--bcher-kva.example": ["8.8.4.4"],
  "empty.example": [],
});

const HOSTS: ReadonlyArray<readonly [host: string, allow: string[], found: string[] | string, why: string]> = [
  ["public.example", [], ["8.8.8.8", "2606:4700:4700::1111"], "all addresses are public"],
  ["PUBLIC.example.", [], ["8.8.8.8", "2606:4700:4700::1111"], "in any case, with a dot at the end"],
  ["bücher.example", [], ["8.8.4.4"], "international letters"],
  ["8.8.8.8", [], ["8.8.8.8"], "a public address"],
  ["8.8.8.8.", [], ["8.8.8.8"], "with a dot at the end it is the same"],
  ["[2606:4700:4700::1111]", [], ["2606:4700:4700::1111"], "in brackets"],
  ["mixed.example", [], "ERR_FINGER_DENIED", "one private address spoils them all"],
  ["inside.example", [], "ERR_FINGER_DENIED", "a private host"],
  ["localhost", [], "ERR_FINGER_DENIED", "this machine"],
  ["localhost.", [], "ERR_FINGER_DENIED", "with a dot at the end"],
  ["LocalHost", [], "ERR_FINGER_DENIED", "in any case"],
  ["127.0.0.1", [], "ERR_FINGER_DENIED", "a literal address is checked too"],
  ["[::1]", [], "ERR_FINGER_DENIED", "in brackets"],
  ["[::ffff:127.0.0.1]", [], "ERR_FINGER_DENIED", "mapped"],
  ["１２７.0.0.1", [], "ERR_FINGER_DENIED", "in full-width digits"],
  ["127.1", [], "ERR_FINGER_DENIED", "in short"],
  ["0x7f.1", [], "ERR_FINGER_DENIED", "in hexadecimal"],
  ["0X7F.0.0.0x1", [], "ERR_FINGER_DENIED", "in capitals"],
  ["010.8.8.8", [], "ERR_FINGER_DENIED", "in octal, or not"],
  ["2130706433", [], "ERR_FINGER_DENIED", "as one number"],
  ["017700000001.", [], "ERR_FINGER_DENIED", "as one number in octal, with a dot"],
  ["1.2.3.4.5", [], "ERR_FINGER_DENIED", "five parts"],
  ["gone.example", [], "ERR_FINGER_RESOLVE", "there is none"],
  ["empty.example", [], "ERR_FINGER_RESOLVE", "it has no address"],
  ["", [], "ERR_FINGER_RESOLVE", "no name at all"],
  ["a b.exämple", [], "ERR_FINGER_RESOLVE", "no host"],
  ["inside.example", ["inside.example"], ["10.1.2.3"], "the host is allowed"],
  ["inside.example", ["*.example"], ["10.1.2.3"], "what it is below is allowed"],
  ["inside.example", ["10.0.0.0/8"], ["10.1.2.3"], "its network is allowed"],
  ["inside.example", ["10.1.2.3"], ["10.1.2.3"], "its address is allowed"],
  ["mixed.example", ["10.0.0.0/8"], ["8.8.8.8", "10.0.0.1"], "what is not public is allowed"],
  ["127.0.0.1", ["127.0.0.0/8"], ["127.0.0.1"], "a literal address is allowed"],
  ["::ffff:127.0.0.1", ["127.0.0.1"], ["::ffff:127.0.0.1"], "a mapped address is what it maps"],
  ["127.1", ["127.0.0.0/8"], "ERR_FINGER_DENIED", "an odd spelling stays odd"],
  ["inside.example", ["192.168.0.0/16", "other.example"], "ERR_FINGER_DENIED", "others are allowed"],
];

it.each(HOSTS)("resolves %j, with %j allowed, to %j: %s", async (host, allow, found) => {
  const resolving = resolvePublic(host, { lookup, allow: parseAllowList(allow) });
  if (typeof found === "string") await expect(resolving).rejects.toMatchObject({ code: found });
  else expect((await resolving).map(({ address }) => address)).toEqual(found);
});

it("allows everything when it is told to", async () => {
  const found = await resolvePublic("inside.example", { lookup, allow: parseAllowList(true) });
  expect(found).toEqual([{ address: "10.1.2.3", family: 4 }]);
});

it("looks a name up once, and an address never", async () => {
  const counted = names({ "public.example": ["8.8.8.8"] });
  await resolvePublic("public.example", { lookup: counted });
  await resolvePublic("8.8.4.4", { lookup: counted });
  expect(counted.mock.calls).toEqual([["public.example"]]);
});

it("asks the system when no look-up is given", async () => {
  await expect(resolvePublic("localhost")).rejects.toMatchObject({ code: "ERR_FINGER_DENIED" });
  await expect(resolvePublic("no-such-host.invalid")).rejects.toMatchObject({ code: "ERR_FINGER_RESOLVE" });
});

it("says that a name service is away", async () => {
  const away = async () => Promise.reject(Object.assign(new Error("EAI_AGAIN"), { code: "EAI_AGAIN" }));
  await expect(resolvePublic("public.example", { lookup: away })).rejects.toThrow(/cannot be looked up now/);
});

it("waits no longer than its signal, and leaves no listener behind", async () => {
  const stop = new AbortController();
  const remove = vi.spyOn(stop.signal, "removeEventListener");
  await resolvePublic("public.example", { lookup, signal: stop.signal });
  expect(remove).toHaveBeenCalledOnce();
  const waiting = resolvePublic("public.example", { lookup: () => new Promise(() => {}), signal: stop.signal });
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED" });
  const tooLate = resolvePublic("public.example", { lookup, signal: stop.signal });
  await expect(tooLate).rejects.toSatisfy((error) => FingerError.is(error) && error.code === "ERR_FINGER_ABORTED");
});

it.each([[["10.0.0.0/33"]], [["*"]], [["a b"]]])("refuses the allow-list %j", (entries) => {
  expect(() => parseAllowList(entries)).toThrow();
});
