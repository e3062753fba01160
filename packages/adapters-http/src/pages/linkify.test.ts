import fc from "fast-check";
import { expect, it } from "vitest";
import { linkify } from "./linkify.js";

const REL = 'rel="nofollow noopener noreferrer ugc"';

/** Links in the notation of the rows: `[http://a.example/]`. */
function show(text: string): string {
  return linkify(text)
    .toString()
    .replace(/<a href="([^"]*)" rel="nofollow noopener noreferrer ugc">([^<]*)<\/a>/g, (_, href, label) =>
      href === label ? `[${href}]` : `[${href} ${label}]`,
    );
}

const TEXTS: ReadonlyArray<[text: string, shown: string, why: string]> = [
  ["no link", "no link", "there is none"],
  ["http://a.example", "[http://a.example]", "a page"],
  ["see https://a.example/b?c=d&e#f now", "see [https://a.example/b?c=d&amp;e#f] now", "a page, with all that it has"],
  ["HTTPS://A.example", "[HTTPS://A.example]", "schemes have no case"],
  [
    "finger://a.example/bob gemini://b gopher://c",
    "[finger://a.example/bob] [gemini://b] [gopher://c]",
    "the small internet",
  ],
  ["mailto:bob@a.example?subject=x", "[mailto:bob@a.example?subject=x]", "a mailbox"],
  ["MAILTO:bob@a.example", "[MAILTO:bob@a.example]", "schemes have no case"],
  ["bob@a.example", "bob@a.example", "an address alone may be anything"],
  ["mailto: bob", "mailto: bob", "a word"],
  ["http:// x", "http:// x", "nobody is there"],
  ["http://, http:///x", "http://, http:///x", "nobody is there"],
  ["xhttp://a", "xhttp://a", "another scheme"],
  ["javascript:alert(1) data:text/html,x", "javascript:alert(1) data:text/html,x", "these run"],
  [
    "http://a/b. http://a/c, http://a/d!? http://a/e…",
    "[http://a/b]. [http://a/c], [http://a/d]!? [http://a/e]…",
    "a sentence goes on",
  ],
  [
    "(http://a/b) [http://a/c]. (see http://a/d).",
    "([http://a/b]) [[http://a/c]]. (see [http://a/d]).",
    "the bracket is the author's",
  ],
  ["http://a/Finger_(protocol)", "[http://a/Finger_(protocol)]", "the bracket is the URL's"],
  ["(http://a/Finger_(protocol))", "([http://a/Finger_(protocol)])", "each to its own"],
  ["http://[2001:db8::1]/", "[http://[2001:db8::1]/]", "an address of IPv6"],
  [
    '<http://a/b> "http://a/c" `http://a/d`',
    "&lt;[http://a/b]&gt; &quot;[http://a/c]&quot; &#96;[http://a/d]&#96;",
    "delimiters of RFC 3986",
  ],
  ["“http://a/b” «http://a/c»", "“[http://a/b]” «[http://a/c]»", "quotes of others"],
  ["見て（http://例え.jp/ページ）。", "見て（[http://例え.jp/ページ]）。", "an IRI in a sentence without spaces"],
  ["http://a/’s", "[http://a/’s]", "an apostrophe within"],
  ["http://a/b\nhttp://a/c", "[http://a/b]\n[http://a/c]", "a line is over"],
  ["http://a/\u202egpj.exe", "[http://a/gpj.exe]", "nobody turns the direction"],
  [
    "\x1b]8;;http://evil.example\x07http://a.example\x1b]8;;\x07",
    "[http://a.example]",
    "what a terminal would not show",
  ],
  ['http://a/"onclick="alert(1)', "[http://a/]&quot;onclick=&quot;alert(1)", "a quote ends the URL"],
  ["http://a/'onclick='x", "[http://a/&#39;onclick=&#39;x]", "an apostrophe is escaped"],
  [`http://a/${"b".repeat(2048)} c`, `http://a/${"b".repeat(2048)} c`, "too long for people to follow"],
];

it.each(TEXTS)("%j becomes %j: %s", (text, shown) => {
  expect(show(text)).toBe(shown);
});

const LARGE: ReadonlyArray<[unit: string]> = [
  ["http://http://"],
  ["mailto:"],
  ["mailto:a@"],
  ["http:// "],
  ["http://a "],
  ["http://a/)))((("],
  ["http://a/\u202e\"'<>"],
  ["javascript:http://"],
  ["）。"],
];

it.each(LARGE)("reads a megabyte of %j in time that grows with it", (unit) => {
  const text = unit.repeat(2 ** 20 / unit.length);
  // In time that grows faster this would take longer than a test may.
  expect(linkify(text).toString().length).toBeGreaterThan(text.length / 2);
});

it("makes nothing but links, and shows all that was written", () => {
  const words = fc.constantFrom(
    "http://",
    "mailto:",
    "a@b",
    "(",
    ")",
    "<",
    ">",
    '"',
    "'",
    " ",
    ".",
    "javascript:",
    "é",
    "&",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string())), (parts) => {
      const text = parts.join("").replace(/[\0-\x1f\x7f]/g, "");
      const markup = linkify(text).toString();
      const tags = markup.match(/<[^>]*>/g) ?? [];
      for (const tag of tags)
        expect(tag === "</a>" || (tag.startsWith('<a href="') && tag.endsWith(`" ${REL}>`))).toBe(true);
      expect(decode(markup.replace(/<[^>]*>/g, ""))).toBe(text);
    }),
  );
});

function decode(markup: string): string {
  const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#96": "`" };
  return markup.replace(/&([^;]+);/g, (_, name) => entities[name] as string);
}
