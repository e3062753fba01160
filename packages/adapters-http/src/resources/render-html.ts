import { toHeaders } from "../http/content.js";
import type { LayoutView, Page } from "../pages/pages.js";
import { renderPage, toContentPolicy } from "../pages/render-page.js";
import type { Site } from "../site/site.js";

/** A page as it is sent: the document, and headers that allow it no more than it needs. */
export async function renderHtml(
  { pages }: Site,
  page: Page,
  rest: Pick<LayoutView, "events" | "alternates">,
): Promise<[text: string, headers: Record<string, string>]> {
  const policy = await toContentPolicy(pages);
  return [renderPage(pages, page, rest), toHeaders("html", { "content-security-policy": policy, ...SAME_ORIGIN })];
}

/** With no referrer at all a browser names no origin with a form that it sends, either. */
const SAME_ORIGIN = { "referrer-policy": "same-origin" };
