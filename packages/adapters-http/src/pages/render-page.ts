import { type Html, isHtml, trust } from "./html.js";
import type { LayoutView, Page, Pages } from "./pages.js";
import { SCRIPT } from "./script.js";

/**
 * Makes the document of a page.
 *
 * @throws TypeError when a template returns what is not HTML, or the style sheet cannot stand in a page.
 */
export function renderPage(pages: Pages, page: Page, rest: Pick<LayoutView, "events" | "alternates">): string {
  const document: Html = pages.layout({ ...page, ...rest, style: findStyle(pages), script: SCRIPT_ELEMENT });
  if (isHtml(document)) return document.toString();
  throw new TypeError(`The option pages.layout has to return what html\`…\` makes, and returned a ${typeof document}.`);
}

/**
 * The Content-Security-Policy of the pages: the style sheet and the script that are known, this server, and nothing else. It
 * is made once for each set of templates.
 */
export function toContentPolicy(pages: Pages): Promise<string> {
  const policy = policies.get(pages) ?? hashPolicy(pages);
  policies.set(pages, policy);
  return policy;
}

function findStyle(pages: Pages): Html {
  const style = styles.get(pages) ?? trust(`<style>${toStyle(pages)}</style>`);
  styles.set(pages, style);
  return style;
}

const styles = new WeakMap<Pages, Html>();
const policies = new WeakMap<Pages, Promise<string>>();

async function hashPolicy(pages: Pages): Promise<string> {
  const [style, script] = await Promise.all([toStyle(pages), SCRIPT].map(toHash));
  return [
    "default-src 'none'",
    `style-src '${style}'`,
    `script-src '${script}'`,
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** As a browser sees it, which knows one line end (HTML Standard 13.2.3.5): the hash is of that. */
function toStyle(pages: Pages): string {
  assertStyle(pages);
  return pages.style.replace(/\r\n?/g, "\n");
}

/** @throws `TypeError` for a style sheet that would end before its end. */
export function assertStyle({ style }: Pages): void {
  if (!/<\/style|\0/i.test(style)) return;
  throw new TypeError('The option pages.style cannot hold "</style" or a NUL character.');
}

async function toHash(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return `sha256-${btoa(String.fromCharCode(...digest))}`;
}

const SCRIPT_ELEMENT: Html = trust(`<script>${SCRIPT}</script>`);
