import { escapeXml } from "../text/xml-text.js";
import type { Feed, FeedEntry } from "./feed.js";

/** Writes a feed as Atom (RFC 4287). Where no host is known, its links are relative to where it was found (4.2.7.1). */
export function formatAtom(feed: Feed): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    `  <title>${escapeXml(feed.title)}</title>`,
    `  <id>${escapeXml(feed.id)}</id>`,
    `  <updated>${feed.updatedAt.toISOString()}</updated>`,
    `  <link rel="self" type="application/atom+xml" href="${escapeXml(feed.self)}"/>`,
    `  <link rel="alternate" type="text/html" href="${escapeXml(feed.page)}"/>`,
    ...feed.entries.map(formatEntry),
    "</feed>\n",
  ].join("\n");
}

function formatEntry({ id, login, author, title, text, at, page }: FeedEntry): string {
  const name = escapeXml(author ?? login);
  const time = at.toISOString();
  return [
    "  <entry>",
    `    <title>${escapeXml(title)}</title>`,
    `    <id>${escapeXml(id)}</id>`,
    `    <published>${time}</published>`,
    `    <updated>${time}</updated>`,
    `    <link rel="alternate" type="text/html" href="${escapeXml(page)}"/>`,
    `    <author><name>${name}</name><uri>${escapeXml(page)}</uri></author>`,
    `    <content type="text">${escapeXml(text)}</content>`,
    "  </entry>",
  ].join("\n");
}
