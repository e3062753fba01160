import fc from "fast-check";
import { expect, it } from "vitest";
import { type IrcUrl, parseIrcUrl } from "./url.js";

type Read = Omit<IrcUrl, "nick"> & { readonly nick?: string };

const URLS: ReadonlyArray<readonly [url: string, read: Read, why: string]> = [
  ["ircs://h", { server: { host: "h", tls: true }, channels: [] }, "a host alone"],
  ["irc://h/", { server: { host: "h", tls: false }, channels: [] }, "without TLS"],
  ["ircs://h:7000", { server: { host: "h", port: 7000, tls: true }, channels: [] }, "a port"],
  ["ircs://bot@h/#a", { server: { host: "h", tls: true }, nick: "bot", channels: ["#a"] }, "as people write it"],
  ["ircs://bot:@h", { server: { host: "h", tls: true }, nick: "bot", channels: [] }, "an empty password is none"],
  ["ircs://b%5Bo%5Dt@h", { server: { host: "h", tls: true }, nick: "b[o]t", channels: [] }, "a nick with brackets"],
  ["irc://h/#a,#b,&c", { server: { host: "h", tls: false }, channels: ["#a", "#b", "&c"] }, "more than one channel"],
  ["irc://h#a", { server: { host: "h", tls: false }, channels: ["#a"] }, "without a slash"],
  ["irc://h/a,b", { server: { host: "h", tls: false }, channels: ["#a", "#b"] }, "names without a prefix get one"],
  ["irc://h/#a,b", { server: { host: "h", tls: false }, channels: ["#a", "#b"] }, "also behind one that has it"],
  ["irc://h/%23a,%23b", { server: { host: "h", tls: false }, channels: ["#a", "#b"] }, "as URLs want it"],
  ["irc://h/##a", { server: { host: "h", tls: false }, channels: ["##a"] }, "two signs are a name"],
  ["irc://h/%23%23a", { server: { host: "h", tls: false }, channels: ["##a"] }, "in either way"],
  ["irc://h/#a/b", { server: { host: "h", tls: false }, channels: ["#a/b"] }, "a slash inside a name"],
  ["irc://h/#a%3Fb", { server: { host: "h", tls: false }, channels: ["#a?b"] }, "a question mark inside a name"],
  [
    "irc://h/#,,a",
    { server: { host: "h", tls: false }, channels: ["#", "#a"] },
    "what is empty between commas is none",
  ],
  ["irc://h/#caf%C3%A9,#caf\u00e9", { server: { host: "h", tls: false }, channels: ["#café", "#café"] }, "UTF-8"],
  ["irc://[::1]:6667/", { server: { host: "::1", port: 6667, tls: false }, channels: [] }, "IPv6"],
  ["irc://127.0.0.1", { server: { host: "127.0.0.1", tls: false }, channels: [] }, "IPv4"],
  ["IRCS://IRC.Example", { server: { host: "irc.example", tls: true }, channels: [] }, "in any case"],
  [
    "irc://b\u00fccher.example",
    { server: { host: "xn--bcher-kva.example", tls: false }, channels: [] },
    "a host in Unicode",
  ],
  ["irc://h:80", { server: { host: "h", port: 80, tls: false }, channels: [] }, "a port that is a default elsewhere"],
];

it.each(URLS)("reads %j as %o: %s", (url, read) => {
  expect(parseIrcUrl(url)).toEqual({ nick: undefined, ...read });
});

const WRONG: ReadonlyArray<readonly [url: string, message: RegExp, why: string]> = [
  ["", /"" is none: write ircs:\/\/nick@host\/#channel/, "nothing"],
  ["irc.example", /is none/, "a host"],
  ["https://h/#a", /is none/, "another scheme"],
  ["irc:h", /is none/, "no slashes"],
  ["irc://", /has no host/, "no host"],
  ["irc:///#a", /has no host/, "an empty one"],
  ["irc://h:x", /has no host, or a port that is none/, "a word for a port"],
  ["irc://h:65536", /a port that is none/, "a port too high"],
  ["irc://h:0", /a port that is none/, "port 0"],
  ["irc://a%20b", /a host that is none/, "a host with a blank"],
  ["irc://bot:secret@h/#a", /has a password: give it as account\.password/, "a password"],
  ["irc://:secret@h/#a", /has a password/, "a password alone"],
  ["irc://bot:sec@ret@h:x", /a port that is none/, "a password where the rest is wrong too"],
  ["irc://bot%3Asecret@h", /a nick that no server takes/, "a password that is part of the nick"],
  ["irc://9bot@h", /a nick that no server takes/, "a nick that begins with a digit"],
  ["irc://b%0D%0AQUIT@h", /a nick that no server takes/, "a nick that is two lines"],
  ["irc://h/?key=secret", /has a query/, "a key in the query"],
  ["irc://h/#a?key=secret", /has a "\?" behind its channels/, "or behind a channel"],
  ["irc://h/#a%0D%0AQUIT", /has the channel "#a\\r\\nQUIT", which no server takes/, "a channel that is two lines"],
  ["irc://h/#a%20key", /has the channel/, "a channel with a blank"],
  ["irc://h/#a%2Cb", /has the channel/, "a channel that is two"],
  ["irc://h/#%ff", /has a "%" that begins no character of UTF-8/, "a byte that is no text"],
  ["irc://h/#a\nb", /has blanks or control characters/, "what the URL class would drop"],
  [" irc://h", /has blanks or control characters/, "also before it"],
];

it.each(WRONG)("refuses %j by %o: %s", (url, message) => {
  expect(() => parseIrcUrl(url)).toThrow(TypeError);
  expect(() => parseIrcUrl(url)).toThrow(message);
});

it.each(WRONG.filter(([url]) => /secret|sec@ret/.test(url) && url.includes("@")))(
  "keeps the password of %j to itself",
  (url) => {
    expect(() => parseIrcUrl(url)).not.toThrow(/sec|ret@/);
  },
);

it.each(["irc://h/#a%20hush", "irc://h/#a hush", "irc://h/#a?key=hush", "irc://h/#a\thush", "irc://h/?key=hush"])(
  "keeps what may be the key of a channel in %j to itself",
  (url) => {
    expect(() => parseIrcUrl(url)).toThrow(TypeError);
    expect(() => parseIrcUrl(url)).not.toThrow(/hush/);
  },
);

it("throws nothing but a TypeError of its own, whatever it is given", () => {
  fc.assert(
    fc.property(fc.constantFrom("irc://", "ircs://", "irc://h/", "irc://a@h#", ""), fc.string(), (start, rest) => {
      try {
        parseIrcUrl(start + rest);
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
        expect(String(error)).toContain("The URL of IRC");
      }
    }),
  );
});
