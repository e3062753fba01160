import QuickLRU from "quick-lru";
import type { HttpAnswer } from "./get.js";

/** Pages that a web server will vouch for again in a few bytes (RFC 9110 8.8, 13.1). */
export interface PageMemory {
  recall(url: URL): RememberedPage | undefined;
  /** Takes note of an answer: it is remembered, or what was before is forgotten. */
  note(url: URL, answer: HttpAnswer): void;
}

/** A page, and the header fields that ask for it only if it has changed. */
interface RememberedPage {
  readonly answer: HttpAnswer;
  readonly conditions: Readonly<Record<string, string>>;
}

/** Remembers the {@link MOST_PAGES} pages that were asked for last, if they are no longer than {@link LONGEST_PAGE}. */
export function createPageMemory(): PageMemory {
  const pages = new QuickLRU<string, RememberedPage>({ maxSize: MOST_PAGES });
  return {
    recall: (url) => pages.get(url.href),
    note: (url, answer) => {
      const conditions = toConditions(answer);
      if (conditions === undefined) pages.delete(url.href);
      else pages.set(url.href, { answer, conditions });
    },
  };
}

/** `undefined` for an answer that cannot be asked for again, or is not to be kept. */
function toConditions({ status, headers, body }: HttpAnswer): Readonly<Record<string, string>> | undefined {
  const { etag, "last-modified": modified, "cache-control": control = "" } = headers;
  if (status !== 200 || body.length > LONGEST_PAGE || control.toLowerCase().includes("no-store")) return undefined;
  if (etag !== undefined) return { "if-none-match": etag };
  return modified === undefined ? undefined : { "if-modified-since": modified };
}

/** It keeps twice as many at times. */
const MOST_PAGES = 500;
/** In bytes. */
const LONGEST_PAGE = 64 * 1024;
