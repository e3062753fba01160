import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { repository } from "./peers/support/network.js";

const ROOT = repository("");
const pages = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .trim()
  .split("\n");

it.each(pages)("every link of %s leads somewhere", (page) => {
  const links = [...readText(join(ROOT, page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  const local = links.filter((link) => !/^[a-z]+:/.test(link));
  expect(local.filter((link) => !leadsSomewhere(page, link))).toEqual([]);
});

const HEADINGS: ReadonlyArray<readonly [text: string, anchor: string, why: string]> = [
  ["## Exit codes", "exit-codes", "a space becomes a hyphen"],
  ["## What it reads, and how", "what-it-reads-and-how", "punctuation goes"],
  ["# [`sanitize`](x.md) and _more_", "sanitize-and-more", "only what is shown counts"],
  ["# Twice\n# Twice", "twice-1", "the second of a name is numbered"],
];

it.each(HEADINGS)("%j is reached with #%s: %s", (text, anchor) => {
  expect(anchorsIn(text)).toContain(anchor);
});

/** A page without its code, in which nothing is a link or a heading. */
function readText(path: string): string {
  return readFileSync(path, "utf8").replace(/^```[\s\S]*?^```/gm, "");
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? join(ROOT, page) : join(ROOT, dirname(page), path);
  if (!existsSync(target)) return false;
  return anchor === undefined || !target.endsWith(".md") || anchorsIn(readText(target)).includes(anchor);
}

/** The anchors that GitHub gives to the headings of a page. */
function anchorsIn(text: string): string[] {
  const seen = new Map<string, number>();
  return [...text.matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading = ""]) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
      .replaceAll(" ", "-");
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
}
