import { type Html, html } from "./html.js";
import type { LayoutView } from "./pages.js";

/** The document of every page. The script finds `main` and the status line by what they are. */
export function showLayout({ title, main, style, script, events, alternates }: LayoutView): Html {
  const links = alternates.map(
    ({ type, href, title }) => html`<link rel="alternate" type="${type}" href="${href}" title="${title}">\n`,
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${links}${style}
</head>
<body>
${events === undefined ? html`<main>` : html`<main data-events="${events}">`}
${main}
</main>
${events !== undefined && html`<p role="status" class="unseen"></p>\n${script}\n`}</body>
</html>
`;
}
