import { type Html, html } from "./html.js";
import type { Alternate } from "./pages.js";

/** Where the same is to be had in other forms, for people to follow. */
export function showAlternates(alternates: readonly Alternate[]): Html | undefined {
  if (alternates.length === 0) return undefined;
  const links = alternates.map(({ type, href, title }) => html`<li><a href="${href}" type="${type}">${title}</a></li>`);
  return html`<nav class="forms" aria-label="Other forms of this page"><ul>${links}</ul></nav>`;
}
