import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { formatAtom } from "../../packages/adapters-http/src/feeds/atom.js";
import { toFeed } from "../../packages/adapters-http/src/feeds/entries.js";
import type { Feed } from "../../packages/adapters-http/src/feeds/feed.js";
import { describePeer } from "./support/peer.js";

const PYTHON = "python3";
const isThere = spawnSync(PYTHON, ["-c", "import xml.parsers.expat"]).status === 0;

/** Reads documents, a JSON string a line, with expat, and prints the text of the content of each; what is no XML ends it. */
const READ = `
import json, sys
from xml.etree import ElementTree
for line in sys.stdin:
    feed = ElementTree.fromstring(json.loads(line).encode("utf-8"))
    print(json.dumps([content.text or "" for content in feed.iter("{http://www.w3.org/2005/Atom}content")]))
`;

const at = new Date("2026-11-22T18:00:00Z");

/** Any text wherever there is one. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("<!--", "]]>", "&", '"', "\x1b[31m", "\r", "\ud800", "\ufffe"),
    ),
  )
  .map((pieces) => pieces.join(""));

function toHostileFeed(text: string): Feed {
  const entry = { id: text, login: text, author: text, title: text, text, at, page: text };
  return { title: text, id: text, page: text, self: text, updatedAt: at, entries: [entry] };
}

function readAll(feeds: readonly Feed[]): readonly (readonly string[])[] {
  const input = feeds.map((feed) => JSON.stringify(formatAtom(feed))).join("\n");
  const { stdout, stderr } = spawnSync(PYTHON, ["-c", READ], { input, encoding: "utf8", maxBuffer: 2 ** 28 });
  expect(stderr).toBe("");
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describePeer("expat", isThere, "apt-get install python3", () => {
  it("reads a feed of any texts, and the texts as they were, but for what XML has no way to say", () => {
    const texts = fc.sample(hostile, 500);
    const kept = texts.map((text) => [text.replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")]);
    expect(readAll(texts.map(toHostileFeed))).toEqual(kept);
  });

  it("reads a feed of users with any status and plan", () => {
    const feeds = fc.sample(fc.tuple(hostile, hostile, hostile, hostile), 200).map(([login, name, status, plan]) =>
      toFeed({
        title: name,
        page: "/",
        self: "/feed.atom",
        login,
        people: [{ user: { login, name, status, plan }, statuses: undefined, seenAt: () => at, page: "/alice" }],
        now: at,
      }),
    );
    expect(readAll(feeds).map(({ length }) => length)).toEqual(feeds.map(({ entries }) => entries.length));
  });
});
