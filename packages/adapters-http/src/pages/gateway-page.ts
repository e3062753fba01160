import { html } from "./html.js";
import { linkify } from "./linkify.js";
import type { GatewayView, Page } from "./pages.js";

/** What another server answered, as it came. */
export function showGateway({ target, text }: GatewayView): Page {
  const main = html`<header><h1>${target}</h1><p class="login">answered by its own server</p></header>
${text.trim() === "" ? html`<p class="none">The answer was empty.</p>` : html`<pre dir="auto">\n${linkify(text)}</pre>`}`;
  return { title: target, main };
}
