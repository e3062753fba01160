import type { FingerUser } from "finger-protocol";
import { showAlternates } from "./alternates.js";
import { showFacts } from "./facts.js";
import { showHeatMap } from "./heat-map.js";
import { type Html, html } from "./html.js";
import { linkify } from "./linkify.js";
import type { Page, PersonView, StatusForm } from "./pages.js";
import { showTime } from "./time.js";

/** All that is known of one user: what they say first, what their account says last. */
export function showPerson({ user, directory, alternates, changes, now, form }: PersonView): Page {
  const name = user.name?.trim() || user.login;
  const main = html`${directory !== undefined && html`<nav class="up"><a href="${directory}">All users</a></nav>`}
<header><h1 dir="auto">${name}</h1>${name !== user.login && html` <p class="login">${user.login}</p>`}</header>
${showStatus(user)}
${changes && html`<section><h2>The last year</h2>${showHeatMap(changes, now)}</section>`}
${showText("Plan", user.plan)}
${showText("Project", user.project)}
${showFacts(user)}
${user.text !== undefined && html`<section><h2>${isTextAlone(user) ? "Answer" : "More"}</h2><pre dir="auto">\n${linkify(user.text)}</pre></section>`}
${isGiven(user.pgpKey) && html`<details><summary>Public key</summary><pre>\n${user.pgpKey}</pre></details>`}
${form && showForm(form, user.login)}
${showAlternates(alternates)}`;
  return { title: name === user.login ? name : `${name} (${user.login})`, main };
}

function showStatus({ status, statusAt }: FingerUser): Html | undefined {
  if (!isGiven(status)) return undefined;
  const since = showTime(statusAt);
  const text = status.trim();
  return html`<p class="${text.length > LONG ? "status long" : "status"}" dir="auto">${linkify(text)}</p>${since && html`\n<p class="since">since ${since}</p>`}`;
}

/** A plan is kept as it was written, line by line and column by column. */
function showText(title: string, text: string | undefined): Html | undefined {
  if (!isGiven(text)) return undefined;
  return html`<section><h2>${title}</h2><pre dir="auto">\n${linkify(text)}</pre></section>`;
}

/**
 * The script leaves the form as it is while somebody fills it in. The login is there for password managers, and is not sent.
 */
function showForm({ action, status, problem }: StatusForm, login: string): Html {
  const begin = problem === undefined ? html`<details data-keep>` : html`<details data-keep open>`;
  return html`${begin}<summary>Set the status</summary>
<form method="post" action="${action}">
${problem !== undefined && html`<p role="alert">${problem}</p>`}
<label for="status">Status</label><textarea id="status" name="status" rows="3" dir="auto">\n${status}</textarea>
<input autocomplete="username" value="${login}" hidden>
<label for="token">Token</label><input id="token" name="token" type="password" autocomplete="current-password" required>
<button>Set</button>
</form></details>`;
}

function isTextAlone({ login, text, ...rest }: FingerUser): boolean {
  return Object.values(rest).every((value) => value === undefined);
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== "";
}

/** From here on a status is set as a text, not as a headline. */
const LONG = 140;
