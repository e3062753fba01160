import fc from "fast-check";
import { expect, it } from "vitest";
import { formatAtom } from "./atom.js";
import type { Feed } from "./feed.js";
import { formatJsonFeed } from "./json-feed.js";

const at = new Date("2026-11-22T18:00:00Z");
const FEED: Feed = {
  title: "Users & more",
  id: "urn:uuid:1",
  page: "https://plan.example/finger/",
  self: "https://plan.example/finger/feed.atom",
  updatedAt: at,
  entries: [
    {
      id: "urn:uuid:2",
      login: "alice",
      author: "Alice Liddell",
      title: "Happy",
      text: "Happy\n<well>\x1b",
      at,
      page: "https://plan.example/finger/alice",
    },
    { id: "urn:uuid:3", login: "bob", author: undefined, title: "Hm", text: "Hm", at, page: "/finger/bob" },
  ],
};

it("writes Atom", () => {
  expect(formatAtom(FEED)).toBe(`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title>Users &amp; more</title>
  <id>urn:uuid:1</id>
  <updated>2026-11-22T18:00:00.000Z</updated>
  <link rel="self" type="application/atom+xml" href="https://plan.example/finger/feed.atom"/>
  <link rel="alternate" type="text/html" href="https://plan.example/finger/"/>
  <entry>
    <title>Happy</title>
    <id>urn:uuid:2</id>
    <published>2026-11-22T18:00:00.000Z</published>
    <updated>2026-11-22T18:00:00.000Z</updated>
    <link rel="alternate" type="text/html" href="https://plan.example/finger/alice"/>
    <author><name>Alice Liddell</name><uri>https://plan.example/finger/alice</uri></author>
    <content type="text">Happy
&lt;well&gt;</content>
  </entry>
  <entry>
    <title>Hm</title>
    <id>urn:uuid:3</id>
    <published>2026-11-22T18:00:00.000Z</published>
    <updated>2026-11-22T18:00:00.000Z</updated>
    <link rel="alternate" type="text/html" href="/finger/bob"/>
    <author><name>bob</name><uri>/finger/bob</uri></author>
    <content type="text">Hm</content>
  </entry>
</feed>
`);
});

it("writes JSON Feed, which has no relative links", () => {
  expect(JSON.parse(formatJsonFeed(FEED))).toEqual({
    version: "https://jsonfeed.org/version/1.1",
    title: "Users & more",
    home_page_url: "https://plan.example/finger/",
    feed_url: "https://plan.example/finger/feed.atom",
    items: [
      {
        id: "urn:uuid:2",
        url: "https://plan.example/finger/alice",
        title: "Happy",
        content_text: "Happy\n<well>\x1b",
        date_published: "2026-11-22T18:00:00.000Z",
        authors: [{ name: "Alice Liddell", url: "https://plan.example/finger/alice" }],
      },
      {
        id: "urn:uuid:3",
        title: "Hm",
        content_text: "Hm",
        date_published: "2026-11-22T18:00:00.000Z",
        authors: [{ name: "bob" }],
      },
    ],
  });
  expect(JSON.parse(formatJsonFeed({ ...FEED, page: "/", self: "/feed.json" }))).not.toHaveProperty("feed_url");
});

it("says only what is known of a feed without entries", () => {
  const empty = { ...FEED, entries: [], updatedAt: new Date(0) };
  expect(formatAtom(empty)).toContain("<updated>1970-01-01T00:00:00.000Z</updated>");
  expect(JSON.parse(formatJsonFeed(empty)).items).toEqual([]);
});

/** Any text wherever there is one. */
const feeds = fc.string({ unit: "binary" }).map((text): Feed => {
  const entry = { id: text, login: text, author: text, title: text, text, at, page: text };
  return { title: text, id: text, page: text, self: text, updatedAt: at, entries: [entry] };
});

it("lets no text be markup, nor what XML has no way to say", () => {
  const empty = { title: "", id: "", page: "", self: "", updatedAt: at };
  const entry = { id: "", login: "", author: "", title: "", text: "", at, page: "" };
  const shape = formatAtom({ ...empty, entries: [entry] });
  fc.assert(
    fc.property(feeds, (feed) => {
      const xml = formatAtom(feed);
      expect(xml).not.toMatch(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u);
      expect(xml).not.toMatch(/&(?!(?:amp|lt|gt|quot|#39|#13);)/);
      expect(toTags(xml)).toEqual(toTags(shape));
    }),
  );
});

/** The tags of a document, with nothing in their attributes that has no place in one. */
function toTags(xml: string): readonly string[] {
  return (xml.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/href="[^"<>]*"/, 'href=""'));
}

it("writes any text in JSON so that it is read back", () => {
  fc.assert(
    fc.property(feeds, (feed) => {
      expect(JSON.parse(formatJsonFeed(feed)).items[0].content_text).toBe(feed.entries[0]?.text);
    }),
  );
});
