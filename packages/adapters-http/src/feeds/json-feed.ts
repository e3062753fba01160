import type { Feed, FeedEntry } from "./feed.js";

/** Writes a feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). It has no relative links, so paths are left out. */
export function formatJsonFeed(feed: Feed): string {
  return JSON.stringify({
    version: "https://jsonfeed.org/version/1.1",
    title: feed.title,
    home_page_url: toUrl(feed.page),
    feed_url: toUrl(feed.self),
    items: feed.entries.map(toItem),
  });
}

function toItem({ id, login, author, title, text, at, page }: FeedEntry): object {
  return {
    id,
    url: toUrl(page),
    title,
    content_text: text,
    date_published: at.toISOString(),
    authors: [{ name: author ?? login, url: toUrl(page) }],
  };
}

/** An absolute URL as it is; what is left out of JSON otherwise. */
function toUrl(place: string): string | undefined {
  return /^https?:\/\//i.test(place) ? place : undefined;
}
