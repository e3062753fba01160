import { html } from "./html.js";
import type { Page, ProblemView } from "./pages.js";

/** Why there is no answer, and where to go on. */
export function showProblem({ status, title, detail, directory }: ProblemView): Page {
  const main = html`<header><h1>${title}</h1><p class="login">${status}</p></header>
<p dir="auto">${detail}</p>
${directory !== undefined && html`<nav class="forms" aria-label="Where to go on"><ul><li><a href="${directory}">All users</a></li></ul></nav>`}`;
  return { title, main };
}
